"""What a spam filter says to the sample letters: nothing. Debian's SpamAssassin, unpacked
and never installed, with the rules it is shipped with and without the network."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from conftest import PROGRAM, TOP

sys.path.insert(0, str(TOP / "tests" / "marks"))
import samples      # noqa: E402

UNPACKED = TOP / "build" / "spamassassin"
PACKAGES = ["spamassassin", "libhtml-parser-perl", "libhtml-tagset-perl", "liburi-perl",
            "libhttp-date-perl", "libtimedate-perl", "libio-string-perl", "libnet-dns-perl",
            "libnetaddr-ip-perl", "libsocket6-perl", "libsys-hostname-long-perl",
            "libmail-dkim-perl", "libmailtools-perl", "libcrypt-openssl-rsa-perl",
            "libcrypt-openssl-bignum-perl"]

def unpack():
    """The packages' files below UNPACKED, or the reason why not."""
    if not shutil.which("perl"):
        return "no perl here"
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return "no apt-get here"
    if not (UNPACKED / "usr/bin/spamassassin").exists():
        UNPACKED.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
                               *PACKAGES], cwd=UNPACKED, capture_output=True, text=True)
        if done.returncode:
            return "apt-get download: " + (done.stderr.strip().splitlines() or ["failed"])[-1]
        for package in UNPACKED.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
            package.unlink()
    return None


@pytest.fixture(scope="session")
def filter_says(tmp_path_factory):
    """Of each message its score and the rules it hit, as (points, rule) pairs."""
    reason = unpack()
    if reason:
        pytest.skip(reason)
    home = tmp_path_factory.mktemp("filter")
    modules = [UNPACKED / "usr/share/perl5", *UNPACKED.glob("usr/lib/*/perl5/5.*")]
    env = {**os.environ, "HOME": str(home), "PERL5LIB": ":".join(map(str, modules))}

    def ask(messages):
        mbox = b"".join(b"From MAILER-DAEMON Fri May 22 06:00:00 2026\n" +
                        m.replace(b"\r\n", b"\n") + b"\n" for m in messages)
        done = subprocess.run(
            ["perl", "-T", *(f"-I{m}" for m in modules), UNPACKED / "usr/bin/spamassassin",
             "-L", "-t", "-x", "-C", UNPACKED / "usr/share/spamassassin",
             "--siteconfigpath", UNPACKED / "etc/spamassassin", "-p", "/dev/null",
             "--cf", f"bayes_path {home}/bayes", "--mbox"],
            input=mbox, env=env, capture_output=True, timeout=240)
        assert done.returncode == 0, done.stderr.decode()
        output = done.stdout.decode("utf-8", "replace")
        reports = output.split("Content analysis details:")[1:]
        assert len(reports) == len(messages), output[-2000:]
        return [read(report) for report in reports]
    return ask


def read(report):
    """The sum and the rules of one report: `pts rule name`, a line each, below a rule."""
    total = re.search(r"\((-?[\d.]+) points", report)
    table = report.split("----\n", 1)[1].split("\n\n")[0]
    hits = re.findall(r"(?m)^ *(-?\d+\.\d) ([A-Z][A-Z0-9_]+) ", table)
    return float(total[1]), [(float(points), name) for points, name in hits]


@pytest.fixture(scope="session")
def press(tmp_path_factory):
    return samples.Press(PROGRAM, tmp_path_factory.mktemp("press") / "letters")


def test_the_filter_gives_the_sample_letters_no_point(press, filter_says):
    names, messages = zip(*press.letters())
    # No Received line is added: the rules do not ask for one.
    for name, (score, hits) in zip(names, filter_says(messages)):
        assert hits and score <= 0, (name, score, hits)
        assert [h for h in hits if h[0] > 0] == [], name


def test_the_filter_is_awake(press, filter_says):
    message = press.message("the-low-water-ferry")
    loud = re.sub(rb"(?m)^Subject: .*$", b"Subject: EARN $1000 NOW!! CLICK HERE", message, count=1)
    assert loud != message
    [(score, hits)] = filter_says([loud])
    assert any(name.startswith("SUBJ") for points, name in hits if points > 0), (score, hits)
