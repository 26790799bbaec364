"""Bad input: a clear error with place and cure, nothing lost, nothing half done."""

import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess

import pytest

from conftest import PROGRAM, first_line, others_may_enter, run


def test_without_a_publication_the_way_in_is_named(tmp_path):
    done = run("-C", tmp_path, "send", "x")
    assert done.returncode == 66
    assert "tidings.yaml" in done.stderr and "tidings init" in done.stderr


@pytest.mark.parametrize("line, words, hint", [
    ("publication_name: x", "there is no setting 'publication_name'",
     "did you mean 'publication'?"),
    ("reply_too: a@example.org", "there is no setting 'reply_too'", "reply_to"),
    ("reply_to: nobody", "'nobody' is not an address", "write Name <name@example.org>"),
    ("send: {retry: often}", "'send.retry' wants DURATION, not 'often'", "write 30s"),
    ("send: {threads: -3}", "'send.threads' must lie between 0 and 64, not -3", ""),
    ("uncertain: perhaps", "'uncertain' wants resend, hold or reconcile, not 'perhaps'", ""),
    ("attributes: {plan: {type: word}}", "'word' is no attribute's type", "types are text"),
])
def test_a_wrong_setting_is_refused_by_line(publication, line, words, hint):
    path = publication.folder / "tidings.yaml"
    text = path.read_text()
    path.write_text(text + "\n" + line + "\n")
    err = publication.fails(78, "config")
    assert "tidings.yaml:" in err and words in err and hint in err


@pytest.mark.parametrize("text, place, words", [
    ("---\ntitle: x\n", "articles/bad.md:1", "---"),
    ("---\n- a\n---\nx\n", "articles/bad.md:2", "is not a map"),
    ("---\ntitle: x\ntitle: y\n---\nx\n", "articles/bad.md:3", "title"),
    ("---\ntitle: x\ntopci: y\n---\nx\n", "articles/bad.md:3", "topci"),
    ("---\ndeck: x\n---\nx\n", "articles/bad.md", "title"),
    ("---\ntitle: x\n---\nHello {{subscriber.frist_name}}\n", "articles/bad.md:4:7",
     "subscriber.frist_name"),
    ("---\ntitle: x\n---\nHello {{subscriber.name\n", "articles/bad.md:4", "is not closed"),
    ("---\ntitle: x\n---\n![a cat](cat.png)\n", "articles/bad.md:4", "cat.png"),
    ("---\ntitle: x\n---\n![a cat](../../../etc/passwd)\n", "articles/bad.md:4", "passwd"),
    ("---\ntitle: \"a\\r\\nBcc: b@example.org\"\n---\nx\n", "articles/bad.md:2", "line break"),
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


def test_an_article_with_the_slug_of_another_is_refused_and_never_taken_for_it(publication):
    publication.people(1)
    publication.relay("dir:outbox")
    publication.ok("send", "welcome")
    publication.article("second", "---\ntitle: Another\nslug: welcome\n---\nOther words.\n")
    for command in ["send", "render"]:
        err = publication.fails(65, command, "second")
        assert "articles/second.md" in err and "articles/welcome.md" in err, err
        assert "hint: " in err


def test_nothing_leaves_this_machine_with_the_words_of_the_sample(publication):
    publication.people(1)
    publication.relay("smtps://mail.swamp.invalid")
    err = publication.fails(78, "send", "welcome")
    assert "tidings.yaml:" in err and "http://127.0.0.1:8080" in err, err
    assert publication("who", "welcome").returncode == 66


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
    folder = publication.folder / "templates" / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    err = publication.fails(65 if "nowhere" not in text else 66, "render", "welcome")
    assert f"templates/mail/{name}:1:1" in err and words in err, err


def test_a_mistake_in_a_template_or_an_article_shows_its_line(publication):
    publication.article("wrong", "---\ntitle: Wrong\n---\nDear\n\n*you* {{subscriber.nam}}!\n")
    err = publication.fails(65, "render", "wrong")
    assert ("articles/wrong.md:6:7: there is no merge field 'subscriber.nam'\n"
            "*you* {{subscriber.nam}}!\n"
            "      ^\n"
            "hint: did you mean 'subscriber.name'?\n") in err, err
    folder = publication.folder / "templates" / "mail"
    folder.mkdir(parents=True)
    (folder / "letter.html").write_bytes(b"<p>\r\n\t<b>{{#issue.title}}</b>\r\n")
    done = publication("--json", "render", "welcome")
    assert done.returncode == 65
    said = json.loads(done.stderr)["error"]
    assert said["place"] == "templates/mail/letter.html:2:5"
    assert said["excerpt"] == " <b>{{#issue.title}}</b>\n    ^"


@pytest.mark.parametrize("front, place, words, excerpt", [
    ("title: t\nsubject: Hi {{subscriber.nam}}!", "3:10", "subscriber.nam",
     "Hi {{subscriber.nam}}!\n   ^\n"),
    ("title: t\nlang: en\npreheader: '{{a.b}}'", "4:12", "a.b", "{{a.b}}\n^\n"),
    ("title: t\nsubject: A {{subscriber.name", "3:10", "is not closed",
     "A {{subscriber.name\n  ^\n"),
    ("title: t\nsubject: '{{#if subscriber.name}}A'", "3:10", "is not closed", ""),
    ("title: t\ndeck: It is {{issue.date}}", "3:7", "'deck' takes no merge fields",
     "It is {{issue.date}}\n      ^\n"),
    ("title: \"\\\\{{ and {{x}}\"", "2:8", "'title' takes no merge fields",
     "\\{{ and {{x}}\n        ^\n"),
], ids=["subject", "preheader", "open field", "open condition", "deck", "title"])
def test_a_mistake_in_the_front_matter_shows_its_place_and_words(
        publication, front, place, words, excerpt):
    publication.article("bad", f"---\n{front}\n---\nx\n")
    err = publication.fails(65, "render", "bad")
    first, rest = err.split("\n", 1)
    assert first.startswith(f"tidings: articles/bad.md:{place}: ") and words in first, err
    assert rest.startswith(excerpt + "hint: "), err


def test_a_template_that_is_a_link_out_of_the_folder_is_refused(publication, tmp_path):
    secret = tmp_path / "secret.html"
    secret.write_text("secret")
    folder = publication.folder / "templates" / "mail"
    folder.mkdir(parents=True, exist_ok=True)
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
    assert "2 of 2 letters wait" in err and "hint: look at 'tidings config relays'" in err
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
    assert done.returncode == 75
    assert "auth: 535 5.7.8" in done.stderr
    assert catcher.log() == []
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
    program = PROGRAM
    if os.geteuid() == 0:
        for parent in folder.parents:
            if parent == pathlib.Path("/"):
                break
            parent.chmod(parent.stat().st_mode | 0o055)
        if not others_may_enter(folder.parent):
            pytest.skip(f"unprivileged users may not enter {folder.parent} here")
        if not others_may_enter(PROGRAM.parent):
            program = shutil.copy(PROGRAM, folder.parent / "tidings")
    command = [str(program), "-C", str(folder), "send", "welcome"]
    if os.geteuid() == 0:
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, 65534, 65534)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 70, done.stderr
    assert "hint: check the owner and the rights" in done.stderr
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
    assert done.returncode == 74, (done.returncode, done.stderr)
    assert publication.ok("export") == before


@pytest.mark.parametrize("args, words, hint", [
    (["sned", "x"], "there is no command 'sned'", "did you mean 'send'?"),
    (["send", "--alow", "x", "welcome"], "there is no option '--alow'", "see 'tidings send -h'"),
    (["import"], "'import' wants FILE", "see 'tidings import -h'"),
    (["render", "welcome", "--to", "pdf"], "there is no form 'pdf'", "choose from: html"),
    (["who", "welcome", "--state", "snet"], "there is no state 'snet'", "did you mean 'sent'?"),
    (["who", "welcome", "--state", ""], "there is no state ''", "choose from: queued"),
    (["who", "welcome", "--state", "sent,,failed"], "there is no state ''", "choose from: queued"),
    (["config", "publication.nam"], "'publication.nam'", "did you mean 'publication.name'?"),
])
def test_a_slip_at_the_keyboard_is_answered_with_the_right_word(publication, args, words, hint):
    err = publication.fails(64, *args)
    assert words in err and f"hint: {hint}" in err, err


def test_a_title_too_long_for_a_headline_makes_no_article(publication):
    before = sorted((publication.folder / "articles").iterdir())
    assert "70000 bytes, 500 at most" in publication.fails(64, "new", "x" * 70000)
    assert sorted((publication.folder / "articles").iterdir()) == before
    # What is taken can be read, to the last letter.
    path = publication.ok("new", '"' * 500).strip()
    publication.ok("render", path)


def test_of_several_addresses_the_one_that_fails_is_named(publication):
    words = ["subscriber", "add", "ana@example.org", "bo@example.org", "cy@example.org"]
    publication.ok("subscriber", "suppress", "bo@example.org", "--reason", "asked by letter")
    assert publication.fails(65, *words).startswith("tidings: bo@example.org (2 of 3): ")
    listed = publication.ok("export")
    assert "ana@" in listed and "bo@" not in listed and "cy@" not in listed
    error = json.loads(publication("--json", *words).stderr)["error"]
    assert error["place"] == "bo@example.org (2 of 3)"
    # Whatever the reason, and where there is no choice without a word.
    err = publication.fails(66, "subscriber", "show", "ana@example.org", "dan@example.org")
    assert "dan@example.org (2 of 2): there is no subscriber" in err
    err = publication.fails(66, "subscriber", "show", "dan@example.org")
    assert err.startswith("tidings: there is no subscriber")


def test_errors_are_json_when_asked(publication):
    done = publication("--json", "render", "nothing")
    error = json.loads(done.stderr)["error"]
    assert set(error) == {"code", "place", "message", "excerpt", "hint"}
    assert error["excerpt"] == ""
    assert error["code"] == "missing"


def test_a_hostile_megabyte_of_markdown_ends_in_time_with_a_clear_error(publication):
    import resource
    # The first is also told by its time where the build is slow.
    hostile = {"lists": ("- " * 500 + "\n" + ("  " * 300 + "- a\n\n") * 1500,
                         "larger than|processor time"),
               "pictures": ("![[]()" * 170000, "more than 2 s of processor time"),
               "quotes": (("> " * 400 + "*a _b\n") * 1200, "more than 100 things")}
    for name, (text, words) in hostile.items():
        publication.article(name, "---\ntitle: x\n---\n" + text[:1_000_000])
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = publication("render", name)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        assert spent < 4, (name, spent)
        assert done.returncode == 65 and "hint: " in done.stderr, (name, done.stderr)
        assert f"articles/{name}.md" in done.stderr and re.search(words, done.stderr), done.stderr


def test_a_full_standard_output_is_noticed(publication):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(PROGRAM), "-C", str(publication.folder), "config"],
                              stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 74


@pytest.mark.parametrize("host, warned", [
    ("0.0.0.0", True), ("[::ffff:127.0.0.1]", False), ("127.0.0.2", False)])
def test_a_catcher_that_the_network_reaches_says_so(tmp_path, host, warned):
    catcher = subprocess.Popen(
        [str(PROGRAM), "catch", "--smtp", f"{host}:0", "--dir", str(tmp_path / "caught"),
         "--faults", "connect:drop@100%"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first_line(catcher)
    catcher.terminate()
    _, err = catcher.communicate(timeout=60)
    assert ("the whole network reaches" in err) == warned, err


def test_a_theme_that_is_not_there_is_refused_by_line_wherever_it_is_met(publication):
    path = publication.folder / "tidings.yaml"
    path.write_text(path.read_text().replace("theme: letter", "theme: lettr"))
    line = path.read_text().splitlines().index("  theme: lettr") + 1
    for words in (["config"], ["config", "from"], ["render", "welcome"], ["send", "welcome"]):
        err = publication.fails(78, *words)
        assert f"tidings.yaml:{line}:3: there is no theme 'lettr'" in err, (words, err)
        assert "did you mean 'letter'?" in err, err
