"""Parse templates of reports, and generate reports and their summaries from them.

A template (`Pattern`) is a block of lines; the first is its name, and most others are sentences. The sign before a line
gives its role:

- ``^`` opens the report.
- ``-`` states facts, anywhere after the opening. ``+`` does too, but comes after the ``-`` or ``+`` line above it.
- ``~`` is a distractor, anywhere after the opening. ``>`` is a distractor that cannot come first, because it refers
  to the facts.
- ``=`` is the summary.

`seq2seq_samples.engine.templates` describes the rest of the notation. Choices of wordings contain no slots.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from seq2seq_samples.engine.templates import SLOT, blocks, filled, without_pairs
from seq2seq_samples.engine.values import Draw, Value, kind_of
from seq2seq_samples.summarization.values import MAKERS

# Weight of each number of sentences in a report.
SENTENCES = {3: 20, 4: 40, 5: 28, 6: 12}
# End of the slots in the distractors shared by all templates of a kind, such as ``{town8}``.
_PASSING = re.compile(r"(?<=[a-z][89])\}")


@dataclass(frozen=True)
class Line:
    """A sentence with slots, and the sign before it."""

    sign: str
    text: str

    @property
    def slots(self) -> list[str]:
        """Names of its slots, in order."""
        return SLOT.findall(self.text)

    def at(self, place: int) -> str:
        """Return its text with slots of shared distractors numbered by sentence, so no two sentences share them."""
        return _PASSING.sub(f"{place}}}", self.text)


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
    def way(self) -> tuple[str, str, str]:
        """Kind, language and name of its template."""
        return self.kind, self.language, self.pattern

    @property
    def values(self) -> tuple[Value, ...]:
        """All its names and numbers."""
        return self.facts + self.others

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
    return [_pattern(kind, language, name, texts, shared) for name, texts in blocks(table)]


def write(pattern: Pattern, random: Random, split: str) -> Report:
    """Generate a report from a template, with the names and numbers of one split."""
    draw = Draw(random, pattern.language, split, MAKERS[pattern.language])
    draw.ascend(pattern.ascending)
    sentences = [filled(line.at(place), draw) for place, line in enumerate(_arranged(pattern, random))]
    summary, values = filled(pattern.summary.text, draw)
    facts = _held_out(values)
    others = _held_out(value for _, used in sentences for value in used if value not in facts)
    texts = tuple(text for text, _ in sentences)
    return Report(pattern.kind, pattern.language, pattern.name, texts, summary, facts, others)


def _held_out(values: Iterable[Value]) -> tuple[Value, ...]:
    """Return the different names and numbers, in order, without words from closed lists."""
    return tuple(value for value in dict.fromkeys(values) if value.is_held_out)


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


def _line(text: str) -> Line:
    sign, _, sentence = text.partition(" ")
    if sign not in tuple("^-+~>="):
        raise ValueError(f"A line of a pattern begins with one of ^ - + ~ > = < and a blank, not '{text}'.")
    return Line(sign, sentence)


def _pattern(kind: str, language: str, name: str, texts: Sequence[str], passing: tuple[Line, ...]) -> Pattern:
    sentences, ascending = without_pairs(texts)
    lines = list(map(_line, sentences))
    told, rivals, summaries = (tuple(line for line in lines if line.sign in signs) for signs in ("^-+", "~>", "="))
    if len(summaries) != 1:
        raise ValueError(f"The pattern '{name}' has {len(summaries)} summaries, but needs one.")
    return Pattern(name, kind, language, told, rivals, passing, summaries[0], ascending)
