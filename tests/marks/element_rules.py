"""How text, links, pictures, tables and buttons are written (section 1.3)."""

import re

import markup
from static_rules import background, has_space, pixels, static

GENERIC = ("serif", "sans-serif", "monospace", "cursive", "system-ui")


@static("T1", 5, "1.3", "text of 16 px and more with air between lines, never below 14", 0.2)
def sizes(letter):
    large = whole = 0
    for node in letter.shown("p", "li", "td", "th", "span", "div", "a", "sup", "code"):
        text, px = node.own_text(), pixels(node.style.get("font-size"))
        if not text or px is None:
            continue
        line = pixels(node.style.get("line-height"))
        if px < 14:
            yield f"{node.start()} is {px:g} px"
        elif node.tag in ("p", "li"):
            large += len(text.encode()) if px >= 16 else 0
            whole += len(text.encode())
            if line is not None and len(text) > 80 and not 1.35 * px <= line <= 2 * px:
                yield f"{node.start()} has {px:g} px in lines of {line:g}"
    if large < whole / 2:
        yield f"only {large} of {whole} bytes of text are 16 px or more"


@static("T2", 2, "1.3", "fonts that are there, the last one generic", 0.34)
def fonts(letter):
    families = {n.style["font-family"] for n in letter.body() if "font-family" in n.style}
    for family in sorted(families):
        if family.split(",")[-1].strip().strip("'\"") not in GENERIC:
            yield f"{family[:40]!r} ends in no generic font"
    if re.search(r'style=\'[^\']*font-family:[^\']*"', letter.html) or "&quot;" in \
            " ".join(re.findall(r'style="([^"]*)"', letter.html)):
        yield "double quotes inside a style attribute"


@static("T3", 4, "1.3", "one h1, no level left out, margins said", 0.34)
def headings(letter):
    found = letter.shown(*markup.HEADINGS)
    ranks = [int(n.tag[1]) for n in found]
    if ranks.count(1) != 1:
        yield f"{ranks.count(1)} headings h1"
    for before, after, node in zip([0, *ranks], ranks, found):
        if after > before + 1:
            yield f"{node.start()} follows h{before}"
    for node in found:
        if not node.text() and not node.find("img"):
            yield f"{node.tag} is empty"
        if not any(k.startswith("margin") for k in node.style):
            yield f"{node.start()} leaves its margins to the client"


def is_button(node):
    """A link with a face of its own: a background and padding, on itself or its cell."""
    if node.tag != "a" or not node.text():
        return False
    if background(node) and (has_padding(node) or node.style.get("display") in
                             ("block", "inline-block")):
        return True
    cell = node.parent
    return cell.tag in ("td", "th") and bool(background(cell)) and \
        node.style.get("display") in ("block", "inline-block") and has_padding(node)


def has_padding(node):
    return any(k.startswith("padding") and has_space(v) for k, v in node.style.items())


def running(node):
    """Does the link stand among other words?"""
    block = next((n for n in node.above() if n.tag in markup.BLOCKS and n.tag != "br"), None)
    return block is not None and len(block.own_text()) > len(node.text()) + 12


@static("T4", 6, "1.3", "links: whole addresses, own colour, underlined in running text", 0.2)
def links(letter):
    for node in letter.shown("a"):
        href = node.attrs.get("href", "")
        if not re.match(r"(https?://[^/]|mailto:|tel:|xmpp:|cid:)", href):
            yield f"{node.start()} leads nowhere"
        if "target" in node.attrs:
            yield f"{node.start()} has a target"
        if "color" not in node.style and node.text():
            yield f"{node.start()} has no colour"
        decoration = node.style.get("text-decoration", "")
        if running(node) and not is_button(node) and "underline" not in decoration:
            yield f"{node.start()} is not underlined"
        shown = node.text()
        long = max((len(w) for w in shown.split()), default=0)
        if long > 40 and not (node.find("wbr") and any(
                n.style.get("word-break") in ("break-all", "break-word")
                for n in (node, *node.above()))):
            yield f"{node.start()}: an address of {long} characters cannot break"


@static("T5", 3, "1.3", "lists are lists", 0.34)
def lists(letter):
    for node in letter.shown("ul", "ol"):
        for name in ("padding", "margin"):
            if not any(k.startswith(name) for k in node.style):
                yield f"{node.start()} has no {name} of its own"
        if not any(k.startswith("list-style") for k in node.style):
            yield f"{node.start()} has no list-style-type"
        stray = [c for c in node.children if isinstance(c, markup.Node) and c.tag != "li"]
        if stray:
            yield f"{stray[0].start()} stands in a list outside its items"
    for node in letter.shown("p", "td"):
        if re.match(r"[•●▪◦‣] ?\w", node.own_text()):
            yield f"{node.start()} plays a list"


NEVER = ("input", "form", "script", "iframe", "video", "audio", "object", "embed", "svg",
         "canvas", "select", "textarea", "button", "picture", "style", "math", "marquee")


@static("T6", 4, "1.3", "no element that mail programs drop", 0.34)
def dropped(letter):
    for node in letter.shown(*NEVER):
        yield f"{node.start()} is dropped"


@static("T7", 2, "1.3", "quotations are padded where Word pads", 0.5)
def quotes(letter):
    for node in letter.shown("blockquote"):
        if any(k.startswith(("padding", "border")) for k in node.style):
            yield f"{node.start()} has padding or a bar, but is no cell"


@static("T8", 3, "1.3", "code wraps: no pre, no white-space", 0.5)
def code(letter):
    for node in letter.shown("pre"):
        yield f"{node.start()} does not wrap"
    for node in letter.body():
        if node.style.get("white-space", "").startswith("pre"):
            yield f"{node.start()} has white-space:pre"


@static("T9", 1, "1.3", "rules are cells with a border", 0.5)
def rules(letter):
    for node in letter.shown("hr"):
        yield "an <hr>, which each client draws its own way"


@static("T10", 4, "1.3", "tables of figures have headings with a scope, and aligned cells", 0.2)
def data(letter):
    for table in letter.data_tables():
        for cell in table.find("th"):
            if cell.attrs.get("scope") not in ("col", "row"):
                yield f"{cell.start()} has no scope"
        for cell in table.find("td", "th"):
            if not cell.attrs.get("align") or "text-align" not in cell.style:
                yield f"{cell.start()} is not aligned for all"
            if "padding" not in cell.style:
                yield f"{cell.start()} has no padding"
    for table in letter.shown("table"):
        if table.attrs.get("role") == "presentation" and \
                [c for c in table.find("th") if nearest(c, "table") is table]:
            yield f"{table.start()} hides its headings from screen readers"


def nearest(node, tag):
    return next((n for n in node.above() if n.tag == tag), None)


@static("T11", 6, "1.3", "pictures: width, fluid style, alt with its own font", 0.1)
def pictures(letter):
    for node in letter.shown("img"):
        src = node.attrs.get("src", "")
        if re.match(r"data:", src) or re.search(r"\.(svg|webp|avif)(\?|$)", src):
            yield f"{node.start()} does not show everywhere"
        if node.attrs.get("srcset"):
            yield f"{node.start()} has a srcset"
        if not re.fullmatch(r"\d+", node.attrs.get("width", "")):
            yield f"{node.start()} has no width attribute"
        if node.style.get("height", "auto" if node.attrs.get("width") == "1" else "") != "auto":
            yield f"{node.start()} is not height:auto"
        if "max-width" not in node.style and node.style.get("width") != "100%":
            yield f"{node.start()} does not shrink"
        if node.attrs.get("border") != "0" and not node.style.get("border", "").startswith(
                ("0", "none")):
            yield f"{node.start()} may get a border"
        if "alt" not in node.attrs:
            yield f"{node.start()} has no alt"
        elif node.attrs["alt"] and ("font-size" not in node.style or
                                    "color" not in node.style):
            yield f"{node.start()}: its alt has no font of its own"


@static("T12", 5, "1.3", "buttons: drawn for Outlook too, with a short label", 0.34)
def buttons(letter):
    drawn = {n.attrs.get("href") for n in letter.outlook.find("v:roundrect", "v:rect")}
    for node in [n for n in letter.shown("a") if is_button(n)]:
        cell = node.parent
        alt = "mso-padding-alt" in node.style or "mso-padding-alt" in cell.style or \
            "mso-border-alt" in node.style or "mso-text-raise" in node.attrs.get("style", "")
        padded = background(cell) and has_padding(cell) and not background(node)
        if node.attrs.get("href") not in drawn and not alt and not padded:
            yield f"{node.start()} loses its height in Outlook"
        if len(node.text()) > 30:
            yield f"{node.start()}: a label of {len(node.text())} characters"


UNSUBSCRIBE = re.compile(r"unsubscri|opt.?out|abmeld|abbestell|désabonn|désinscri|"
                         r"darse de baja|cancel|إلغاء|ביטול|退订|取消|配信停止|解除", re.I)


@static("T13", 4, "1.3", "how to leave stands in the footer, seen and reachable", 0.5)
def leaving(letter):
    ways = [n for n in letter.shown("a")
            if UNSUBSCRIBE.search(n.text()) or UNSUBSCRIBE.search(n.attrs.get("href", ""))]
    listed = str(letter.message["List-Unsubscribe"] or "") if letter.message is not None else ""
    ways += [n for n in letter.shown("a")
             if n.attrs.get("href") and f"<{n.attrs['href']}>" in re.sub(r"\s", "", listed)]
    if not ways:
        yield "no link to unsubscribe"
        yield "and none that the header names"
        return
    size = pixels(ways[-1].style.get("font-size")) or 14
    if size < 12:
        yield f"the link to unsubscribe is {size:g} px"
    if letter.html.encode().find(ways[-1].attrs["href"].replace("&", "&amp;").encode()) > 90000:
        yield "the link to unsubscribe may be cut off"


@static("T14", 1, "1.3", "struck words are struck for screen readers, too", 0.5)
def struck(letter):
    for node in letter.shown("span", "font", "strike", "s"):
        if node.tag in ("strike", "s") or "line-through" in node.style.get(
                "text-decoration", ""):
            yield f"{node.start()} is no <del>"


@static("T15", 2, "1.3", "nobody must jump inside the letter", 0.5)
def jumps(letter):
    for node in letter.shown("a"):
        if node.attrs.get("href", "").startswith("#"):
            yield f"{node.start()} jumps"


@static("A1", 4, "1.3", "every link has a name, every linked picture an alt", 0.34)
def names(letter):
    for node in letter.shown("a"):
        alts = "".join(i.attrs.get("alt", "") for i in node.find("img"))
        if not node.text() and not alts.strip() and not node.attrs.get("aria-label"):
            yield f"{node.start()} has no name"
    for node in letter.shown("img"):
        alt = node.attrs.get("alt", "")
        if re.search(r"\.(jpe?g|png|gif)$", alt, re.I) or len(alt) > 200:
            yield f"{node.start()}: the alt is no description"


@static("A2", 2, "1.3", "links say where they lead", 0.5)
def vague(letter):
    for node in letter.shown("a"):
        if node.text().lower().strip(" .!→»") in ("click here", "here", "read more", "more",
                                                 "link", "this"):
            yield f"{node.start()} says nothing"


@static("A4", 2, "1.3", "a picture's words are not those that stand beside it", 0.5)
def twice(letter):
    for node in letter.shown("img"):
        words = node.attrs.get("alt", "").strip().lower()
        table = nearest(node, "table")
        if words and table is not None and any(
                n.text().lower() == words for n in table.find("a", "p", "td", *markup.HEADINGS)
                if not n.find("table")):
            yield f"{node.start()}: {node.attrs['alt'][:30]!r} is heard twice"


@static("A3", 2, "1.2.4", "well-formed: what is opened is closed", 0.34)
def balanced(letter):
    for tag in letter.tree.unclosed:
        yield f"</{tag}> without its beginning"
