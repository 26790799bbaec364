"""The letters go through a full MTA: Debian's Postfix, unpacked and run from its
own configuration on loopback, never installed."""

import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import tempfile

import pytest

from conftest import TOP, others_may_enter, until, with_thanks
from test_send import ONCE, of_html, parsed, parts

# Unpacked once and kept in the build folder.
UNPACKED = TOP / "build" / "postfix"
PACKAGES = ["postfix", "libnsl2", "libicu72", "libdb5.3", "libsasl2-2", "cpio"]


def unpack():
    """The packages' files below UNPACKED, or the reason why not."""
    if os.geteuid() != 0:
        return "Postfix runs as root only"
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return "no apt-get here"
    if not (UNPACKED / "usr/sbin/postfix").exists():
        UNPACKED.mkdir(parents=True, exist_ok=True)
        # apt drops to a user of its own, which must be able to write here.
        done = subprocess.run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
                               *PACKAGES], cwd=UNPACKED, capture_output=True, text=True)
        if done.returncode:
            return "apt-get download: " + done.stderr.strip().splitlines()[-1]
        for package in UNPACKED.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
            package.unlink()
    return None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def user(name):
    """An unprivileged user that is there on every Debian."""
    return pwd.getpwnam(name).pw_name


def configure(place, root, port, maildir):
    """A whole Postfix below `root` that takes mail on loopback and keeps it."""
    libraries = place / "usr/lib/postfix"
    for name in ["etc", "queue", "data", "mail"]:
        (root / name).mkdir(parents=True, exist_ok=True)
    owner, dropper = user("daemon"), "mail"
    main = f"""\
compatibility_level = 3.6
queue_directory = {root}/queue
command_directory = {place}/usr/sbin
daemon_directory = {place}/usr/lib/postfix/sbin
data_directory = {root}/data
import_environment = MAIL_CONFIG LD_LIBRARY_PATH
shlib_directory = {libraries}
meta_directory = {root}/etc
mail_owner = {owner}
setgid_group = {dropper}
default_privs = nobody
myhostname = mx.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtputf8_enable = no
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = example.org
virtual_mailbox_maps = static:all/
virtual_mailbox_base = {maildir}
virtual_uid_maps = static:{pwd.getpwnam("nobody").pw_uid}
virtual_gid_maps = static:{pwd.getpwnam("nobody").pw_gid}
virtual_minimum_uid = 1
alias_maps =
local_recipient_maps =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
maillog_file = {root}/maillog
maillog_file_prefixes = {root}
recipient_delimiter =
message_size_limit = 20000000
"""
    master = f"""\
127.0.0.1:{port} inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
verify    unix  - - n - 1 verify
flush     unix  n - n 1000? 0 flush
error     unix  - - n - - error
retry     unix  - - n - - error
discard   unix  - - n - - discard
virtual   unix  - n n - - virtual
anvil     unix  - - n - 1 anvil
proxymap  unix  - - n - - proxymap
tlsmgr    unix  - - n 1000? 1 tlsmgr
postlog   unix-dgram n - n - 1 postlogd
"""
    (root / "etc/main.cf").write_text(main)
    (root / "etc/master.cf").write_text(master)
    files = place / "usr/lib/postfix/sbin/postfix-script"
    if not files.exists():
        pytest.skip("the unpacked Postfix lacks postfix-script")
    shutil.copy(place / "etc/postfix/postfix-files", root / "etc/postfix-files") \
        if (place / "etc/postfix/postfix-files").exists() else None
    uid, gid = pwd.getpwnam(owner).pw_uid, pwd.getpwnam(owner).pw_gid
    os.chown(root / "data", uid, gid)
    nobody = pwd.getpwnam("nobody")
    os.chown(maildir, nobody.pw_uid, nobody.pw_gid)
    for name in ["active", "bounce", "corrupt", "defer", "deferred", "flush", "hold",
                 "incoming", "private", "saved", "trace"]:
        folder = root / "queue" / name
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, uid, -1)
    for name in ["public", "maildrop"]:
        import grp
        folder = root / "queue" / name
        folder.mkdir(exist_ok=True)
        os.chown(folder, uid, grp.getgrnam(dropper).gr_gid)
        folder.chmod(0o730 if name == "maildrop" else 0o710)
    (root / "queue/pid").mkdir(exist_ok=True)


def listens(port):
    with socket.socket() as s:
        s.settimeout(1)
        try:
            s.connect(("127.0.0.1", port))
            return s.recv(100).startswith(b"220")
        except OSError:
            return False


@pytest.fixture
def home():
    """A folder that Postfix's unprivileged users may enter; pytest closes its own to
    them whenever another run begins."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="tidings-postfix-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postfix(home):
    reason = unpack()
    if reason:
        pytest.skip(reason)
    if not others_may_enter(home):
        pytest.skip(f"unprivileged users may not enter {home} here")
    place = UNPACKED
    if not others_may_enter(UNPACKED):
        place = shutil.copytree(UNPACKED, home / "unpacked", symlinks=True)
    root = home / "postfix"
    maildir = home / "postfix" / "mail"
    port = free_port()
    configure(place, root, port, maildir)
    libraries = [place / "usr/lib/postfix", place / "usr/lib/x86_64-linux-gnu",
                 *(place / "usr/lib").glob("*-linux-gnu"), place / "lib"]
    env = {**os.environ, "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
           "MAIL_CONFIG": str(root / "etc")}
    master = subprocess.Popen(
        [str(place / "usr/lib/postfix/sbin/master"), "-d", "-c", str(root / "etc")],
        env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=True)
    try:
        until(lambda: master.poll() is not None or listens(port), "Postfix", 30)
        if master.poll() is not None:
            log = (root / "maillog").read_text() if (root / "maillog").exists() else ""
            pytest.fail(f"Postfix did not start: {master.stderr.read()} {log[-2000:]}")
        yield port, maildir, root / "maillog"
    finally:
        if master.poll() is None:
            # Its own children end with it; both are in a session of their own.
            os.killpg(master.pid, 15)
            master.wait(timeout=20)


def test_postfix_takes_a_thousand_letters_as_they_are(swamp, postfix, feature):
    slug, article = feature
    port, maildir, log = postfix
    publication = swamp(f"smtp://127.0.0.1:{port}")
    publication.article(slug, with_thanks(article))
    publication.people(1000)
    publication.ok("send", slug, timeout=300)
    rows = publication.ledger(slug)
    assert {r["state"] for r in rows} == {"sent"}
    until(lambda: len(list(maildir.glob("all/new/*"))) == 1000, "a thousand letters kept", 120)
    people = set()
    for path in maildir.glob("all/new/*"):
        raw = path.read_bytes().replace(b"\n", b"\r\n")
        message = parsed(raw)
        for name in ONCE:
            assert len(message.get_all(name, [])) == 1, name
        to = message["To"].addresses[0].addr_spec
        number = to.split("@")[0].removeprefix("reader")
        assert message["Delivered-To"] == to
        text, page = parts(message)
        for part in (text, of_html(page)):
            assert f"Thank you for reading, Reader{number}." in " ".join(part.split())
        people.add(to)
    assert len(people) == 1000
    # Each was answered with the queue id that Postfix's own log knows.
    known = log.read_text()
    for row in rows[:20]:
        assert row["reply"].split()[-1] in known
