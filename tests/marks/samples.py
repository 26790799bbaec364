#!/usr/bin/env python3
"""samples.py - render the repository's sample letters and mark them

  samples.py PROGRAM FOLDER [--least S,R,T] [--json]

Every article of tests/articles and tests/marks/letters, the one that `tidings init` writes
and one with all blocks of docs/blocks, in the default theme; that one in every other theme,
too. FOLDER is made anew and keeps the letters.
"""

import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

import browser as chromium
import letter as letters
import marks

HERE = pathlib.Path(__file__).resolve().parent
TOP = HERE.parents[1]
BLOCKS = "one-of-each"
READER = "ana@harbour.example.org"


def themes():
    """Those built in: a file of tokens each."""
    return sorted(p.stem for p in (TOP / "templates" / "themes").glob("*.yaml"))


def articles():
    return [p for folder in (TOP / "tests" / "articles", HERE / "letters")
            for p in sorted(folder.glob("*.md"))]


def blocks():
    """Every block of the documentation in one letter, each under its name."""
    text = "---\ntitle: One of each\ndeck: Every block that a letter can have\n" \
        "author: tove-marsh\ndate: 2026-05-22\n---\n"
    for path in sorted((TOP / "docs" / "blocks").glob("*.md")):
        text += f"## The {path.stem}\n\n{path.read_text(encoding='utf-8')}\n"
    return text


class Press:
    """A publication of its own, and the program that prints its letters."""

    def __init__(self, program, folder):
        self.program, self.folder = program, pathlib.Path(folder)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.run("init", self.folder)
        settings = HERE / "letters" / "tidings.yaml"
        self.settings = settings.read_text(encoding="utf-8")
        self.theme(None)
        # With the pictures that lie beside them.
        shutil.copytree(TOP / "tests" / "articles", self.folder / "articles", dirs_exist_ok=True)
        for path in articles():
            shutil.copy(path, self.folder / "articles")
        (self.folder / "articles" / f"{BLOCKS}.md").write_text(blocks(), encoding="utf-8")
        (self.folder / "people.csv").write_text(f"email,first_name,plan\n{READER},Ana,pro\n")
        self.run("-C", self.folder, "import", self.folder / "people.csv", "--list", "weekly")

    def run(self, *words):
        done = subprocess.run([str(self.program), *map(str, words)], capture_output=True)
        if done.returncode:
            raise RuntimeError(f"{words}: {done.stderr.decode()}")
        return done.stdout

    def theme(self, name):
        line = f"  theme: {name}\n" if name else ""
        text = self.settings.replace("publication:\n", "publication:\n" + line, 1)
        (self.folder / "tidings.yaml").write_text(text, encoding="utf-8")

    def slugs(self):
        return [re.sub(r"[^a-z0-9]+", "-", p.stem.lower())
                for p in sorted((self.folder / "articles").glob("*.md"))]

    def message(self, slug):
        return self.run("-C", self.folder, "render", slug, "--to", "eml", "--as", READER)

    def page(self, slug):
        return self.run("-C", self.folder, "render", slug, "--to", "web").decode()

    def letters(self):
        """(name, message) of all samples, each also kept as a file."""
        for slug in self.slugs():
            yield slug, self.message(slug)
        for theme in themes():
            self.theme(theme)
            yield f"{BLOCKS}, {theme}", self.message(BLOCKS)
        self.theme(None)


def main():
    parse = argparse.ArgumentParser(description="marks for the sample letters")
    parse.add_argument("program")
    parse.add_argument("folder")
    parse.add_argument("--least", default="0,0,0")
    parse.add_argument("--faults", type=int, default=3)
    parse.add_argument("--json", action="store_true")
    words = parse.parse_args()
    press = Press(words.program, words.folder)
    try:
        browser = chromium.Browser()
    except chromium.Missing as e:
        sys.exit(f"marks: {e}")
    found = []
    try:
        for name, data in press.letters():
            path = press.folder / (re.sub(r"\W+", "-", name) + ".eml")
            path.write_bytes(data)
            found.append(marks.Marks(letters.of_message(data, name), browser))
    finally:
        browser.close()
    if words.json:
        print("\n".join(json.dumps(m.as_json(), ensure_ascii=False) for m in found))
    else:
        marks.table(found, words.faults)
    failed = list(marks.below(found, [float(x) for x in words.least.split(",")]))
    for line in failed:
        print(f"marks: {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
