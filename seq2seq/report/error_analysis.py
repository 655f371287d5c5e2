"""Error analysis in the style of compare-mt (Neubig et al. 2019, "compare-mt: A Tool for Holistic Comparison").

Texts are split into words as for ROUGE: lower case, no punctuation, Chinese by character. A reference word is correct
if the output contains it; each occurrence in the output can match only one occurrence in the reference. Each output is
compared with the reference that shares the most words with it.
"""

import difflib
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from seq2seq.metrics.rouge import words
from seq2seq.plugin.report_blocks import Block, Cell, Prediction, Quoted, Section, Table

FREQUENCIES = (1, 3, 9, 99, 999)
"""Upper limits of the word frequency buckets."""
LENGTHS = (5, 10, 15, 20, 30, 40, 60, 80, 120, 200)
"""Upper limits of the reference length buckets, in words."""
LISTED = 10
"""Maximum length of a list of words."""
SURPRISING = 6.63
"""Minimum log-likelihood ratio of a significant difference between a word's counts (p < 0.01 for one word)."""
ALIGNED_PAIRS, ALIGNED_WORDS = 2_000, 150
"""Maximum number of pairs, and of words per pair, in the search for replacements, which takes quadratic time."""
TITLE, WORDS_TITLE = "Where the errors are", "Words produced too often and too rarely"
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*|[〇零一二两三四五六七八九十百千万亿]{2,}")
# A capitalised word that follows a word or a comma and therefore does not begin a sentence.
_NAME = re.compile(r"(?<=[^\W_] |[,;] )[^\W\d_a-z\u2e80-\U0003ffff]\w+")


@dataclass(frozen=True)
class Pair:
    """A source, its output and the closest reference.

    `produced` are the words of the output, and `wanted` the words of the reference.
    """

    source: str
    output: str
    reference: str
    produced: tuple[str, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Hits:
    """Word counts: `wanted` in the reference, `produced` in the output, and `right` in both."""

    right: int = 0
    wanted: int = 0
    produced: int = 0

    def __add__(self, other: "Hits") -> "Hits":
        return Hits(self.right + other.right, self.wanted + other.wanted, self.produced + other.produced)

    def cells(self) -> list[Cell]:
        """Return the number of reference words, and recall, precision and F1 on a scale of 0 to 100."""
        recall, precision = (100 * self.right / max(1, count) for count in (self.wanted, self.produced))
        return [self.wanted, recall, precision, 200 * self.right / max(1, self.wanted + self.produced)]


def summary(predictions: Sequence[Prediction]) -> list[Section]:
    """Return the sections of the analysis, or none if no reference contains a word."""
    pairs = [_pair(prediction) for prediction in predictions]
    if not any(pair.wanted for pair in pairs):
        return []
    blocks = [_by_frequency(pairs), _by_length(pairs)]
    if kinds := list(_kinds(pairs)):
        blocks.append(
            Table(
                ["kind of word", "in references", "recall", "precision", "F1"],
                kinds,
                "Numbers are digits, and Chinese numerals of at least two characters; names are capitalised words "
                "inside a sentence (in German, all nouns); Chinese names are not recognised.",
                bar=4,
            )
        )
    note = (
        "A word is correct if output and reference both contain it, at any position; each occurrence counts once. "
        "Recall is the share of the references' words that are in the outputs, precision the share of the outputs' "
        "words that are in the references. Words are in lower case, Chinese by character; frequencies are counted "
        "in these references."
    )
    return [Section(TITLE, [*blocks, note]), *_lists(pairs)]


def _pair(prediction: Prediction) -> Pair:
    produced = words(prediction.hypothesis)
    counted = Counter(produced)
    closest = max(prediction.references, key=lambda text: _f1(counted, Counter(words(text))))
    return Pair(prediction.source, prediction.hypothesis, closest, produced, words(closest))


def _f1(produced: "Counter[str]", wanted: "Counter[str]") -> float:
    return 2 * (produced & wanted).total() / max(1, produced.total() + wanted.total())


def _hits(produced: Iterable[str], wanted: Iterable[str]) -> Hits:
    of_output, of_reference = Counter(produced), Counter(wanted)
    return Hits((of_output & of_reference).total(), of_reference.total(), of_output.total())


def _by_frequency(pairs: Sequence[Pair]) -> Table:
    """Return scores by word frequency in the references; unseen words belong to the rarest bucket."""
    frequency = Counter(word for pair in pairs for word in pair.wanted)
    groups: dict[int, Hits] = {}
    for pair in pairs:
        produced, wanted = Counter(pair.produced), Counter(pair.wanted)
        for word in produced.keys() | wanted.keys():
            place = _bucket(max(1, frequency[word]), FREQUENCIES)
            groups[place] = groups.get(place, Hits()) + Hits(
                min(produced[word], wanted[word]), wanted[word], produced[word]
            )
    rows: list[list[Cell]] = [[_range(place, FREQUENCIES), *groups[place].cells()] for place in sorted(groups)]
    return Table(["times in references", "words", "recall", "precision", "F1"], rows, "By word frequency.", bar=4)


def _by_length(pairs: Sequence[Pair]) -> Table:
    """Return scores by reference length."""
    groups: dict[int, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(_bucket(len(pair.wanted), LENGTHS), []).append(pair)
    rows: list[list[Cell]] = []
    for place in sorted(groups):
        hits = sum((_hits(pair.produced, pair.wanted) for pair in groups[place]), Hits())
        ratio = f"{hits.produced / max(1, hits.wanted):.3f}"
        rows.append([_range(place, LENGTHS), len(groups[place]), ratio, *hits.cells()[1:]])
    columns = ["words of the reference", "outputs", "length ratio", "recall", "precision", "F1"]
    return Table(columns, rows, "By length.", bar=5)


def _kinds(pairs: Sequence[Pair]) -> Iterator[list[Cell]]:
    """Yield a row for each kind of word that occurs in the references."""
    kinds: dict[str, Callable[[str], list[str]]] = {"numbers": _NUMBER.findall, "names": _NAME.findall}
    for name, find in kinds.items():
        hits = sum((_hits(find(pair.output), find(pair.reference)) for pair in pairs), Hits())
        if hits.wanted:
            yield [name, *hits.cells()]
    shared = Hits()
    for pair in pairs:
        source = set(words(pair.source))
        shared += _hits(filter(source.__contains__, pair.produced), filter(source.__contains__, pair.wanted))
    if shared.wanted:
        yield ["words of the source", *shared.cells()]


def _lists(pairs: Sequence[Pair]) -> Iterator[Section]:
    """Yield the section of words that outputs contain too often or too rarely."""
    produced = Counter(word for pair in pairs for word in pair.produced)
    wanted = Counter(word for pair in pairs for word in pair.wanted)
    totals = produced.total(), wanted.total()
    ranked = sorted(
        ((surprise(produced[word], wanted[word], *totals), word) for word in produced.keys() | wanted.keys()),
        key=lambda row: (-abs(row[0]), row[1]),
    )
    tables = []
    for caption, sign in (("Too often.", 1), ("Too rarely.", -1)):
        chosen = [word for score, word in ranked if sign * score >= SURPRISING][:LISTED]
        rows: list[list[Cell]] = [
            [Quoted(word), produced[word], wanted[word], produced[word] - wanted[word]] for word in chosen
        ]
        if rows:
            tables.append(Table(["word", "in outputs", "in references", "difference"], rows, caption))
    note = (
        "Sorted by the log-likelihood ratio of the two counts (Dunning 1993); differences that may be due to chance "
        "are omitted."
    )
    blocks: list[Block] = [*tables, note] if tables else []
    if replaced := _replacements(pairs):
        blocks.append(Table(["reference", "output", "times"], replaced, "Replaced most often."))
    if blocks:
        yield Section(WORDS_TITLE, blocks)


def repeats(pieces: Sequence[str]) -> bool:
    """Return whether any trigram of pieces occurs more than once."""
    trigrams = list(zip(pieces, pieces[1:], pieces[2:], strict=False))
    return len(set(trigrams)) < len(trigrams)


def surprise(produced: int, wanted: int, all_produced: int, all_wanted: int) -> float:
    """Return the log-likelihood ratio of a word's counts in outputs and references.

    The ratio is negative if the word is too rare in the outputs. `all_produced` and `all_wanted` are the total numbers
    of words in outputs and references.
    """
    share = (produced + wanted) / (all_produced + all_wanted)
    ratio = sum(
        2 * count * math.log(count / (share * total))
        for count, total in _counts(produced, wanted, all_produced, all_wanted)
    )
    return ratio if produced * all_wanted > wanted * all_produced else -ratio


def _counts(produced: int, wanted: int, all_produced: int, all_wanted: int) -> list[tuple[int, int]]:
    return [(count, total) for count, total in ((produced, all_produced), (wanted, all_wanted)) if count]


def _replacements(pairs: Sequence[Pair]) -> list[list[Cell]]:
    """Return a row (reference words, output words, count) per replacement of one to three words seen at least twice."""
    replaced: Counter[tuple[str, str]] = Counter()
    for pair in pairs[:ALIGNED_PAIRS]:
        if pair.produced == pair.wanted or max(len(pair.produced), len(pair.wanted)) > ALIGNED_WORDS:
            continue
        matcher = difflib.SequenceMatcher(None, pair.wanted, pair.produced, autojunk=False)
        for kind, start, end, other_start, other_end in matcher.get_opcodes():
            if kind == "replace" and end - start <= 3 and other_end - other_start <= 3:
                replaced[_joined(pair.wanted[start:end]), _joined(pair.produced[other_start:other_end])] += 1
    return [
        [Quoted(reference), Quoted(output), times]
        for (reference, output), times in replaced.most_common(LISTED)
        if times > 1
    ]


def _joined(run: Sequence[str]) -> str:
    """Join words with spaces, except between Chinese characters."""
    return re.sub(r"(?<=[\u2e80-\U0003ffff]) (?=[\u2e80-\U0003ffff])", "", " ".join(run))


def _bucket(value: int, edges: Sequence[int]) -> int:
    return next((place for place, edge in enumerate(edges) if value <= edge), len(edges))


def _range(place: int, edges: Sequence[int]) -> str:
    low = edges[place - 1] + 1 if place else 1 if edges is FREQUENCIES else 0
    if place == len(edges):
        return f"{low:,} and more"
    return str(low) if low == edges[place] else f"{low}–{edges[place]}"
