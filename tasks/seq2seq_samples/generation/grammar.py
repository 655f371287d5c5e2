"""Parse plots (templates of tales), and generate tales from them.

A plot is a block of lines; the first is its name. The sign before a line gives its meaning:

- ``@ hero: fox|wolf`` is not a sentence: it declares a named character and its possible kinds. A class of
  the lexicon stands for all its entries.
- ``-`` is always included.
- ``?`` is included half of the time.
- ``*``: consecutive lines with this sign come in random order.
- A letter: one of consecutive lines with the same letter is chosen.
- ``--`` begins a paragraph.

A line that begins with spaces continues the line before it.

`seq2seq_samples.generation.wording` describes the notation of the sentences.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import factorial, prod
from random import Random

from seq2seq_samples.engine.templates import blocks
from seq2seq_samples.generation.cast import Cast, kinds_of
from seq2seq_samples.generation.wording import Choice, Word, Wording, parsed, slots, ways, words

PARAGRAPH = "--"
_CHARACTER = re.compile(r"@ ([a-z]+): (\S.*)")
_LINE = re.compile(r"([-?*a-z]) (\S.*)")
_CONTINUATION = re.compile("\n +")
_BLANKS = re.compile(" +")
_BLANK_BEFORE = re.compile(" (?=[,.;:!?])")
# An article before a vowel; in the tales, "a" is always an article.
_ARTICLE = re.compile(r"\b([Aa])(?= [aeiou])")
# Start of a sentence, inside or outside quotation marks.
_BEGINNING = re.compile(r"(?:^\"?|(?<=[.!?] )|(?<=[^,] \"))[a-z]")


@dataclass(frozen=True)
class Line:
    """A line of a plot: its sign and its wording, which is empty for `PARAGRAPH`."""

    sign: str
    wording: Wording


@dataclass(frozen=True)
class Plot:
    """The events of a tale and their wordings.

    Attributes:
        language: 'en' or 'zh'.
        name: Subject, unique within its language.
        kinds: Possible kinds of each character, by slot.
        lines: Its lines, in order.
    """

    language: str
    name: str
    kinds: dict[str, tuple[str, ...]]
    lines: tuple[Line, ...]

    @cached_property
    def remembered(self) -> dict[str, set[str]]:
        """All forms of remembered values that the plot uses, by slot."""
        forms: dict[str, set[str]] = {name: set() for name in self.kinds}
        for line in self.lines:
            for slot in slots(line.wording, self.language):
                forms.setdefault(slot.name, set()).add(slot.form)
        return forms

    def ways(self) -> int:
        """Return the number of possible tales, not counting the choice of characters and things."""
        total = 1
        for sign, group in groupby(self.lines, key=lambda line: line.sign):
            counts = [ways(line.wording, self.language) for line in group]
            if sign.isalpha():
                total *= sum(counts)
            elif sign == "?":
                total *= prod(1 + count for count in counts)
            else:
                total *= prod(counts) * (factorial(len(counts)) if sign == "*" else 1)
        return total


@dataclass(frozen=True)
class Tale:
    """A generated tale.

    Attributes:
        language: 'en' or 'zh'.
        plot: Name of its plot.
        characters: Name and kind of every named character.
        text: Its text, with a line break between paragraphs.
    """

    language: str
    plot: str
    characters: tuple[tuple[str, str], ...]
    text: str


def plots(language: str, table: str) -> list[Plot]:
    """Parse a table of plots, separated by empty lines.

    Raises:
        ValueError: If a line has no sign or is malformed, or if a slot, form or class does not exist.
    """
    joined = _CONTINUATION.sub(" " if language == "en" else "", table)
    return [_plot(language, name, lines) for name, lines in blocks(joined)]


def tell(plot: Plot, random: Random, split: str) -> Tale:
    """Generate a tale from a plot, with characters of one split."""
    cast = Cast(random, plot.language, split, plot.kinds)
    paragraphs: list[list[str]] = [[]]
    for line in _arranged(plot, random):
        if line.sign == PARAGRAPH:
            paragraphs.append([])
        else:
            paragraphs[-1].append(_told(line.wording, cast))
    finish = _english if plot.language == "en" else _chinese
    text = "\n".join(finish(sentences) for sentences in paragraphs if sentences)
    return Tale(plot.language, plot.name, cast.characters, text)


def _arranged(plot: Plot, random: Random) -> Iterator[Line]:
    """Choose the lines of a tale and their order."""
    for sign, group in groupby(plot.lines, key=lambda line: line.sign):
        lines = list(group)
        if sign.isalpha():
            yield random.choice(lines)
        elif sign == "*":
            yield from random.sample(lines, len(lines))
        else:
            yield from (line for line in lines if sign != "?" or random.random() < 0.5)


def _told(wording: Wording, cast: Cast) -> str:
    """Expand a wording from left to right, with random choices and words."""
    text = ""
    for part in wording:
        if isinstance(part, str):
            text += part
        elif isinstance(part, Choice):
            text += _told(cast.random.choice(part.wordings), cast)
        elif isinstance(part, Word):
            text += _told(parsed(cast.random.choice(words(cast.language, part.kind))), cast)
        else:
            text += cast.value(part.name).forms[part.form]
    return text


def _english(sentences: Sequence[str]) -> str:
    """Join sentences, and correct capitals, articles and spaces."""
    return " ".join(_sentence(text) for text in sentences)


def _sentence(text: str) -> str:
    text = _BLANK_BEFORE.sub("", _BLANKS.sub(" ", text))
    return _BEGINNING.sub(lambda match: match[0].upper(), _ARTICLE.sub(r"\1n", text))


def _chinese(sentences: Sequence[str]) -> str:
    return "".join(sentences)


def _plot(language: str, name: str, texts: Sequence[str]) -> Plot:
    kinds: dict[str, tuple[str, ...]] = {}
    lines = []
    for text in texts:
        if match := _CHARACTER.fullmatch(text):
            kinds[match[1]] = kinds_of(language, match[2])
        elif text == PARAGRAPH:
            lines.append(Line(PARAGRAPH, ()))
        elif match := _LINE.fullmatch(text):
            lines.append(Line(match[1], parsed(match[2])))
        else:
            raise ValueError(f"A line of a plot begins with @ - ? * or a letter and a blank, or is --, not '{text}'.")
    plot = Plot(language, name, kinds, tuple(lines))
    # Draw everything once, to find missing names and forms when plots are read.
    cast = Cast(Random(0), language, "train", kinds)
    for slot, forms in plot.remembered.items():
        if lacking := forms - cast.value(slot).forms.keys():
            raise ValueError(f"'{{{slot}}}' of the plot '{name}' has no form '{min(lacking)}'.")
    return plot
