"""Bad input: a clear error with place and cure, nothing lost, nothing half done."""

import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM, run


def test_without_a_publication_the_way_in_is_named(tmp_path):
    done = run("-C", tmp_path, "send", "x")
    assert done.returncode == 66
    assert "tidings.yaml" in done.stderr and "tidings init" in done.stderr


@pytest.mark.parametrize("line, words, hint", [
    ("publication_name: x", "publication_name", ""),
    ("reply_too: a@example.org", "there is no setting 'reply_too'", "reply_to"),
    ("send: {retry: often}", "often", ""),
    ("send: {threads: -3}", "threads", ""),
    ("uncertain: perhaps", "perhaps", ""),
])
def test_a_wrong_setting_is_refused_by_line(publication, line, words, hint):
    path = publication.folder / "tidings.yaml"
    text = path.read_text()
    path.write_text(text + "\n" + line + "\n")
    err = publication.fails(78, "config")
    assert "tidings.yaml:" in err and words in err and hint in err


@pytest.mark.parametrize("text, place, words", [
    ("---\ntitle: x\n", "articles/bad.md:1", "---"),
    ("---\n- a\n---\nx\n", "articles/bad.md:2", ""),
    ("---\ntitle: x\ntitle: y\n---\nx\n", "articles/bad.md:3", "title"),
    ("---\ntitle: x\ntopci: y\n---\nx\n", "articles/bad.md:3", "topci"),
    ("---\ndeck: x\n---\nx\n", "articles/bad.md", "title"),
    ("---\ntitle: x\n---\nHello {{subscriber.frist_name}}\n", "articles/bad.md:4:7",
     "subscriber.frist_name"),
    ("---\ntitle: x\n---\nHello {{subscriber.name\n", "articles/bad.md:4", ""),
    ("---\ntitle: x\n---\n![a cat](cat.png)\n", "articles/bad.md:4", "cat.png"),
    ("---\ntitle: x\n---\n![a cat](../../../etc/passwd)\n", "articles/bad.md:4", "passwd"),
    ("---\ntitle: \"a\\r\\nBcc: b@example.org\"\n---\nx\n", "articles/bad.md:2", ""),
    (b"---\ntitle: x\n---\nab\xffc\n", "articles/bad.md:4", "UTF-8"),
    (b"---\ntitle: x\n---\nab\0c\n", "articles/bad.md:4", "NUL"),
    ("---\ntitle: x\n---\n" + "word " * 300000, "articles/bad.md", "1048576"),
    ("---\ntitle: x\ndraft: true\n---\nx\n", "articles/bad.md", "draft"),
    ("---\ntitle: x\nlist: wekly\n---\nx\n", "articles/bad.md:3", "wekly"),
], ids=["not closed", "no map", "twice", "unknown key", "no title", "unknown field",
        "open field", "no picture", "picture outside", "header injection", "not UTF-8", "NUL",
        "too large", "draft", "unknown list"])
def test_a_bad_article_is_refused_by_place_and_nothing_is_queued(publication, text, place, words):
    publication.people(1)
    publication.article("bad", text)
    err = publication.fails(65, "send", "bad")
    assert place in err and words in err, err
    assert publication("who", "bad").returncode == 66


def test_an_unknown_issue_is_missing_and_the_nearest_is_named(publication):
    err = publication.fails(66, "render", "welcom")
    assert "welcome" in err


@pytest.mark.parametrize("name, text, words", [
    ("letter.html", "{{#issue.title}}", "is not closed"),
    ("letter.html", "{{issue.titel}}", "issue.title"),
    ("letter.html", "{{> nowhere.html}}", "nowhere.html"),
    ("letter.html", "{{> ../../secret}}", "secret"),
])
def test_a_bad_template_is_refused_by_place(publication, name, text, words):
    folder = publication.folder / "templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    err = publication.fails(65 if "nowhere" not in text else 66, "render", "welcome")
    assert f"templates/{name}:1:1" in err and words in err, err


def test_a_template_that_is_a_link_out_of_the_folder_is_refused(publication, tmp_path):
    secret = tmp_path / "secret.html"
    secret.write_text("secret")
    folder = publication.folder / "templates"
    folder.mkdir(exist_ok=True)
    (folder / "letter.html").symlink_to(secret)
    err = publication.fails(65, "render", "welcome")
    assert "leads out" in err


def test_an_empty_audience_is_three(publication):
    publication.fails(3, "send", "welcome")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_a_relay_that_is_down_is_try_again(publication):
    publication.relay(f"smtp://127.0.0.1:{free_port()}")
    publication.people(2)
    err = publication.fails(75, "send", "welcome")
    assert "2" in err and "hint: " in err
    counts = publication.counts("welcome")
    assert counts["queued"] == 2 and counts.get("failed", 0) == 0


@pytest.mark.parametrize("faults", ["connect:drop", "greeting:554 5.7.1", "greeting:421 4.3.2",
                                    "mail:550 5.7.1", "mail:451 4.7.1"])
def test_a_relay_that_refuses_us_blames_no_reader(publication, catch, faults):
    catcher = catch("--faults", faults)
    publication.relay(catcher.url)
    publication.people(2)
    err = publication.fails(75, "send", "welcome")
    assert "hint: " in err
    counts = publication.counts("welcome")
    assert counts.get("failed", 0) == 0 and counts["queued"] == 2


def password(publication, text):
    path = publication.folder / "relay.password"
    path.write_text(text)
    path.chmod(0o600)
    return "relay.password"


def test_a_wrong_password_stops_the_send_and_is_named(publication, catch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("right")
    secret.chmod(0o600)
    catcher = catch("--password-file", str(secret))
    publication.people(2)
    publication.relay(catcher.url, user="me", password_file=password(publication, "wrong"))
    done = publication("send", "welcome")
    assert done.returncode in (75, 78)
    assert "535" in done.stderr or "password" in done.stderr
    publication.relay(catcher.url, user="me", password_file=password(publication, "right\n"))
    publication.ok("send", "welcome")
    assert len(catcher.log()) == 2


def test_a_password_file_that_others_may_read_is_refused(publication, catcher):
    name = password(publication, "x")
    (publication.folder / name).chmod(0o644)
    publication.relay(catcher.url, user="me", password_file=name)
    publication.people(1)
    assert "chmod" in publication.fails(78, "send", "welcome")


def test_no_letter_and_no_password_goes_out_without_the_tls_that_was_asked_for(
        publication, catch):
    publication.people(1)
    bare = catch("--faults", "tls:454 4.7.0")
    publication.relay(bare.url.replace("smtp://", "smtp+starttls://"), user="me",
                      password_file=password(publication, "x"))
    publication.fails(75, "send", "welcome")
    # A certificate that nobody vouches for.
    selfmade = catch()
    publication.relay(selfmade.url.replace("smtp://", "smtp+starttls://"))
    err = publication.fails(75, "send", "welcome")
    assert "certificate" in err
    assert bare.log() == selfmade.log() == []
    # With its own certificate as the authority it works.
    publication.relay(selfmade.url.replace("smtp://", "smtp+starttls://"),
                      ca_file=str(selfmade.pem))
    publication.ok("send", "welcome")
    assert [e["tls"] for e in selfmade.log()] == [True]


def test_plaintext_to_a_far_relay_needs_the_explicit_word(publication):
    publication.relay("smtp://mail.example.org:25")
    err = publication.fails(78, "config")
    assert "plaintext: yes" in err


def test_a_locked_database_is_try_again_and_nothing_is_lost(publication, catcher):
    publication.relay(catcher.url)
    publication.people(2)
    db = sqlite3.connect(publication.folder / "tidings.db", isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    err = publication.fails(75, "import", "-", input="late@example.org\n")
    assert "locked" in err
    db.execute("ROLLBACK")
    db.close()
    publication.ok("send", "welcome")
    assert len(catcher.log()) == 2


def test_a_file_that_is_no_database_is_refused(publication):
    (publication.folder / "tidings.db").write_bytes(b"not a database at all, but long " * 40)
    for suffix in ("-wal", "-shm"):
        (publication.folder / f"tidings.db{suffix}").unlink(missing_ok=True)
    err = publication.fails(70, "export")
    assert "tidings.db" in err and "hint: " in err


def test_somebody_elses_database_is_refused(publication):
    path = publication.folder / "tidings.db"
    for suffix in ("", "-wal", "-shm"):
        pathlib.Path(str(path) + suffix).unlink(missing_ok=True)
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE photos (id INTEGER)")
    db.commit()
    db.close()
    err = publication.fails(70, "import", "-", input="a@example.org\n")
    assert "hint: " in err
    db = sqlite3.connect(path)
    assert db.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_a_newer_schema_is_refused(publication):
    db = sqlite3.connect(publication.folder / "tidings.db")
    db.execute("PRAGMA user_version = 999")
    db.commit()
    db.close()
    err = publication.fails(70, "export")
    assert "newer" in err


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"),
                    reason="root may write everywhere")
def test_a_read_only_database_is_refused_before_anything_is_sent(publication, catcher):
    publication.relay(catcher.url)
    publication.people(1)
    folder = publication.folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    (folder / "tidings.key").chmod(0o400)
    command = [str(PROGRAM), "-C", str(folder), "send", "welcome"]
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, 65534, 65534)
        for parent in folder.parents:
            if parent == pathlib.Path("/"):
                break
            parent.chmod(parent.stat().st_mode | 0o055)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode in (70, 74), done.stderr
    assert "hint: " in done.stderr
    assert catcher.log() == []


def test_a_full_disk_stops_the_import_and_keeps_what_was_there(publication, tmp_path):
    """RLIMIT_FSIZE stands for the full disk: writing past it fails."""
    publication.people(10)
    before = publication.ok("export")
    big = tmp_path / "big.csv"
    big.write_text("".join(f"somebody{i}@example.org\n" for i in range(200000)))
    import resource

    def limit():
        import signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
    done = subprocess.run([str(PROGRAM), "-C", str(publication.folder), "import", str(big)],
                          capture_output=True, text=True, preexec_fn=limit, timeout=60)
    assert done.returncode in (70, 74), (done.returncode, done.stderr)
    assert publication.ok("export") == before


@pytest.mark.parametrize("args, words", [
    (["sned", "x"], "send"),
    (["send", "--alow", "x", "welcome"], "alow"),
    (["import"], ""),
    (["render", "welcome", "--to", "pdf"], "pdf"),
    (["who", "welcome", "--state", "snet"], "snet"),
    (["config", "publication.nam"], "publication.name"),
])
def test_a_slip_at_the_keyboard_is_answered_with_the_right_word(publication, args, words):
    err = publication.fails(64 if args[0] != "config" else 64, *args)
    assert words in err and "hint: " in err


def test_errors_are_json_when_asked(publication):
    import json
    done = publication("--json", "render", "nothing")
    error = json.loads(done.stderr)["error"]
    assert set(error) == {"code", "place", "message", "hint"}
    assert error["code"] == "missing"


def test_a_hostile_megabyte_of_markdown_ends_in_time_with_a_clear_error(publication):
    import resource
    hostile = {"lists": "- " * 500 + "\n" + ("  " * 300 + "- a\n\n") * 1500,
               "pictures": "![[]()" * 170000,
               "quotes": ("> " * 400 + "*a _b\n") * 1200}
    for name, text in hostile.items():
        publication.article(name, "---\ntitle: x\n---\n" + text[:1_000_000])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = publication("render", name)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert spent < 4, (name, spent)
        if done.returncode:
            assert done.returncode == 65 and "hint: " in done.stderr, done.stderr


def test_a_full_standard_output_is_noticed(publication):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(PROGRAM), "-C", str(publication.folder), "config"],
                              stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 74
