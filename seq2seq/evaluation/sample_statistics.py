"""Compares a language model's samples with a reference text: variety, repetition, new words, copied substrings."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from seq2seq.decoding.output import Output
from seq2seq.metrics.longest_copies import Source
from seq2seq.metrics.rouge import words
from seq2seq.plugin.report_blocks import COPIED, DISTINCT, Cell, Figure, Section, Table

TRAIN_CHARACTERS = 50_000_000
"""Maximum number of training text characters searched for copied substrings."""


def variety(outputs: Sequence[Output], texts: Sequence[str], train: Sequence[str] | None) -> Section:
    """Return the section comparing samples with a reference text and, if known, the training text."""
    samples = [output.text for output in outputs]
    spoken, read = [words(sample) for sample in samples], [words(text) for text in texts]
    size = min(sum(map(len, spoken)), sum(map(len, read)))
    # Compare equal numbers of words, because distinct-n falls with text length.
    spoken, read = _first(spoken, size), _first(read, size)
    rows: list[list[Cell]] = [["words", f"{size:,}", f"{size:,}"]]
    for length in (1, 2, 3):
        name = f"distinct-{length} (per 100 {length}-grams)"
        rows.append([name, _share(_distinct(spoken, length)), _share(_distinct(read, length))])
    rows.append(["repeated runs of 4 words, per 100", _share(_repeated(spoken, 4)), _share(_repeated(read, 4))])
    pairs, read_pairs = _distinct(spoken, 2), _distinct(read, 2)
    beside = f"reference text: {_share(read_pairs)}"
    figures = [Figure(DISTINCT, pairs, unit="of 100", higher_is_better=None, beside=beside, digits=1)]
    blocks: list[str | Table] = []
    if train is not None:
        learned = _first(train, TRAIN_CHARACTERS)
        known = set(words("\n".join(learned)))
        name = "words known from the training text, per 100"
        rows.append([name, _share(_known(spoken, known)), _share(_known(read, known))])
        source = Source(learned)
        copied, natural = source.longest_run(samples), source.longest_run(_first(texts, sum(map(len, samples))))
        beside, unit = f"reference text: {len(natural.text):,}", "characters"
        figures.append(Figure(COPIED, len(copied.text), None, None, unit, None, most=None, beside=beside, digits=0))
        rows.append(["longest run copied from the training text, characters", len(copied.text), len(natural.text)])
        if copied.text:
            blocks.append(f"Copied, in sample {copied.sample + 1}: “{copied.text}”")
        if sum(map(len, learned)) < sum(map(len, train)):
            blocks.append(f"Only the first {TRAIN_CHARACTERS:,} characters of the training text were searched.")
    table = Table(["what", "samples", "reference text"], [[str(cell) for cell in row] for row in rows])
    note = (
        f"{len(samples):,} samples and an equal amount of the reference text. Words are split as for ROUGE: lower "
        "case, no punctuation, Chinese by character. Runs do not span samples."
    )
    return Section("Samples compared with the reference text", [table, note, *blocks], figures)


Cut = TypeVar("Cut", str, tuple[str, ...])


def _first(texts: Sequence[Cut], size: int) -> list[Cut]:
    """Return the first texts, cut off at a total length in characters (for strings) or words (for tuples)."""
    kept = []
    for text in texts:
        if size <= 0:
            break
        kept.append(text[:size])
        size -= len(text)
    return kept


def _runs(spoken: Sequence[Sequence[str]], length: int) -> list[list[tuple[str, ...]]]:
    return [[tuple(text[place : place + length]) for place in range(len(text) - length + 1)] for text in spoken]


def _distinct(spoken: Sequence[Sequence[str]], length: int) -> float:
    """Return distinct-n, the number of distinct n-grams as a percentage of all n-grams."""
    every = [run for runs in _runs(spoken, length) for run in runs]
    return 100 * len(set(every)) / max(1, len(every))


def _repeated(spoken: Sequence[Sequence[str]], length: int) -> float:
    """Return the percentage of n-grams that already occurred earlier in the same text."""
    runs = _runs(spoken, length)
    again = sum(sum(times - 1 for times in Counter(text_runs).values()) for text_runs in runs)
    return 100 * again / max(1, sum(map(len, runs)))


def _known(spoken: Sequence[Sequence[str]], known: set[str]) -> float:
    """Return the percentage of words that are known."""
    return 100 * sum(word in known for text in spoken for word in text) / max(1, sum(map(len, spoken)))


def _share(value: float) -> str:
    return f"{value:.1f}"
