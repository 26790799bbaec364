"""An issue goes out: everybody gets their own letter, once, and it is right."""

import email
import email.policy
import html
import json
import re
import signal

import pytest

from conftest import until, with_thanks

POLICY = email.policy.SMTP.clone(raise_on_defect=True)

ONCE = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
        "List-Unsubscribe", "List-Id", "List-Help", "List-Owner", "List-Archive",
        "List-Post", "Archived-At", "Feedback-ID"]


def parsed(raw):
    return email.message_from_bytes(raw, policy=POLICY)


def parts(message):
    """The text part and the HTML part, decoded."""
    assert message.get_content_type() == "multipart/alternative"
    text, page = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert page.get_content_type() == "text/html"
    return text.get_content(), page.get_content()


def words(text):
    return re.findall(r"\w+", text)


def of_html(page):
    """What a reader sees of an HTML part, roughly."""
    # Around a name whose direction nobody knows stand marks that nobody sees.
    page = re.sub(r"&#829[4-7];|[\u2066-\u2069]", "", page)
    page = re.sub(r"(?is)<!--.*?-->|<style.*?</style>|<head.*?</head>", " ", page)
    return html.unescape(re.sub(r"(?s)<[^>]+>", " ", page))


def front(text, key):
    """A value of an article's front matter."""
    return re.search(rf"(?m)^{key}: *[\"']?(.*?)[\"']?$", text)[1]


def subject_of(slug, text, number):
    if slug == "own":
        return f"Reader{number}, come down to the low-water ferry"
    return front(text, "title")


def test_an_article_reaches_a_thousand_readers_each_with_their_own_letter(
        swamp, catcher, feature):
    slug, article = feature
    publication = swamp(catcher.url)
    publication.article(slug, with_thanks(article))
    publication.people(1000)
    publication.ok("send", slug)

    log = catcher.log()
    assert len(log) == 1000
    letters = catcher.letters()
    ids, people = set(), set()
    for entry in log:
        raw = letters[entry["n"]]
        assert b"\r\n" in raw and b"\n" not in raw.replace(b"\r\n", b"")
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        raw.decode("ascii")
        message = parsed(raw)
        number = int(re.fullmatch(r"reader(\d+)@example\.org", entry["to"])[1])
        for name in ONCE:
            assert len(message.get_all(name, [])) == 1, name
        to = message["To"].addresses
        assert [a.addr_spec for a in to] == [entry["to"]]
        assert to[0].display_name == f"Reader Number {number}"
        assert message["Subject"].startswith(subject_of(slug, article, number))
        assert message["X-Original-To"] == entry["to"]
        ids.add(message["Message-ID"])
        people.add(entry["to"])
        text, page = parts(message)
        for part in (text, of_html(page)):
            assert f"Thank you for reading, Reader{number}." in " ".join(part.split())
            assert "{{" not in part
        assert re.search(r"bounce\+[a-z2-7]{50}@bounces\.example\.org", entry["from"])
    assert len(ids) == len(people) == 1000

    rows = publication.ledger(slug)
    assert {r["address"] for r in rows} == people
    assert {r["message_id"] for r in rows} == ids
    assert {r["state"] for r in rows} == {"sent"}


# What stands in both parts: words, then addresses.
PARTS = {
    "own": (["The Ferry That Only Runs at Low Water", "Twice a day a rope", "Tove Marsh",
             "Small crossings", "Writes about water", "Dear Reader0,", "More by Tove",
             "A rope older than the road", "The order of a crossing", "low water",
             "The raft half way across, the rope dripping", "In March, on the last of the ebb",
             "You do not pull the raft.", "hold a child's hand, not the rail;",
             "Jori looks at the water, not at the clock.", "The road by Hallow Bridge",
             "Days shut in a year", "Do not walk the flats alone.", "06:52",
             "See the tides for this week", "Middle C has never been the same."],
            ["https://swamp.example.org/i/own", "https://swamp.example.org/topic/small-crossings",
             "https://swamp.example.org/tove", "https://swamp.example.org/ostrey/report",
             "https://swamp.example.org/ostrey/tides"]),
}


def parts_of(slug, text):
    """Words and addresses that a letter of this article must show."""
    if slug in PARTS:
        return PARTS[slug]
    topic = front(text, "topic")
    return ([front(text, "title"), front(text, "deck").split("\u2019")[-1], topic, "Mr Khan",
             "Writes about the region", *re.findall(r"(?m)^## (.+)$", text)],
            [f"https://swamp.example.org/i/{slug}", f"https://swamp.example.org/topic/{topic}",
             "https://swamp.example.org/khan"])


def test_both_parts_show_every_part_of_the_page(swamp, catcher, feature):
    slug, article = feature
    publication = swamp(catcher.url)
    publication.article(slug, article)
    publication.people(1)
    publication.ok("send", slug)
    message = parsed(catcher.letters()[1])
    text, page = parts(message)
    seen = of_html(page)
    own_words, own_links = parts_of(slug, article)
    # As the letter's language prints them.
    own_words = [what.replace("'", "’") for what in own_words]
    for what in own_words + [
            "The Swamp", "22 May 2026", "min read", "Mastodon", "Explore", "Contact",
            "Privacy Policy", "Terms of Use", "Support", "2026 Creatd Press",
            "1 Reed Lane, 00100 Marsh", "reader0@example.org", "Weekly letter"]:
        assert what in " ".join(text.split()), what
        assert what in " ".join(seen.split()) or f'alt="{what}"' in page, what
    for link in own_links + ["https://social.example/@swamp", "https://swamp.example.org/terms"]:
        assert link in text.replace(" \n", "") and link in page, link
    assert re.search(r'src="https://swamp\.example\.org/logo\.png"', page)
    for part in (text, page):
        assert re.search(r"https://swamp\.example\.org/u/[a-z2-7]{50}", part)
        assert re.search(r"https://swamp\.example\.org/p/[a-z2-7]{50}", part)
    # Both parts say the same: nine words of ten of the page stand in the text.
    told = set(words(text))
    missing = [w for w in words(seen) if w not in told]
    assert len(missing) < 0.1 * len(words(seen)), missing
    assert len(page.encode()) < 102 * 1024


def test_the_headers_are_those_that_bulk_senders_owe(swamp, catcher):
    publication = swamp(catcher.url)
    publication.article("hello", "---\ntitle: Hello\n---\nText of the letter.\n")
    publication.people(1)
    publication.ok("send", "hello")
    message = parsed(catcher.letters()[1])
    unsubscribe = re.fullmatch(
        r"<https://swamp\.example\.org/u/([a-z2-7]{50})>, "
        r"<mailto:unsubscribe\+([a-z2-7]{50})@bounces\.example\.org>",
        " ".join(message["List-Unsubscribe"].split()))
    assert unsubscribe
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["List-Id"].endswith("<weekly.example.org>")
    assert message["List-Post"] == "NO"
    assert message["Archived-At"] == "<https://swamp.example.org/i/hello>"
    assert message["Reply-To"] == "editor@example.org"
    assert message["Message-ID"].endswith("@example.org>")
    assert "Auto-Submitted" not in message and "Bcc" not in message


def test_on_plain_http_nothing_promises_one_click(publication, catcher):
    publication.relay(catcher.url)
    publication.people(1)
    publication.ok("send", "welcome")
    message = parsed(catcher.letters()[1])
    assert "List-Unsubscribe-Post" not in message
    assert "<http://127.0.0.1:8080/u/" in message["List-Unsubscribe"]


def test_sending_again_says_so_and_sends_nothing(publication, catcher):
    publication.relay(catcher.url)
    publication.people(3)
    publication.ok("send", "welcome")
    again = publication("send", "welcome", "-v")
    assert again.returncode == 0
    assert "already sent" in again.stdout + again.stderr
    assert len(catcher.log()) == 3


def test_a_good_run_is_silent_off_a_terminal(publication, catcher):
    publication.relay(catcher.url)
    publication.people(2)
    done = publication("send", "welcome")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_editing_the_article_later_changes_nothing_that_was_frozen(publication, catch):
    dead = catch("--faults", "connect:drop")
    publication.relay(dead.url)
    publication.article("frozen", "---\ntitle: Frozen\n---\nfirst words\n")
    publication.people(2)
    publication.fails(75, "send", "frozen")
    publication.article("frozen", "---\ntitle: Frozen\n---\nother words\n")
    good = catch()
    publication.relay(good.url)
    done = publication("send", "frozen")
    assert done.returncode == 0
    assert "changed" in done.stderr
    for raw in good.letters().values():
        assert b"first words" in raw and b"other words" not in raw


def test_two_sends_at_once_send_each_letter_once(publication, catcher):
    publication.relay(catcher.url, connections=3)
    publication.people(400)
    both = [publication.start("send", "welcome") for _ in range(2)]
    for process in both:
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err
    to = [entry["to"] for entry in catcher.log()]
    assert len(to) == 400 == len(set(to))


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_send_finishes_what_is_on_the_wire_and_says_what_remains(
        publication, catch, signum):
    catcher = catch("--faults", "dot:delay=20")
    publication.relay(catcher.url, connections=2)
    publication.people(300)
    process = publication.start("send", "welcome")
    until(lambda: len(catcher.log()) > 10, "ten letters")
    process.send_signal(signum)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 75, err
    sent = len(catcher.log())
    assert 10 < sent < 300
    assert str(300 - sent) in err
    counts = publication.counts("welcome")
    assert counts["sent"] == sent and counts["queued"] == 300 - sent
    assert counts.get("claimed", 0) == 0
    publication.ok("send", "welcome")
    to = [entry["to"] for entry in catcher.log()]
    assert len(to) == 300 == len(set(to))


def test_who_left_after_the_freeze_is_skipped(publication, catch):
    dead = catch("--faults", "connect:drop")
    publication.relay(dead.url)
    publication.people(3)
    publication.fails(75, "send", "welcome")
    publication.ok("subscriber", "leave", "reader1@example.org")
    good = catch()
    publication.relay(good.url)
    publication.ok("send", "welcome")
    assert sorted(e["to"] for e in good.log()) == ["reader0@example.org", "reader2@example.org"]
    assert publication.counts("welcome")["skipped"] == 1


def test_a_refused_reader_fails_and_the_others_get_it(publication, catch):
    catcher = catch("--faults", "rcpt:550 5.1.1 domain=bad.example")
    publication.relay(catcher.url)
    publication.people(5)
    publication.people(2, domain="bad.example")
    err = publication.fails(4, "send", "welcome")
    assert "2 of 7 letters failed (5 sent, 0 waiting)" in err
    failed = [r for r in publication.ledger("welcome") if r["state"] == "failed"]
    assert len(failed) == 2
    assert {(r["code"], r["status"]) for r in failed} == {(550, "5.1.1")}
    assert len(catcher.log()) == 5


def test_a_deferred_reader_waits_and_is_tried_again_later(publication, catch):
    catcher = catch("--faults", "rcpt:451 4.2.1 domain=slow.example")
    publication.relay(catcher.url)
    publication.people(2)
    publication.people(1, domain="slow.example")
    err = publication.fails(75, "send", "welcome")
    row, = [r for r in publication.ledger("welcome") if r["state"] == "deferred"]
    assert row["code"] == 451 and row["attempts"] == 1 and row["due"] > row["at"]
    assert f"1 of 3 letters wait until {row['due']}" in err


def test_a_lost_reply_is_uncertain_and_the_second_copy_is_the_same(publication, catch):
    catcher = catch("--faults", "dot:drop-kept domain=lost.example")
    publication.settings((publication.folder / "tidings.yaml").read_text()
                         + "\nuncertain_after: 1s\n")
    publication.relay(catcher.url)
    publication.people(1, domain="lost.example")
    done = publication("send", "welcome")
    assert done.returncode == 5, (done.returncode, done.stderr)
    copies = [raw for raw in catcher.letters().values()]
    assert copies and len(set(copies)) == 1


def test_the_rate_is_kept(publication, catcher):
    publication.relay(catcher.url, connections=4, rate="50/s")
    publication.people(120)
    publication.ok("send", "welcome")
    from datetime import datetime
    times = sorted(datetime.fromisoformat(e["time"].replace("Z", "+00:00")).timestamp()
                   for e in catcher.log())
    # Never more than the rate, and a burst of one second's worth, in any window.
    for i, start in enumerate(times):
        within = sum(1 for t in times[i:] if t < start + 1)
        assert within <= 100
    assert times[-1] - times[0] >= 1.2


def test_letters_go_into_a_folder_when_the_relay_is_one(publication):
    publication.relay("dir:outbox")
    publication.people(20)
    publication.ok("send", "welcome")
    files = list((publication.folder / "outbox").glob("*.eml"))
    assert len(files) == 20
    assert len({parsed(f.read_bytes())["To"] for f in files}) == 20


def test_letters_go_through_a_program_when_the_relay_is_a_pipe(publication, tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    script = tmp_path / "deliver"
    script.write_text('#!/bin/sh\nexec cat >"%s/$2.eml"\n' % taken)
    script.chmod(0o755)
    publication.relay(f"'pipe:{script} {{sender}} {{recipient}}'")
    publication.people(5)
    publication.ok("send", "welcome")
    files = sorted(taken.glob("*.eml"))
    assert [f.stem for f in files] == [f"reader{i}@example.org" for i in range(5)]
    assert b"\r" not in files[0].read_bytes()


def test_a_run_ends_with_its_summary_in_json_when_asked(publication, catch):
    catcher = catch("--faults", "rcpt:550 5.1.1 domain=bad.example")
    publication.relay(catcher.url)
    publication.people(3)
    summary, = map(json.loads, publication.ok("--json", "send", "welcome").splitlines())
    assert summary["state"] == "done" and summary["total"] == summary["counts"]["sent"] == 3
    assert summary == json.loads(publication.ok("--json", "status", "welcome"))
    # Again, when nothing is left to do.
    assert json.loads(publication.ok("--json", "send", "welcome")) == summary
    # A run that went less well says how it stands, and why on the other stream.
    publication.people(1, domain="bad.example")
    publication.article("second", "---\ntitle: Second\n---\nText.\n")
    done = publication("--json", "send", "second")
    assert done.returncode == 4
    assert json.loads(done.stdout)["counts"]["failed"] == 1
    assert json.loads(done.stderr)["error"]["code"] == "failed"


def test_the_progress_is_drawn_on_a_terminal(publication, catch):
    """A pseudo-terminal sees a bar that grows, and the last word."""
    import os
    import pty
    import subprocess

    from conftest import PROGRAM
    # Slow enough for a bar to be drawn while letters are out.
    publication.relay(catch("--faults", "dot:delay=40").url, connections=1)
    publication.people(50)
    master, slave = pty.openpty()
    process = subprocess.Popen([str(PROGRAM), "-C", str(publication.folder), "send", "welcome"],
                               stdout=slave, stderr=slave)
    os.close(slave)
    seen = b""
    while True:
        try:
            chunk = os.read(master, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(master)
    assert process.wait() == 0
    bars = re.findall(rb"\rwelcome \[(#*)(\.*)\] (\d+)/50 sent", seen)
    assert bars and all(len(full) + len(empty) == 24 for full, empty, _ in bars), seen
    sent = [int(n) for *_, n in bars]
    assert sent == sorted(sent) and any(0 < n < 50 for n in sent), sent
    assert all(len(full) == n * 24 // 50 for (full, *_), n in zip(bars, sent))
    assert b"'welcome': 50 of 50 letters sent" in seen
