#!/usr/bin/env python3
"""marks.py - marks for letters: source, rendering and text part, each out of 100

  marks.py [--json] [--least STATIC,RENDERING,TEXT] [--faults N] LETTER...
  marks.py --rules

A LETTER is a message (.eml), or HTML alone, which then gets no marks for text. Every rule
that lost points is printed with its section of README.md and what broke it.
The status is 1 when a sum is below --least.
"""

import argparse
import json
import sys

import browser as chromium
import element_rules    # noqa: F401  each of these adds its rules to the list
import letter as letters
import rendering_rules
import rule
import static_rules     # noqa: F401
import text_rules


class Marks:
    """One letter's marks of every kind that it can have."""

    def __init__(self, letter, browser=None):
        self.name = letter.name
        self.kinds = {"static": rule.marks_of("static", letter)}
        if browser is not None:
            self.kinds["rendering"] = rule.marks_of(
                "rendering", rendering_rules.Views(letter, browser))
        if letter.text is not None:
            self.kinds["text"] = rule.marks_of("text", text_rules.Text(letter))

    def sums(self):
        return {kind: round(rule.total(marks), 1) for kind, marks in self.kinds.items()}

    def lost(self):
        return [m for marks in self.kinds.values() for m in marks if m.faults]

    def as_json(self):
        return {"letter": self.name, "marks": self.sums(),
                "lost": [{"rule": m.rule.code, "kind": m.rule.kind, "section": m.rule.section,
                          "title": m.rule.title, "points": round(m.lost, 2),
                          "faults": m.faults} for m in self.lost()]}


def table(all_marks, faults=3):
    """The rules that lost points, then a line of sums for each letter."""
    for marks in all_marks:
        if marks.lost():
            print(f"\n{marks.name}")
        for m in marks.lost():
            print(f"  {m.rule.code:4} {-m.lost:5.1f}  {m.rule.title} [{m.rule.section}]")
            for fault in m.faults[:faults]:
                print(f"{'':14}{fault}")
            if len(m.faults) > faults:
                print(f"{'':14}and {len(m.faults) - faults} more")
    print(f"\n{'letter':34}{'static':>10}{'rendering':>11}{'text':>8}")
    for marks in all_marks:
        sums = marks.sums()
        print(f"{marks.name[:33]:34}" + "".join(
            f"{sums[k]:>{w}.1f}" if k in sums else f"{'-':>{w}}"
            for k, w in (("static", 10), ("rendering", 11), ("text", 8))))


def rules():
    for r in rule.RULES:
        share = r.weight / rule.weight_of(r.kind) * 100
        print(f"{r.kind:10}{r.code:5}{share:5.1f}  {r.title} [{r.section}]")
    return 0


def below(all_marks, least):
    """Sentences on who did not reach what."""
    for marks in all_marks:
        for kind, floor in zip(rule.KINDS, least):
            have = marks.sums().get(kind)
            if have is not None and have < floor:
                yield f"{marks.name}: {kind} {have:g}, {floor:g} at least"


def mark_all(paths):
    browser = chromium.Browser()
    try:
        return [Marks(letters.read(p), browser) for p in paths]
    finally:
        browser.close()


def main():
    parse = argparse.ArgumentParser(description="marks for letters")
    parse.add_argument("letters", nargs="*", metavar="LETTER")
    parse.add_argument("--rules", action="store_true", help="print the rules and what they weigh")
    parse.add_argument("--json", action="store_true", help="one value a letter")
    parse.add_argument("--least", default="0,0,0", metavar="S,R,T", help="sums to reach")
    parse.add_argument("--faults", type=int, default=3, help="how many of each to print")
    words = parse.parse_args()
    if words.rules or not words.letters:
        return rules()
    try:
        found = mark_all(words.letters)
    except chromium.Missing as e:
        sys.exit(f"marks: {e}")
    if words.json:
        for marks in found:
            print(json.dumps(marks.as_json(), ensure_ascii=False))
    else:
        table(found, words.faults)
    failed = list(below(found, [float(x) for x in words.least.split(",")]))
    for line in failed:
        print(f"marks: {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
