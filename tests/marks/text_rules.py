"""The plain-text part, measured beside the HTML that says the same (section 6)."""

import re
import unicodedata
import urllib.parse

from element_rules import UNSUBSCRIBE, is_button
from rule import rule
from static_rules import words_of

URL = re.compile(r"(?:https?://|mailto:)[^\s<>]+")
SIGNATURE = "-- "


def cells(text):
    """How wide a terminal shows it."""
    width = 0
    for c in text:
        if unicodedata.combining(c) or unicodedata.category(c) in ("Cf", "Mn", "Me"):
            continue
        width += 2 if unicodedata.east_asian_width(c) in "WF" else 1
    return width


class Text:
    """The part as lines, and the words of the HTML beside it."""

    def __init__(self, letter):
        self.letter = letter
        self.raw = letter.text
        self.lines = self.raw.split("\n")
        head = letter.text_head
        self.charset = head.get_content_charset("")
        self.encoding = str(head.get("Content-Transfer-Encoding", "")).lower()
        self.flowed = head.get_param("format", "") == "flowed"
        self.flat = squeezed(re.sub(r"(?m)^(?:> ?)+", "", self.raw))
        ends = [i for i, line in enumerate(self.lines) if line == SIGNATURE]
        self.footer = self.lines[ends[-1] + 1:] if ends else None

    def is_code(self, line):
        return line.startswith("    ")


def squeezed(text):
    return re.sub(r"[\s\u00a0]+", " ", text)


def bare_words(text):
    """Letters and figures only: how marks for bold and links do not matter."""
    return re.sub(r"[\W_]+", " ", text).strip().lower()


def text_rule(code, weight, section, title, step=1.0):
    return rule("text", code, weight, section, title, step)


@text_rule("X1", 6, "6.1", "UTF-8, flowed, quoted-printable, the first part", 0.34)
def head(text):
    if text.charset != "utf-8":
        yield f"the charset is {text.charset!r}"
    if not text.flowed:
        yield "is not format=flowed"
    if text.encoding not in ("quoted-printable", "7bit"):
        yield f"is encoded as {text.encoding!r}"
    kinds = [p.get_content_type() for p in text.letter.message.walk()]
    if kinds.index("text/plain") > kinds.index("text/html"):
        yield "stands behind the HTML"


@text_rule("X2", 12, "6.1", "72 columns, but for addresses and code", 0.1)
def width(text):
    for line in text.lines:
        shown = line[:-1] if text.flowed and line.endswith(" ") else line
        if cells(shown) > 72 and not URL.search(line) and not text.is_code(line) and \
                len(shown.split()) > 1:
            yield f"{cells(shown)} columns: {line[:40]!r}"


@text_rule("X3", 10, "6.1", "flows where it may, and only there", 0.2)
def flow(text):
    for line, after in zip(text.lines, [*text.lines[1:], ""]):
        if line == SIGNATURE:
            continue
        if not text.flowed:
            if line.rstrip() != line:
                yield f"a blank behind {line[-20:]!r}"
            continue
        if line.startswith("From "):
            yield f"{line[:20]!r} is not stuffed"
        if not line.endswith(" "):
            continue
        depth, next_depth = quoted(line), quoted(after)
        if not line.strip() or line.endswith("  ") and not line.strip("> "):
            yield "a line of blanks"
        elif not after.strip("> ") or depth != next_depth:
            yield f"{line[-24:]!r} flows into nothing"
    if text.flowed and not any(line.endswith(" ") and line != SIGNATURE for line in text.lines):
        # Only at a blank can lines be joined again: Japanese and Chinese have none.
        spaced = [p.text() for p in text.letter.shown("p") if p.text().count(" ") > len(p.text()) / 20]
        if max(map(len, spaced), default=0) > 100:
            yield from ["no line flows"] * 5


def quoted(line):
    match = re.match(r">(?: ?>)*", line)
    return match[0].count(">") if match else 0


@text_rule("X4", 10, "6.2", "headings are underlined, as wide as they are", 0.25)
def underlined(text):
    for node in text.letter.shown("h1", "h2", "h3"):
        words = bare_words(node.text())
        if not words:
            continue
        at = [i for i, line in enumerate(text.lines)
              if bare_words(line) and words.endswith(bare_words(line)) and
              i + 1 < len(text.lines) and re.fullmatch(r" ?([=\-.~^*#])\1+",
                                                       text.lines[i + 1])]
        if not at:
            yield f"{node.start()} is not underlined"
        elif abs(cells(text.lines[at[0] + 1].strip()) - cells(text.lines[at[0]].strip())) > 1:
            yield f"{node.start()} has a line that is not its own width"


@text_rule("X5", 14, "6.3", "links are numbered in order, their addresses listed once", 0.15)
def links(text):
    listed = re.findall(r"(?m)^ ?\[(\d+)\]:? +((?:https?://|mailto:)\S+)$", text.raw)
    numbers = [int(n) for n, _ in listed]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the list is numbered {numbers[:9]}"
    addresses = [a for _, a in listed]
    for address in {a for a in addresses if addresses.count(a) > 1}:
        yield f"{address[:40]} is listed twice"
    prose = re.sub(r"(?m)^ ?\[\d+\]:? +(?:https?://|mailto:)\S+$", "", text.raw)
    used = [int(n) for n in re.findall(r"\[(\d+)\]", prose)]
    order = list(dict.fromkeys(n for n in used if n in numbers))
    if order != sorted(order):
        yield f"they are used in the order {order[:9]}"
    for number in set(numbers) - set(used):
        yield f"[{number}] is not in the text"
    written = {a.rstrip(">).,;:!?") for a in URL.findall(text.raw)}
    for node in of_article(text.letter):
        href = node.attrs.get("href", "")
        if href.startswith("http") and not any(same_place(href, a) for a in written):
            yield f"{href[:60]} is lost"
    for line in text.lines:
        if re.search(r"https?://[^\s<>]+[.,;:!?](?=\s|$)", line):
            yield f"a sign clings to the address: {line[-30:]!r}"


def of_article(letter):
    """All links but those above the headline, which lead around and not on."""
    nodes = letter.shown("a", "h1")
    first = next((i for i, n in enumerate(nodes) if n.tag == "h1"), 0)
    return [n for n in nodes[first:] if n.tag == "a"]


def same_place(html, written):
    """The same target, with whatever token; or one that only hands the target on."""
    if not written.startswith(("http", "mailto")):
        return False
    handed_on = urllib.parse.unquote(html.partition("?")[2])
    return written.rstrip("/") == html.rstrip("/") or written in handed_on or \
        re.sub(r"[\w=-]{20,}", "*", written) == re.sub(r"[\w=-]{20,}", "*", html)


@text_rule("X6", 8, "6.4", "stress, code and quotations keep their marks", 0.2)
def stress(text):
    for tags, marks in ((("strong", "b"), "*"), (("em", "i"), "_/*"), (("del",), "~"),
                        (("code",), "`")):
        for node in text.letter.shown(*tags):
            words = squeezed(node.text()).strip()
            if not words or len(words) > 60 or node.inside("a", "th", "h1", "h2", "h3", "h4"):
                continue
            if words not in text.flat:
                continue
            around = re.search(rf"([{re.escape(marks)}]){re.escape(words)}\1", text.flat)
            if not around and not (tags[0] == "code" and "    " + words in text.raw):
                yield f"{words[:30]!r} has lost its marks"
    for node in text.letter.shown("blockquote"):
        first = " ".join(bare_words(node.text()).split()[:4])
        quotes = bare_words(" ".join(line for line in text.lines if line.startswith(">")))
        if first and first not in quotes:
            yield f"{node.start()} is no quotation"


@text_rule("X7", 8, "6.5", "list items have their sign and hang from it", 0.2)
def items(text):
    marked = {}
    for at, line in enumerate(text.lines):
        match = re.match(r"(?:[> ]*)(?:[-*•–]|\[[ x]\]|☑|☐|\d+[.)]) +(\S.*)", line)
        if match:
            marked.setdefault(bare_words(match[1])[:14], at)
    for node in text.letter.shown("li"):
        words = bare_words(re.sub(r"^[☑☐]", "", node.text()))[:14]
        if len(words) < 3:
            continue
        at = next((i for k, i in marked.items()
                   if k and (words.startswith(k) or k.startswith(words[:8]) or
                             k.split("x ", 1)[-1][:8] == words[:8])), None)
        if at is None:
            yield f"{node.start()} has no sign"
        elif text.lines[at].endswith(" ") and at + 1 < len(text.lines):
            begin = len(text.lines[at]) - len(text.lines[at].lstrip())
            after = len(text.lines[at + 1]) - len(text.lines[at + 1].lstrip())
            if after <= begin:
                yield f"{node.start()} does not hang"


@text_rule("X8", 8, "6.6", "tables stand in columns, or one value a line", 0.34)
def tables(text):
    for table in text.letter.data_tables():
        rows = [[squeezed(c.text()) for c in r.find("td", "th")] for r in table.find("tr")]
        if not rows or not rows[0]:
            continue
        if not in_columns(text, rows) and not unrolled(text, rows):
            yield f"{table.start()} has lost its columns"


def plain(text):
    return re.sub(r"[*_`~]|\[[0-9a-z]+\]", "", text).strip()


def in_columns(text, rows):
    """A rule of dashes below the heads, and every cell under its head's column."""
    for at, line in enumerate(text.lines[1:], 1):
        spans = [m.span() for m in re.finditer(r"[-─]+", line)]
        if len(spans) != len(rows[0]) or not re.fullmatch(r"[\s\-─+|]+", line):
            continue
        head = text.lines[at - 1]
        if not all(plain(w).split()[0] in head for w in rows[0] if plain(w)):
            continue
        body = text.lines[at + 1:at + len(rows)]
        firsts = [plain(r[0]).split()[0] for r in rows[1:] if plain(r[0])]
        if all(any(f in line for line in body) for f in firsts):
            return True
    return False


def unrolled(text, rows):
    heads = [plain(w) for w in rows[0]]
    for row in rows[1:]:
        for name, cell in zip(heads[1:], row[1:]):
            first = plain(cell).split()[:1]
            if name and first and not re.search(
                    rf"(?m){re.escape(name)}: +\W*{re.escape(first[0])}", text.raw):
                return False
    return len(rows) > 1


@text_rule("X9", 6, "6.7", "pictures are named by their words", 0.34)
def pictures(text):
    said = bare_words(text.flat)
    for node in text.letter.shown("img"):
        words = bare_words(node.attrs.get("alt", ""))
        if words and words not in said:
            yield f"{node.attrs['alt'][:40]!r} is not there"


@text_rule("X10", 8, "6.8", "the signature's line, then how to leave", 0.34)
def footer(text):
    if text.footer is None:
        yield "no '-- ' before the footer"
    foot = "\n".join(text.footer if text.footer is not None else text.lines[-25:])
    listed = re.sub(r"\s", "", str(text.letter.message["List-Unsubscribe"] or ""))
    ways = [a for a in URL.findall(foot) if f"<{a}>" in listed]
    if not ways and not UNSUBSCRIBE.search(foot):
        yield "no way to unsubscribe"
    elif not URL.search(foot):
        yield "and no address for it"


@text_rule("X11", 10, "6.8", "clean: no entities, tabs, padding, heaps of empty lines", 0.34)
def clean(text):
    if re.search(r"&(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|nbsp|zwnj|middot|copy);", text.raw):
        yield "an entity"
    if "\t" in text.raw:
        yield "a tab"
    if re.search(r"[\u200b\u200c\u034f\u00ad\u2007\ufeff]{2}|(?:[\u034f\u200c]\s*){3}", text.raw):
        yield "the preheader's padding"
    if re.search(r"\n[ \t]*\n[ \t]*\n[ \t]*\n", text.raw):
        yield "three empty lines"
    if not text.raw.endswith("\n") or text.raw.endswith("\n\n"):
        yield "not one line feed at the end"
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff]", text.raw):
        yield "a control or private character"
    if re.search(r"</?(?:p|br|a|td|div|span|b|i|strong|em)\b[^>]*>|<!--", text.raw):
        yield "a tag"


@text_rule("X12", 12, "6", "says nine of ten words of the HTML", 0.25)
def same_words(text):
    html = words_of(text.letter.body().text())
    said = words_of(text.raw)
    missing = sorted(html - said)
    share = 1 - len(missing) / max(1, len(html))
    if share < 0.9:
        yield f"only {share:.0%}: {', '.join(missing[:8])}"
        yield from ["a tenth more is missing"] * int((0.9 - share) * 10)


@text_rule("X13", 4, "6.8", "begins with the title or a greeting")
def beginning(text):
    first = text.lines[0]
    if URL.search(first) or re.search(r"(?i)browser|online|web version|trouble", first) or \
            not first.strip():
        yield f"begins with {first[:40]!r}"


@text_rule("X14", 4, "6.3", "buttons are a label and an address of their own line", 0.34)
def buttons(text):
    for node in text.letter.shown("a"):
        href = node.attrs.get("href", "")
        if not is_button(node) or not href.startswith("http"):
            continue
        label = re.escape(node.text())
        lines = [re.sub(rf"^\W*{label}: +", "", line.strip()) for line in text.lines]
        if not any(same_place(href, re.sub(r"^\[\d+\] |[<>]", "", line)) for line in lines):
            yield f"{node.start()} has no line of its own"
