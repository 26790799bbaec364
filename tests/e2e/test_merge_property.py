"""Whatever readers are called, their letters differ in words alone.

Each of some hundred readers with names that try to break out gets the same
headers, the same MIME parts, the same elements and the same hosts in links as
a reader of whom nothing is known.
"""

import csv
import email
import email.policy
import html.parser
import io
import os
import random
import re
import urllib.parse

READERS = 150
SEED = int(os.environ.get("TIDINGS_SEED", "20261125"))

ARTICLE = """\
---
title: Merged
subject: '{{subscriber.first_name | default "You" | title}}, {{subscriber.plan | default "x" | truncate 9}}'
preheader: 'For {{subscriber.name | default "you"}}'
---
Dear {{subscriber.name | default "friend" | title}}, *{{subscriber.first_name}}* and **{{subscriber.tags | upper}}**.

# About {{subscriber.last_name | lower}}

- since {{subscriber.joined | date "%e %B %Y"}}
- [{{subscriber.name}}](https://one.example/?n={{subscriber.name}}&e={{subscriber.email}} "{{subscriber.plan}}")

> {{subscriber.plan}} {{#if subscriber.plan == "pro"}}pays{{else}}does not{{/if}}

| a | b |
|---|---|
| {{subscriber.name | truncate 9}} | x |

![{{subscriber.name}}](https://two.example/{{subscriber.plan}}.png "{{subscriber.first_name}}")

::button[{{subscriber.first_name | default "Read"}}](https://three.example/{{subscriber.plan}})

<span title="{{subscriber.name}}">x</span> [answer]({{links.answers}}/1)
"""

FRAGMENTS = [
    "<", ">", "&", '"', "'", "`", "</td></table>", "<script>alert(1)</script>", "<!--", "-->", "]]>",
    "<img src=x onerror=a>", "</style>", "<style>*{}", "&lt;b&gt;", "&#60;", "javascript:alert(1)",
    "//evil.example/", "https://evil.example/", "@evil.example", "\\evil.example", "../..", "?", "#",
    "%00", "%0d%0aBcc:x", "Bcc: x@example.org", "=?utf-8?q?=0D=0ABcc:x?=", "=3D", "=\u00ad",
    "{{subscriber.email}}", "{{{x}}}", "{{#if x}}", "{{/if}}", "*a*", "_b_", "[l](https://evil.example)",
    "![i](x)", "::button[x](y)", "# ", "- ", "> ", "|", "    ", "--", "-- ", "--=_a_1", ".", "From ",
    "\u202e", "\u2066", "\u200b", "\ufeff", "\u00ad", "\u200d", "\u05d0\u05d1\u05d2", "\u0645\u0631\u062d",
    "\u65e5\u672c\u8a9e", "e\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea",
    "\u1e9e", "\ufb03", "\u0390", "\uff1c", "\U000e0041", "x" * 90, "A", "Ana", "O'Neill", "\u00d8",
]


def name(chance):
    """A name of one to twelve fragments, as long as an import takes."""
    text = "".join(chance.choice(FRAGMENTS) for _ in range(chance.randint(1, 12)))
    while len(text.encode()) > 480:
        text = text[:-1]
    return text.strip() or "x"


def people(chance):
    rows = io.StringIO()
    out = csv.writer(rows)
    out.writerow(["email", "name", "first_name", "last_name", "language", "joined", "plan"])
    for i in range(READERS):
        out.writerow([f"reader{i}@example.org", name(chance), name(chance), name(chance), "en",
                      "2024-02-29", name(chance)])
    return rows.getvalue()


class Tree(html.parser.HTMLParser):
    """Elements, the names of their attributes, styles whole, hosts of addresses."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.shape = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        kept = []
        for key, value in attrs:
            if key in ("href", "src"):
                address = urllib.parse.urlsplit(value)
                value = f"{address.scheme}://{address.netloc}"
            elif key not in ("style", "class", "role", "width"):
                value = None
            kept.append((key, value))
        self.shape.append((tag, kept))

    def handle_endtag(self, tag):
        self.shape.append("/" + tag)

    def handle_comment(self, data):
        self.shape.append("!" + data)


def shape(raw):
    """All of a letter but the words in it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [(p.get_content_type(), p.keys()) for p in message.walk()]
    page = message.get_body(("html",)).get_content()
    return message.keys(), parts, Tree(page).shape


def test_no_reader_changes_the_shape_of_a_letter(swamp):
    print("seed", SEED)
    publication = swamp("dir:outbox")
    settings = publication.folder / "tidings.yaml"
    settings.write_text(settings.read_text() + "attributes:\n  plan: {type: text}\n")
    publication.article("merged", ARTICLE)
    (publication.folder / "people.csv").write_text(people(random.Random(SEED)), encoding="utf-8")
    publication.ok("import", publication.folder / "people.csv", "--list", "weekly")

    publication.ok("render", "merged", "--to", "eml", "-o", publication.folder / "nobody.eml")
    expected = shape((publication.folder / "nobody.eml").read_bytes())
    assert len(expected[2]) > 100
    publication.ok("send", "merged")
    letters = sorted((publication.folder / "outbox").rglob("*.eml"))
    assert len(letters) == READERS
    for letter in letters:
        raw = letter.read_bytes()
        headers, parts, tree = shape(raw)
        assert (headers, parts) == expected[:2], letter
        assert tree == expected[2], letter
        head = raw.split(b"\r\n\r\n", 1)[0]
        assert not re.search(rb"(?i)\n(bcc|x-)", head), letter
        subject = email.message_from_bytes(raw, policy=email.policy.default)["Subject"]
        assert subject and not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", subject), letter
