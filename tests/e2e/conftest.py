"""Words for the end-to-end tests: a publication, a catcher, the program.

Every test works in a folder of its own and on ports the system chose; what it
starts, it ends by its process id.
"""

import json
import os
import pathlib
import re
import select
import signal
import subprocess
import sys
import time

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = (TOP / os.environ.get("TIDINGS", "build/debug/tidings")).resolve()
# Our own one has every part that an article may have. The other lies beside some checkouts.
ARTICLES = {
    "own": TOP / "tests" / "articles" / "the-low-water-ferry.md",
    "seed": TOP.parent / "shared" / "seed" / "article.md",
}

# Slow builds (sanitizers, valgrind) need more patience, not other promises.
PATIENCE = float(os.environ.get("TIDINGS_PATIENCE", "60"))


def run(*args, cwd=None, input=None, env=None, timeout=PATIENCE):
    """Run the program; text in, text out."""
    return subprocess.run(
        [str(PROGRAM), *map(str, args)], cwd=cwd, input=input, text=True,
        capture_output=True, timeout=timeout,
        env={**os.environ, "NO_COLOR": "1", **(env or {})})


class Publication:
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *args, **kw):
        return run("-C", self.folder, *args, **kw)

    def ok(self, *args, **kw):
        done = self(*args, **kw)
        assert done.returncode == 0, (args, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def fails(self, status, *args, **kw):
        """It ends with `status` and says why; the text of stderr."""
        done = self(*args, **kw)
        assert done.returncode == status, (args, done.returncode, done.stdout, done.stderr)
        assert done.stderr.startswith("tidings: "), done.stderr
        return done.stderr

    def start(self, *args):
        return subprocess.Popen(
            [str(PROGRAM), "-C", str(self.folder), *map(str, args)], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def article(self, name, text):
        path = self.folder / "articles" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def settings(self, text=None, **replaced):
        """Write tidings.yaml, or replace the value of single lines."""
        path = self.folder / "tidings.yaml"
        if text is None:
            text = path.read_text()
            for old, new in replaced.items():
                text, n = re.subn(rf"(?m)^(\s*{old}:).*$", lambda m: f"{m[1]} {new}", text)
                assert n, f"no setting {old}"
        path.write_text(text)

    def relay(self, url, **more):
        """One relay at `url`, in place of what stood there."""
        lines = "".join(f"    {k}: {v}\n" for k, v in more.items())
        path = self.folder / "tidings.yaml"
        text = re.sub(r"(?ms)^relays:\n.*?(?=^\S|\Z)", "", path.read_text())
        path.write_text(text + f"\nrelays:\n  main:\n    url: {url}\n{lines}")

    def people(self, count, domain="example.org", columns=""):
        """Import `count` invented readers."""
        rows = ["email,name,first_name"]
        rows += [f"reader{i}@{domain},Reader Number {i},Reader{i}" for i in range(count)]
        path = self.folder / "people.csv"
        path.write_text("\n".join(rows) + "\n")
        self.ok("import", path, "--list", "weekly")

    def ledger(self, issue):
        return [json.loads(line) for line in self.ok("--json", "who", issue).splitlines()]

    def counts(self, issue):
        return json.loads(self.ok("--json", "status", issue))["counts"]


@pytest.fixture
def publication(tmp_path):
    folder = tmp_path / "letter"
    done = run("init", folder, "--name", "The Swamp")
    assert done.returncode == 0, done.stderr
    return Publication(folder)


class Catcher:
    """The program's own mail catcher, on a port the system chose."""

    def __init__(self, folder, *args, port=0, env=None):
        self.folder = folder
        self.counted = self.counted_to = 0
        self.process = subprocess.Popen(
            [str(PROGRAM), "--json", "catch", "--smtp", f"127.0.0.1:{port}",
             "--dir", str(folder), *args],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        line = first_line(self.process)
        self.address = json.loads(line)["listening"]
        self.port = int(self.address.rsplit(":", 1)[1])
        self.url = f"smtp://{self.address}"
        self.pem = folder / "catch.pem"

    def count(self):
        """How many letters came, at the price of reading what is new in the log."""
        path = self.folder / "log.jsonl"
        if path.exists():
            with path.open("rb") as log:
                log.seek(self.counted_to)
                new = log.read()
            self.counted_to += len(new)
            self.counted += new.count(b"\n")
        return self.counted

    def log(self):
        path = self.folder / "log.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text().splitlines()]

    def letters(self):
        """The bytes of each, as received, by number."""
        return {int(p.stem): p.read_bytes() for p in sorted(self.folder.glob("*.eml"))}

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate(timeout=PATIENCE)


def first_line(process):
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE)
    assert ready, "nothing was said in time"
    line = process.stdout.readline()
    assert line, process.stderr.read()
    return line


@pytest.fixture
def catcher(tmp_path):
    caught = Catcher(tmp_path / "caught")
    yield caught
    caught.stop()


@pytest.fixture
def catch(tmp_path):
    """Start catchers with options of the test's own."""
    started = []

    def start(*args, **kw):
        caught = Catcher(tmp_path / f"caught{len(started)}", *args, **kw)
        started.append(caught)
        return caught

    yield start
    for caught in started:
        caught.stop()


def others_may_enter(path):
    """May an unprivileged user reach what lies in this folder?"""
    return all(p.stat().st_mode & 0o001 for p in [path, *path.parents])


def until(true, what, patience=PATIENCE):
    """Wait for a state of the world, not for a time."""
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, f"{what}: not in {patience} s"
        select.select([], [], [], 0.005)


@pytest.fixture(params=ARTICLES)
def feature(request):
    """An article as a publication would print it: its slug there, its text."""
    path = ARTICLES[request.param]
    if not path.exists():
        pytest.skip("the article of the seed page is not beside this checkout")
    return request.param, path.read_text(encoding="utf-8")


THANKS = '\n\nThank you for reading, {{subscriber.first_name | default "friend"}}.\n'


def with_thanks(text):
    """The article with a line that every reader gets with their own name in it."""
    return text if "Thank you for reading" in text else text.rstrip("\n") + THANKS


SETTINGS = """\
publication:
  name: The Swamp
  tagline: Letters from wet ground
  url: https://swamp.example.org
  language: en
  logo: https://swamp.example.org/logo.png
  address: |
    The Swamp
    1 Reed Lane, 00100 Marsh
  copyright: Creatd Press
  social:
    - {title: Mastodon, url: "https://social.example/@swamp"}
  links:
    - {title: Explore, url: "https://swamp.example.org/explore"}
    - {title: Contact, url: "https://swamp.example.org/contact"}
    - {title: Privacy Policy, url: "https://swamp.example.org/privacy"}
    - {title: Terms of Use, url: "https://swamp.example.org/terms"}
    - {title: Support, url: "https://swamp.example.org/support"}
from: The Swamp <letters@example.org>
reply_to: editor@example.org
authors:
  mr-khan:
    name: Mr Khan
    tagline: Writes about the region
    links:
      - {title: Profile, url: "https://swamp.example.org/khan"}
  tove-marsh:
    name: Tove Marsh
    tagline: Writes about water and those who cross it
    links:
      - {title: More by Tove, url: "https://swamp.example.org/tove"}
lists:
  weekly: {title: Weekly letter}
envelope:
  domain: bounces.example.org
relays:
  main:
    url: %s
    connections: 8
"""


@pytest.fixture
def swamp(publication):
    """The publication of the seed page; call it with a relay's address."""
    def at(url):
        publication.settings(SETTINGS % url)
        return publication
    return at


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for all tests; ended by the driver that started it."""
    sys.path.insert(0, str(TOP / "tests" / "marks"))
    import browser as chromium
    try:
        one = chromium.Browser()
    except chromium.Missing as e:
        pytest.skip(str(e))
    yield one
    one.close()
