"""Adds word alignments to training examples: those of files, or estimated ones."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from seq2seq.alignment.options import AUTO, NONE, WORDS, AlignmentOptions
from seq2seq.alignment.pharaoh import Link, Units, characters_of, links_of, tokens_of, words_of
from seq2seq.alignment.piece_links import spanned, unit_pieces
from seq2seq.alignment.word_alignment import VERSION, WordAligner
from seq2seq.amounts import amount
from seq2seq.corpus.example import Example, plain
from seq2seq.errors import UserError
from seq2seq.files.text_lines import existing, lines
from seq2seq.tokenization.tokenizer import Tokenizers

Examples = Callable[[], Iterable[Example]]
SIDES = ("source", "target")


def aligned(
    examples: Examples,
    options: AlignmentOptions,
    corpora: int,
    tokenizers: Tokenizers | None,
    *,
    is_reversed: bool = False,
) -> Iterator[Example]:
    """Yield training examples with their links.

    Args:
        examples: Returns the examples of all corpora; called again to estimate alignments.
        options: The alignments.
        corpora: Number of corpora.
        tokenizers: Segment texts to estimate alignments; None leaves them out, to check only the files.
        is_reversed: Whether sources are the targets of the files.

    Raises:
        UserError: If there are not as many files as corpora, or if a file does not fit its corpus.
    """
    given = options.of_corpora(corpora)
    aligner = None
    if tokenizers is not None and AUTO in given:
        aligner = _aligner(lambda: (one for one in examples() if given[one.corpus] == AUTO), tokenizers)
    current, reader = -1, None
    for example in examples():
        if example.corpus != current:
            if reader is not None:
                reader.finish()
            current = example.corpus
            file = given[current]
            reader = _LinkReader(options, current, is_reversed=is_reversed) if file not in (AUTO, NONE) else None
        if reader is not None:
            yield replace(example, links=reader.links(example))
        elif aligner is not None and given[current] == AUTO:
            assert tokenizers is not None
            yield replace(example, links=estimated(aligner, example, tokenizers))
        else:
            yield example
    if reader is not None:
        reader.finish()


def estimated(aligner: WordAligner, example: Example, tokenizers: Tokenizers) -> tuple[Link, ...]:
    """Return the links between the pieces of a pair."""
    (own, sources), (wanted, targets) = _units(example, tokenizers)
    return spanned(aligner.links(own, wanted), sources, targets)


def identity(options: AlignmentOptions) -> str:
    """Return what links depend on besides the examples, for fingerprints; '' without alignments.

    Raises:
        UserError: If a file cannot be read.
    """
    if not options.is_given:
        return ""
    parts: list[object] = [options.source_units, options.target_units]
    for name in (*options.files, *options.source_tokens, *options.target_tokens):
        if name == AUTO:
            parts.append([AUTO, VERSION])
        elif name == NONE:
            parts.append(NONE)
        else:
            with existing(Path(name)).open("rb") as file:
                parts.append(hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest())
    return f"alignments {parts}"


def _units(
    example: Example, tokenizers: Tokenizers
) -> tuple[tuple[list[int], list[tuple[int, int]]], tuple[list[int], list[tuple[int, int]]]]:
    return unit_pieces(tokenizers.source, example.source), unit_pieces(tokenizers.target, example.target)


def _aligner(examples: Examples, tokenizers: Tokenizers) -> WordAligner:
    def pairs() -> Iterator[tuple[Sequence[int], Sequence[int]]]:
        for example in examples():
            (own, _), (wanted, _) = _units(example, tokenizers)
            yield own, wanted

    return WordAligner.of(pairs, tokenizers.source.vocabulary_size, tokenizers.target.vocabulary_size)


class _LinkReader:
    """Reads the alignments of one corpus, pair by pair."""

    def __init__(self, options: AlignmentOptions, corpus: int, *, is_reversed: bool) -> None:
        self._path = Path(options.files[corpus])
        self._lines = lines(self._path)
        self._is_reversed = is_reversed
        self._number = 0
        self._units = (options.source_units, options.target_units)
        names = [(files[corpus] if files else NONE) for files in (options.source_tokens, options.target_tokens)]
        self._token_paths = [None if name in (NONE, "") else Path(name) for name in names]
        self._tokens = [None if path is None else lines(path) for path in self._token_paths]

    def links(self, example: Example) -> tuple[Link, ...]:
        """Return the links of the next pair."""
        self._number += 1
        line = self._next(self._lines, self._path, example)
        texts = (plain(example.source), plain(example.target))
        if self._is_reversed:
            texts = texts[::-1]
        source, target = (self._units_of(side, text, example) for side, text in enumerate(texts))
        found = links_of(line, source, target, f"{self._path}:{self._number}")
        return tuple((*link[2:], *link[:2]) for link in found) if self._is_reversed else found

    def _units_of(self, side: int, text: str, example: Example) -> Units:
        tokens, path = self._tokens[side], self._token_paths[side]
        if tokens is not None and path is not None:
            return tokens_of(text, self._next(tokens, path, example).split(), f"{path}:{self._number}")
        return words_of(text) if self._units[side] == WORDS else characters_of(text)

    def _next(self, found: Iterator[str], path: Path, example: Example) -> str:
        line = next(found, None)
        if line is None:
            raise UserError(
                f"{path} has {amount(self._number - 1, 'line')}, but its corpus has more pairs (the next is "
                f"{example.place}): "
                "give one line for each pair, an empty one for a pair without links."
            )
        return line

    def finish(self) -> None:
        """Check that no lines are left.

        Raises:
            UserError: If a file has more lines than its corpus has pairs.
        """
        for found, path in ((self._lines, self._path), *zip(self._tokens, self._token_paths, strict=True)):
            more = sum(1 for _ in found) if found is not None else 0
            if more:
                has = amount(self._number, "pair")
                raise UserError(
                    f"{path} has {amount(self._number + more, 'line')}, but its corpus has {has}: give one line "
                    "for each pair."
                )
