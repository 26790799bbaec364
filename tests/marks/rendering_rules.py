"""What can be seen once the letter is shown: on a desktop and a phone, by day and at
night, without style sheets, without pictures, in Outlook (sections 1.1 to 1.4)."""

import re

import browser as chromium
import markup
import word
from rule import rule

DESKTOP, PHONE, OUTLOOK = 700, 375, 1000


class Views:
    """The letter measured in every way that a rule asks for, once each."""

    def __init__(self, letter, browser):
        self.letter, self.browser, self.kept = letter, browser, {}

    def source(self, way):
        html = markup.for_others(self.letter.html)
        if way == "word":
            html = word.as_word_shows(self.letter)
        if way == "bare":
            html = re.sub(r"(?is)<style[^>]*>.*?</style>", "", html)
        if way == "no pictures":
            return html
        if way == "webmail":
            html = in_webmail(html)
        return with_pictures(html, self.letter.pictures)

    def __call__(self, way="plain", width=DESKTOP, dark=False):
        key = (way, width, dark)
        if key not in self.kept:
            self.kept[key] = self.browser.show(self.source(way), width, dark).measure()
        return self.kept[key]


STAND_IN = chromium.png(1200, 675)


def with_pictures(html, own):
    """Pictures of the letter's own bytes, others as plain ones of 1200 x 675."""
    def replaced(match):
        src = match[2].replace("&amp;", "&")
        return match[1] + own.get(src, STAND_IN if not src.startswith("data:") else src) + match[3]
    return re.sub(r"""(<img\b[^>]*?\bsrc=["'])([^"']*)(["'])""", replaced, html)


def in_webmail(html):
    """As the severe ones show it: no head, no body of its own, no classes that count,
    and the page's own style around it."""
    body = re.sub(r"(?is)^.*?<body[^>]*>|</body>.*$", "", html)
    body = re.sub(r"(?is)<style[^>]*>.*?</style>", "", body)
    return ("<!DOCTYPE html><html><head><meta charset=utf-8><meta name=viewport "
            "content='width=device-width'><style>body{margin:8px;font:13px WebmailOwn;color:#222;"
            "background:#fff}a{color:#15c}h1,h2,h3{font-weight:400}</style></head>"
            f"<body><div>{body}</div></body></html>")


def rendering(code, weight, section, title, step=1.0):
    return rule("rendering", code, weight, section, title, step)


def scrolls(view, width):
    if view["scroll"] > width + 1:
        yield f"{view['scroll'] - width:g} px of sideways scroll at {width}"


def too_small(view, floor=13.99):
    for text in view["texts"]:
        if text["size"] < floor:
            yield f"{text['words']!r} is {text['size']:g} px"


def pale(view):
    for text in view["texts"]:
        large = text["size"] >= 24 or text["bold"] and text["size"] >= 18.66
        # Of a sign or two nobody reads words.
        if text["contrast"] < (3 if large else 4.495) and len(re.findall(r"\w", text["words"])):
            yield f"{text['words']!r} has a contrast of {text['contrast']:.1f}"


@rendering("R1", 10, "1.3", "no sideways scroll on a phone")
def phone_scroll(views):
    yield from scrolls(views(width=PHONE), PHONE)


@rendering("R2", 4, "1.3", "none on a desktop")
def desktop_scroll(views):
    yield from scrolls(views(), DESKTOP)


@rendering("R3", 6, "1.3", "every text is 14 px or more, on a phone as well", 0.2)
def legible(views):
    yield from too_small(views())
    yield from too_small(views(width=PHONE))


@rendering("R4", 6, "1.3", "45 to 85 characters a line", 0.34)
def line_length(views):
    found = views()["paragraphs"]
    widest = max((p["width"] for p in found), default=0)
    for p in found:
        if p["letters"] > 85:
            yield f"{p['words']!r} has {p['letters']:.0f} characters a line"
        elif p["letters"] < 45 and p["width"] > 0.9 * widest:
            yield f"{p['words']!r} has {p['letters']:.0f} characters a line"


@rendering("R5", 6, "1.3", "buttons are 44 px high for fingers", 0.34)
def touchable(views):
    for button in views(width=PHONE)["buttons"]:
        if button["height"] < 43.5:
            yield f"{button['words']!r} is {button['height']:g} px high"


@rendering("R6", 8, "1.3", "contrast of 4.5 by day", 0.2)
def day(views):
    yield from pale(views())


@rendering("R7", 10, "1.4", "dark is dark", 0.2)
def night(views):
    view = views(dark=True)
    if view["canvas"] > 0.05:
        yield "the desk stays light"
    for area in view["areas"]:
        # What is no larger than a button may shine.
        if area["back"] > 0.2 and area["area"] > 20000:
            yield f"{area['name']} stays light ({area['area'] / 1000:.0f} thousand dots)"
    for text in view["texts"]:
        if text["back"] > 0.2 and not text["label"]:
            yield f"{text['words']!r} stands on a light ground"


@rendering("R8", 8, "1.4", "contrast of 4.5 at night", 0.2)
def night_contrast(views):
    view = views(dark=True)
    if view["canvas"] > 0.05:
        yield from ["there is no night"] * 5
    yield from pale(view)


@rendering("R9", 10, "1.1", "without a style sheet nothing is lost", 0.25)
def bare(views):
    for width in (PHONE, DESKTOP):
        yield from scrolls(views("bare", width), width)
    view = views("bare")
    yield from too_small(view)
    yield from pale(view)
    full = sum(t["length"] for t in views()["texts"])
    shown = sum(t["length"] for t in view["texts"])
    if abs(shown - full) > 0.02 * full + 2:
        yield f"{shown} characters are shown, {full} with it"


@rendering("R10", 8, "1.3", "without pictures their words stand there", 0.25)
def no_pictures(views):
    view = views("no pictures", PHONE)
    yield from scrolls(view, PHONE)
    for picture in view["pictures"]:
        words = picture["alt"]
        if words is None:
            yield "a picture without words"
        elif words and (picture["width"] < 20 or picture["height"] < 12):
            yield f"{words[:30]!r} has no room"
        elif words and (picture["size"] < 14 or picture["contrast"] < 4.5):
            yield (f"{words[:30]!r} is {picture['size']:g} px with contrast "
                   f"{picture['contrast']:.1f}")


def turned(plain, other):
    """Texts that run one way here and the other way there."""
    for was, text in zip(plain["texts"], other["texts"]):
        if was["words"] == text["words"] and was["direction"] != text["direction"]:
            yield f"{text['words']!r} runs {text['direction']}"


@rendering("R11", 6, "1.1", "in a webmail that drops html, body and head it stays itself", 0.2)
def webmail(views):
    view = views("webmail", DESKTOP + 16)
    yield from too_small(view)
    yield from pale(view)
    yield from turned(views(), view)
    for text in view["texts"]:
        if text["family"] == "WebmailOwn" and text["length"] > 3:
            yield f"{text['words']!r} takes the page's font"


@rendering("R12", 4, "1.3", "none on the smallest phone of 320")
def small_phone(views):
    yield from scrolls(views(width=320), 320)


@rendering("R13", 4, "1.3", "no text lies over another", 0.5)
def apart(views):
    for width in (DESKTOP, PHONE):
        found = views(width=width)["blocks"]
        for n, one in enumerate(found):
            for m, two in enumerate(found[n + 1:], n + 1):
                if m in one["inside"] or n in two["inside"]:
                    continue
                across = min(one["right"], two["right"]) - max(one["left"], two["left"])
                down = min(one["bottom"], two["bottom"]) - max(one["top"], two["top"])
                if across > 2 and down > 2:
                    yield f"{two['words']!r} lies over {one['words']!r} at {width}"


@rendering("R14", 3, "1.3", "headings go down in size, the last not below the text", 0.5)
def ranked(views):
    for width in (DESKTOP, PHONE):
        found = views(width=width)["blocks"]
        sizes = {}
        for block in found:
            sizes.setdefault(block["tag"], []).append(block["size"])
        ranks = [(tag, max(sizes[tag])) for tag in ("h1", "h2", "h3", "h4") if tag in sizes]
        for (tag, size), (lower, less) in zip(ranks, ranks[1:]):
            if less > size:
                yield f"{lower} has {less:g} px, {tag} {size:g} at {width}"
        text = max(sizes.get("p", [0]), key=sizes.get("p", [0]).count)
        if ranks and ranks[-1][1] < text:
            yield f"{ranks[-1][0]} has {ranks[-1][1]:g} px, text {text:g} at {width}"


@rendering("W1", 6, "1.2.3", "in Outlook the letter is 600 wide, in the middle", 0.5)
def word_width(views):
    texts = [t for t in views("word", OUTLOOK)["texts"] if t["length"] > 20]
    if not texts:
        yield "there is no text"
        return
    left, right = min(t["left"] for t in texts), max(t["right"] for t in texts)
    if right - left > 640:
        yield f"text runs over {right - left:.0f} px"
    if abs((left + right) / 2 - OUTLOOK / 2) > 60:
        yield f"its middle is at {(left + right) / 2:.0f} of {OUTLOOK}"


@rendering("W2", 5, "1.3", "in Outlook nothing bursts the column", 0.5)
def word_scroll(views):
    view = views("word", OUTLOOK)
    yield from scrolls(view, OUTLOOK)
    for picture in view["pictures"]:
        if picture["width"] > 640:
            yield f"a picture is {picture['width']:g} px wide"


@rendering("W3", 5, "1.2.6", "in Outlook text keeps its font, size and lines", 0.1)
def word_fonts(views):
    for text in views("word", OUTLOOK)["texts"]:
        if re.match(r"[\"']?Times New Roman", text["family"]):
            yield f"{text['words']!r} falls to Times"
        elif text["size"] < 13.99:
            yield f"{text['words']!r} is {text['size']:g} px"
        elif text["line"] and text["line"] < text["size"] and text["height"] > 2 * text["line"] \
                and text["tag"] not in ("sup", "sub"):
            yield f"{text['words']!r} is cut off by its lines of {text['line']:g} px"


@rendering("W4", 4, "1.2.5", "in Outlook text keeps its distance from the card's edge", 0.25)
def word_distance(views):
    view = views("word", OUTLOOK)
    cards = [a for a in view["areas"]
             if a["back"] > 0.5 and 400 < a["right"] - a["left"] < OUTLOOK - 20]
    if not cards:
        return
    left = min(a["left"] for a in cards)
    right = max(a["right"] for a in cards)
    for text in view["texts"]:
        if text["length"] > 20 and (text["left"] - left < 10 or right - text["right"] < 0):
            yield f"{text['words']!r} touches the edge"


@rendering("W5", 4, "1.3", "in Outlook buttons are buttons", 0.5)
def word_buttons(views):
    wanted = [b["words"] for b in views()["buttons"]]
    there = {b["words"]: b["height"] for b in views("word", OUTLOOK)["buttons"]}
    for words in wanted:
        height = there.get(words)
        if height is None:
            yield f"{words!r} is a bare link"
        elif height < 39:
            yield f"{words!r} is {height:g} px high"


@rendering("W6", 4, "1.3", "in Outlook words can be read", 0.2)
def word_contrast(views):
    yield from pale(views("word", OUTLOOK))
