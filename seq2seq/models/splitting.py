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

import torch
from torch import Tensor

from seq2seq.corpus.example import Example
from seq2seq.decoding.output import Output
from seq2seq.generators import Returning
from seq2seq.metrics.sentences import sentences

UNSPACED = frozenset("zh ja th lo km my yue wuu lzh".split())
"""Languages without spaces between sentences."""
PART_BITS = 30
"""A part's index holds the text's index in this number of low bits, and the part's position in the higher bits."""
_CLAUSE = re.compile("[；;][”’」』）》】〕〉)\\]]*$")
_UNSPACED_END = re.compile("[\u3001-\u303f\u3041-\u30ff\u3400-\u9fff\uff01-\uff65]")


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
            found = split(source) if isinstance(source, str) else None
            self._splits.append(found)
            self.texts += [text] if found is None else found.parts

    @classmethod
    def of(cls, texts: Sequence[str | Example], prefixes: Sequence[str] | None, language: str) -> "Sentences | None":
        """Split texts; return None if no text has several sentences, or if the arguments are invalid."""
        if isinstance(texts, str) or (
            prefixes is not None and (isinstance(prefixes, str) or len(prefixes) != len(texts))
        ):
            return None  # encoding the texts reports the error
        found = cls(texts, language)
        return found if found.are_cut else None

    @property
    def are_cut(self) -> bool:
        """Whether any source has several sentences."""
        return any(self._splits)

    def numbers(self, numbers: Sequence[int]) -> list[int]:
        """Return an index for each part, which determines its samples; a first part has its source's index."""
        return [
            number + (place << PART_BITS)
            for number, found in zip(numbers, self._splits, strict=True)
            for place in range(self._count(found))
        ]

    def prefixes(self, prefixes: Sequence[str] | None) -> list[str] | None:
        """Return the prefix of each part; only the first part of a source has one."""
        if prefixes is None:
            return None
        return [
            prefix if place == 0 else ""
            for prefix, found in zip(prefixes, self._splits, strict=True)
            for place in range(self._count(found))
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
        for found in self._splits:
            parts = [list(next(following)) for _ in range(self._count(found))]
            if found is None:
                result.append(parts[0])
            elif are_ranked:
                weights = [_weight(part[0]) for part in parts]
                chosen = best_combinations(parts, weights, count)
                result.append([join(one, found.breaks, weights, self._language) for one in chosen])
            else:
                most = min(count, max(map(len, parts)))
                drawn = [[part[min(number, len(part) - 1)] for part in parts] for number in range(most)]
                result.append([join(one, found.breaks, [*map(_weight, one)], self._language) for one in drawn])
        return result

    def streamed(
        self, write: Callable[[str | Example, int], Generator[str, None, Output]], numbers: Sequence[int]
    ) -> Generator[str, None, Output]:
        """Generate the output for a single source, yielding its text in parts.

        Args:
            write: Generates the output for a sentence, given its index.
            numbers: Index of each sentence.
        """
        (found,) = self._splits
        assert found is not None
        outputs: list[Output] = []
        text = ""
        for part, before, number in zip(self.texts, found.breaks, numbers, strict=True):
            is_begun = False
            for more in (written := Returning(write(part, number))):
                separator = "" if is_begun or not more else before or between(text, more, self._language)
                is_begun = is_begun or bool(more)
                text += separator + more
                yield separator + more
            outputs.append(written.result)
        return join(outputs, found.breaks, [*map(_weight, outputs)], self._language)

    @property
    def counts(self) -> list[int]:
        """Number of parts of each source."""
        return [self._count(found) for found in self._splits]

    @staticmethod
    def _count(found: Split | None) -> int:
        return 1 if found is None else len(found.parts)


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
    following = iter(cut.texts)
    for text, count, output in zip(texts, cut.counts, outputs, strict=True):
        parts = [next(following) for _ in range(count)]
        sources += parts if output.parts else [text]
    found = iter(align(sources, flat))
    result = []
    for output in outputs:
        if not output.parts:
            result.append(next(found))
            continue
        whole = join([next(found) for _ in output.parts], output.breaks, [1] * len(output.parts), language)
        result.append(replace(whole, score=output.score))
    return result


def best_combinations(parts: Sequence[Sequence[Output]], weights: Sequence[int], count: int) -> list[list[Output]]:
    """Return the `count` best combinations of one output per part, by weighted score, best first."""
    found: list[tuple[float, list[Output]]] = [(0.0, [])]
    for outputs, weight in zip(parts, weights, strict=True):
        longer = [(total + weight * one.score, [*chosen, one]) for total, chosen in found for one in outputs]
        found = sorted(longer, key=lambda pair: -pair[0])[:count]
    return [chosen for _, chosen in found]


def join(outputs: Sequence[Output], breaks: Sequence[str], weights: Sequence[int], language: str) -> Output:
    """Join the outputs of the parts of a source.

    Args:
        outputs: The outputs, in order.
        breaks: Line breaks before each part; '' within a line.
        weights: Weight of each part's score.
        language: The language of the outputs; '' if unknown.
    """
    text = ""
    for output, before in zip(outputs, breaks, strict=True):
        text += (before or between(text, output.text, language)) + output.text
    return Output(
        text,
        sum(one.score * weight for one, weight in zip(outputs, weights, strict=True)) / sum(weights),
        sum(one.log_probability for one in outputs),
        tuple(piece for one in outputs for piece in one.pieces),
        tuple(piece for one in outputs for piece in one.source_pieces),
        _attention(outputs),
        lost=sum(one.lost for one in outputs),
        copied=tuple(share for one in outputs for share in one.copied) if all(one.copied for one in outputs) else (),
        ids=tuple(token for one in outputs for token in one.ids),
        parts=tuple(outputs),
        breaks=tuple(breaks),
    )


def between(before: str, after: str, language: str) -> str:
    """Return the separator between the outputs of two adjacent sentences."""
    if not before or not after or before[-1].isspace():
        return ""
    if language:
        return "" if language.split("-")[0].lower() in UNSPACED else " "
    return "" if _UNSPACED_END.match(before[-1]) and _UNSPACED_END.match(after) else " "


def _weight(output: Output) -> int:
    """Return the number of pieces of an output, end token included."""
    return len(output.ids) + 1


def _attention(outputs: Sequence[Output]) -> Tensor | None:
    """Return the block-diagonal attention of joined outputs, [T, S]."""
    matrices = [one.attention for one in outputs]
    known = [matrix for matrix in matrices if matrix is not None]
    if len(known) < len(matrices):
        return None
    joined: Tensor = torch.block_diag(*known)  # type: ignore[no-untyped-call]
    return joined
