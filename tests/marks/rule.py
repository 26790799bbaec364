"""What a rule is: a check that yields one sentence a fault, with a weight and a source.

A rule's whole weight is lost when `step` times the number of faults reaches one: some are
broken by a single fault, others by many. The sums are out of 100 for each kind.
"""

KINDS = ("static", "rendering", "text")
RULES = []


class Rule:
    def __init__(self, kind, code, weight, section, title, step, check):
        self.kind, self.code, self.weight = kind, code, weight
        self.section, self.title, self.step, self.check = section, title, step, check


def rule(kind, code, weight, section, title, step=1.0):
    def keep(check):
        assert kind in KINDS and code not in [r.code for r in RULES]
        RULES.append(Rule(kind, code, weight, section, title, step, check))
        return check
    return keep


class Mark:
    """What one rule found in one letter."""

    def __init__(self, rule, faults):
        self.rule, self.faults = rule, faults
        share = min(1.0, len(faults) * rule.step)
        self.lost = share * rule.weight / weight_of(rule.kind) * 100


def weight_of(kind):
    return sum(r.weight for r in RULES if r.kind == kind)


def marks_of(kind, subject):
    return [Mark(r, list(r.check(subject) or ())) for r in RULES if r.kind == kind]


def total(marks):
    return 100 - sum(m.lost for m in marks)
