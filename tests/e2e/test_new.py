"""An article is begun, and its name means the same to every command."""

import pathlib

import pytest


@pytest.mark.parametrize("title, slug", [
    ("Café at Nine", "cafe-at-nine"),
    ("Straße, ÆSIR & Łódź", "strase-asir-lodz"),
    ("  --2026-05-22--  Hello!  ", "2026-05-22-hello"),
    ("日本", "issue"),
    ("x" * 79 + " y and more", "x" * 79),
    ("x" * 200, "x" * 80),
])
def test_the_name_that_is_made_of_a_title_is_the_slug_that_is_read_from_it(
        publication, title, slug):
    path = pathlib.Path(publication.ok("new", "--", title).strip())
    assert path.stem[11:] == slug
    publication.people(1)
    publication.relay("dir:out")
    publication.ok("send", path.relative_to(publication.folder))
    assert publication.ledger(slug)[0]["issue"] == slug


@pytest.mark.parametrize("word", ["my-letter", "articles/2026-05-22-My_Letter.md",
                                  "2026-05-22-My_Letter", "My_Letter"])
def test_an_issue_is_known_by_its_file_also_when_that_is_gone(publication, word):
    path = publication.article("2026-05-22-My_Letter", "---\ntitle: x\n---\nx\n")
    publication.people(1)
    publication.relay("dir:out")
    publication.ok("send", "my-letter")
    assert publication.ledger(word)[0]["issue"] == "my-letter"
    path.unlink()
    assert publication.ledger(word)[0]["issue"] == "my-letter"
