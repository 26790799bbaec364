"""Pictures from a publication's folder to a reader's letter, and to the web server."""

import email
import os
import re
import struct
import zlib

import pytest

PLACE = b"52 31 12 N 13 24 17 E"


def chunk(name, data):
    return (struct.pack(">I", len(data)) + name + data
            + struct.pack(">I", zlib.crc32(name + data)))


def png(width, height, *, text=b""):
    """A slope of colours, with a comment of its author's."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in (x & 255, y & 255, (x ^ y) & 255))
        for y in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    comment = chunk(b"tEXt", b"Comment\0" + text) if text else b""
    return (b"\x89PNG\r\n\x1a\n" + head + comment + chunk(b"IDAT", zlib.compress(rows))
            + chunk(b"IEND", b""))


def size_of(data):
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", data[16:24])


@pytest.fixture
def gallery(publication, tmp_path):
    """Its pictures: one that fits, one far too wide; and a cache of its own."""
    folder = publication.folder / "articles"
    (folder / "small.png").write_bytes(png(120, 80, text=PLACE))
    (folder / "wide one.png").write_bytes(png(1800, 300, text=PLACE))
    publication.article("show", "---\ntitle: Show\n---\n![Small](small.png)\n\n"
                        "![Wide](wide%20one.png)\n")
    publication.env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    return publication


def images(html):
    return [(src, int(width), int(height)) for src, width, height in re.findall(
        r'<img class="s" src="([^"]*)"[^>]* width="(\d+)" height="(\d+)"', html)]


def test_a_letter_names_size_and_place_of_each_picture(gallery):
    (_, *small), (_, *wide) = found = images(gallery.ok("render", "show", env=gallery.env))
    assert small == [120, 80]
    assert wide[0] < 640 and abs(wide[0] / 6 - wide[1]) <= 1
    for src, _, _ in found:
        assert re.fullmatch(r"http://127\.0\.0\.1:8080/m/[0-9a-f]{32}\.png", src)


def test_what_was_sent_lies_in_a_folder_for_the_web_server(gallery, catcher):
    gallery.relay(catcher.url)
    gallery.people(1)
    gallery.ok("send", "show", env=gallery.env)
    (letter,) = catcher.letters().values()
    html = email.message_from_bytes(letter).get_payload()[1].get_payload(decode=True).decode()
    sent = [src.rsplit("/", 1)[1] for src, _, _ in images(html)]
    kept = {p.name: p for p in (gallery.folder / "tidings.pictures").iterdir()}
    assert sorted(sent) == sorted(kept)
    sizes = sorted(size_of(p.read_bytes()) for p in kept.values())
    assert sizes[0] == (120, 80) and sizes[1][0] < 1800
    for path in kept.values():
        assert PLACE not in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o644
    assert "tidings.pictures/" in (gallery.folder / ".gitignore").read_text().split()


def test_a_picture_that_travels_along_is_stripped_too(gallery):
    gallery.article("show", "---\ntitle: Show\n---\n![Small](small.png){cid}\n")
    message = email.message_from_string(
        gallery.ok("render", "show", "--to", "eml", env=gallery.env))
    (part,) = [p for p in message.walk() if p.get_content_type() == "image/png"]
    data = part.get_payload(decode=True)
    assert size_of(data) == (120, 80) and PLACE not in data
    assert f'src="cid:{part["Content-ID"].strip("<>")}"' in message.as_string() or any(
        f'cid:{part["Content-ID"].strip("<>")}' in p.get_payload(decode=True).decode()
        for p in message.walk() if p.get_content_type() == "text/html")


def test_letters_are_the_same_with_an_old_cache_a_broken_one_and_none(gallery, tmp_path):
    first = gallery.ok("render", "show", env=gallery.env)
    entries = list((tmp_path / "cache" / "tidings" / "pictures").iterdir())
    assert len(entries) == 2
    assert gallery.ok("render", "show", env=gallery.env) == first
    for entry in entries:
        entry.write_bytes(entry.read_bytes()[:-1])
    assert gallery.ok("render", "show", env=gallery.env) == first
    assert gallery.ok("render", "show", env={"XDG_CACHE_HOME": "/proc/none"}) == first
    assert gallery.ok("render", "show", env={"XDG_CACHE_HOME": "", "HOME": ""}) == first


def test_the_logo_and_a_photo_may_be_files(gallery):
    (gallery.folder / "logo.png").write_bytes(png(360, 90))
    (gallery.folder / "ana.png").write_bytes(png(400, 400))
    path = gallery.folder / "tidings.yaml"
    text = path.read_text()
    for group, line in ("publication", "logo: logo.png"), ("authors", "ana: {name: Ana, photo: /ana.png}"):
        text = text.replace(f"\n{group}:\n", f"\n{group}:\n  {line}\n", 1)
    gallery.settings(text)
    gallery.article("show", "---\ntitle: Show\nauthor: ana\n---\nText.\n")
    html = gallery.ok("render", "show", env=gallery.env)
    assert re.search(r'/m/[0-9a-f]{32}\.png" alt="" width="180"', html)
    assert re.search(r'/m/[0-9a-f]{32}\.png" alt="Ana" width="72"', html)
    gallery.article("other", "---\ntitle: Other\n---\nText.\n\n::author[ana]\n")
    assert re.search(r'/m/[0-9a-f]{32}\.png" alt="Ana"', gallery.ok("render", "other", env=gallery.env))
    (gallery.folder / "ana.png").unlink()
    err = gallery.fails(65, "render", "show", env=gallery.env)
    assert "tidings.yaml:" in err and "there is no picture 'ana.png'" in err


@pytest.mark.parametrize("data, words, cure", [
    (b"This is no picture, whatever its name says.", "is no picture", "PNG"),
    (png(60, 40)[:-30], "ends before its picture does", "copy it anew"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG", "export it as PNG"),
    (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 40000, 40000, 1, 0, 0, 0, 0))
     + chunk(b"IDAT", zlib.compress(bytes(40000 * 50))) + chunk(b"IEND", b""),
     "more than 50 million pixels", "save it smaller"),
    (None, "52428800 bytes", "save it smaller"),
], ids=["text", "cut off", "svg", "bomb", "50 MB"])
def test_a_file_that_no_letter_can_show_is_refused_by_line(gallery, data, words, cure):
    path = gallery.folder / "articles" / "bad.png"
    path.write_bytes(data or b"\x89PNG\r\n\x1a\n")
    if data is None:
        os.truncate(path, 50 * 1024 * 1024)
    gallery.article("show", "---\ntitle: Show\n---\nText.\n\n![x](bad.png)\n")
    err = gallery.fails(65, "render", "show", env=gallery.env)
    assert "articles/show.md:6" in err and words in err and cure in err, err


def test_nothing_is_queued_when_a_picture_is_wrong(gallery, catcher):
    gallery.relay(catcher.url)
    gallery.people(1)
    (gallery.folder / "articles" / "small.png").write_bytes(b"no more")
    gallery.fails(65, "send", "show", env=gallery.env)
    assert catcher.count() == 0
    gallery.fails(66, "status", "show")
    assert not (gallery.folder / "tidings.pictures").exists()
