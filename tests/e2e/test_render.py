"""What one reader would get: shown as it is, and said when they would not get it."""

import json
import os
import stat

import pytest


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def ana(publication):
    publication.settings((publication.folder / "tidings.yaml").read_text().replace(
        "lists:\n", "lists:\n  daily: {title: Daily}\n", 1))
    publication.article("hello", "---\ntitle: Hello\nlist: weekly\n---\n"
                        "Dear {{subscriber.first_name}},\n")
    publication.ok("subscriber", "add", "ana@example.org", "--first-name", "Ana",
                   "--list", "weekly")
    return publication


@pytest.mark.parametrize("words, why", [
    (["leave", "ana@example.org"], "list 'weekly', unsubscribed"),
    (["leave", "ana@example.org", "--list", "weekly"], "list 'weekly', unsubscribed"),
    (["suppress", "ana@example.org", "--reason", "asked"], "list 'weekly', suppressed"),
    (["add", "bo@example.org", "--list", "daily"], "list 'weekly', not on that list"),
    (["add", "ana@example.org", "--list", "daily"], None),
], ids=["left all", "left it", "suppressed", "on another list", "would get it"])
def test_a_letter_that_would_not_be_sent_is_shown_with_a_warning(ana, words, why):
    ana.ok("subscriber", *words)
    address = "bo@example.org" if "bo@example.org" in words else "ana@example.org"
    done = ana("render", "hello", "--to", "text", "--as", address)
    assert done.returncode == 0 and "Dear " in done.stdout
    if why is None:
        assert done.stderr == ""
    else:
        assert done.stderr == f"tidings: warning: '{address}' would not get it: {why}\n"
        done = ana("--json", "render", "hello", "--as", address)
        assert why in json.loads(done.stderr)["warning"]["message"]


def test_a_list_that_is_only_in_the_settings_has_nobody_on_it(ana):
    ana.article("new", "---\ntitle: New\nlist: monthly\n---\nText.\n")
    ana.settings((ana.folder / "tidings.yaml").read_text().replace(
        "lists:\n", "lists:\n  monthly: {title: Monthly}\n", 1))
    done = ana("render", "new", "--as", "ana@example.org")
    assert done.returncode == 0 and "list 'monthly', not on that list" in done.stderr


@pytest.mark.parametrize("form", ["html", "text", "eml"])
def test_a_file_that_can_unsubscribe_somebody_is_its_owners_alone(ana, tmp_path, form):
    theirs, anybodys = tmp_path / "theirs", tmp_path / "anybodys"
    theirs.touch(0o644)
    ana.ok("render", "hello", "--to", form, "--as", "ana@example.org", "-o", theirs)
    assert mode(theirs) == 0o600
    ana.ok("render", "hello", "--to", form, "-o", anybodys)
    ana.ok("render", "hello", "--to", "web", "-o", tmp_path / "page")
    os.umask(mask := os.umask(0))
    assert mode(anybodys) == mode(tmp_path / "page") == 0o644 & ~mask


def test_a_letter_in_german_says_in_german_why_it_came(ana):
    ana.article("hallo", "---\ntitle: Hallo\nlist: weekly\nlang: de\n---\nText.\n")
    text = " ".join(ana.ok("render", "hallo", "--to", "text", "--as", "ana@example.org").split())
    assert "an ana@example.org, weil Sie Weekly letter abonniert haben." in text, text
    assert "you subscribed" not in text
