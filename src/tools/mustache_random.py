"""mustache_random.py - Mustache templates by the roll of dice

cases(seed) gives [template, data, partials] without end, the same for the same
seed. Left out is what the specification leaves open and the two programs do
each in its own way:
  values   maps and lists as text, ' and ` in texts, nought as a section's value;
  lines    an empty one in what is moved (is it indented?), blanks behind the
           last line's tag (never alone there) and \\r without \\n (a line there);
  blocks   empty ones; one tag of a block with a line of its own and the other
           without; lines further out than the block's first; several lines in
           `  {{$b}}...{{/b}}` on a line of its own, as they stand; what ends
           with its line where a block within text is, and the reverse (TALL,
           SHORT and INLINE keep them apart); tags at a block's very ends; one
           on a line of its own within an indented one, whose own content the
           other indents once more;
  partials with blocks: to put one in is, says the specification, a parent
           without blocks, yet the other does not hand the heirs' on to it.
"""
import random

SCALARS = ["", "x", "<&\">", "a\nb\n", "two words", 7, 85, 1.5, -3, None, True, "{{v}}", "\u00e4"]
TEXTS = ["a", "b c", "}", "{x", ":", "<p>", "\u2713", "-", "="]
BLANKS = [" ", "  ", "\t", "    "]
VALUES = ["v", "w", "m.v", "m.n.w", "m.no.v", "v.w", "nothing"]
TRUTHS = ["yes", "no", "m.yes", "null", "nothing", "v.no"]
MAPS = ["m", "m.n", "e"]
BLOCKS = ["b0", "b1", "b2", "b3", "b4", "b5"]
INNER = ["c0", "c1", "c2", "c3", "c4", "c5"]      # those of the parent "inner"
TALL, SHORT, INLINE = ["0", "1"], ["2", "3"], ["4", "5"]


def without_empty_lines(text):
    while "\n\n" in text:
        text = text.replace("\n\n", "\n")
    return text


class Dice:
    """One template after another. Partials are of two kinds: without blocks,
    and to be parents; each may use those that were made before it. So that no
    block comes to stand in itself, blocks hold those of higher numbers only,
    and what overrides one no other parent than "inner", whose own overrides
    hold neither (`within` counts)."""

    def __init__(self, seed):
        self.roll = random.Random(seed)
        self.partials, self.parents, self.blocks = [], [], []
        self.within = 0
        self.open, self.close = "{{", "}}"

    def maybe(self, chance):
        return self.roll.random() < chance

    def pick(self, things):
        return self.roll.choice(things)

    def tag(self, sign, name):
        blank = " " if self.maybe(0.1) else ""
        return self.open + sign + blank + name + blank + self.close

    def alone(self, tag, chance=0.6):
        """The tag, often on a line of its own."""
        if not self.maybe(chance):
            return tag
        before = self.pick(BLANKS) if self.maybe(0.5) else ""
        after = self.pick(BLANKS) if self.maybe(0.2) else ""
        return ("\n" if self.maybe(0.7) else "") + before + tag + after + "\n"

    def around(self, sign, name, inside):
        return self.alone(self.tag(sign, name)) + inside + self.alone(self.tag("/", name))

    def value(self, dot):
        name = "." if dot and self.maybe(0.6) else self.pick(VALUES)
        if self.open == "{{" and self.maybe(0.2):
            return "{{{" + name + "}}}"
        return self.tag("&" if self.maybe(0.2) else "", name)

    def section(self, depth, dot, used):
        kind = self.roll.randrange(5)
        if kind == 0:
            return self.around("#", "list", self.body(depth, True, used))
        if kind == 1:
            return self.around("#", "lists", self.around("#", ".", self.body(depth, True, used)))
        if kind == 2:
            return self.around("#", self.pick(MAPS), self.body(depth, False, used))
        return self.around(self.pick("#^"), self.pick(TRUTHS), self.body(depth, dot, used))

    def lines(self, depth, dot, used):
        """What stands between two tags with lines of their own: none of its
        lines is further out than the first."""
        indent = self.pick(BLANKS) if self.maybe(0.6) else ""
        body = self.pick(TEXTS) + self.body(depth, dot, used) + self.pick(TEXTS)
        body = without_empty_lines(body)
        return indent + body.replace("\n", "\n" + indent) + "\n"

    def line(self):
        return self.pick(TEXTS) + self.value(False) + self.pick(TEXTS)

    def around_block(self, name, depth, dot, used, overrides):
        """A block within text, with lines of its own or on a line of its own,
        as its name wants."""
        first, last = self.tag("$", name), self.tag("/", name)
        before = self.pick(BLANKS) if self.maybe(0.6) else ""
        inside = self.lines(depth, dot, used)
        if name[1] in TALL:
            return "\n" + before + first + "\n" + inside + before + last + "\n"
        if name[1] in SHORT and not overrides:
            return "\n" + before + first + self.line() + last + "\n"
        if self.maybe(0.5) and overrides:
            inside = "\n" + inside.rstrip()
        else:
            inside = inside.strip()
        return self.pick(TEXTS) + first + inside + last + self.pick(TEXTS)

    def block(self, depth, dot, used):
        free = [b for b in self.blocks if all(b[1] > u[1] for u in used)]
        free = [b for b in free if not used or b[1] not in SHORT]
        if not free:
            return self.pick(TEXTS)
        name = self.pick(free)
        return self.around_block(name, depth, dot, used + [name], False)

    def parent(self, depth, used):
        parent = self.pick(["inner"] if self.within else self.parents)
        inside = ""
        self.within += 2 if parent == "inner" else 1
        for name in INNER if parent == "inner" else BLOCKS:
            if all(name[1] > u[1] for u in used) and self.maybe(0.5):
                inside += self.around_block(name, depth, False, used + [name], True)
            if self.maybe(0.2):
                inside += self.pick(TEXTS)
        self.within -= 2 if parent == "inner" else 1
        return self.around("<", parent, inside)

    def delimiters(self):
        old = self.open, self.close
        self.open, self.close = self.pick([("{{", "}}"), ("<%", "%>"), ("|", "|"), ("[[", "]]")])
        return self.alone(f"{old[0]}={self.open} {self.close}={old[1]}")

    def part(self, depth, dot, used):
        """A tag with what is in it, or a text."""
        kind = self.roll.randrange(16 if self.blocks else 10)
        if kind < 3:
            return self.value(dot)
        if kind == 3:
            return self.alone(self.tag("!", self.pick(["x", "x\n y", "#", "v"])))
        if kind < 6 and depth > 0:
            return self.section(depth - 1, dot, used)
        if kind == 6 and self.partials:
            return self.alone(self.tag(">", self.pick(self.partials)))
        if kind in (10, 11, 12) and depth > 0 and self.within < 2:
            return self.block(depth - 1, dot, used)
        if kind > 12 and self.parents and depth > 0 and self.within < 2:
            return self.parent(depth - 1, used)
        return self.pick(TEXTS)

    def body(self, depth, dot=False, used=()):
        out = ""
        for _ in range(self.roll.randrange(1, 5)):
            if self.maybe(0.3):
                out += self.pick(BLANKS)
            out += self.part(depth, dot, list(used))
            if self.maybe(0.4):
                out += "\n"
        return out

    def template(self, newline):
        self.open, self.close = "{{", "}}"
        out = self.delimiters() if self.maybe(0.1) else ""
        out += self.body(3)
        if self.open == "{{" and self.maybe(0.1):
            out += self.delimiters() + self.body(2)
        out = without_empty_lines(out)
        return out.rstrip(" \t").lstrip("\n").replace("\n", newline)


def data_of(dice):
    scalar = lambda: dice.pick(SCALARS)
    data = {"yes": True, "no": False, "null": None, "e": {},
            "m": {"yes": dice.pick([True, "t", 1]), "v": scalar(), "n": {"w": scalar(), "v": scalar()}},
            "list": [dice.pick(SCALARS[1:]) for _ in range(dice.roll.randrange(4))],
            "lists": [[dice.roll.randrange(1, 100) for _ in range(dice.roll.randrange(3))]
                      for _ in range(dice.roll.randrange(3))]}
    for name in ["v", "w"]:
        if dice.maybe(0.8):
            data[name] = scalar()
    return data


def cases(seed):
    turn = 0
    while True:
        dice = Dice(f"{seed} {turn}")
        newline = dice.pick(["\n", "\n", "\r\n"])
        inherits = dice.maybe(0.5)
        partials = {}
        for name in ["q1", "q0"]:
            partials[name] = dice.template(newline)
            dice.partials.append(name)
        if inherits:
            for name in ["inner", "p2", "p1", "p0"]:
                dice.blocks = INNER if name == "inner" else BLOCKS
                partials[name] = dice.template(newline)
                dice.parents.append(name)
        yield [dice.template(newline), data_of(dice), partials]
        turn += 1
