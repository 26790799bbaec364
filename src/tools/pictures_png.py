"""PNG in and out, enough to put two screenshots side by side and to make them small."""

import collections
import struct
import zlib


def decode(data):
    """(width, height, rows) of an 8-bit picture; a row is bytes of RGB."""
    at, idat, kind = 8, b"", None
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if name == b"IHDR":
            width, height, depth, kind = struct.unpack(">IIBB", body[:10])
            assert depth == 8 and kind in (2, 6), "a screenshot is 8-bit RGB or RGBA"
        elif name == b"IDAT":
            idat += body
        at += 12 + length
    step = 3 if kind == 2 else 4
    raw, stride, rows, before = zlib.decompress(idat), width * step, [], None
    before = bytearray(stride)
    for y in range(height):
        start = y * (stride + 1)
        line = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + stride]), before, step)
        before = line
        rows.append(bytes(line) if step == 3 else without_alpha(line))
    return width, height, rows


def without_alpha(line):
    out = bytearray(len(line) // 4 * 3)
    for i in range(3):
        out[i::3] = line[i::4]
    return bytes(out)


def unfilter(kind, line, before, step):
    if kind == 1:
        for i in range(step, len(line)):
            line[i] = (line[i] + line[i - step]) & 255
    elif kind == 2:
        line = bytearray((a + b) & 255 for a, b in zip(line, before))
    elif kind == 3:
        for i in range(len(line)):
            left = line[i - step] if i >= step else 0
            line[i] = (line[i] + (left + before[i]) // 2) & 255
    elif kind == 4:
        for i in range(len(line)):
            a, c = (line[i - step], before[i - step]) if i >= step else (0, 0)
            line[i] = (line[i] + paeth(a, before[i], c)) & 255
    return line


def paeth(a, b, c):
    p = a + b - c
    near = min(abs(p - a), abs(p - b), abs(p - c))
    return a if abs(p - a) == near else b if abs(p - b) == near else c


def beside(*pictures):
    """Pictures in a row; the lower ones go on in the colour of their last corner."""
    height = max(h for _, h, _ in pictures)
    columns = [rows + [rows[-1][:3] * width] * (height - h) for width, h, rows in pictures]
    return sum(w for w, _, _ in pictures), height, [b"".join(r) for r in zip(*columns)]


def encode(picture, most=64):
    """A PNG with a palette of `most` colours at most."""
    width, height, rows = picture
    counts = collections.Counter()
    for row in rows:
        counts.update(row[i:i + 3] for i in range(0, len(row), 3))
    palette = chosen(counts, most)
    index = {c: nearest(c, palette) for c in counts}
    lines = b"".join(b"\0" + bytes([index[row[i:i + 3]] for i in range(0, len(row), 3)])
                     for row in rows)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"PLTE", b"".join(palette)) +
            chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def chosen(counts, most):
    """The commonest colours, and the middle of each box that the others are cut into."""
    keep = [c for c, _ in counts.most_common(most // 2)]
    boxes = [[c for c in counts if c not in set(keep)]]
    while len(boxes) + len(keep) < most:
        box = max(boxes, key=lambda b: spread(b)[0] * len(b) if len(b) > 1 else -1)
        if len(box) < 2:
            break
        boxes.remove(box)
        axis = spread(box)[1]
        box.sort(key=lambda c: (c[axis], c))
        boxes += [box[:len(box) // 2], box[len(box) // 2:]]
    return keep + [mean(b, counts) for b in boxes if b]


def spread(box):
    if not box:
        return 0, 0
    widths = [max(c[i] for c in box) - min(c[i] for c in box) for i in range(3)]
    return max(widths), widths.index(max(widths))


def mean(box, counts):
    total = sum(counts[c] for c in box)
    return bytes(sum(c[i] * counts[c] for c in box) // total for i in range(3))


def nearest(colour, palette):
    return min(range(len(palette)), key=lambda n: sum(
        (a - b) ** 2 for a, b in zip(colour, palette[n])))
