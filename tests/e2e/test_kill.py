"""kill -9 in the middle, again and again: nobody is lost, nobody doubled but
where the final dot was out and the reply not yet read."""

import collections
import os
import random
import signal
import sqlite3

from conftest import PATIENCE, until

KILLS = int(os.environ.get("TIDINGS_KILLS", "25"))
PEOPLE = int(os.environ.get("TIDINGS_KILL_PEOPLE", "1500"))


def unknown_fates(publication):
    """By address: how often the ledger wrote that nobody knows what became of a try."""
    db = sqlite3.connect(f"file:{publication.folder}/tidings.db?mode=ro", uri=True)
    rows = db.execute(
        "SELECT d.address, count(*) FROM attempt a JOIN delivery d"
        " ON d.issue_id = a.issue_id AND d.ordinal = a.ordinal"
        " WHERE a.state = 'uncertain' GROUP BY d.address").fetchall()
    db.close()
    return dict(rows)


def test_a_send_killed_again_and_again_reaches_everybody(publication, catch):
    random.seed(int(os.environ.get("TIDINGS_SEED", "7")))
    catcher = catch("--faults", "seed=3; dot:delay=3@30%")
    text = (publication.folder / "tidings.yaml").read_text()
    publication.settings(text + "\nuncertain_after: 1s\n")
    publication.relay(catcher.url, connections=4)
    publication.people(PEOPLE)

    kills = 0
    while kills < KILLS:
        before = catcher.count()
        process = publication.start("send", "welcome")
        share = (PEOPLE - before) // (KILLS - kills + 1)
        goal = before + random.randrange(1, max(2, 2 * share))
        until(lambda: process.poll() is not None or catcher.count() >= goal, "letters")
        if process.poll() is not None:
            process.communicate()
            break
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += 1
    assert kills >= KILLS // 2, "the send was over before it could be killed"

    for _ in range(20):
        done = publication("send", "welcome", timeout=PATIENCE * 3)
        if done.returncode == 0:
            break
    assert done.returncode == 0, (done.returncode, done.stderr)

    log = catcher.log()
    letters = catcher.letters()
    copies = collections.defaultdict(list)
    for entry in log:
        copies[entry["to"]].append(entry)
    assert len(copies) == PEOPLE, "somebody was lost"

    rows = {row["address"]: row for row in publication.ledger("welcome")}
    assert {row["state"] for row in rows.values()} == {"sent"}
    unknown = unknown_fates(publication)
    doubles = 0
    for address, entries in copies.items():
        assert {e["message_id"] for e in entries} == {rows[address]["message_id"]}
        if len(entries) > 1:
            doubles += len(entries) - 1
            # Byte-identical, so that receivers can tell.
            assert len({letters[e["n"]] for e in entries}) == 1
            # No copy but where the dot was out and no reply was read.
            assert len(entries) - 1 <= unknown.get(address, 0), address
    # At most one a connection and kill lies there.
    assert doubles <= kills * 4
    print(f"{kills} kills, {PEOPLE} people, {doubles} copies in the window of RFC 1047")
