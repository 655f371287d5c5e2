"""Parse templates of reports, and generate reports and their summaries from them.

A template (`Pattern`) is a block of lines; the first is its name, and most others are sentences. The sign before a line
gives its role:

- ``^`` opens the report.
- ``-`` states facts, anywhere after the opening. ``+`` does too, but comes after the ``-`` or ``+`` line above it.
- ``~`` is a distractor, anywhere after the opening. ``>`` is a distractor that cannot come first, because it refers
  to the facts.
- ``=`` is the summary.
- ``<`` names two slots, the first of which holds the smaller or earlier value.

``{town2}`` is a slot, the second town. ``[a|b]`` is a choice of wordings that does not affect the summary.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from seq2seq_samples.engine.splits import kind_of
from seq2seq_samples.summarization.values import Draw, Value

SLOT = re.compile(r"\{([a-z]+[0-9]?)\}")
CHOICE = re.compile(r"\[([^]]*)\]")
# Weight of each number of sentences in a report.
SENTENCES = {3: 20, 4: 40, 5: 28, 6: 12}
# Slot numbers used in the distractors shared by all templates of a kind, as in ``{town8}``.
PASSING = "89"


@dataclass(frozen=True)
class Line:
    """A sentence with slots, and the sign before it."""

    sign: str
    text: str

    @property
    def slots(self) -> list[str]:
        """Names of its slots, in order."""
        return SLOT.findall(self.text)


@dataclass(frozen=True)
class Pattern:
    """A template of a report.

    Attributes:
        name: Subject.
        kind: 'weather', 'match', 'meeting' or 'delivery'.
        language: 'en' or 'zh'.
        told: The sentences that are always included, the opening first.
        rivals: Distractors of this template.
        passing: Distractors shared by all templates of the kind.
        summary: The summary.
        ascending: Pairs of slots whose values are in ascending order.
    """

    name: str
    kind: str
    language: str
    told: tuple[Line, ...]
    rivals: tuple[Line, ...]
    passing: tuple[Line, ...]
    summary: Line
    ascending: tuple[tuple[str, str], ...]

    def is_rival(self, line: Line) -> bool:
        """Return whether a distractor contains another name or number of a kind that the summary needs."""
        asked = {kind_of(slot) for slot in self.summary.slots}
        return any(kind_of(slot) in asked and slot not in self.summary.slots for slot in line.slots)


@dataclass(frozen=True)
class Report:
    """A generated document with its summary.

    Attributes:
        kind: Kind of report.
        language: 'en' or 'zh'.
        pattern: Name of the template.
        sentences: Sentences of the document.
        summary: The reference.
        facts: Names and numbers in the summary, in order.
        others: Names and numbers that are only in the document.
    """

    kind: str
    language: str
    pattern: str
    sentences: tuple[str, ...]
    summary: str
    facts: tuple[Value, ...]
    others: tuple[Value, ...]

    @property
    def document(self) -> str:
        """The document as one string."""
        return (" " if self.language == "en" else "").join(self.sentences)


def patterns(kind: str, language: str, table: str, passing: str) -> list[Pattern]:
    """Parse the templates of one kind and language.

    Args:
        kind: Kind of report.
        language: 'en' or 'zh'.
        table: Templates, separated by empty lines.
        passing: Distractors that the templates share, one per line.

    Raises:
        ValueError: If a block does not have exactly one summary, or if a line has no sign.
    """
    shared = tuple(map(_line, passing.strip().splitlines()))
    return [_pattern(kind, language, block.splitlines(), shared) for block in table.strip().split("\n\n")]


def write(pattern: Pattern, random: Random, split: str) -> Report:
    """Generate a report from a template, with the names and numbers of one split."""
    draw = Draw(random, pattern.language, split)
    for first, second in pattern.ascending:
        draw.ascend(first, second)
    lines = _arranged(pattern, random)
    sentences = tuple(_filled(line.text, draw, f"@{place}") for place, line in enumerate(lines))
    summary = _filled(pattern.summary.text, draw, "")
    facts = tuple(draw.values[slot] for slot in dict.fromkeys(pattern.summary.slots) if draw.values[slot].kind)
    used = dict.fromkeys(_named(slot, f"@{place}") for place, line in enumerate(lines) for slot in line.slots)
    others = tuple(draw.values[slot] for slot in used if draw.values[slot].kind and draw.values[slot] not in facts)
    return Report(pattern.kind, pattern.language, pattern.name, sentences, summary, facts, others)


def _arranged(pattern: Pattern, random: Random) -> list[Line]:
    """Choose the distractors, and put all sentences into a coherent order."""
    size = random.choices(list(SENTENCES), list(SENTENCES.values()))[0]
    first = random.choice([line for line in pattern.rivals if pattern.is_rival(line)])
    rest = [line for line in (*pattern.rivals, *pattern.passing) if line is not first]
    more = max(0, size - len(pattern.told) - 1)
    opening = [line for line in pattern.told if line.sign == "^"]
    body = [*pattern.told[len(opening) :], first, *random.sample(rest, more)]
    random.shuffle(body)
    body = _chained(pattern.told[len(opening) :], body)
    if not opening:
        told = next(place for place, line in enumerate(body) if line.sign in "-+")
        early = [line for line in body[:told] if line.sign == ">"]
        body = [line for line in body[:told] if line.sign != ">"] + [body[told], *early, *body[told + 1 :]]
    return opening + body


def _chained(told: Sequence[Line], body: list[Line]) -> list[Line]:
    """Keep the fact sentences in their original order if one of them refers to the one above it."""
    if not any(line.sign == "+" for line in told):
        return body
    ordered = iter(told)
    return [next(ordered) if line.sign in "-+" else line for line in body]


def _named(slot: str, place: str) -> str:
    return slot + place if slot[-1] in PASSING else slot


def _filled(text: str, draw: Draw, place: str) -> str:
    text = CHOICE.sub(lambda found: draw.random.choice(found[1].split("|")), text)
    return SLOT.sub(lambda found: draw.value(_named(found[1], place)).text, text)


def _line(text: str) -> Line:
    sign, _, sentence = text.partition(" ")
    if sign not in tuple("^-+~>=<"):
        raise ValueError(f"A line of a pattern begins with one of ^ - + ~ > = < and a blank, not '{text}'.")
    return Line(sign, sentence)


def _pattern(kind: str, language: str, block: Sequence[str], passing: tuple[Line, ...]) -> Pattern:
    name, *rest = block
    lines = list(map(_line, rest))
    by_sign = {signs: tuple(line for line in lines if line.sign in signs) for signs in ("^-+", "~>", "=", "<")}
    if len(by_sign["="]) != 1:
        raise ValueError(f"The pattern '{name}' has {len(by_sign['='])} summaries, but needs one.")
    pairs = [line.text.split() for line in by_sign["<"]]
    return Pattern(
        name,
        kind,
        language,
        by_sign["^-+"],
        by_sign["~>"],
        passing,
        by_sign["="][0],
        tuple((first, second) for first, second in pairs),
    )
