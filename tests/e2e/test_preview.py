"""The letter in the browser, as it will look, and again with each save."""

import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import threading
import urllib.error
import urllib.request
import zlib
from pathlib import Path

import pytest

from conftest import PATIENCE, PROGRAM, first_line, until

ARTICLE = """\
---
title: The Salt Road
deck: Eleven days on foot
date: 2026-05-22
preheader: Day one was flat.
---
Dear {{subscriber.first_name | default "friend"}},

we left at **half past five**.

![The path above the terraces](path.png)

![A seal](seal.png){cid}

[Unsubscribe]({{links.unsubscribe}})
"""


def png(shade):
    """A picture of 40 by 20 pixels in one grey."""
    def chunk(name, data):
        return (struct.pack(">I", len(data)) + name + data
                + struct.pack(">I", zlib.crc32(name + data)))
    rows = (b"\0" + bytes([shade]) * 40) * 20
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 20, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Preview:
    def __init__(self, publication, *args, env=None):
        self.process = subprocess.Popen(
            [str(PROGRAM), "-C", str(publication.folder), "preview", "--no-open",
             *args], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, **(env or {})})
        self.url = first_line(self.process).strip()
        self.base = re.match(r"http://[^/]+", self.url)[0]

    def open(self, path, **headers):
        request = urllib.request.Request(self.base + path, headers=headers)
        try:
            answer = urllib.request.urlopen(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            return answer.status, answer.headers, answer.read()

    def text(self, path):
        status, _, body = self.open(path)
        assert status == 200, (path, status, body)
        return body.decode()

    def seen(self):
        return re.search(r'data-seen="(\d+)"', self.text("/"))[1]

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        _, err = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, err


@pytest.fixture
def road(publication):
    publication.article("salt-road", ARTICLE)
    (publication.folder / "articles" / "path.png").write_bytes(png(100))
    (publication.folder / "articles" / "seal.png").write_bytes(png(200))
    publication.ok("subscriber", "add", "ana@example.org", "--first-name", "Ana")
    return publication


@pytest.fixture
def preview(road):
    started = []

    def start(*args, **kw):
        started.append(Preview(road, "--listen", "127.0.0.1:0", *args, **kw))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.stop()


# --- the command -------------------------------------------------------------------

@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_success(preview, number):
    status, err = preview("salt-road").stop(number)
    assert (status, err) == (0, "")


@pytest.mark.parametrize("where", ["0.0.0.0:8026", "192.0.2.1:0", "[::]:0", "[2001:db8::1]:80"])
def test_it_listens_on_loopback_only(road, where):
    said = road.fails(64, "preview", "--no-open", "--listen", where)
    assert where in said and "ssh -L" in said


@pytest.mark.parametrize("where", ["8026", "127.0.0.1:x", "localhost"])
def test_a_place_to_listen_is_a_host_and_a_port(road, where):
    assert "HOST:PORT" in road.fails(64, "preview", "--no-open", "--listen", where)


def test_a_port_that_is_named_and_taken_is_an_error(road):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = road.fails(75, "preview", "--no-open", "--listen", f"127.0.0.1:{port}")
    assert f"127.0.0.1:{port}" in said and "name another" in said


def test_without_a_port_the_next_free_one_is_taken(road):
    first, second = Preview(road), Preview(road)
    try:
        ports = [int(p.base.rsplit(":", 1)[1]) for p in (first, second)]
        assert 8026 <= ports[0] < ports[1] < 8036
    finally:
        assert first.stop()[0] == 0 and second.stop()[0] == 0


def test_an_article_that_is_not_there_is_said_at_once(road):
    said = road.fails(66, "preview", "salt-raod", "--no-open", "--listen", "127.0.0.1:0")
    assert "salt-raod" in said and "salt-road" in said


def test_the_address_comes_as_json_on_request(road):
    process = subprocess.Popen(
        [str(PROGRAM), "--json", "-C", str(road.folder), "preview", "salt-road",
         "--listen", "[::1]:0"], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        url = json.loads(first_line(process))["url"]
        assert re.fullmatch(r"http://\[::1\]:\d+/i/salt-road\.md", url)
        with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)


def test_without_a_terminal_no_browser_is_started(road, tmp_path):
    browser = tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\ntouch {tmp_path}/opened\n")
    browser.chmod(0o755)
    process = subprocess.Popen(
        [str(PROGRAM), "-C", str(road.folder), "preview", "--listen", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "DISPLAY": ":0", "BROWSER": str(browser)})
    first_line(process)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert not (tmp_path / "opened").exists()


@pytest.mark.parametrize("display, opened", [(":0", True), ("", False)])
def test_on_a_terminal_with_a_screen_the_browser_opens_it(road, tmp_path, display, opened):
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" >{seen}.new\nmv {seen}.new {seen}\n')
    browser.chmod(0o755)
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [str(PROGRAM), "-C", str(road.folder), "preview", "salt-road",
         "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=theirs, text=True,
        env={**os.environ, "DISPLAY": display, "WAYLAND_DISPLAY": "",
             "BROWSER": f"{browser}:other"})
    os.close(theirs)
    try:
        url = first_line(process).strip()
        if opened:
            until(seen.exists, "the browser")
            assert seen.read_text() == url
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        until(lambda: children.read_text() == "", "the end of all children")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        os.close(ours)
    assert seen.exists() == opened


def watched(process):
    """How many folders the process watches."""
    return sum(file.read_text().count("inotify wd:")
               for file in Path(f"/proc/{process.pid}/fdinfo").iterdir())


@pytest.mark.parametrize("folders, watched_at_most", [
    (["/".join("abcdefghi")], 20),
    ([f"articles/{i}" for i in range(600)], 500),
])
def test_a_folder_that_is_not_watched_is_said_once(preview, road, folders, watched_at_most):
    for folder in folders:
        (road.folder / folder).mkdir(parents=True)
    shown = preview()
    shown.text("/")
    assert 1 < watched(shown.process) <= watched_at_most
    _, said = shown.stop()
    assert said.count("not watched") == 1


def test_where_all_is_watched_nothing_is_said_of_it(preview, road):
    (road.folder / "/".join("abcdefgh")).mkdir(parents=True)
    shown = preview()
    shown.text("/")
    assert "watched" not in shown.stop()[1]


def test_of_too_many_articles_the_latest_are_listed(preview, road):
    for i in range(1002):
        file = road.folder / "articles" / f"n{i * 7919 % 1002:04}.md"
        file.write_text(f"---\ntitle: Nth {i}\n---\nWords.\n")
        os.utime(file, (10**9 + i, 10**9 + i))
    shown = preview().text("/")
    # The publication's own were saved just now, and are among the thousand.
    own = len(list((road.folder / "articles").glob("*.md"))) - 1002
    there = {int(n) for n in re.findall(r"Nth (\d+)", shown)}
    assert there == set(range(2 + own, 1002))


def test_nothing_is_written(preview, road):
    def state():
        return {p: p.stat().st_mtime_ns for p in road.folder.rglob("*")
                if not p.name.startswith("tidings.db-")}
    before = state()
    shown = preview("salt-road")
    shown.text("/i/salt-road.md?as=ana@example.org")
    shown.text("/i/salt-road.md/letter?as=ana@example.org")
    shown.stop()
    assert state() == before


# --- what it shows -----------------------------------------------------------------

def test_the_letter_is_the_one_that_render_makes(preview, road):
    shown = preview("salt-road")
    html = shown.text("/i/salt-road.md/letter?as=ana@example.org")
    rendered = road.ok("render", "salt-road", "--as", "ana@example.org")
    words = re.compile(r"<p[^>]*>.*?</p>", re.S)
    ours = [w for w in words.findall(html) if "links" not in w and "/u/" not in w and "/p/" not in w]
    theirs = [w for w in words.findall(rendered)
              if "links" not in w and "/u/" not in w and "/p/" not in w]
    assert ours == theirs and any("Dear Ana" in w for w in ours)


def memory_of(process):
    """All that it has written to, as far as it can be read."""
    parts = []
    with open(f"/proc/{process.pid}/maps") as maps, open(f"/proc/{process.pid}/mem", "rb", 0) as mem:
        for line in maps:
            span, rights = line.split()[:2]
            begin, end = (int(n, 16) for n in span.split("-"))
            if rights.startswith("rw"):
                try:
                    mem.seek(begin)
                    parts.append(mem.read(end - begin))
                except (OSError, ValueError, OverflowError):
                    continue
    return b"\0".join(parts)


def test_the_key_is_not_kept_in_memory_after_a_look_up(preview, road):
    secret = (road.folder / "tidings.key").read_text().split()[-1]
    shown = preview("salt-road")
    assert "Dear Ana" in shown.text("/i/salt-road.md/letter?as=ana@example.org")
    try:
        memory = memory_of(shown.process)
    except PermissionError:
        pytest.skip("the memory of a child may not be read here")
    assert b"Dear " in memory  # it was looked at
    assert secret.encode() not in memory
    assert bytes.fromhex(secret) not in memory


def test_without_the_key_only_subscribers_are_not_shown(preview, road):
    (road.folder / "tidings.key").unlink()
    shown = preview("salt-road")
    assert "Dear friend," in shown.text("/i/salt-road.md/letter")
    assert "tidings.key" in shown.text("/i/salt-road.md?as=ana@example.org")


def test_the_page_has_the_inbox_line_and_the_size(preview, road):
    page = preview("salt-road").text("/i/salt-road.md")
    assert '<b class="from">The Swamp</b>' in page
    assert '<b class="subject">The Salt Road</b>' in page
    assert '<span class="words">Day one was flat.</span>' in page
    size = len(road.ok("render", "salt-road").encode())
    value = int(re.search(r'<meter[^>]* value="(\d+)"', page)[1])
    assert abs(value - size) < 100 and 'max="104448"' in page and 'high="81920"' in page


@pytest.mark.parametrize("count, words", [
    (15600, "close to Gmail"), (22000, "Gmail cuts it off"), (10, "of Gmail"),
], ids=["close", "over", "fine"])
def test_a_letter_that_gmail_would_cut_is_told_of(preview, road, count, words):
    road.article("long", "---\ntitle: Long\n---\n" + "word " * count)
    page = preview().text("/i/long.md")
    assert words in re.search(r'<p class="size.*?</p>', page, re.S)[0].replace("&#39;", "'")


def test_as_a_subscriber_it_has_their_values(preview):
    shown = preview()
    assert "Dear Ana," in shown.text("/i/salt-road.md/letter?as=ANA@example.org")
    assert "Dear Ana," in shown.text("/i/salt-road.md?view=text&as=ana@example.org")
    assert "Dear friend," in shown.text("/i/salt-road.md/letter")


@pytest.mark.parametrize("address, note", [
    ("nobody@example.org", "there is no subscriber 'nobody@example.org'"),
    ("no address", "is not an address"),
    ("left@example.org", "would not get it: list 'weekly', unsubscribed"),
    ("ana@example.org", None),
])
def test_a_reader_who_would_not_get_it_is_told_of(preview, road, address, note):
    road.ok("subscriber", "add", "left@example.org")
    road.ok("subscriber", "leave", "left@example.org")
    page = preview().text("/i/salt-road.md?as=" + address.replace(" ", "%20"))
    said = re.search(r'<p class="note">(.*?)</p>', page)[1].replace("&#39;", "'")
    assert (note in said) if note else said == ""


def test_what_was_typed_comes_back_escaped(preview):
    page = preview().text("/i/salt-road.md?as=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page and "&quot;&gt;&lt;script&gt;" in page


def test_no_link_in_it_can_unsubscribe_anybody(preview, road):
    """The tokens are well formed, and those of nobody."""
    shown = preview()
    message = shown.text("/i/salt-road.md/letter.eml?as=ana@example.org")
    rendered = road.ok("render", "salt-road", "--to", "eml", "--as", "ana@example.org")
    tokens = re.findall(r"/u/([a-z2-7]{50})", message.replace("=\r\n", ""))
    assert tokens
    assert not set(tokens) & set(re.findall(r"/u/([a-z2-7]{50})", rendered.replace("=\n", "")))


def test_the_message_can_be_downloaded(preview):
    status, headers, body = preview().open("/i/salt-road.md/letter.eml")
    assert status == 200 and headers["Content-Type"] == "message/rfc822"
    assert headers["Content-Disposition"] == 'attachment; filename="salt-road.eml"'
    assert body.startswith(b"From: ") and body.endswith(b"\r\n")


def test_pictures_are_served_by_the_preview(preview):
    shown = preview()
    html = shown.text("/i/salt-road.md/letter")
    sources = re.findall(r'<img[^>]* src="([^"]*)"', html)
    assert len(sources) == 2
    assert {s.split("/")[3] for s in sources} == {"m", "cid"}
    for source in sources:
        status, headers, body = shown.open(source)
        assert status == 200 and headers["Content-Type"] == "image/png"
        assert body.startswith(b"\x89PNG")
    assert shown.open("/i/salt-road.md/m/0000.png")[0] == 404


def test_without_images_their_words_stand(preview):
    status, headers, body = preview().open("/i/salt-road.md/letter?images=off")
    html = body.decode()
    assert 'alt="The path above the terraces"' in html and "src=" not in html
    assert "img-src" not in headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/i/salt-road.md/letter", "/i/salt-road.md/web"])
def test_dark_and_light_do_not_ask_the_browser(preview, path):
    shown = preview()
    light, dark = shown.text(path), shown.text(path + "?dark=on")
    assert "prefers-color-scheme" not in light + dark
    assert "@media (max-width:0px)" in light and "@media (min-width:0px)" in dark


def test_a_letter_may_run_nothing_and_load_only_pictures(preview):
    _, headers, _ = preview().open("/i/salt-road.md/letter")
    policy = headers["Content-Security-Policy"]
    assert "sandbox" in policy and "allow-scripts" not in policy
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert "frame-ancestors 'self'" in policy


def test_the_pages_load_nothing_from_elsewhere(preview):
    shown = preview()
    for path in ["/", "/i/salt-road.md", "/i/salt-road.md?view=source", "/nothing"]:
        _, headers, body = shown.open(path)
        assert not re.search(rb"""(src|href)=["']?(https?:)?//""", body), path
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_another_name_of_this_machine_is_refused(preview):
    """A page elsewhere may lead its own name here; it does not get in."""
    shown = preview()
    assert shown.open("/", Host="evil.example")[0] == 421
    assert shown.open("/", Host="localhost")[0] == 200


def test_all_articles_are_listed_newest_first(preview, road):
    road.article("old", "---\ntitle: Old & <b>\ndate: 2020-01-01\n---\nText.\n")
    road.article("new", "---\ntitle: New\ndate: 2026-11-01\n---\nText.\n")
    road.article("begun", "---\ntitle: Begun\ndraft: true\n---\nText.\n")
    road.article("bad", "---\ntitle: [\n---\nText.\n")
    page = preview().text("/")
    titles = re.findall(r'<li class="(\w+)"><a href="([^"]*)">([^<]*)', page)
    assert [t for t in titles if t[2] not in ("Welcome aboard", "Begun", "articles/bad.md")] == [
        ("ready", "/i/new.md", "New"), ("ready", "/i/salt-road.md", "The Salt Road"),
        ("ready", "/i/old.md", "Old &amp; &lt;b&gt;")]
    assert ("draft", "/i/begun.md", "Begun") in titles[:3]
    assert ("broken", "/i/bad.md", "articles/bad.md") in titles[:3]


# --- trouble -----------------------------------------------------------------------

@pytest.mark.parametrize("text, place, line", [
    ("---\ntitle: T\n---\nOne.\n\nDear {{subscriber.frist}},\n", "articles/x.md:6:6",
     "Dear {{subscriber.frist}},"),
    ("---\ntitle: T\ndate: [\n---\nOne.\n", "articles/x.md:4", "---"),
    ("---\ntitle: T\n---\n![A map](map.png)\n", "articles/x.md:4", "![A map](map.png)"),
    ("---\ntitle: T\n---\n<b>&amp; {{x}}\n", "articles/x.md:4", "&lt;b&gt;&amp;amp; {{x}}"),
])
def test_an_error_stands_at_its_line_in_place_of_the_letter(preview, road, text, place, line):
    road.article("x", text)
    page = preview().text("/i/x.md")
    assert 'role="alert"' in page and "<iframe" not in page
    assert re.search(rf'<p class="place">{place}', page), page
    number = place.split(":")[1]
    assert f'<p class="here"><i>{number}</i><code>{line}' in page


def test_broken_settings_are_shown_and_mended(preview, road):
    shown = preview()
    settings = road.folder / "tidings.yaml"
    good = settings.read_text()
    settings.write_text(good + "\nnonsense: 1\n")
    until(lambda: "nonsense" in shown.text("/i/salt-road.md"), "the error")
    settings.write_text(good)
    until(lambda: "<iframe" in shown.text("/i/salt-road.md"), "the letter")


def test_an_article_that_went_away_leaves_a_page(preview, road):
    shown = preview("salt-road")
    (road.folder / "articles" / "salt-road.md").unlink()
    until(lambda: "there is no article" in shown.text("/i/salt-road.md"), "the error")


@pytest.mark.parametrize("path", [
    "/i/..%2Ftidings.key", "/i/.%2Ftidings.key", "/i/%2Fetc%2Fpasswd", "/i/x.md%2F..%2F..%2Fa.md",
    "/i/..%2F..%2Foutside.md"])
def test_nothing_outside_is_shown(preview, road, path):
    (road.folder.parent.parent / "outside.md").write_text("---\ntitle: Outside\n---\nhidden words\n")
    status, _, body = preview().open(path)
    assert b"hidden words" not in body and b"root:" not in body and b"<iframe" not in body


# --- news --------------------------------------------------------------------------

def by_rename(path, text):
    new = path.with_name(path.name + ".new~")
    new.write_text(text)
    os.replace(new, path)


def in_place(path, text):
    path.write_text(text)


def by_moving_away(path, text):
    os.rename(path, path.with_name(path.name + "~"))
    path.write_text(text)


SAVES = [by_rename, in_place, by_moving_away]


def news(shown, act):
    """What /news says to somebody who waits for it while `act` happens."""
    seen = shown.seen()
    got = []
    waiter = threading.Thread(target=lambda: got.append(shown.text(f"/news?seen={seen}").strip()))
    waiter.start()
    act()
    waiter.join(PATIENCE)
    assert got and got[0] != seen
    return got[0]


@pytest.mark.parametrize("save", SAVES)
def test_a_saved_article_is_news(preview, road, save):
    shown = preview()
    path = road.folder / "articles" / "salt-road.md"
    news(shown, lambda: save(path, ARTICLE.replace("Salt Road", "Pepper Road")))
    until(lambda: "Pepper Road" in shown.text("/i/salt-road.md/letter"), "the new title")


@pytest.mark.parametrize("name", ["tidings.yaml", "articles/path.png", "logo.png",
                                  "templates/mail/deep/new.html", "pictures/a/b.png"])
def test_so_is_whatever_a_letter_is_made_of(preview, road, name):
    shown = preview()
    path = road.folder / name

    def save():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.read_bytes() if path.exists() else b"x")
    first = news(shown, save)
    # Also in a folder that was not there when it began.
    until(lambda: shown.seen() >= first, "the state")
    news(shown, lambda: path.write_bytes(path.read_bytes()))


def test_what_the_program_keeps_there_is_no_news(preview, road):
    shown = preview()
    seen = shown.seen()
    road.ok("subscriber", "add", "more@example.org")
    for name in ["tidings.db-x", "outbox/1.eml", "catch/1.eml", "articles/.salt.md.swp",
                 "articles/salt-road.md~", "articles/4913"]:
        (road.folder / name).parent.mkdir(exist_ok=True)
        (road.folder / name).write_text("x")
    # What came later and is news has been told: so what came before was not.
    told = news(shown, lambda: in_place(road.folder / "articles" / "salt-road.md", ARTICLE))
    assert int(told) == int(seen) + 1


# --- in a browser ------------------------------------------------------------------

@pytest.fixture
def browser(tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("chromium is not here")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service
    driver_path = shutil.which("chromedriver")
    assert driver_path, "chromium is here, and its driver is not"
    options = webdriver.ChromeOptions()
    for word in ["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,900",
                 "--disable-background-networking", "--disable-component-update",
                 f"--user-data-dir={tmp_path}/profile"]:
        options.add_argument(word)
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(driver_path))
    driver.set_page_load_timeout(PATIENCE)
    yield driver
    driver.quit()


def in_letter(driver, script):
    """Ask the document in the frame; None while it is on its way."""
    return driver.execute_script(
        "const d = document.getElementById('letter')?.contentDocument;"
        "if (!d || d.readyState !== 'complete' || !d.querySelector('h1')) return null;"
        + script)


def body_text(driver):
    return in_letter(driver, "return d.body.innerText") or ""


def click(driver, value):
    box = driver.find_element("css selector", f"input[value='{value}']")
    driver.execute_script("arguments[0].click()", box)


def test_the_page_shows_the_letter_and_its_pictures(preview, browser):
    browser.get(preview("salt-road").url)
    until(lambda: "half past five" in body_text(browser), "the letter")
    sizes = "return [...d.images].map(i => i.naturalWidth)"
    until(lambda: in_letter(browser, sizes) == [40, 40], "the pictures")
    assert browser.title == "The Salt Road - preview"
    assert [e for e in browser.get_log("browser") if e["level"] == "SEVERE"] == []


@pytest.mark.parametrize("save", SAVES)
def test_a_save_shows_within_a_second(preview, browser, road, save):
    browser.get(preview("salt-road").url)
    until(lambda: "half past five" in body_text(browser), "the letter")
    save(road.folder / "articles" / "salt-road.md", ARTICLE.replace("half past five", "noon"))
    until(lambda: "noon" in body_text(browser), "the new words",
          1.0 if PATIENCE <= 60 else PATIENCE)


def test_the_place_in_the_letter_outlives_a_save(preview, browser, road):
    path = road.article("long", "---\ntitle: Long\n---\n" + "\n\n".join(
        f"paragraph {i}" for i in range(200)))
    browser.get(preview("long").url)
    until(lambda: "paragraph 199" in body_text(browser), "the letter")
    browser.execute_script("document.getElementById('letter').contentWindow.scrollTo(0, 2000)")
    path.write_text(path.read_text().replace("paragraph 199", "the end"))
    until(lambda: "the end" in body_text(browser), "the new words")
    until(lambda: in_letter(browser, "return d.defaultView.scrollY") == 2000, "the place")


def test_an_error_comes_and_goes_with_the_saves(preview, browser, road):
    path = road.folder / "articles" / "salt-road.md"
    browser.get(preview("salt-road").url)
    until(lambda: "half past five" in body_text(browser), "the letter")
    path.write_text(ARTICLE + "\n{{nonsense}}\n")
    until(lambda: browser.find_elements("css selector", ".error .here"), "the error")
    assert "{{nonsense}}" in browser.find_element("css selector", ".error .here").text
    path.write_text(ARTICLE)
    until(lambda: "half past five" in body_text(browser), "the letter again")


@pytest.mark.parametrize("prefers", ["light", "dark"])
def test_dark_is_dark_whatever_the_browser_prefers(preview, browser, prefers):
    def light_of(driver):
        colour = in_letter(driver, "return getComputedStyle(d.querySelector('h1').closest('td'))"
                                   ".backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour or "")[:3])) / 3 if colour else None
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": prefers}]})
    browser.get(preview("salt-road").url)
    until(lambda: (light_of(browser) or 0) > 200, "a light letter")
    click(browser, "on")
    until(lambda: 0 < (light_of(browser) or 0) < 60, "a dark letter")
    assert "dark=on" in browser.current_url


def test_without_images_none_is_loaded(preview, browser):
    browser.get(preview("salt-road").url + "?images=off")
    until(lambda: "half past five" in body_text(browser), "the letter")
    assert in_letter(browser, "return [...d.images].map(i => i.currentSrc)") == ["", ""]
    assert in_letter(browser, "return d.defaultView.performance.getEntriesByType('resource')"
                              ".filter(e => e.initiatorType === 'img').length") == 0
    assert in_letter(browser, "return [...d.images].map(i => i.alt)") == [
        "The path above the terraces", "A seal"]


@pytest.mark.parametrize("view, width", [("desktop", 700), ("phone", 375)])
def test_a_view_has_the_width_it_is_named_after(preview, browser, view, width):
    browser.get(preview("salt-road").url + f"?view={view}")
    until(lambda: "half past five" in body_text(browser), "the letter")
    assert browser.execute_script(
        "return document.getElementById('letter').clientWidth") == width


def test_views_are_chosen_with_the_keyboard(preview, browser):
    from selenium.webdriver.common.keys import Keys
    browser.get(preview("salt-road").url)
    until(lambda: "half past five" in body_text(browser), "the letter")
    box = browser.find_element("css selector", "input[value='desktop']")
    browser.execute_script("arguments[0].focus()", box)
    box.send_keys(Keys.ARROW_RIGHT)
    until(lambda: browser.find_elements("css selector", ".desk.phone"), "the phone")
    assert browser.execute_script("return document.activeElement.value") == "phone"
    browser.switch_to.active_element.send_keys(Keys.ARROW_RIGHT)
    until(lambda: browser.find_elements("css selector", "pre.text"), "the text")


def test_every_control_has_a_name(preview, browser):
    browser.get(preview("salt-road").url)
    names = browser.execute_script(
        "return [...document.querySelectorAll('input, button, iframe, meter')].map(e =>"
        "(e.labels && [...e.labels].map(l => l.innerText).join(' ').trim())"
        "|| e.title || e.innerText)")
    assert len(names) == 11 and all(names), names


@pytest.mark.parametrize("width", [320, 500, 1200])
def test_no_window_is_too_narrow(preview, browser, width):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    shown = preview("salt-road")
    for view in ["desktop", "source", "text"]:
        browser.get(shown.url + f"?view={view}")
        assert browser.execute_script(
            "return document.documentElement.scrollWidth") <= width, view


def test_it_works_without_its_script(preview, browser):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    browser.get(preview("salt-road").url)
    browser.find_element("css selector", "input[value='phone']").click()
    browser.find_element("css selector", "input[name='as']").send_keys("ana@example.org")
    browser.find_element("css selector", "button").click()
    until(lambda: "view=phone" in browser.current_url, "the next page")
    assert "as=ana%40example.org" in browser.current_url
