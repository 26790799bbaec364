"""An issue on the web: the letter's words, nobody's data, HTML that a strict reader accepts."""

import collections
import html.parser
import pathlib
import re

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
VOID = {"br", "hr", "img", "link", "meta", "wbr"}
PHRASING = {"a", "abbr", "bdi", "br", "cite", "code", "del", "em", "img", "ins", "kbd", "mark", "q",
            "s", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"}
FLOW = PHRASING | {"article", "aside", "blockquote", "div", "figure", "footer", "h1", "h2", "h3",
                   "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section",
                   "table", "ul"}
# What may stand in what; elements that are not here take phrasing content alone.
CHILDREN = {
    "html": {"head", "body"},
    "head": {"title", "meta", "link", "style"},
    "ul": {"li"}, "ol": {"li"},
    "table": {"thead", "tbody"}, "thead": {"tr"}, "tbody": {"tr"}, "tr": {"th", "td"},
    "figure": FLOW | {"figcaption"},
    "a": PHRASING - {"a"},
    "pre": {"code"},
    "title": set(), "style": set(),
    **{name: FLOW for name in ("body", "header", "main", "article", "aside", "section", "nav",
                               "footer", "div", "blockquote", "li", "td", "th", "figcaption")},
}
EVERYWHERE = {"class", "dir", "id", "lang", "role", "tabindex", "title", "aria-hidden",
              "aria-label"}
ATTRIBUTES = {
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height", "loading"},
    "link": {"rel", "href"},
    "meta": {"charset", "name", "content", "property"},
    "ol": {"start"},
    "th": {"scope"},
    "time": {"datetime"},
}
KEYWORDS = {"loading": {"lazy"}, "scope": {"col"}, "rel": {"canonical", "sponsored"},
            "dir": {"ltr", "rtl"}, "role": {"note", "doc-noteref", "doc-backlink", "doc-endnotes"}}


class Page(html.parser.HTMLParser):
    """Reads a page and refuses what a browser would have to mend."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.targets, self.pictures = [], [], [], []
        self.count = collections.Counter()
        self.levels = []
        self.words = []
        self.feed(text)
        self.close()
        assert not self.open, self.open
        assert len(self.ids) == len(set(self.ids)), self.ids
        assert set(self.targets) <= set(self.ids), set(self.targets) - set(self.ids)
        assert self.count["main"] == self.count["h1"] == self.count["title"] == 1
        assert self.levels[0] == 1
        assert all(b <= a + 1 for a, b in zip(self.levels, self.levels[1:])), self.levels

    def handle_decl(self, decl):
        assert decl == "DOCTYPE html" and not self.count

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_starttag(self, tag, attrs):
        where = self.open[-1] if self.open else None
        assert where or tag == "html", tag
        assert not where or tag in CHILDREN.get(where, PHRASING), f"<{tag}> in <{where}>"
        assert tag != "a" or "a" not in self.open, "a link in a link"
        self.count[tag] += 1
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"<{tag}> {names}"
        for name, value in attrs:
            self.attribute(tag, name, value)
        if tag == "img":
            assert {"src", "alt"} <= set(names)
            self.pictures.append(dict(attrs))
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def attribute(self, tag, name, value):
        assert name in EVERYWHERE | ATTRIBUTES.get(tag, set()), f"<{tag} {name}>"
        assert value is not None and value in KEYWORDS.get(name, {value}), f"{name}={value}"
        if name == "id":
            assert value and not re.search(r"\s", value)
            self.ids.append(value)
        if name in ("width", "height"):
            assert 0 < int(value) <= 4000
        if name == "href":
            assert re.match("https?:|mailto:|tel:|#.", value), value
            if value.startswith("#"):
                self.targets.append(value[1:])

    def handle_startendtag(self, tag, attrs):
        raise AssertionError(f"<{tag}/>")

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> in {self.open}"
        self.open.pop()

    def handle_data(self, data):
        if "style" in self.open or "head" in self.open:
            return
        allowed = CHILDREN.get(self.open[-1], PHRASING) if self.open else set()
        assert not data.strip() or "span" in allowed, f"words in <{self.open[-1:]}>: {data}"
        self.words += words_of(data)


def words_of(text):
    return re.findall(r"\w+", text.lower())


class Letter(html.parser.HTMLParser):
    """The words that a reader sees of a letter."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.words, self.hidden = [], 0
        self.feed(re.sub(r"(?s)<!--.*?-->|<head.*?</head>", "", text).replace("<wbr>", ""))
        self.close()

    def handle_starttag(self, tag, attrs):
        style = dict(attrs).get("style") or ""
        if tag == "div" and (self.hidden or "display:none" in style):
            self.hidden += 1

    def handle_endtag(self, tag):
        if tag == "div" and self.hidden:
            self.hidden -= 1

    def handle_data(self, data):
        if not self.hidden:
            self.words += words_of(data)


def share(some, others):
    """How much of `some` is among `others`, each word as often as it stands there."""
    both = collections.Counter(some) & collections.Counter(others)
    return sum(both.values()) / len(some)


@pytest.fixture
def magazine(swamp, feature):
    name, text = feature
    swamp = swamp("smtp://127.0.0.1:2525")
    swamp.article(name, text)
    return swamp, name


def test_the_page_has_the_words_of_the_letter(magazine):
    swamp, name = magazine
    page = Page(swamp.ok("render", name, "--to", "web"))
    letter = Letter(swamp.ok("render", name, "--to", "html"))
    assert len(page.words) > 300
    assert share(page.words, letter.words) >= 0.95
    assert share(letter.words, page.words) >= 0.95


@pytest.mark.parametrize("theme", ["letter", "magazine", "note"])
def test_a_theme_changes_the_sheet_and_nothing_else_of_the_article(magazine, theme):
    swamp, name = magazine
    plain = swamp.ok("render", name, "--to", "web")
    path = swamp.folder / "tidings.yaml"
    path.write_text(path.read_text().replace("publication:\n", f"publication:\n  theme: {theme}\n"))
    page = swamp.ok("render", name, "--to", "web")
    Page(page)
    assert page.partition("</style>")[2] == plain.partition("</style>")[2]
    assert (page == plain) == (theme == "letter")


def test_nobody_is_in_the_page_whoever_is_on_the_list(magazine):
    swamp, name = magazine
    before = swamp.ok("render", name, "--to", "web")
    swamp.ok("subscriber", "add", "zenobia@quux.example", "--first-name", "Zenobia",
             "--list", "weekly")
    page = swamp.ok("render", name, "--to", "web")
    assert page == before
    for trace in ("zenobia", "quux", "/u/", "/p/", "unsubscribe", "{{"):
        assert trace not in page.lower()
    assert "--as" in swamp.fails(64, "render", name, "--to", "web", "--as", "zenobia@quux.example")


EVERYTHING = """\
---
title: All there is
date: 2026-05-22
---
Dear {{subscriber.first_name | default "friend"}}, one note[^1] and {{#if subscriber.name}}a
name{{else}}no *name*{{/if}}. [Leave]({{links.unsubscribe}}) or see [below](#below).

::contents

## Below

:::callout {tone=warning}
1. One
2. Two

       code <b>
:::

> Said
>
> - [x] done

:::pullquote {by="Somebody"}
Quoted.
:::

| a | b |
|:--|--:|
| <kbd>x</kbd> | https://example.org/ |

:::if subscriber.email
### Hidden
:::

:::mail
Only in the mail.
:::

:::web
Only on the web.
:::

:::poll {question="Which?"}
- This
- [That](https://example.org/that)
:::

:::sponsor {by="Rope" url=https://rope.example/}
Rope.
:::

::bookmark[Book](https://example.org/book){description="About it"}

::video[Film](https://example.org/film){length="3:40"}

::audio[Talk](https://example.org/talk)

::divider[Then]

::author[tove-marsh]

::share

::subscribe

::button[Go](https://example.org/go)

[^1]: The note.
"""


@pytest.fixture
def everything(swamp):
    swamp = swamp("smtp://127.0.0.1:2525")
    swamp.article("everything", EVERYTHING)
    return swamp


def test_every_kind_of_block_makes_a_page_that_is_valid(everything):
    text = everything.ok("render", "everything", "--to", "web")
    page = Page(text)
    assert "Only on the web." in text and "Only in the mail." not in text
    assert "Hidden" not in text and "no <em>name</em>" in text
    assert page.ids.count("note:1") == page.ids.count("below") == 1
    assert page.targets.count("below") == 3
    assert 'href="https://swamp.example.org/help">Leave</a>' in text
    for load in ("<script", "<iframe", "<link rel=\"stylesheet", "@import", "url("):
        assert load not in text


@pytest.mark.parametrize("language, way", [("de", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_what_a_page_says_of_its_own_is_in_the_language_of_the_publication(everything, language,
                                                                          way):
    english = everything.ok("render", "everything", "--to", "web")
    everything.settings(language=language)
    text = everything.ok("render", "everything", "--to", "web")
    Page(text)
    assert text.startswith(f'<!DOCTYPE html>\n<html lang="{language}" dir="{way}">')
    for phrase in ("min read", "Skip to the text", "All rights reserved", "Warning", "Subscribe",
                   "Sponsored", "Answers are given"):
        assert phrase in english and phrase not in text


def test_the_templates_of_pages_have_no_words_of_their_own():
    for path in (TOP / "templates" / "web").glob("*.html"):
        text = re.sub(r"(?s)\{\{!.*?\}\}|<style>.*?</style>", "", path.read_text())
        text = re.sub(r"\{\{\{.*?\}\}\}|\{\{.*?\}\}", "", text)
        text = re.sub(r"(?s)<[^>]*>|&#?\w+;", "", text)
        assert not re.search(r"\w", text), (path.name, text.split())


def test_a_publications_own_template_takes_the_place_of_a_built_in_one(everything):
    folder = everything.folder / "templates" / "web"
    folder.mkdir(parents=True)
    (folder / "button.html").write_text(
        '<p class="mine"><a href="{{{block.href}}}">{{{block.label}}}!</a></p>\n')
    text = everything.ok("render", "everything", "--to", "web")
    Page(text)
    assert '<p class="mine"><a href="https://example.org/go">Go!</a></p>' in text
