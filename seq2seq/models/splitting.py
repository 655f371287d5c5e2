"""Decode a source sentence by sentence.

A model trained on single sentences generates one sentence for any source and would lose the others. So each line of a
source is split into sentences (`seq2seq.metrics.sentences`), the parts of the source, which are decoded separately.
Their outputs are joined with spaces, except in languages without spaces; line breaks are kept.

Pieces, attention and alignments of the parts are concatenated, and log probabilities are summed. The score is the mean
of the parts' scores, weighted by the lengths of the parts' best outputs. The n best outputs of a source are the n
combinations of part outputs with the highest scores.

Shapes: ``S`` source length, ``T`` output length.
"""

import re
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.corpus.example import Example
from seq2seq.corpus.languages import separator
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.word_boundaries import has_spaces
from seq2seq.generators import Returning
from seq2seq.metrics.sentences import sentences

PART_BITS = 30
"""A part's index holds the text's index in this number of low bits, and the part's position in the higher bits."""
_CLAUSE = re.compile("[；;][”’」』）》】〕〉)\\]]*$")


@dataclass(frozen=True)
class Split:
    """A source of several sentences.

    Args:
        parts: At least two sentences.
        breaks: Line breaks before each sentence; '' within a line.
    """

    parts: tuple[str, ...]
    breaks: tuple[str, ...]


def split(text: str) -> Split | None:
    """Return the sentences of a source; None if there is only one.

    A semicolon between Chinese or Japanese clauses does not end a sentence.
    """
    parts: list[str] = []
    breaks: list[str] = []
    before = ""
    for number, line in enumerate(text.split("\n")):
        before += "\n" if number else ""
        is_clause = False
        for sentence in sentences(line):
            if is_clause:
                parts[-1] += sentence
            else:
                parts.append(sentence)
                breaks.append(before)
                before = ""
            is_clause = _CLAUSE.search(sentence) is not None
    return Split(tuple(parts), tuple(breaks)) if len(parts) > 1 else None


class Sentences:
    """Sources split into sentences.

    Args:
        texts: The sources. An example whose source contains special tokens is not split.
        language: The language of the outputs; '' if unknown.
    """

    def __init__(self, texts: Sequence[str | Example], language: str) -> None:
        self._language = language
        self._splits: list[Split | None] = []
        self.texts: list[str | Example] = []
        for text in texts:
            source = text.source if isinstance(text, Example) else text
            cut = split(source) if isinstance(source, str) else None
            self._splits.append(cut)
            self.texts += [text] if cut is None else cut.parts

    @classmethod
    def of(cls, texts: Sequence[str | Example], prefixes: Sequence[str] | None, language: str) -> "Sentences | None":
        """Split texts; return None if no text has several sentences, or if the arguments are invalid."""
        if isinstance(texts, str) or (
            prefixes is not None and (isinstance(prefixes, str) or len(prefixes) != len(texts))
        ):
            return None  # encoding the texts reports the error
        cut = cls(texts, language)
        return cut if any(cut._splits) else None

    def numbers(self, numbers: Sequence[int]) -> list[int]:
        """Return an index for each part, which determines its samples; a first part has its source's index."""
        return [
            number + (place << PART_BITS)
            for number, count in zip(numbers, self.counts, strict=True)
            for place in range(count)
        ]

    def prefixes(self, prefixes: Sequence[str] | None) -> list[str] | None:
        """Return the prefix of each part; only the first part of a source has one."""
        if prefixes is None:
            return None
        return [
            prefix if place == 0 else ""
            for prefix, count in zip(prefixes, self.counts, strict=True)
            for place in range(count)
        ]

    def joined(self, outputs: Sequence[Sequence[Output]], count: int, *, are_ranked: bool) -> list[list[Output]]:
        """Return the outputs of each source.

        Args:
            outputs: The outputs of each part.
            count: Maximum number of outputs per source.
            are_ranked: Whether each part's outputs are sorted by score. If not, they are samples, and the i-th samples
                of all parts are joined.
        """
        following = iter(outputs)
        result = []
        for cut, size in zip(self._splits, self.counts, strict=True):
            parts = [list(next(following)) for _ in range(size)]
            if cut is None:
                result.append(parts[0])
            elif are_ranked:
                weights = [_weight(part[0]) for part in parts]
                best = best_combinations(parts, weights, count)
                result.append([join(combination, cut.breaks, weights, self._language) for combination in best])
            else:
                most = min(count, max(map(len, parts)))
                drawn = [[part[min(number, len(part) - 1)] for part in parts] for number in range(most)]
                result.append([join(sample, cut.breaks, [*map(_weight, sample)], self._language) for sample in drawn])
        return result

    def streamed(
        self, write: Callable[[str | Example, int], Generator[str, None, Output]], numbers: Sequence[int]
    ) -> Generator[str, None, Output]:
        """Generate the output for a single source, yielding its text in parts.

        Args:
            write: Generates the output for a sentence, given its index.
            numbers: Index of each sentence.
        """
        (cut,) = self._splits
        assert cut is not None
        outputs: list[Output] = []
        text = ""
        for part, before, number in zip(self.texts, cut.breaks, numbers, strict=True):
            is_begun = False
            for more in (written := Returning(write(part, number))):
                separator = "" if is_begun or not more else before or between(text, more, self._language)
                is_begun = is_begun or bool(more)
                text += separator + more
                yield separator + more
            outputs.append(written.result)
        return join(outputs, cut.breaks, [*map(_weight, outputs)], self._language)

    @property
    def firsts(self) -> list[bool]:
        """Whether each part is the first of its source."""
        return [place == 0 for count in self.counts for place in range(count)]

    @property
    def counts(self) -> list[int]:
        """Number of parts of each source."""
        return [1 if cut is None else len(cut.parts) for cut in self._splits]


def aligned(
    texts: Sequence[str | Example],
    outputs: Sequence[Output],
    language: str,
    align: Callable[[Sequence[str | Example], Sequence[Output]], list[Output]],
) -> list[Output]:
    """Return outputs with attention, computed separately for each part of a joined output.

    Args:
        texts: The source of each output.
        outputs: The outputs.
        language: The language of the outputs; '' if unknown.
        align: Aligns outputs that are not joined.
    """
    cut = Sentences(texts, language)
    flat = [part for output in outputs for part in output.parts or (output,)]
    sources: list[str | Example] = []
    texts_left = iter(cut.texts)
    for text, count, output in zip(texts, cut.counts, outputs, strict=True):
        parts = [next(texts_left) for _ in range(count)]
        sources += parts if output.parts else [text]
    following = iter(align(sources, flat))
    result = []
    for output in outputs:
        if not output.parts:
            result.append(next(following))
            continue
        whole = join([next(following) for _ in output.parts], output.breaks, [1] * len(output.parts), language)
        result.append(replace(whole, score=output.score))
    return result


def best_combinations(parts: Sequence[Sequence[Output]], weights: Sequence[int], count: int) -> list[list[Output]]:
    """Return the `count` best combinations of one output per part, by weighted score, best first."""
    combinations: list[tuple[float, list[Output]]] = [(0.0, [])]
    for outputs, weight in zip(parts, weights, strict=True):
        longer = [
            (total + weight * output.score, [*chosen, output]) for total, chosen in combinations for output in outputs
        ]
        combinations = sorted(longer, key=lambda pair: -pair[0])[:count]
    return [chosen for _, chosen in combinations]


def join(outputs: Sequence[Output], breaks: Sequence[str], weights: Sequence[int], language: str) -> Output:
    """Join the outputs of the parts of a source.

    Args:
        outputs: The outputs, in order.
        breaks: Line breaks before each part; '' within a line.
        weights: Weight of each part's score.
        language: The language of the outputs; '' if unknown.
    """
    text, copied = "", [output.copied for output in outputs]
    scored = [output.piece_log_probabilities for output in outputs]
    for output, before in zip(outputs, breaks, strict=True):
        text += (before or between(text, output.text, language)) + output.text
    return Output(
        text,
        sum(output.score * weight for output, weight in zip(outputs, weights, strict=True)) / sum(weights),
        sum(output.log_probability for output in outputs),
        tuple(piece for output in outputs for piece in output.pieces),
        tuple(piece for output in outputs for piece in output.source_pieces),
        _attention(outputs),
        lost=sum(output.lost for output in outputs),
        copied=tuple(chain(*copied)) if all(copied) else (),
        ids=tuple(token for output in outputs for token in output.ids),
        piece_log_probabilities=tuple(chain(*scored)),
        parts=tuple(outputs),
        breaks=tuple(breaks),
        required=tuple(term for output in outputs for term in output.required),
        missed=tuple(term for output in outputs for term in output.missed),
        lost_spans=tuple(span for output in outputs for span in output.lost_spans),
    )


def between(before: str, after: str, language: str) -> str:
    """Return the separator between the outputs of two adjacent sentences."""
    if not before or not after or before[-1].isspace():
        return ""
    if language:
        return " " if has_spaces(language) else ""
    return separator(before, after)


def _weight(output: Output) -> int:
    """Return the number of pieces of an output, end token included."""
    return len(output.ids) + 1


def _attention(outputs: Sequence[Output]) -> NDArray[Any] | None:
    """Return the block-diagonal attention of joined outputs, [T, S]."""
    matrices = [output.attention for output in outputs]
    known = [matrix for matrix in matrices if matrix is not None]
    if len(known) < len(matrices):
        return None
    joined = np.zeros(np.sum([matrix.shape for matrix in known], axis=0), dtype=known[0].dtype)
    row = column = 0
    for matrix in known:
        joined[row : row + matrix.shape[0], column : column + matrix.shape[1]] = matrix
        row, column = row + matrix.shape[0], column + matrix.shape[1]
    return joined
