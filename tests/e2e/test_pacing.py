"""A send keeps to what the relay wants: rates, quotas, lanes; and stops when too much is refused."""

import datetime
import json
import signal
import sqlite3

from conftest import PATIENCE, until


def write_people(publication, addresses):
    path = publication.folder / "people.csv"
    path.write_text("email\n" + "".join(f"{a}\n" for a in addresses))
    publication.ok("import", path, "--list", "weekly")


def more_settings(publication, text):
    path = publication.folder / "tidings.yaml"
    path.write_text(path.read_text() + text)


def times(catcher):
    """When each letter came, in seconds, from the first on."""
    at = sorted(datetime.datetime.fromisoformat(e["time"].replace("Z", "+00:00")).timestamp()
                for e in catcher.log())
    return [t - at[0] for t in at]


def database(publication, sql, *values):
    with sqlite3.connect(publication.folder / "tidings.db") as db:
        return db.execute(sql, values).fetchall()


def tried(publication, domain):
    """How many rows of a domain were ever refused or put off."""
    return sum(row["attempts"] > 0 for row in publication.ledger("welcome")
               if row["address"].endswith("@" + domain))


def test_the_rate_is_kept_from_the_first_letter_to_the_last(publication, catcher):
    publication.relay(catcher.url, rate="40/s", connections=6)
    publication.people(60)
    publication.ok("send", "welcome")
    at = times(catcher)
    assert len(at) == 60
    # A tenth of a second's worth may be saved up, and one letter more.
    for i, t in enumerate(at):
        assert sum(t <= u < t + 0.5 for u in at) <= 20 + 4 + 1, (i, t)


def test_a_quota_holds_over_runs_and_says_when_it_goes_on(publication, catcher):
    publication.relay(catcher.url, quota="[5/h, 100/d]")
    publication.people(12)
    for _ in range(2):
        err = publication.fails(75, "send", "welcome")
        assert "7 of 12 letters wait until" in err and "5 letters in an hour" in err, err
        assert catcher.count() == 5
    counts = publication.counts("welcome")
    assert counts["sent"] == 5 and counts["queued"] == 7
    # A larger one makes room at once, and for no more than that.
    publication.relay(catcher.url, quota="[8/h, 100/d]")
    publication.fails(75, "send", "welcome")
    assert catcher.count() == 8


def test_a_quota_holds_over_processes_at_once(publication, catcher):
    publication.relay(catcher.url, quota="20/h", connections=8)
    publication.people(60)
    assert publication("send", "welcome", "--dry-run").returncode == 0
    senders = [publication.start("send", "welcome") for _ in range(3)]
    for sender in senders:
        _, err = sender.communicate(timeout=PATIENCE)
        assert sender.returncode == 75, err
    assert catcher.count() == 20


def test_a_quota_holds_over_a_kill(publication, catch):
    relay = catch("--faults", "dot:delay=5")
    publication.relay(relay.url, quota="60/h", connections=4)
    publication.people(200)
    sender = publication.start("send", "welcome")
    until(lambda: relay.count() >= 30, "thirty letters")
    sender.kill()
    sender.communicate(timeout=PATIENCE)
    publication("send", "welcome")
    # Who was uncertain may have had a letter; nobody had one beyond the quota.
    assert 56 <= relay.count() <= 60
    assert database(publication, "SELECT sum(count) FROM quota_use") == [(60,)]


def test_what_was_refused_counts_too(publication, catch):
    relay = catch("--faults", "rcpt:550 5.1.1 domain=bad.example")
    publication.relay(relay.url, quota="6/h")
    write_people(publication, [f"r{i}@bad.example" for i in range(4)]
                 + [f"r{i}@example.org" for i in range(4)])
    publication("send", "welcome")
    counts = publication.counts("welcome")
    assert counts["failed"] + counts["sent"] == 6 and counts["queued"] == 2


def test_a_warm_up_begins_with_its_first_day(publication, catcher):
    publication.relay(catcher.url, warmup="[3, 6]")
    publication.people(10)
    err = publication.fails(75, "send", "welcome")
    assert "3 letters in a day" in err, err
    assert catcher.count() == 3


def test_outside_its_hours_nothing_goes_out(publication, catcher):
    now = datetime.datetime.now()
    hours = [(now + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (2, 3)]
    publication.relay(catcher.url, hours="-".join(hours))
    publication.people(3)
    err = publication.fails(75, "send", "welcome")
    assert f"letters go out from {hours[0]} to {hours[1]}" in err, err
    hours = [(now + datetime.timedelta(hours=h)).strftime("%H:%M") for h in (-2, 2)]
    publication.relay(catcher.url, hours="-".join(hours))
    publication.ok("send", "welcome")
    assert catcher.count() == 3


def test_an_issue_is_spread_over_the_time_that_is_set(publication, catcher):
    publication.relay(catcher.url)
    publication.people(20)
    more_settings(publication, "send: {spread: 2s}\n")
    publication.ok("send", "welcome")
    at = times(catcher)
    assert len(at) == 20 and 1.6 <= at[-1] <= 4


def throttled(publication, catch, reply):
    relay = catch("--faults", f"rcpt:{reply} domain=gmail.com; "
                              f"rcpt:{reply} domain=googlemail.com")
    publication.relay(relay.url)
    write_people(publication, [
        f"r{i}@{domain}" for i in range(100)
        for domain in ("gmail.com", "example.org", "googlemail.com", "example.net")])
    return relay


def test_a_provider_that_wants_a_pause_gets_it_and_no_other_waits(publication, catch):
    relay = throttled(publication, catch, "451 4.7.1 try again in 300 seconds")
    err = publication.fails(75, "send", "welcome")
    assert "200 of 400 letters wait until" in err and "try again in 300" in err, err
    assert relay.count() == 200
    assert {e["to"].split("@")[1] for e in relay.log()} == {"example.org", "example.net"}
    # The lane closed at the first word; what was under way heard the same.
    assert tried(publication, "gmail.com") + tried(publication, "googlemail.com") <= 8
    due = [row["due"] for row in publication.ledger("welcome") if row["state"] != "sent"]
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=240)
    assert len(due) == 200 and min(due) > soon.strftime("%Y-%m-%dT%H:%M:%S")


def test_a_421_to_one_provider_stops_no_other_and_blames_no_reader(publication, catch):
    relay = throttled(publication, catch, "421 4.7.0 too many messages")
    sender = publication.start("send", "welcome")
    until(lambda: relay.count() == 200, "all others")
    sender.send_signal(signal.SIGTERM)
    sender.communicate(timeout=PATIENCE)
    counts = publication.counts("welcome")
    assert counts["sent"] == 200 and counts["queued"] == 200
    assert tried(publication, "gmail.com") == 0


def test_full_mailboxes_slow_nobody(publication, catch):
    relay = catch("--faults", "seed=5; rcpt:452 4.2.2@50% domain=gmail.com")
    publication.relay(relay.url)
    write_people(publication, [f"r{i}@gmail.com" for i in range(400)])
    publication.fails(75, "send", "welcome")
    counts = publication.counts("welcome")
    assert counts["sent"] + counts["deferred"] == 400 and counts["deferred"] > 150
    assert database(publication, "SELECT * FROM pace_limit") == []


def test_what_was_learnt_is_there_for_the_next_run(publication, catch):
    relay = catch("--faults", "seed=2; rcpt:451 4.7.1@5% domain=gmail.com")
    publication.relay(relay.url)
    write_people(publication, [f"r{i}@gmail.com" for i in range(100)]
                 + [f"r{i}@example.org" for i in range(12)])
    publication("send", "welcome")
    learnt = dict(database(publication, "SELECT lane, speed FROM pace_limit"))
    assert set(learnt) == {"gmail"} and learnt["gmail"] > 0
    # And a run begins with what stands there: half of it at first.
    database(publication, "INSERT INTO pace_limit VALUES ('main', 'example.org', 8000, ?)",
             int(datetime.datetime.now().timestamp() * 1000))
    publication.article("second", "---\ntitle: Second\n---\nWords.\n")
    quick = catch()
    publication.relay(quick.url)
    publication.ok("send", "second")
    at = [e["time"] for e in quick.log() if e["to"].endswith("@example.org")]
    first, last = (datetime.datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp()
                   for t in (min(at), max(at)))
    assert len(at) == 12 and last - first >= 1


def test_a_connections_limit_is_learnt_and_is_no_trouble(publication, catch):
    relay = catch("--faults", "mail:close-after=20")
    publication.relay(relay.url, connections=2)
    publication.people(400)
    publication.ok("send", "welcome")
    connections = len({e["conn"] for e in relay.log()})
    assert len(relay.log()) == 400 and connections <= 22 + 2
    assert database(publication, "SELECT max(epoch) FROM delivery")[0][0] <= 3


def refuse_some(publication, catch, reply, bad=24, **settings):
    """300 readers, and `bad` among them who are refused."""
    relay = catch("--faults", f"rcpt:{reply} domain=bad.example")
    publication.relay(relay.url, connections=4, **settings)
    write_people(publication, [f"r{i}@example.org" for i in range(300)]
                 + [f"r{i}@bad.example" for i in range(bad)])
    return relay


def results(publication):
    counts = publication.counts("welcome")
    return counts["sent"] + counts["failed"]


def test_more_than_a_hundredth_refused_pauses_the_issue_and_resume_goes_on(
        publication, catch):
    relay = refuse_some(publication, catch, "550 5.1.1")
    err = publication.fails(75, "send", "welcome")
    assert "is paused" in err and "of 200 letters were refused for good (" in err, err
    assert "the limit is 1 %" in err and "tidings resume welcome" in err, err
    status = json.loads(publication.ok("--json", "status", "welcome"))
    assert status["state"] == "paused" and "refused for good" in status["why"]
    # No more than what four connections had under way.
    assert 200 <= results(publication) <= 204
    sent = relay.count()
    publication.fails(75, "send", "welcome")
    assert relay.count() == sent
    publication.ok("resume", "welcome")
    publication.fails(4, "send", "welcome")
    assert publication.counts("welcome")["sent"] == 300 == relay.count()
    assert publication.counts("welcome")["failed"] == 24


def test_a_refusal_for_policy_pauses_in_its_own_words(publication, catch):
    refuse_some(publication, catch, "550 5.7.1 you are on our list", bad=16)
    err = publication.fails(75, "send", "welcome")
    assert "for reasons of policy, '550 5.7.1 you are on our list" in err, err
    assert publication.counts("welcome")["failed"] == 0


def test_what_is_refused_over_several_runs_adds_up(publication, catch):
    relay = refuse_some(publication, catch, "550 5.1.1", quota="150/h")
    publication.fails(4, "send", "welcome")
    assert results(publication) == 150
    publication.relay(relay.url)
    err = publication.fails(75, "send", "welcome")
    assert "is paused" in err and "of 200 letters" in err, err
    assert 200 <= results(publication) <= 204


def test_the_settings_say_how_much_is_too_much(publication, catch):
    refuse_some(publication, catch, "550 5.1.1")
    more_settings(publication, "breakers: {failed: 20%}\n")
    publication.fails(4, "send", "welcome")
    assert publication.counts("welcome")["failed"] == 24


def test_a_handful_of_letters_trips_no_breaker(publication, catch):
    relay = catch("--faults", "rcpt:550 5.1.1")
    publication.relay(relay.url)
    publication.people(50)
    publication.fails(4, "send", "welcome")
    assert publication.counts("welcome")["failed"] == 50
