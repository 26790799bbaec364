"""A letter as it is marked: its HTML, its text part, its pictures, its headers."""

import base64
import email
import email.policy
import pathlib
import re

import markup


class Letter:
    def __init__(self, html, name="letter", message=None):
        self.name = name
        self.html = html
        self.message = message
        self.tree = markup.Tree(html)
        self.root = self.tree.root
        # Outlook's view: what stands in its comments is part of the tree.
        self.outlook = markup.Tree(markup.for_outlook(html)).root
        self.sheets = [markup.Sheet("".join(c for c in n.children if isinstance(c, str)))
                       for n in self.root.find("style")]
        self.comments = markup.outlook_comments(html)
        self.text = self.text_head = None
        self.pictures = {}
        if message is not None:
            self.take_parts()

    def take_parts(self):
        for part in self.message.walk():
            kind = part.get_content_type()
            if kind == "text/plain" and self.text is None:
                self.text = part.get_payload(decode=True).decode("utf-8", "replace") \
                    .replace("\r\n", "\n")
                self.text_head = part
            cid = part.get("Content-ID")
            if kind.startswith("image/") and cid:
                data = base64.b64encode(part.get_payload(decode=True)).decode()
                self.pictures["cid:" + cid.strip("<>")] = f"data:{kind};base64,{data}"

    def first(self, tag):
        found = self.root.find(tag)
        return found[0] if found else None

    def body(self):
        return self.first("body") or self.root

    def shown(self, *tags):
        """Elements of these kinds that a reader can see."""
        return [n for n in self.body().find(*tags) if not n.hidden()]

    def layout_tables(self, root=None):
        return [t for t in (root or self.root).find("table") if not is_data(t)]

    def data_tables(self):
        return [t for t in self.shown("table") if is_data(t)]


def is_data(table):
    """A table of figures: it has a heading cell of its own and does not say otherwise."""
    if table.attrs.get("role", "") in ("presentation", "none"):
        return False
    cells = table.find("th")
    return any(next(a for a in c.above() if a.tag == "table") is table for c in cells)


def read(path):
    """From a message (.eml), or from HTML alone."""
    path = pathlib.Path(path)
    data = path.read_bytes()
    if path.suffix not in (".eml", ".msg"):
        return Letter(data.decode("utf-8"), path.stem)
    return of_message(data, path.stem)


def of_message(data, name):
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            html = part.get_payload(decode=True).decode("utf-8", "replace")
            return Letter(re.sub(r"\r\n", "\n", html), name, message)
    raise ValueError(f"{name}: no HTML part")
