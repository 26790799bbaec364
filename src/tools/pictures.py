#!/usr/bin/env python3
"""pictures.py - take the pictures of docs/ with a headless browser

  pictures.py PROGRAM FOLDER DOCS [NAME...]

DOCS/blocks/NAME.md is Markdown as an author writes it; NAME.png beside it shows how it
looks in a letter, by day and at night. DOCS/letter.png is the sample letter on a desk and on a phone,
DOCS/theme-NAME.png a letter with every block in each theme, DOCS/whole.png all of that letter. FOLDER is made anew. NAMEs: only these.
"""

import base64
import pathlib
import re
import subprocess
import sys
import zlib

import pictures_png as png

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests" / "marks"))

import browser as chromium      # noqa: E402
import markup                   # noqa: E402
import samples                  # noqa: E402

# How wide one half of a block's picture is; some want room, some show on the page only.
COLUMN = 440
WIDE = {"bookmark": 620, "gallery": 700}
ON_PAGE = {"subscribe"}
HEAD = "---\ntitle: A block\nauthor: tove-marsh\ndate: 2026-05-22\n---\n"
BEGIN, END = "begin-of-the-block", "end-of-the-block"

# Stand-ins for photographs: hills, a sea, a sky, in colours that the name decides.
SCENE = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 {h}" width="1200" height="{k}">
<rect width="120" height="{h}" fill="{sky}"/><circle cx="{x}" cy="{y}" r="7" fill="{sun}"/>
<path d="M0 {a}L30 {b}L52 {a}L80 {c}L120 {a}V{h}H0z" fill="{hill}"/>
<rect y="{sea}" width="120" height="{h}" fill="{water}"/></svg>"""
SKIES = [("#c9dbe4", "#f4e3b5", "#7d8f86", "#4d7280"), ("#ead9c3", "#d98e5f", "#8a7768", "#5d6f78"),
         ("#d5dfcf", "#f6edd0", "#6f8467", "#567a7c"), ("#d9d3e2", "#f3cfa8", "#7b7590", "#535f80")]


def scene(name, width=120, height=68):
    sky, sun, hill, water = SKIES[zlib.crc32(name.encode()) % len(SKIES)]
    x = 20 + zlib.crc32(name.encode() * 2) % 80
    svg = SCENE.format(h=height, k=height * 10, sky=sky, sun=sun, hill=hill, water=water, x=x,
                       y=height * 0.3, a=height * 0.62, b=height * 0.38, c=height * 0.3,
                       sea=height * 0.62)
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def with_scenes(html):
    """Pictures from the net become scenes; what travels in the page stays."""
    def drawn(match):
        small = re.search(r'width="(\d+)"', match[0])
        square = small and int(small[1]) <= 160
        return match[1] + scene(match[2], height=120 if square else 68) + match[3]
    return re.sub(r"""(<img\b[^>]*?\bsrc=["'])(?!data:)([^"']*)(["'][^>]*>)""", drawn, html)


class Studio:
    def __init__(self, program, folder, docs):
        self.docs = pathlib.Path(docs)
        self.press = samples.Press(program, folder)
        # A stand-in is no logo; and the day is the same whenever the pictures are taken.
        self.press.settings = re.sub(r"(?m)^ *logo:.*\n", "", self.press.settings)
        self.press.theme(None)
        welcome = self.press.folder / "articles" / "welcome.md"
        welcome.write_text(welcome.read_text().replace("---\n", "---\ndate: 2026-05-22\n", 1))
        self.browser = chromium.Browser()

    def close(self):
        self.browser.close()

    def letter(self, slug, form="html"):
        words = ["-C", self.press.folder, "render", slug, "--to", form]
        if form != "web":
            words += ["--as", samples.READER]
        html = self.press.run(*words).decode()
        return with_scenes(markup.for_others(html))

    def shot(self, html, width, dark, clip=None, height=900):
        """A decoded picture of the page, or of the part that `clip` finds in it."""
        self.browser.show(html, width, dark, height)
        part = self.browser.run(clip) if clip else (0, 0, width, height)
        return png.decode(self.browser.picture(part)) if part else None

    def keep(self, name, picture, most=64):
        path = self.docs / f"{name}.png"
        path.write_bytes(png.encode(picture, most))
        print(f"{path} {picture[0]} x {picture[1]}, {path.stat().st_size} bytes")

    def block(self, path):
        text = path.read_text(encoding="utf-8")
        (self.press.folder / "articles" / "block.md").write_text(
            f"{HEAD}{BEGIN}\n\n{text}\n\n{END}\n", encoding="utf-8")
        html = self.letter("block", "web" if path.stem in ON_PAGE else "html")
        width = WIDE.get(path.stem, COLUMN)
        halves = [self.shot(html, width, dark, BETWEEN) for dark in (False, True)]
        if None in halves:
            return f"{path.name}: nothing is shown"
        self.keep(f"blocks/{path.stem}", png.beside(*halves))
        return None

    def stage(self, name, left, right, most=96):
        """A desk and a phone with a letter on each."""
        day = self.browser.show(left, 720).picture((0, 0, 720, 940))
        night = self.browser.show(right, 375, True).picture((0, 0, 375, 780))
        page = STAGE.format(*(base64.b64encode(p).decode() for p in (day, night)))
        self.keep(name, self.shot(page, 1240, False, height=1000), most)

    def whole(self, html, columns=4):
        """All of a letter, cut into strips that stand side by side."""
        self.browser.show(html, 720)
        height = self.browser.run("return document.documentElement.scrollHeight")
        strip = -(-height // columns)
        picture = self.browser.show(html, 720, height=height).picture((0, 0, 720, height))
        page = SHEET.format(
            data=base64.b64encode(picture).decode(), half=strip // 2,
            strips="".join(f'<div><i style="top:-{i * strip // 2}px"></i></div>'
                           for i in range(columns)))
        self.keep("whole", self.shot(page, 380 * columns + 20, False, height=strip // 2 + 40), 64)

    def themes(self):
        slug = "every-block"
        for theme in samples.themes():
            self.press.theme(theme)
            html = self.letter(slug)
            self.stage(f"theme-{theme}", html, html)
        self.press.theme(None)
        self.whole(self.letter(slug))


# From below the first mark to above the last, as wide as the page; both are hidden.
BETWEEN = """
const all = [...document.querySelectorAll('p')];
const at = words => all.find(e => e.textContent.trim() === words);
const first = at('%s'), last = at('%s');
first.style.visibility = last.style.visibility = 'hidden';
const top = first.getBoundingClientRect().bottom + scrollY;
const bottom = last.getBoundingClientRect().top + scrollY;
const notes = [...document.querySelectorAll('p,li')].filter(e =>
	last.compareDocumentPosition(e) & 4 && /^\\[?1\\]/.test(e.textContent.trim()));
const end = notes.length ? notes.pop().getBoundingClientRect().bottom + scrollY + 16 : bottom;
return end - top < 30 ? null : [0, top, innerWidth, end - top];
""" % (BEGIN, END)

STAGE = """<!DOCTYPE html><style>
body {{ margin: 0; height: 1000px; background: #d9d5cb; overflow: hidden; position: relative }}
.desk {{ position: absolute; left: 40px; top: 40px; width: 720px; border-radius: 10px 10px 0 0;
	overflow: hidden; box-shadow: 0 2px 14px #0005 }}
.bar {{ height: 34px; background: #eeebe4; border-bottom: 1px solid #cfcabf }}
.bar b {{ float: left; width: 11px; height: 11px; border-radius: 6px; margin: 12px 0 0 12px;
	background: #c6c2b4 }}
.phone {{ position: absolute; left: 826px; top: 100px; width: 345px; height: 718px;
	border: 12px solid #1b1f24; border-radius: 46px; background: #1b1f24;
	overflow: hidden; box-shadow: 0 4px 18px #0006 }}
img {{ display: block }}
.phone img {{ width: 345px }}
</style><div class=desk><div class=bar><b></b><b></b><b></b></div><img
src="data:image/png;base64,{0}"></div><div class=phone><img src="data:image/png;base64,{1}"></div>"""

SHEET = """<!DOCTYPE html><style>
body {{ margin: 0; padding: 20px 10px; background: #d9d5cb; display: flex }}
div {{ position: relative; overflow: hidden; width: 360px; height: {half}px; margin: 0 10px }}
i {{ position: absolute; left: 0; width: 360px; height: 9999px;
	background: url(data:image/png;base64,{data}) 0 0 / 360px auto no-repeat }}
</style>{strips}"""


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__.strip())
    program, folder, docs, *names = sys.argv[1:]
    try:
        studio = Studio(program, folder, docs)
    except chromium.Missing as e:
        sys.exit(f"pictures: {e}")
    failed = []
    try:
        for path in sorted((studio.docs / "blocks").glob("*.md")):
            if not names or path.stem in names:
                try:
                    failed.append(studio.block(path))
                except (RuntimeError, subprocess.CalledProcessError) as e:
                    failed.append(f"{path.name}: {e}")
        if not names or "letter" in names:
            html = studio.letter("welcome")
            studio.stage("letter", html, html)
        if not names or "themes" in names:
            studio.themes()
    finally:
        studio.close()
    failed = [line for line in failed if line]
    for line in failed:
        print(f"pictures: {line}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
