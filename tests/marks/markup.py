"""HTML as a tree that remembers what mail programs look at: inline styles in order,
the comments that only Outlook reads, the style sheets, the text one can see."""

import html.parser
import re

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta",
        "source", "track", "wbr"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# What the browser closes by itself when the next of its kind begins.
CLOSED_BY = {"p": {"p", "div", "table", "ul", "ol", "blockquote", "pre", *HEADINGS},
             "li": {"li"}, "tr": {"tr"}, "td": {"td", "th", "tr"}, "th": {"td", "th", "tr"}}
MSO_BLOCK = re.compile(r"<!--\[if\s+([^\]]*?)\]>(.*?)<!\[endif\]-->", re.S | re.I)
# Three spellings of "all but Outlook" are in use.
NOT_MSO_BEGIN = r"<!--\[if\s+!mso[^\]]*\]>\s*(?:<!--\s*-->|<!-->|-->)"
NOT_MSO_END = r"<!--\s*<!\[endif\]\s*-->"
NOT_MSO = re.compile(f"{NOT_MSO_BEGIN}(.*?){NOT_MSO_END}", re.S | re.I)
NOT_MSO_MARKS = re.compile(f"{NOT_MSO_BEGIN}|{NOT_MSO_END}", re.I)


def style_of(text):
    """`a:b;c:d` as a dictionary; semicolons in quotes do not part."""
    parts = re.findall(r"""(?:[^;"']|"[^"]*"|'[^']*')+""", text or "")
    pairs = (p.split(":", 1) for p in parts if ":" in p)
    return {name.strip().lower(): value.strip() for name, value in pairs}


class Node:
    def __init__(self, tag, attrs=(), parent=None):
        self.tag = tag
        self.attrs = {name: value or "" for name, value in attrs}
        self.style = style_of(self.attrs.get("style"))
        self.parent = parent
        self.children = []

    def __iter__(self):
        """All elements below, in the order of the source."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child

    def find(self, *tags):
        return [node for node in self if node.tag in tags]

    def above(self):
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def inside(self, *tags):
        return any(node.tag in tags for node in self.above())

    def classes(self):
        return set(self.attrs.get("class", "").split())

    def hidden(self):
        return any("none" in n.style.get("display", "") for n in (self, *self.above()))

    def text(self):
        """The words that can be seen, with single blanks."""
        return re.sub(r"[\s\u00a0]+", " ", "".join(self.strings())).strip()

    def strings(self):
        if self.tag in ("style", "script", "title", "head") or \
                "none" in self.style.get("display", ""):
            return
        for child in self.children:
            if isinstance(child, str):
                yield child
            else:
                if child.tag in BLOCKS:
                    yield " "
                yield from child.strings()
                if child.tag in BLOCKS:
                    yield " "

    def own_text(self):
        """Text that stands in this element itself or in inline elements of it."""
        out = []
        for child in self.children:
            if isinstance(child, str):
                out.append(child)
            elif child.tag in INLINE:
                out.append(child.own_text())
        return re.sub(r"[\s\u00a0]+", " ", "".join(out)).strip()

    def start(self):
        """How a report names this element."""
        name = "".join(f" {k}={v[:30]!r}" for k, v in self.attrs.items()
                       if k in ("class", "href", "src"))
        words = self.text()[:24]
        return f"<{self.tag}{name[:60]}>" + (f" {words!r}" if words else "")


INLINE = {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "em", "font", "i", "ins",
          "kbd", "mark", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "br",
          "wbr"}
BLOCKS = {"p", "div", "table", "tr", "td", "th", "ul", "ol", "li", "blockquote", "pre", "br",
          "hr", "center", *HEADINGS}


class Tree(html.parser.HTMLParser):
    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.root = Node("#root")
        self.at = self.root
        self.comments = []
        self.doctype = ""
        self.unclosed = []
        self.feed(source)
        self.close()

    def handle_decl(self, decl):
        self.doctype = self.doctype or decl

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_starttag(self, tag, attrs):
        while tag in CLOSED_BY.get(self.at.tag, ()) and self.at.parent is not None:
            self.at = self.at.parent
        node = Node(tag, attrs, self.at)
        self.at.children.append(node)
        if tag not in VOID:
            self.at = node

    def handle_startendtag(self, tag, attrs):
        node = Node(tag, attrs, self.at)
        self.at.children.append(node)
        # Only in VML and its kin does a slash close; elsewhere browsers ignore it.
        if tag not in VOID and ":" not in tag:
            self.at = node

    def handle_endtag(self, tag):
        node = self.at
        while node is not None and node.tag != tag:
            node = node.parent
        if node is None or node.parent is None:
            self.unclosed.append(tag)
            return
        self.at = node.parent

    def handle_data(self, data):
        self.at.children.append(data)


def for_outlook(source):
    """The source as the Word engine reads it: its comments opened, others' parts cut."""
    source = NOT_MSO.sub("", source)

    def opened(match):
        return match[2] if wants_word(match[1]) else ""
    return MSO_BLOCK.sub(opened, source)


def wants_word(condition):
    """Does `mso`, `(gte mso 9)|(IE)`, `lt mso 12` hold for Word as it is today?"""
    condition = condition.lower()
    if condition.startswith("!"):
        return False
    if re.search(r"\blte?\s+mso", condition):
        return False
    return "mso" in condition or "vml" in condition


def for_others(source):
    """The source as everybody else reads it, without the comments."""
    source = NOT_MSO_MARKS.sub("", source)
    return re.sub(r"<!--.*?-->", "", source, flags=re.S)


def outlook_comments(source):
    """What stands inside the comments for Outlook."""
    return [m[2] for m in MSO_BLOCK.finditer(NOT_MSO.sub("", source)) if wants_word(m[1])]


class Sheet:
    """One style element: its text, its rules, its media queries."""

    def __init__(self, text):
        self.text = text
        self.rules = list(rules_of(text, ""))

    def selectors(self, media=None):
        """Every single selector, of one kind of query or of all."""
        return [s for query, names, _ in self.rules if media is None or media in query
                for s in names]


def rules_of(text, media):
    """(media, selectors, style) one after the other, also from inside @media."""
    at = 0
    while (open_at := text.find("{", at)) >= 0:
        head = text[at:open_at].strip().lstrip("}").strip()
        depth, end = 1, open_at + 1
        while end < len(text) and depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        body = text[open_at + 1:end - 1]
        if head.startswith("@media"):
            yield from rules_of(body, head[6:].strip())
        elif not head.startswith("@"):
            yield media, [s.strip() for s in head.split(",")], style_of(body)
        at = end


def serialize(node):
    """The tree as source again."""
    if isinstance(node, str):
        return node.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    attrs = "".join(f' {k}="{escaped(v)}"' for k, v in node.attrs.items() if k != "style")
    if node.style:
        style = ";".join(f"{k}:{v}" for k, v in node.style.items())
        attrs += f' style="{escaped(style)}"'
    raw = node.tag in ("style", "script")
    inner = "".join(c if raw and isinstance(c, str) else serialize(c) for c in node.children)
    if node.tag == "#root":
        return inner
    if node.tag in VOID:
        return f"<{node.tag}{attrs}>"
    return f"<{node.tag}{attrs}>{inner}</{node.tag}>"


def escaped(value):
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
