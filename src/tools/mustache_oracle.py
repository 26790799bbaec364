#!/usr/bin/env python3
"""mustache_oracle.py - is `tidings template` of one mind with another implementation?

    src/tools/mustache_oracle.py build/release/tidings [RANDOM [SEED]]

wontache 0.2.0 meets the whole current specification of Mustache, inheritance
and indentation included. It is looked for in WONTACHE (a folder with
node_modules), then in build/wontache, and is else installed there by npm. Both
run our cases (mustache_cases.py) and RANDOM others (300, mustache_random.py);
their outputs must be equal byte for byte. Prints the counts, and on standard
error every case in which they differ. Exits with 1 if one did, with 69 if the
other cannot be had.
"""
import concurrent.futures
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys

import mustache_cases
import mustache_random
from conformance import Missing, run

HERE = pathlib.Path(__file__).resolve().parent
KEPT = pathlib.Path("build/wontache")
PACKAGE = "wontache@0.2.0"
RANDOM, SEED = 300, 1


def oracle():
    """The folder that has the other implementation."""
    named = os.environ.get("WONTACHE")
    folder = pathlib.Path(named) if named else KEPT
    if not shutil.which("node"):
        raise Missing("no node to run " + PACKAGE + " with")
    if (folder / "node_modules/wontache").is_dir():
        return folder
    if named:
        raise Missing(f"no node_modules/wontache in {named}")
    npm = shutil.which("npm")
    if not npm:
        raise Missing("no npm to fetch " + PACKAGE + " with")
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder,
                           PACKAGE], capture_output=True, timeout=120)
    if done.returncode != 0:
        raise Missing("npm gave no " + PACKAGE)
    return folder


def answers(folder, cases):
    """What the other makes of each case."""
    done = subprocess.run(["node", HERE / "mustache_oracle.js", folder],
                          input=json.dumps(cases).encode(), capture_output=True, timeout=300)
    if done.returncode != 0:
        raise Missing("node: " + done.stderr.decode(errors="replace").strip()[-200:])
    return json.loads(done.stdout)


def compare(program, named, wanted):
    """(equal, complaints) of (name, case) and what the other makes of each."""
    names = ["template", "data", "partials"]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        got = list(pool.map(lambda n: run(program, dict(zip(names, n[1]))), named))
    complaints = []
    for (name, (template, data, partials)), want, ours in zip(named, wanted, got):
        if want.get("gives") != ours:
            complaints.append(f"{name}\n  template {template!r}\n  data     {data!r}\n"
                              f"  partials {partials!r}\n"
                              f"  wontache {want.get('gives', want.get('refuses'))!r}\n"
                              f"  tidings  {ours!r}")
    return len(named) - len(complaints), complaints


def of_our_own():
    return [(rule, case) for rule, *case in mustache_cases.CASES]


def of_dice(count, seed):
    dice = enumerate(mustache_random.cases(seed))
    return [(f"random {seed} {turn}", case) for turn, case in itertools.islice(dice, count)]


def main(program, count=RANDOM, seed=SEED):
    own, dice = of_our_own(), of_dice(int(count), seed)
    try:
        folder = oracle()
        wanted = answers(folder, [case for _, case in own + dice])
    except Missing as why:
        print(f"mustache_oracle: {why}", file=sys.stderr)
        return 69
    own_equal, complaints = compare(program, own, wanted[:len(own)])
    dice_equal, more = compare(program, dice, wanted[len(own):])
    for words in complaints + more:
        print(words, file=sys.stderr)
    print(f"Mustache, against {PACKAGE.replace('@', ' ')}: {own_equal}/{len(own)} of our cases, "
          f"{dice_equal}/{len(dice)} random", flush=True)
    return 1 if complaints or more else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
