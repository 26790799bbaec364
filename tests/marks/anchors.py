#!/usr/bin/env python3
"""anchors.py - marks for the same kind of letter made by other tools

  anchors.py FOLDER

The tools are fetched by npm into FOLDER, as one version each, and run there. What they
make is marked by the same rules as ours; one that cannot be had here is named and left out.
"""

import argparse
import email.message
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
PACKAGES = ["mjml@5", "@react-email/components", "@react-email/render", "react@19", "react-dom@19",
            "@maizzle/framework@6", "mailgen@2"]


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "package.json").exists():
        (folder / "package.json").write_text('{"private": true}\n')
    names = [re.sub(r"(?<=.)@.*", "", p) for p in PACKAGES]
    if all((folder / "node_modules" / name).exists() for name in names):
        return
    done = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts",
                           *PACKAGES], cwd=folder, capture_output=True, text=True)
    if done.returncode:
        sys.exit("marks: npm: " + (done.stderr.strip().splitlines() or ["it failed"])[-1])


def message(made):
    """Both parts as a sender would put them together."""
    whole = email.message.EmailMessage()
    whole["Subject"] = "The bell at low water"
    whole["List-Unsubscribe"] = "<https://harbour.example.org/u/1>"
    whole.set_content(made["text"])
    whole.add_alternative(made["html"], subtype="html")
    return letters.of_message(whole.as_bytes(), made["name"])


def main():
    parse = argparse.ArgumentParser(description="marks for other tools' letters")
    parse.add_argument("folder", type=pathlib.Path)
    parse.add_argument("--faults", type=int, default=1)
    words = parse.parse_args()
    if not shutil.which("npm"):
        sys.exit("marks: npm is missing")
    fetch(words.folder)
    done = subprocess.run(["node", str(HERE / "anchors" / "render.mjs")], cwd=words.folder,
                          capture_output=True, text=True, check=True)
    browser, found = chromium.Browser(), []
    try:
        for line in done.stdout.splitlines():
            if not line.startswith('{"name"'):
                continue
            made = json.loads(line)
            if "failed" in made:
                print(f"{made['name']}: left out: {made['failed'].splitlines()[0]}")
                continue
            one = message(made) if made.get("text") else letters.Letter(made["html"], made["name"])
            (words.folder / (made["name"].replace("/", "-").replace(" ", "-") + ".html")) \
                .write_text(made["html"], encoding="utf-8")
            found.append(marks.Marks(one, browser))
    finally:
        browser.close()
    marks.table(found, words.faults)


if __name__ == "__main__":
    main()
