"""What can be seen in the source alone: head, frame, dark mode, size (sections 1.1, 1.2, 1.4,
1.5)."""

import re

import markup
from rule import rule

SEMANTIC = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "a")
RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
STRONG = re.compile(r"[^\W\d_]")


def static(code, weight, section, title, step=1.0):
    return rule("static", code, weight, section, title, step)


def meta(letter, name):
    return next((m.attrs.get("content", "") for m in letter.root.find("meta")
                 if m.attrs.get("name", "").lower() == name), None)


EASTERN = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"


def words_of(text):
    """Words of three letters and more; where none are parted, pairs of signs."""
    runs = re.findall(f"{EASTERN}+", text)
    pairs = {run[i:i + 2] for run in runs for i in range(max(1, len(run) - 1))}
    rest = re.sub(EASTERN, " ", text.lower())
    return pairs | {w for w in re.findall(r"\w+", rest) if len(w) > 2}


@static("H1", 2, "1.1", "the doctype is the first thing")
def doctype(letter):
    if not letter.html.lower().startswith("<!doctype html>"):
        yield f"begins with {letter.html[:24]!r}"


@static("H2", 4, "1.1", "language and direction on html, and again on a wrapper", 0.25)
def language(letter):
    html = letter.first("html")
    for name in ("lang", "dir", "xmlns:v", "xmlns:o"):
        if html is None or not html.attrs.get(name):
            yield f"html has no {name}"
    around = [n for n in letter.body().find("div", "table", "td", "center", "section")
              if n.attrs.get("lang") and n.attrs.get("dir")]
    if not any(len(n.text()) > 0.5 * len(letter.body().text()) for n in around):
        yield "no wrapper repeats lang and dir"
        yield "so webmails show a letter without language"


@static("H3", 3, "1.1", "charset and viewport, zoom allowed", 0.5)
def viewport(letter):
    charsets = [m.attrs.get("charset", "") + m.attrs.get("content", "")
                for m in letter.root.find("meta")]
    if not any("utf-8" in c.lower() for c in charsets):
        yield "no charset meta"
    content = (meta(letter, "viewport") or "").replace(" ", "").lower()
    if "width=device-width" not in content:
        yield "no viewport for phones"
    if re.search(r"user-scalable=(no|0)|maximum-scale=1(\.0)?(,|$)", content):
        yield "the viewport forbids zooming"


@static("H4", 2, "1.1", "iOS neither rearranges the letter nor makes links of dates", 0.5)
def ios(letter):
    if meta(letter, "x-apple-disable-message-reformatting") is None:
        yield "no x-apple-disable-message-reformatting"
    detection = (meta(letter, "format-detection") or "").replace(" ", "")
    missing = [k for k in ("telephone", "date", "address", "email", "url")
               if f"{k}=no" not in detection]
    if missing:
        yield "format-detection lacks " + ", ".join(missing)


@static("H5", 3, "1.1", "says that it knows light and dark", 0.34)
def schemes(letter):
    for name in ("color-scheme", "supported-color-schemes"):
        if {"light", "dark"} - set((meta(letter, name) or "").split()):
            yield f"no meta {name}"
    if not any(":root" in names and "color-scheme" in style
               for s in letter.sheets for _, names, style in s.rules):
        yield "no :root{color-scheme}"


@static("H6", 3, "1.1", "a title that fits the subject")
def title(letter):
    node = letter.first("title")
    text = "".join(c for c in node.children if isinstance(c, str)).strip() if node else ""
    if not text:
        yield "no title"
    elif letter.message is not None:
        subject = str(letter.message["Subject"] or "")
        if not words_of(text) & words_of(subject):
            yield f"the title {text[:30]!r} shares no word with the subject {subject[:30]!r}"


@static("H7", 3, "1.1", "Outlook: 96 dots an inch, exact lines, a font it knows", 0.34)
def for_word(letter):
    inside = "".join(letter.comments)
    head = inside.lower()
    if "officedocumentsettings" not in head or "pixelsperinch>96<" not in head.replace(" ", ""):
        yield "no OfficeDocumentSettings with 96 dots an inch"
    styles = " ".join(re.findall(r"<style[^>]*>(.*?)</style>", inside, re.S | re.I))
    if "mso-line-height-rule" not in styles:
        yield "no line-height rule in a style for Outlook"
    if "font-family" not in styles:
        yield "no fallback font in a style for Outlook"


@static("H8", 4, "1.1", "two small style sheets: phone, and dark mode apart from it", 0.34)
def sheets(letter):
    if len(letter.sheets) < 2:
        yield f"{len(letter.sheets)} style sheets"
    size = sum(len(s.text.encode()) for s in letter.sheets)
    if size > 8192:
        yield f"style sheets of {size} bytes, 8192 at most"
    phone = [s for s in letter.sheets if "max-width" in s.text or "min-width" in s.text]
    dark = [s for s in letter.sheets if "prefers-color-scheme" in s.text]
    if not phone:
        yield "no query for phones"
    if any(s in dark for s in phone):
        yield "phone and dark share a sheet: one error loses both"


HYGIENE = [
    (r"/\*|<!--", "a comment in a style sheet"),
    (r"\}\}", "}} in a style sheet"),
    (r"@media[^{]*,[^{]*\{", "a comma list of media conditions"),
    (r"(?m)(^|[\s,}])\.[\w-]+\.[\w-]+[^{};]*\{", "chained classes"),
    (r"var\(|\brem\b|\d(rem|vw|vh)\b|calc\(|clamp\(|light-dark\(", "a function mail lacks"),
    (r"(?i)(?<! !)\bimportant", "!important without a blank before it"),
    (r":\s*#[0-9a-fA-F]{3}\s*[;}!]|:\s*(rgba?|hsla?)\(", "a colour that is not six digits"),
]


@static("H9", 5, "1.1", "the style sheets avoid what makes clients drop them", 0.34)
def hygiene(letter):
    for pattern, what in HYGIENE:
        if any(re.search(pattern, s.text) for s in letter.sheets):
            yield what
    if any(re.search(r"@media[^{]*\{[^}]*@", s.text) for s in letter.sheets):
        yield "an @ rule inside @media"


@static("H10", 3, "1.1", "nothing is fetched: no link, import or web font")
def fetched(letter):
    others = markup.Tree(markup.for_others(letter.html)).root
    if others.find("link"):
        yield "a <link>"
    plain = "".join(s.text for s in letter.sheets)
    for word in ("@import", "@font-face"):
        if word in plain:
            yield f"{word} in a style sheet"


def background(node):
    return node.style.get("background-color") or node.style.get("background") or \
        node.attrs.get("bgcolor", "")


@static("B1", 5, "1.2.1", "the body's look, and a wrapper that repeats it", 0.2)
def frame(letter):
    body = letter.body()
    for name in ("margin", "padding"):
        if not re.match(r"0(px)?( |$)", body.style.get(name, "")):
            yield f"body without {name}:0"
    if not background(body):
        yield "body without a background"
    wrapper = next((n for n in body.find("div", "table", "td", "center")
                    if n.attrs.get("role") == "article"), None)
    if wrapper is None:
        yield "no wrapper with role=article"
        return
    for name in ("aria-roledescription", "aria-label"):
        if not wrapper.attrs.get(name):
            yield f"the wrapper has no {name}"
    if background(wrapper) != background(body):
        yield "the wrapper's background is not the body's"


FILLER = "\u034f\u200c\u200b\u00ad\u2007\ufeff\u200d"


@static("B2", 5, "1.2.2", "a preheader that hides well and costs nothing", 0.34)
def preheader(letter):
    body = letter.body()
    first = next((c for c in body.children if isinstance(c, markup.Node)), None)
    hidden = [n for n in body.find("div", "span") if "none" in n.style.get("display", "")]
    if first is None or first not in hidden:
        yield "the first node of the body is no hidden preheader"
        return
    said = "".join(c for c in first.children if isinstance(c, str))
    if len(said.strip(FILLER + " \u00a0\n")) < 10:
        yield "the preheader says nothing"
    if sum(raw_text(n).count(c) for n in hidden for c in FILLER) < 60:
        yield "the body's text runs into the preview"
    for node in hidden:
        style = node.style
        if re.match(r"[01](\.0)?px|0$", style.get("font-size", "")) or "color" in style or \
                style.get("opacity") == "0":
            yield "hidden by a colour or size that filters punish"
            break
    if any(re.search(r"\S{1400}", raw_text(n)) for n in hidden):
        yield "more than 1400 hidden characters without a blank"


def raw_text(node):
    return "".join(c if isinstance(c, str) else raw_text(c) for c in node.children)


def pixels(value):
    match = re.match(r"(-?\d+(?:\.\d+)?)(px)?$", (value or "").strip())
    return float(match[1]) if match else None


@static("B3", 4, "1.2.3", "fluid to 600, with a table of that width for Outlook", 0.34)
def width(letter):
    body = letter.body()
    fluid = [n for n in body.find("div", "table", "td")
             if 560 <= (pixels(n.style.get("max-width")) or 0) <= 640]
    if not fluid:
        yield "nothing is max-width 560 to 640"
    ghosts = re.findall(r"<table[^>]*?(?<!-)width\s*[=:]\s*[\"']?(\d+)(?!%)",
                        "".join(letter.comments))
    fixed = [t for t in body.find("table")
             if 560 <= (pixels(t.attrs.get("width")) or 0) <= 640]
    if not any(560 <= int(w) <= 640 for w in ghosts) and not fixed:
        yield "no table of that width for Outlook"
    outer = next(iter(body.find("table")), None)
    if outer is None or outer.attrs.get("width") != "100%" and \
            outer.style.get("width") != "100%":
        yield "no outer table of 100 %"


@static("B4", 5, "1.2.4", "layout tables say so and have no borders, in Outlook's part too", 0.1)
def tables(letter):
    for table in letter.layout_tables(letter.outlook):
        missing = [n for n in ("border", "cellpadding", "cellspacing")
                   if table.attrs.get(n) != "0"]
        if table.attrs.get("role", "") not in ("presentation", "none"):
            missing.insert(0, "role=presentation")
        if missing:
            yield f"{table.start()} lacks {', '.join(missing)}"


def has_space(value):
    return any((pixels(v) or 0) > 0 for v in (value or "").split())


PAD_OK = {"td", "th", "a", "code", "kbd", "ul", "ol", "span", "mark"}


@static("B5", 5, "1.2.5", "padding on cells only, no margins on tables and blocks", 0.2)
def rhythm(letter):
    for node in letter.body():
        if node.hidden():
            continue
        for name, value in node.style.items():
            if name.startswith("padding") and node.tag not in PAD_OK and has_space(value):
                yield f"{node.start()} is padded"
            if name.startswith("margin") and node.tag in ("table", "div") and has_space(value):
                yield f"{node.start()} has margins"


@static("B6", 8, "1.2.6", "every text element has its own font, size, line height, colour", 0.1)
def own_look(letter):
    for node in letter.shown(*SEMANTIC):
        if not node.own_text():
            continue
        missing = [n for n in ("font-family", "font-size", "line-height", "color")
                   if n not in node.style and "font" not in node.style]
        # In running text Word gives a link its paragraph's font, but its own colour.
        if node.tag == "a" and node.inside("p", "li", "td", *markup.HEADINGS):
            missing = [n for n in missing if n == "color"]
        if missing:
            yield f"{node.start()} lacks {', '.join(missing)}"


@static("B7", 3, "1.2.7", "columns are blocks in a row, with cells for Outlook", 0.5)
def columns(letter):
    inside = "".join(letter.comments)
    for node in letter.shown("div"):
        if node.style.get("display") != "inline-block":
            continue
        if "max-width" not in node.style:
            yield f"{node.start()} has no max-width"
        if node.parent.style.get("font-size") not in ("0", "0px"):
            yield f"{node.start()} stands where blanks have width"
        if "<td" not in inside:
            yield f"{node.start()} has no cell for Outlook"


def direction(text):
    """Of the first letter, as Unicode would have it."""
    match = STRONG.search(text)
    return None if match is None else "rtl" if RTL.match(match[0]) else "ltr"


@static("B8", 5, "1.2.8", "every block runs the way its words do", 0.2)
def directions(letter):
    for node in letter.shown("p", "li", "td", "th", *markup.HEADINGS):
        text = node.own_text()
        way = direction(re.sub(r"\S+@\S+|https?://\S+", "", text))
        # Of a name or two words nobody sees which way they run.
        if way is None or len(text) < 4 or len(text.split()) < 4 and way == "ltr":
            continue
        around = next((n for n in (node, *node.above()) if n.attrs.get("dir")), None)
        if around is None and way == "rtl" or \
                around is not None and around.attrs["dir"].lower() != way:
            yield f"{node.start()} runs {way}, its dir does not"
            continue
        align = next((n.style.get("text-align") for n in (node, *node.above())
                      if n.style.get("text-align")), None)
        # A column of figures may be aligned as its author wishes.
        if way == "rtl" and align == "left" and not node.attrs.get("align"):
            yield f"{node.start()} is aligned left"


def dark_rules(letter):
    return [(names, style) for s in letter.sheets for media, names, style in s.rules
            if "prefers-color-scheme" in media and "dark" in media]


@static("D1", 5, "1.4", "dark colours for text and background where they are asked for", 0.5)
def dark(letter):
    rules = dark_rules(letter)
    important = [style for _, style in rules
                 if any("!important" in v for v in style.values())]
    if not any("background" in n for s in important for n in s):
        yield "no dark background"
    if not any(n == "color" for s in important for n in s):
        yield "no dark text colour"


@static("D2", 4, "1.4", "the same rules for Outlook on the web and its apps", 0.25)
def outlook_dark(letter):
    text = "".join(s.text for s in letter.sheets)
    for mark in ("data-ogsc", "data-ogsb"):
        if mark not in text:
            yield f"no rule with {mark}"
            yield "so colours stay as they are there"
    every = {n for s in letter.sheets for n in s.selectors("")}
    for names, style in dark_rules(letter):
        for name in names:
            marks = [m for m, p in (("ogsc", "color"), ("ogsb", "background-color"))
                     if p in style]
            for mark in marks:
                if not any(f"data-{mark}]" in e and e.endswith(name) for e in every):
                    yield f"{name} has no twin with data-{mark}"


@static("D3", 5, "1.4", "everything that has a colour gets a dark one", 0.1)
def dark_everywhere(letter):
    back, ink = set(), set()
    for names, style in dark_rules(letter):
        classes = {c for n in names for c in re.findall(r"\.([\w-]+)", n)}
        if any(p.startswith("background") for p in style):
            back |= classes
        if "color" in style:
            ink |= classes
    for node in (letter.body(), *letter.body()):
        if node.tag not in ("body", "div", "table", "td", "th", "p", "a", "li", "code",
                            *markup.HEADINGS) or node.hidden():
            continue
        if background(node) and not node.classes() & back:
            yield f"{node.start()} keeps its light background"
        elif "color" in node.style and node.own_text() and not node.classes() & ink:
            yield f"{node.start()} keeps its light colour"


@static("D4", 2, "1.4", "no pure black or white, which clients turn over by force", 0.34)
def pure(letter):
    seen = set()
    for node in letter.body():
        for name, value in node.style.items():
            if name in ("color", "background-color", "background") and \
                    re.fullmatch(r"#(000|fff|000000|ffffff)|black|white", value.lower()):
                seen.add(f"{name}:{value}")
    yield from sorted(seen)


@static("D5", 3, "1.4", "every cell with text has a background of its own", 0.1)
def backed(letter):
    for node in letter.shown("td", "th"):
        own = [c for c in node.children if isinstance(c, markup.Node)
               and c.tag in ("p", "ul", "ol", *markup.HEADINGS) and c.text()]
        if not (node.own_text() or own):
            continue
        # Between the text and the first background there must be no table border.
        for around in (node, *node.above()):
            if background(around):
                break
            if around.tag == "table":
                yield f"{node.start()} has no background"
                break


@static("S1", 5, "1.5", "far below where Gmail cuts letters off", 0.5)
def size(letter):
    length = len(letter.html.encode())
    if length > 80 * 1024:
        yield f"{length} bytes, 81920 at most"
    if length > 102 * 1024:
        yield f"{length} bytes: cut off"


@static("S2", 3, "1.5", "few bytes for what is said", 0.5)
def thrift(letter):
    length = len(letter.html.encode())
    room = 9000 + 6 * sum(len(c.encode()) for c in letter.body().text())
    room += 400 * len(letter.shown("img", "td"))
    if length > room:
        yield f"{length} bytes, {room} would do"
    if length > 1.5 * room:
        yield "more than half as much again"


@static("S3", 1, "1.5", "no indentation that every reader pays for")
def indented(letter):
    lines = letter.html.split("\n")
    deep = [line for line in lines if re.match(r"[ \t]{2,}\S", line)]
    if len(deep) > len(lines) / 50:
        yield f"{len(deep)} of {len(lines)} lines are indented"


@static("S4", 3, "1.5", "no control characters, no long lines", 0.5)
def clean(letter):
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ufffd]", letter.html):
        yield "a control character"
    if letter.message is not None:
        longest = max(len(line) for line in letter.message.as_bytes().split(b"\n"))
        if longest > 998:
            yield f"a line of {longest} bytes"
