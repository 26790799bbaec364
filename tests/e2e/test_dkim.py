"""Letters are signed, and verifiers that others wrote prove it."""

import base64
import json
import subprocess

import pytest

from conftest import TOP, until

UNPACKED = TOP / "build" / "dkim"
PACKAGES = ["python3-dkim", "python3-nacl", "python3-cffi-backend", "python3-dnspython",
            "libsodium23"]

# What is asked of the verifier, in a process of its own: the folder of the letters, then
# NAME and RECORD of each key. It prints one line a signature that does not hold.
VERIFIER = """
import ctypes, glob, pathlib, sys
root = pathlib.Path(sys.argv[1])
for library in root.glob("usr/lib/*/libsodium.so.*"):
    ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
sys.path.insert(0, str(root / "usr/lib/python3/dist-packages"))
import dkim
keys = dict(zip(sys.argv[3::2], sys.argv[4::2]))
def dns(name, timeout=5):
    record = keys.get(name.decode() if isinstance(name, bytes) else name)
    return record.encode() if record else None
checked = 0
for path in sorted(glob.glob(sys.argv[2] + "/*.eml")):
    raw = open(path, "rb").read()
    raw = raw[raw.index(b"DKIM-Signature"):]
    for i in range(raw.split(b"\\r\\n\\r\\n")[0].count(b"DKIM-Signature:")):
        checked += 1
        try:
            good = dkim.DKIM(raw).verify(idx=i, dnsfunc=dns)
        except dkim.ValidationError:
            good = False
        if not good:
            print(path, i)
print("checked", checked)
"""


@pytest.fixture(scope="module")
def verifier():
    if not (UNPACKED / "usr/lib/python3/dist-packages/dkim").exists():
        UNPACKED.mkdir(parents=True, exist_ok=True)
        try:
            done = subprocess.run(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download",
                                   *PACKAGES], cwd=UNPACKED, capture_output=True, text=True)
        except FileNotFoundError:
            pytest.skip("no apt-get here")
        if done.returncode:
            pytest.skip("apt-get download: " + done.stderr.strip().splitlines()[-1])
        for package in UNPACKED.glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, UNPACKED], check=True)
            package.unlink()

    def verify(folder, records):
        names = [word for record in records for word in (record["name"] + ".", record["value"])]
        # Debian's own Python: the package's compiled parts are for that one.
        done = subprocess.run(["/usr/bin/python3", "-c", VERIFIER, UNPACKED, folder, *names],
                              capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        *bad, last = done.stdout.splitlines()
        return int(last.split()[1]), bad

    return verify


def set_keys(publication, ed25519=True):
    """Make keys and name them in the settings; their DNS records."""
    records = [json.loads(publication.ok("--json", "dkim", "new"))]
    lines = ["dkim:", "  selector: tidings", "  key_file: dkim.tidings.key"]
    if ed25519:
        records.append(json.loads(publication.ok("--json", "dkim", "new", "--ed25519")))
        lines += ["  ed25519_selector: tidings-ed25519",
                  "  ed25519_key_file: dkim.tidings-ed25519.key"]
    path = publication.folder / "tidings.yaml"
    path.write_text(path.read_text() + "\n" + "\n".join(lines) + "\n")
    return records


def test_a_thousand_letters_are_proved_by_another_program(publication, catcher, verifier):
    publication.relay(catcher.url, connections=8)
    publication.people(1000)
    records = set_keys(publication)
    # Blanks in rows, tabs and code: what a canonical form would change.
    publication.article("blanks", "---\ntitle: Blanks  in rows\n---\nDear "
                        "{{subscriber.name | default \"friend\"}},\n\n```\na\t b   c  \n   d\n```\n\n"
                        "| a | b |\n|---|---|\n| 1 | long words here |\n\nEnd.\n")
    publication.ok("send", "blanks")
    assert len(catcher.log()) == 1000
    checked, bad = verifier(catcher.folder, records)
    assert checked == 2000 and bad == []
    # Break one octet, and the proof is gone.
    letter = next(iter(sorted(catcher.folder.glob("*.eml"))))
    raw = letter.read_bytes()
    letter.write_bytes(raw.replace(b"End.", b"Ent."))
    assert len(verifier(catcher.folder, records)[1]) == 2


def test_the_record_and_the_settings_agree(publication):
    made = set_keys(publication)
    shown = [json.loads(line) for line in publication.ok("--json", "dkim", "show").splitlines()]
    assert shown == made
    assert made[0]["name"] == "tidings._domainkey.example.org"
    assert made[0]["value"].startswith("v=DKIM1; k=rsa; p=")
    assert len(base64.b64decode(made[0]["value"].rsplit("p=")[1])) == 294
    zone = publication.ok("dkim", "show")
    assert all(len(part) <= 255 for part in zone.split('"')[1::2])
    assert "".join(zone.splitlines()[0:1]).startswith("tidings._domainkey.example.org. IN TXT (")


def test_a_key_outside_the_folder_is_found_by_its_absolute_path(publication, tmp_path, catcher):
    publication.relay(catcher.url)
    set_keys(publication, ed25519=False)
    publication.people(1)
    shown = publication.ok("dkim", "show")
    elsewhere = tmp_path / "elsewhere.key"
    (publication.folder / "dkim.tidings.key").rename(elsewhere)
    publication.settings(key_file=elsewhere)
    assert publication.ok("dkim", "show") == shown
    publication.ok("send", "welcome")
    raw, = catcher.letters().values()
    assert b"DKIM-Signature" in raw


def test_a_copy_sent_after_a_lost_reply_has_the_same_signature(publication, catch):
    deaf = catch("--faults", "dot:drop-kept@100%")
    publication.relay(deaf.url)
    set_keys(publication)
    publication.people(1)
    assert publication("send", "welcome").returncode == 5
    publication.ok("settle", "welcome", "--as", "queued", "--all")
    good = catch()
    publication.relay(good.url)
    publication.ok("send", "welcome")
    until(lambda: deaf.count() >= 1, "the first copy")
    first, = {raw.split(b"\r\n", 2)[2] for raw in deaf.letters().values()}
    second, = {raw.split(b"\r\n", 2)[2] for raw in good.letters().values()}
    assert first == second and b"DKIM-Signature" in first


def test_a_key_that_others_may_read_signs_nothing(publication, catcher):
    publication.relay(catcher.url)
    set_keys(publication, ed25519=False)
    publication.people(1)
    (publication.folder / "dkim.tidings.key").chmod(0o644)
    err = publication.fails(78, "send", "welcome")
    assert "others may read" in err and "chmod 600" in err, err
    (publication.folder / "dkim.tidings.key").unlink()
    err = publication.fails(66, "send", "welcome")
    assert "dkim.tidings.key" in err, err
    assert catcher.log() == []


def test_bad_keys_and_names_are_refused_by_the_settings(publication):
    path = publication.folder / "tidings.yaml"
    text = path.read_text()
    for lines, words in [("dkim: {selector: a}", "without dkim.key_file"),
                         ("dkim: {key_file: a}", "without dkim.selector"),
                         ("dkim: {ed25519_selector: a, ed25519_key_file: b}", "without a first")]:
        path.write_text(text + "\n" + lines + "\n")
        err = publication.fails(78, "config")
        assert words in err and "tidings.yaml:" in err, err
    path.write_text(text)
    publication.fails(64, "dkim", "new", "--selector", "a b")
    publication.fails(64, "dkim", "make")
    publication.fails(66, "dkim", "show")
    publication.ok("dkim", "new")
    err = publication.fails(65, "dkim", "new")
    assert "dkim.tidings.key" in err, err
