#!/usr/bin/env python3
"""How many examples of the two specifications `tidings markdown` gets right.

    conformance_markdown.py TIDINGS [WORKDIR]

CommonMark 0.30 and GitHub's extensions (8 of tables, 2 of strikethrough, 11 of
addresses, 2 of task lists), each example through a process of its
own. The examples come out of Debian packages, which are unpacked below WORKDIR
(build/spec-markdown) and never installed; none of them is part of this
repository. Prints one line a specification, "CommonMark 652/652", and on
standard error every example that failed. Exits with 1 if one of CommonMark
failed, with 69 if the packages cannot be had.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

# Both carry the examples among their tests: the first as the JSON that the
# specification's own tool writes, the second as Rust made of GitHub's text.
PACKAGES = ["golang-github-yuin-goldmark-dev", "librust-pulldown-cmark-dev"]
GOLDMARK = "usr/share/gocode/src/github.com/yuin/goldmark"
PULLDOWN = "usr/share/cargo/registry"

# The addresses among goldmark's tests that are GitHub's own come first. One is
# left out there, of an address that ends a sentence: this says the same.
ADDRESSES = 10
SENTENCE = ("the end of a sentence", "See www.example.org.\n\nSee www.example.org/a.b.\n",
            '<p>See <a href="http://www.example.org">www.example.org</a>.</p>\n'
            '<p>See <a href="http://www.example.org/a.b">www.example.org/a.b</a>.</p>\n')


class Missing(Exception):
    pass


def unpack(place):
    if (place / GOLDMARK).exists() and (place / PULLDOWN).exists():
        return
    place.mkdir(parents=True, exist_ok=True)
    try:
        # apt drops to a user of its own, which must be able to write here.
        done = subprocess.run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
                               *PACKAGES], cwd=place, capture_output=True, text=True)
    except FileNotFoundError:
        raise Missing("no apt-get here") from None
    if done.returncode:
        raise Missing("apt-get download: " + done.stderr.strip().splitlines()[-1])
    for package in place.glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, place], check=True)
        package.unlink()


def commonmark(place):
    with open(place / GOLDMARK / "_test/spec.json", encoding="utf-8") as f:
        return [(f"CommonMark {e['example']}", e["markdown"], e["html"]) for e in json.load(f)]


def of_rust(place, name):
    """The examples of one suite: raw strings called original and expected."""
    found = next((place / PULLDOWN).glob(f"pulldown-cmark-*/tests/suite/{name}.rs"))
    text = found.read_text(encoding="utf-8")
    originals = re.findall(r'original = r##"(.*?)"##;', text, re.S)
    expected = re.findall(r'expected = r##"(.*?)"##;', text, re.S)
    assert originals and len(originals) == len(expected), found
    # Where pulldown-cmark has its own way, GitHub's text aligns by an attribute
    # and has no backslash before a bar, in code neither.
    expected = [re.sub(r' style="text-align: (\w+)"', r' align="\1"', e)
                .replace("<code>\\|</code>", "<code>|</code>") for e in expected]
    return [(f"{name} {i}", *pair) for i, pair in enumerate(zip(originals, expected), 1)]


def of_goldmark(place, name, count):
    """The first `count` examples between lines of dashes and equals."""
    found = place / GOLDMARK / f"extension/_test/{name}.txt"
    cases = re.findall(r"^(\d+)[^\n]*\n//(?:- )+-//\n(.*?)\n//(?:- )+-//\n(.*?)\n//(?:= )+=//",
                       found.read_text(encoding="utf-8"), re.S | re.M)
    assert len(cases) >= count, found
    return [(f"{name} {number}", markdown + "\n", html + "\n")
            for number, markdown, html in cases[:count]]


def github(place):
    return (of_rust(place, "gfm_table") + of_rust(place, "gfm_strikethrough") +
            of_goldmark(place, "linkify", ADDRESSES) + [SENTENCE])


def fails(tidings, options, case):
    name, markdown, want = case
    done = subprocess.run([tidings, "markdown", *options], input=markdown.encode(),
                          capture_output=True, timeout=30)
    got = done.stdout.decode(errors="replace")
    if done.returncode == 0 and got == want:
        return None
    return f"{name}:\n{markdown!r}\n gives {got!r}\n not   {want!r} {done.stderr.decode()}"


def count(label, tidings, options, cases):
    """Prints the count; True when all were right."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        failures = [f for f in pool.map(lambda c: fails(tidings, options, c), cases) if f]
    print(f"{label} {len(cases) - len(failures)}/{len(cases)}", flush=True)
    for failure in failures:
        print(failure, file=sys.stderr)
    return not failures


def main(argv):
    if len(argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 64
    place = pathlib.Path(argv[2]) if len(argv) > 2 else TOP / "build/spec-markdown"
    try:
        unpack(place)
    except Missing as why:
        print(f"conformance_markdown: {why}", file=sys.stderr)
        return 69
    whole = count("CommonMark", argv[1], [], commonmark(place))
    count("GFM extensions", argv[1], ["--gfm"], github(place))
    count("GFM task lists", argv[1], ["--gfm"], of_rust(place, "gfm_tasklist"))
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv))
