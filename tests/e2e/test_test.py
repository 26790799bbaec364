"""A letter to a few addresses, for looking at: real, marked, and nobody's."""

import email
import email.policy
import json
import re
import signal
import socket
import subprocess
import threading

import pytest

from conftest import PROGRAM, first_line

ARTICLE = """\
---
title: The Salt Road
draft: true
---
Dear {{subscriber.first_name | default "friend"}} ({{subscriber.email}}),

[Leave]({{links.unsubscribe}})
"""


@pytest.fixture
def road(publication, catcher):
    publication.relay(catcher.url)
    publication.article("salt-road", ARTICLE)
    publication.ok("subscriber", "add", "ana@example.org", "--first-name", "Ana",
                   "--name", "Ana Beck")
    return publication


def letters(catcher):
    return [email.message_from_bytes(b, policy=email.policy.default)
            for b in catcher.letters().values()]


def by_recipient(catcher):
    return {m["X-Original-To"]: m for m in letters(catcher)}


def text_of(message):
    return message.get_body(("plain",)).get_content()


def test_each_address_gets_what_it_would_get(road, catcher):
    said = road.ok("test", "salt-road", "ana@example.org", "new@example.net")
    assert said == ("ana@example.org  accepted: 250 2.0.0 kept\n"
                    "new@example.net  accepted: 250 2.0.0 kept\n")
    got = by_recipient(catcher)
    assert "Dear Ana (ana@example.org)," in text_of(got["ana@example.org"])
    assert "Dear friend (new@example.net)," in text_of(got["new@example.net"])
    assert str(got["ana@example.org"]["To"]) == "Ana Beck <ana@example.org>"
    assert str(got["new@example.net"]["To"]) == "new@example.net"


@pytest.mark.parametrize("subject", [
    "The Salt Road", "Der salzige Weg über die Höhen, und warum ihn niemand ein zweites Mal geht",
    "A very long subject in plain words that goes on and on, so that it has to be folded twice",
    "海へ", '{{subscriber.first_name | default "Reader"}}, look',
])
def test_the_subject_is_marked_and_otherwise_the_same(road, catcher, subject):
    road.article("s", f"---\ntitle: T\nsubject: '{subject}'\n---\nText.\n")
    road.ok("test", "s", "ana@example.org")
    raw, = catcher.letters().values()
    wanted = subject.replace('{{subscriber.first_name | default "Reader"}}', "Ana")
    assert letters(catcher)[0]["Subject"] == f"[Test] {wanted}"
    for line in raw.split(b"\r\n\r\n")[0].split(b"\r\n"):
        assert len(line) <= 998 and line.strip()


def test_with_as_all_get_that_subscribers_values(road, catcher):
    road.ok("test", "salt-road", "one@example.net", "two@example.net", "--as", "ana@example.org")
    got = by_recipient(catcher)
    for address in ["one@example.net", "two@example.net"]:
        assert f"Dear Ana ({address})," in text_of(got[address])
        assert got[address]["To"].addresses[0].addr_spec == address


def test_an_address_named_twice_gets_one_letter(road, catcher):
    road.ok("test", "salt-road", "ana@example.org", "ANA@Example.ORG", "ana@example.org")
    assert len(letters(catcher)) == 1


def test_it_works_again_and_again_with_a_name_for_each(road, catcher):
    for _ in range(3):
        road.ok("test", "salt-road", "ana@example.org")
    assert len({m["Message-ID"] for m in letters(catcher)}) == 3


def test_the_ledger_knows_nothing_of_it(road, catcher):
    road.ok("test", "salt-road", "ana@example.org")
    assert road.ok("--json", "status") == ""
    road.article("salt-road", ARTICLE.replace("draft: true\n", ""))
    road.ok("send", "salt-road")
    real = [m for m in letters(catcher) if not m["Subject"].startswith("[Test]")]
    assert len(real) == 1


def tokens(message):
    return set(re.findall(r"(?:/[upca]/|\+)([a-z2-7]{50})", message.as_string().replace("=\n", "")))


def test_no_link_in_it_acts_for_a_subscriber(road, catcher):
    """Of the 31 octets of a token, those from the 5th to the 13th are whose it is; nobody's
    begin with the highest bit."""
    import base64
    road.ok("test", "salt-road", "ana@example.org")
    road.article("salt-road", ARTICLE.replace("draft: true\n", ""))
    road.ok("send", "salt-road")
    test, real = sorted(letters(catcher), key=lambda m: "[Test]" not in m["Subject"])
    whose = [{int.from_bytes(base64.b32decode(t.upper() + "======")[5:13], "big")
              for t in tokens(m)} for m in (test, real)]
    assert len(whose[0]) == 1 and whose[0].pop() >> 63 == 1
    assert len(whose[1]) == 1 and whose[1].pop() >> 63 == 0
    sender = test["Return-Path"]
    assert re.fullmatch(r"<bounce\+[a-z2-7]{50}@example\.org>", sender)


def test_the_header_to_unsubscribe_stays_well_formed(road, catcher):
    road.settings(url="https://swamp.example.org")
    road.relay(catcher.url)
    road.ok("test", "salt-road", "ana@example.org")
    message, = letters(catcher)
    assert re.fullmatch(r"<https://swamp\.example\.org/u/[a-z2-7]{50}>,\s*"
                        r"<mailto:unsubscribe\+[a-z2-7]{50}@example\.org>",
                        message["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_some_refused_is_status_4_with_the_relays_words(road, catch):
    relay = catch("--faults", "rcpt:550 5.1.1@100% domain=nowhere.example; "
                              "dot:451 4.2.1@100% domain=later.example")
    road.relay(relay.url)
    done = road("--json", "test", "salt-road", "ana@example.org", "x@nowhere.example",
                "x@later.example", "last@example.net")
    assert done.returncode == 4 and "2 of 4" in json.loads(done.stderr)["error"]["message"]
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["address"], r["accepted"], r["stage"], r["code"], r["status"]) for r in rows] == [
        ("ana@example.org", True, "dot", 250, "2.0.0"),
        ("x@nowhere.example", False, "rcpt", 550, "5.1.1"),
        ("x@later.example", False, "dot", 451, "4.2.1"),
        ("last@example.net", True, "dot", 250, "2.0.0")]
    assert all(r["reply"] for r in rows)


@pytest.mark.parametrize("faults, stage", [
    ("connect:drop", "greeting"), ("greeting:554 5.3.2", "greeting"), ("ehlo:drop", "ehlo")])
def test_a_relay_that_takes_none_is_status_75(road, catch, faults, stage):
    road.relay(catch("--faults", faults).url)
    said = road.fails(75, "test", "salt-road", "ana@example.org")
    assert "'main' takes no letters" in said


def test_a_relay_that_is_not_there_is_status_75(road, catcher):
    catcher.stop()
    assert "takes no letters: connect" in road.fails(75, "test", "salt-road", "ana@example.org")


def test_a_connection_that_breaks_costs_one_letter(road, catch):
    relay = catch("--faults", "rcpt:drop@100% domain=breaks.example")
    road.relay(relay.url)
    done = road("--json", "test", "salt-road", "x@breaks.example", "ana@example.org")
    assert done.returncode == 4
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["accepted"], r["uncertain"], r["code"]) for r in rows] == [
        (False, False, 0), (True, False, 250)]


def test_of_a_letter_whose_last_reply_is_lost_nobody_knows(road, catch):
    relay = catch("--faults", "dot:drop-kept@100% domain=deaf.example; rcpt:550@100% domain=no.example")
    road.relay(relay.url)
    words = "test", "salt-road", "x@deaf.example", "y@no.example", "ana@example.org"
    done = road("--json", *words)
    assert done.returncode == 5 and json.loads(done.stderr)["error"]["code"] == "uncertain"
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(r["accepted"], r["uncertain"], r["stage"]) for r in rows] == [
        (False, True, "dot"), (False, False, "rcpt"), (True, False, "dot")]
    assert len(letters(relay)) == 2  # and the lost one was not offered again
    said = road(*words)
    assert said.stdout.startswith("x@deaf.example  nobody knows:"), said.stdout
    assert "of 1 of 3 test letters nobody knows" in said.stderr


class Leaving(threading.Thread):
    """A relay whose connections carry so many letters; the next MAIL is answered by its going."""

    def __init__(self, carries):
        super().__init__(daemon=True)
        self.carries, self.connections, self.taken, self.refused = carries, 0, [], 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.url = "smtp://127.0.0.1:%d" % self.server.getsockname()[1]
        self.start()

    def run(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            with client, client.makefile("rwb", 0) as wire:
                self.connections += 1
                self.serve(wire)

    def serve(self, wire):
        left = self.carries
        wire.write(b"220 here\r\n")
        for line in wire:
            verb = line[:4].upper().strip()
            if verb == b"MAIL" and left == 0:
                return
            if verb == b"DATA":
                wire.write(b"354 go\r\n")
                self.taken.append(b"".join(iter(wire.readline, b".\r\n")))
                left -= 1
            wire.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 fine\r\n")

    def end(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.join(60)


@pytest.mark.parametrize("carries, accepted, connections", [(1, True, 3), (0, False, 6)])
def test_a_connection_lost_before_the_letter_was_heard_of_costs_none(
        road, carries, accepted, connections):
    relay = Leaving(carries)
    road.relay(relay.url)
    done = road("--json", "test", "salt-road", *(f"r{i}@example.net" for i in range(3)))
    relay.end()
    assert done.returncode == (0 if accepted else 4), done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [r["accepted"] for r in rows] == [accepted] * 3
    assert relay.connections == connections
    assert len(relay.taken) == len(set(relay.taken)) == (3 if accepted else 0)
    assert all(raw.count(b"Message-ID:") == 1 for raw in relay.taken)


def test_an_article_is_read_before_the_key_is(road):
    road.article("broken", "---\nno end\n")
    (road.folder / "tidings.key").chmod(0o644)
    for command in [("test", "broken", "ana@example.org"), ("send", "broken"),
                    ("send", "broken", "--dry-run")]:
        assert "broken.md:" in road.fails(65, *command)
    road.article("salt-road", ARTICLE.replace("draft: true\n", ""))
    for command in [("test", "salt-road", "ana@example.org"), ("send", "salt-road"),
                    ("send", "salt-road", "--dry-run")]:
        assert "others may read" in road.fails(78, *command)
    assert road.ok("--json", "status") == ""


def test_login_and_certificate_are_those_of_send(road, catch, tmp_path):
    password = tmp_path / "password"
    password.write_text("open sesame\n")
    password.chmod(0o600)
    relay = catch("--password-file", str(password))
    road.relay(relay.url.replace("smtp://", "smtp+starttls://"), user="ana",
               password_file=password, ca_file=relay.pem)
    road.ok("test", "salt-road", "ana@example.org")
    assert len(letters(relay)) == 1
    password.write_text("wrong\n")
    assert "auth" in road.fails(75, "test", "salt-road", "ana@example.org")
    road.relay(relay.url.replace("smtp://", "smtp+starttls://"))
    assert "tls" in road.fails(75, "test", "salt-road", "ana@example.org")


@pytest.mark.parametrize("letters_each", [1, 2])
def test_connections_carry_as_many_letters_as_the_settings_say(road, catcher, letters_each):
    road.relay(catcher.url, messages_per_connection=letters_each)
    road.ok("test", "salt-road", *(f"r{i}@example.net" for i in range(5)))
    assert len(letters(catcher)) == 5


def test_a_folder_as_the_relay_keeps_every_test(road):
    road.relay("dir:outbox")
    road.ok("test", "salt-road", "ana@example.org", "new@example.net")
    road.ok("test", "salt-road", "ana@example.org")
    found = list((road.folder / "outbox").glob("test-*.eml"))
    assert len(found) == 3
    assert all(b"Subject: [Test]\r\n" in f.read_bytes() for f in found)


def test_a_program_as_the_relay_gets_it(road, tmp_path):
    script = tmp_path / "take"
    script.write_text(f'#!/bin/sh\ncat >{tmp_path}/"$1"\n[ "$1" != bad@example.net ] || exit 67\n')
    script.chmod(0o755)
    road.relay(f"'pipe:{script} {{recipient}}'")
    done = road("test", "salt-road", "ana@example.org", "bad@example.net")
    assert done.returncode == 4 and "bad@example.net  not accepted: 550" in done.stdout
    assert b"[Test]" in (tmp_path / "ana@example.org").read_bytes()


@pytest.mark.parametrize("words, status, why", [
    (["salt-road"], 64, "wants ISSUE ADDRESS"),
    (["salt-road", "not-an-address"], 64, "not-an-address"),
    (["salt-road", *(f"r{i}@example.net" for i in range(21))], 64, "more than 20"),
    (["pepper-road", "ana@example.org"], 66, "pepper-road"),
    (["salt-road", "ana@example.org", "--as", "no@example.org"], 66, "no@example.org"),
    (["salt-road", "gone@example.net"], 65, "is suppressed"),
    (["salt-road", "ana@example.org", "bo@example.org"], 65, "'bo@example.org' is suppressed"),
])
def test_what_is_wrong_is_said_before_anything_is_sent(road, catcher, words, status, why):
    road.ok("subscriber", "suppress", "gone@example.net", "--reason", "asked")
    road.ok("subscriber", "add", "bo@example.org")
    road.ok("subscriber", "suppress", "bo@example.org", "--reason", "asked")
    assert why in road.fails(status, "test", *words)
    assert letters(catcher) == []


def test_twenty_addresses_are_taken_also_when_they_repeat(road, catcher):
    road.ok("test", "salt-road", *(f"r{i}@example.net" for i in range(20)), "R3@example.net")
    assert len(letters(catcher)) == 20


def test_a_sender_for_examples_leaves_no_machine(road):
    road.settings(url="https://swamp.news")
    road.relay("smtps://mail.swamp.news")
    assert "is an address for examples" in road.fails(78, "test", "salt-road", "ana@example.org")


def test_one_who_left_may_still_look(road, catcher):
    road.ok("subscriber", "leave", "ana@example.org")
    road.ok("test", "salt-road", "ana@example.org")
    assert "Dear Ana" in text_of(letters(catcher)[0])


def test_an_interrupt_ends_it_behind_the_letter_on_its_way(road, catch):
    relay = catch("--faults", "dot:delay=400")
    road.relay(relay.url)
    process = subprocess.Popen(
        [str(PROGRAM), "-C", str(road.folder), "test", "salt-road",
         *(f"r{i}@example.net" for i in range(20))],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    first = first_line(process)
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=60)
    assert process.returncode == 75 and "stopped after" in err
    said = len((first + rest).splitlines())
    assert said < 20 and len(letters(relay)) == said
