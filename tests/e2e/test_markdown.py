"""`tidings markdown`: three dialects, two forms, whatever comes in on standard input."""

import json
import resource
import subprocess

import pytest

from conftest import PATIENCE, PROGRAM, TOP

SAMPLE = "# Hi\n\n\"a\" ~~b~~ www.example.org {{c}}\n\n|d|\n|-|\n\n- [x] e\n\n::share\n"


def markdown(text, *options, folder=None):
    words = [PROGRAM, *(["-C", folder] if folder else []), "markdown", *options]
    data = text if isinstance(text, bytes) else text.encode()
    return subprocess.run(words, input=data, capture_output=True, timeout=PATIENCE)


def html(text, *options, folder=None):
    done = markdown(text, *options, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode()


def test_commonmark_alone_is_the_default():
    got = html(SAMPLE)
    assert got.startswith("<h1>Hi</h1>\n<p>&quot;a&quot; ~~b~~ www.example.org {{c}}</p>\n")
    assert "<p>|d|\n|-|</p>" in got and "<li>[x] e</li>" in got and "<p>::share</p>" in got


def test_githubs_markdown_has_its_extensions_and_none_of_ours():
    got = html(SAMPLE, "--gfm")
    assert "<del>b</del>" in got and "<th>d</th>" in got and 'type="checkbox"> e' in got
    assert '<a href="http://www.example.org">' in got and "{{c}}" in got and "<p>::share</p>" in got


def test_a_letters_markdown_has_all(tmp_path):
    got = html(SAMPLE.replace("{{c}}", "{{subscriber.plan | default 'free'}}"), "--letter",
               folder=tmp_path)
    assert "\u201ca\u201d" in got and "<del>b</del>" in got and "free" in got
    assert "<html" not in got and "style=" in got


@pytest.mark.parametrize("options, struck", [
    ([], "~~c~~"), (["--gfm"], "~c~"), (["--letter"], "~c~"),
], ids=["commonmark", "gfm", "letter"])
def test_plain_text_is_that_of_letters(options, struck, tmp_path):
    got = html("# a\n\n*b* [d](https://example.org/d) ~~c~~\n", *options, "--to", "text",
               folder=tmp_path)
    lines = [line.rstrip() for line in got.splitlines() if line.strip()]
    assert lines[0] == "a" and f"_b_ d [1] {struck}" in lines
    assert lines[-1] == "[1] https://example.org/d"


def test_plain_text_of_the_other_dialects_has_no_pictures_and_no_bad_links(tmp_path):
    done = markdown("![a](none.png) [b](javascript:c)\n", "--to", "text", folder=tmp_path)
    assert done.returncode == 0 and b"a" in done.stdout and b"b" in done.stdout
    assert b"javascript" not in done.stdout
    assert markdown("![a](none.png)\n", "--letter", folder=tmp_path).returncode == 65
    assert markdown("[b](javascript:c)\n", "--letter", folder=tmp_path).returncode == 65


def test_front_matter_may_be_left_out_and_gives_the_language(tmp_path):
    french = "---\ntitle: Quoi\nlang: fr\n---\nQuoi? \"Oui\"\n"
    assert "Quoi\u202f? \u00ab\u202fOui\u202f\u00bb" in html(french, "--letter", folder=tmp_path)
    assert "Quoi? \u201cOui\u201d" in html("Quoi? \"Oui\"\n", "--letter", folder=tmp_path)


def test_settings_of_the_folder_count(publication):
    settings = (publication.folder / "tidings.yaml").read_text()
    publication.settings(settings.replace("publication:\n",
                                          "publication:\n  typography: plain\n", 1))
    assert '"a"' in html('"a"\n', "--letter", "--to", "text", folder=publication.folder)
    done = markdown("{{subscriber.nothing}}\n", "--letter", folder=publication.folder)
    assert done.returncode == 65 and b"no merge field 'subscriber.nothing'" in done.stderr


def test_the_place_of_an_error_is_a_line_of_the_input(tmp_path):
    done = markdown("a\n\n:::calout\n:::\n", "--letter", folder=tmp_path)
    assert done.returncode == 65 and done.stdout == b""
    assert done.stderr.startswith(b"tidings: standard input:3: no block is called 'calout'\n")
    assert b"did you mean 'callout'?" in done.stderr
    done = subprocess.run([PROGRAM, "--json", "-C", tmp_path, "markdown", "--letter"],
                          input=b":::callout\n", capture_output=True)
    assert json.loads(done.stderr)["error"]["place"] == "standard input:1"


def test_two_dialects_or_an_unknown_form_are_a_wrong_command_line():
    assert markdown("", "--gfm", "--letter").returncode == 64
    done = markdown("", "--to", "txt")
    assert done.returncode == 64 and b"'text'" in done.stderr


def test_any_bytes_are_read_where_the_dialect_is_not_ours():
    for options in [], ["--gfm"]:
        got = html(b"a\xff\x00b \xee\x80\x80\r\n\tc\r\n", *options)
        assert got.startswith("<p>a\ufffd\ufffdb ")
    done = markdown(b"a\xff\n", "--letter")
    assert done.returncode == 65 and b"UTF-8" in done.stderr


def test_more_than_a_megabyte_is_refused():
    done = markdown(b"a" * (1024 * 1024 + 1))
    assert done.returncode == 65 and done.stdout == b""


@pytest.mark.parametrize("bomb", [
    b"> " * 20000, b"[" * 500000, b"![" * 300000, b"::share\n" * 100000, b"\"'" * 500000,
    b":::callout\n" * 90000, b"{{#if a}}" * 100000, b"# a\n\n" * 40000, b"<div>" * 100000,
    b"|a" * 500 + b"\n" + b"|-" * 500 + b"\n", b"::bookmark[a](https://b){" + b"x=\"y\" " * 150000,
], ids=["quotes", "brackets", "pictures", "lines", "marks", "callouts", "conditions", "headings",
        "html", "columns", "settings"])
@pytest.mark.parametrize("options", [[], ["--gfm"], ["--letter"]], ids=["pure", "gfm", "letter"])
def test_hostile_text_is_read_or_refused_in_time(bomb, options, tmp_path):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = markdown(bomb, *options, folder=tmp_path)
    assert done.returncode in (0, 65), done.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 6
    if done.returncode == 65:
        assert done.stderr.startswith(b"tidings: ") and done.stdout == b""


def test_every_block_of_the_sample_is_in_both_parts(publication):
    articles = TOP / "tests/articles"
    for picture in sorted((articles / "every-block").iterdir()):
        target = publication.folder / "articles/every-block" / picture.name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(picture.read_bytes())
    publication.article("every-block", (articles / "every-block.md").read_text())
    text = publication.ok("render", "every-block", "--to", "text")
    page = publication.ok("render", "every-block")
    for words in ["Hallow & Daughter, ropes", "Eleven minutes on the rope", "What a marsh is for",
                  "Jori Pell, ferryman", "Should the raft run at night?", "Yes, with a lamp",
                  "See every tide of August", "Not alone", "The numbers", "In this letter",
                  "Six in the morning", "Send it to somebody with boots"]:
        assert words in text.replace("\n", " "), words
        assert words.replace("&", "&amp;") in page, words
    assert "Letters like this one come by mail" not in text + page
    assert "German legend" not in text + page and "yours to print" in text
