"""People steer a send: pause it, go on, give it up, and say what nobody else knows."""

import email
import json
import signal

from conftest import until


def waiting(publication):
    counts = publication.counts("welcome")
    return counts["queued"] + counts["deferred"] + counts["claimed"]


def recipients(catcher):
    return sorted(entry["to"] for entry in catcher.log())


def test_a_paused_issue_sends_nothing_and_says_why(publication, catch):
    grey = catch("--faults", "rcpt:450@100%")
    publication.relay(grey.url)
    publication.people(3)
    assert publication("send", "welcome").returncode == 75
    publication.ok("pause", "welcome", "--reason", "the date in it is wrong")
    good = catch()
    publication.relay(good.url)
    err = publication.fails(75, "send", "welcome")
    assert "paused" in err and "the date in it is wrong" in err and "resume" in err, err
    assert "the date in it is wrong" in publication.ok("status", "welcome")
    status = json.loads(publication.ok("--json", "status", "welcome"))
    assert status["state"] == "paused" and status["why"] == "the date in it is wrong"
    assert status["changed_at"] and good.log() == []


def test_a_send_under_way_stops_when_it_is_paused_and_goes_on_when_resumed(
        publication, catch):
    slow = catch("--faults", "dot:delay=40@100%")
    publication.relay(slow.url, connections=2)
    publication.people(300)
    sender = publication.start("send", "welcome")
    until(lambda: slow.count() >= 20, "twenty letters")
    publication.ok("pause", "welcome")
    _, err = sender.communicate(timeout=60)
    assert sender.returncode == 75 and "paused" in err, err
    sent = publication.counts("welcome")["sent"]
    assert 20 <= sent == slow.count() < 300
    assert publication.counts("welcome")["queued"] == 300 - sent
    publication.ok("resume", "welcome")
    quick = catch()
    publication.relay(quick.url)
    publication.ok("send", "welcome")
    both = sorted(recipients(slow) + recipients(quick))
    assert both == sorted(f"reader{i}@example.org" for i in range(300))


def test_a_cancelled_issue_never_goes_on(publication, catch):
    grey = catch("--faults", "rcpt:450@100%")
    publication.relay(grey.url)
    publication.people(3)
    assert publication("send", "welcome").returncode == 75
    publication.ok("cancel", "welcome")
    publication.ok("cancel", "welcome")
    good = catch()
    publication.relay(good.url)
    err = publication.fails(3, "send", "welcome")
    assert "cancelled" in err, err
    err = publication.fails(65, "resume", "welcome")
    assert "is cancelled" in err, err
    publication.fails(65, "pause", "welcome")
    assert good.log() == [] and publication.counts("welcome")["sent"] == 0


def test_pausing_twice_and_resuming_what_runs_change_nothing(publication, catch):
    grey = catch("--faults", "rcpt:450@100%")
    publication.relay(grey.url)
    publication.people(1)
    assert publication("send", "welcome").returncode == 75
    assert json.loads(publication.ok("--json", "resume", "welcome"))["changed"] is False
    assert json.loads(publication.ok("--json", "pause", "welcome"))["changed"] is True
    assert json.loads(publication.ok("--json", "pause", "welcome"))["changed"] is False
    err = publication.fails(66, "pause", "welcom")
    assert "welcome" in err


def test_of_what_is_wholly_sent_nothing_is_left_to_stop(publication, catch):
    good = catch()
    publication.relay(good.url)
    publication.people(2)
    publication.ok("send", "welcome")
    for word in ("pause", "cancel"):
        done = publication("-v", word, "welcome")
        assert done.returncode == 0 and "is done: nothing is left to stop" in done.stderr, done
        said = json.loads(publication.ok("--json", word, "welcome"))
        assert said == {"issue": "welcome", "state": "done", "changed": False}
    status = json.loads(publication.ok("--json", "status", "welcome"))
    assert status["state"] == "done" and status["why"] == "" and not status["changed_at"], status
    publication.ok("send", "welcome")
    assert len(good.log()) == 2


def in_doubt(publication, catch, count=4):
    """An issue whose letters all lost their last reply; the letters."""
    deaf = catch("--faults", "dot:drop-kept@100%")
    publication.relay(deaf.url)
    publication.people(count)
    assert publication("send", "welcome").returncode == 5
    until(lambda: deaf.count() >= count, "all were kept")
    return deaf


def states(publication):
    return {row["address"].split("@")[0]: row["state"] for row in publication.ledger("welcome")}


def test_a_person_settles_letters_by_address_and_all_at_once(publication, catch):
    in_doubt(publication, catch)
    publication.ok("settle", "welcome", "--as", "sent", "reader0@example.org",
                   "Reader1@Example.org")
    publication.ok("settle", "welcome", "--as", "failed", "reader2@example.org")
    assert states(publication) == {"reader0": "sent", "reader1": "sent", "reader2": "failed",
                                   "reader3": "uncertain"}
    assert "settled by" in publication.ledger("welcome")[0]["reply"]
    err = publication.fails(66, "settle", "welcome", "--as", "sent", "reader0@example.org")
    assert "uncertain or held" in err, err
    publication.ok("settle", "welcome", "--as", "queued", "--all")
    good = catch()
    publication.relay(good.url)
    publication("send", "welcome")
    assert recipients(good) == ["reader3@example.org"]


def test_the_relays_log_settles_what_it_names(publication, catch, tmp_path):
    deaf = in_doubt(publication, catch)
    ids = [email.message_from_bytes(raw)["Message-ID"] for raw in deaf.letters().values()]
    log = tmp_path / "mail.log"
    log.write_text("noise " * 100 + "\n"
                   + "".join(f"mx postfix/cleanup[1]: 4D{n}: message-id={i}\n"
                             f"mx postfix/qmgr[2]: 4D{n}: from=<b@example.org>, nrcpt=1 (queue active)\n"
                             for n, i in enumerate(ids[:3]))
                   + f"mx postfix/cleanup[1]: 4E: message-id={ids[3]}\n"
                   + "mx postfix/cleanup[1]: 4E: milter-reject: END-OF-MESSAGE from a: 5.7.1 no\n"
                   + "0" * 32 + "@nowhere\n")
    done = json.loads(publication.ok("--json", "settle", "welcome", "--log", log))
    assert done == {"issue": "welcome", "settled": 3, "left": 1}
    assert sorted(states(publication).values()) == ["sent", "sent", "sent", "uncertain"]
    assert json.loads(publication.ok("--json", "settle", "welcome", "--log", log))["settled"] == 0


def test_settle_asks_for_all_it_needs(publication, catch):
    in_doubt(publication, catch, 1)
    for args, words in [([], "what became"), (["--as", "sent"], "which letters"),
                        (["--as", "snet", "--all"], "sent"),
                        (["--as", "sent", "--all", "a@example.org"], "not go together"),
                        (["--as", "failed", "--log", "x"], "--log")]:
        err = publication.fails(64, "settle", "welcome", *args)
        assert words in err, (args, err)
    assert states(publication) == {"reader0": "uncertain"}
