"""Convert texts to batches of ids, and hypotheses to outputs.

Shapes: ``B`` batch, ``S`` source length.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.amounts import amount
from seq2seq.arrays import Array
from seq2seq.corpus.example import MASKS, Example, Mask, MaskedText, Text, plain
from seq2seq.corpus.masks import mask, mask_target
from seq2seq.corpus.normalization import normalize
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SearchOptions, of_sources
from seq2seq.decoding.output import EMPTY, Hypothesis, Output, PairScore
from seq2seq.decoding.phrases.required_phrases import Phrase, Requirement
from seq2seq.decoding.phrases.required_terms import RequiredTerm, RequiredTerms
from seq2seq.errors import UserError, WorldError
from seq2seq.runtime.network_protocol import Engine
from seq2seq.tokenization.copy_table import Copies, Extension, table, unknowns_kept
from seq2seq.tokenization.incremental_text import IncrementalText
from seq2seq.tokenization.tokenizer import Tokenizers

_HIDDEN = ("\ufffc",) * MASKS
"""Object replacement characters, in place of spans in which no terms are found."""


class Source(NamedTuple):
    """An encoded source.

    Attributes:
        ids: Ids of its pieces, truncated by the reader.
        lost: Number of pieces cut off.
        copies: The target id that each piece copies; None uses the network's table.
        required: The terms that its outputs must contain.
        spans: The spans in place of which it has masks, normalised (`seq2seq.corpus.masks`).
        spellings: The same spans as spelled in the user's text, for its outputs.
        masks: Numbers of its masks that were not cut off.
    """

    ids: list[int]
    lost: int = 0
    copies: Copies | None = None
    required: tuple[RequiredTerm, ...] = ()
    spans: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    masks: tuple[int, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The unknown words that can be copied from the source."""
        return self.copies.words if self.copies else ()

    def lacks_requirements(self, outputs: Iterable[Output]) -> bool:
        """Return whether an output misses a mask, or a term that it could contain."""
        missed = {term for output in outputs for term in output.missed}
        has_all_terms = not (missed and any(term.phrases for term in self.required if term.name in missed))
        return not has_all_terms or any(output.lost_spans for output in outputs)

    def masked_target(self, target: Text) -> MaskedText:
        """Return a target with the masks of this source."""
        if not self.masks:
            return target
        return mask_target(target, self.spans, self.masks)


class Sources:
    """Encodes texts in batches, and decodes hypotheses.

    Args:
        reader: Converts texts to sources, and outputs to the text shown to the user.
        tokenizers: The source and target tokenizers.
        copying: Whether the network has a copy mechanism.
        model: The network, or whatever computes it: converts the batches to its own arrays.
        verb: The task's verb, for messages.

    Attributes:
        extension: Adds a source's unknown words to the vocabulary; None if they cannot be copied.
    """

    def __init__(self, reader: Reader, tokenizers: Tokenizers, *, copying: bool, model: Engine, verb: str) -> None:
        self.reader, self.tokenizers = reader, tokenizers
        self.extension = Extension.of(tokenizers) if copying else None
        self._model, self._verb = model, verb
        self._terms = RequiredTerms(reader, tokenizers.target)

    def encoded(
        self,
        texts: Sequence[str | Example],
        decoding: Decoding | None = None,
        firsts: Sequence[bool] | None = None,
    ) -> list[Source]:
        """Return the ids of each source, truncated as in training.

        Args:
            texts: The texts.
            decoding: The decoding, which may require terms; None requires none.
            firsts: Whether each text is the first sentence of a source, whose output must contain the required words;
                by default all are.
        """
        if isinstance(texts, str):
            raise UserError(f"A list of texts is needed, but one text was given: model.{self._verb}([text]).")
        tokenizer = self.tokenizers.source
        tag = [tokenizer.tag(self.reader.tag)] if self.reader.tag else []
        sources = []
        for number, given in enumerate(texts):
            masked = self.reader.masked(source_of(given, self.reader))
            text = masked.text
            whole = tokenizer.encode(text)
            kept = self.reader.kept(whole, tokenizer.marks)
            ids = whole if len(kept) == len(whole) else [whole[place] for place in kept]
            lost = len(whole) - len(ids)
            ids = [*tag, *ids] if ids else []
            copies = None
            if self.extension:
                copies = self.extension.source(ids, unknowns_kept(tokenizer, text, whole, kept))
            required: tuple[RequiredTerm, ...] = ()
            if decoding is not None and decoding.requires_terms and ids:
                read = tokenizer.decode(ids[len(tag) :], (), _HIDDEN) if lost else without_masks(text)
                is_first = firsts is None or firsts[number]
                words = of_sources(decoding.search).required if is_first else ()
                required = self._terms.of(read, words, decoding.glossary)
            spellings = self._spelled(given, masked.spans) if masked.spans else ()
            masks = tuple(sorted(tokenizer.masks_in(ids)))
            sources.append(Source(ids, lost, copies, required, masked.spans, spellings, masks))
        return sources

    def end(self) -> Source:
        """Return a single end token; it replaces an empty source, because an encoder needs some input."""
        end = [self.tokenizers.source.end]
        return Source(end, 0, self.extension.source(end, ()) if self.extension else None)

    def _spelled(self, given: str | Example, spans: tuple[str, ...]) -> tuple[str, ...]:
        """Return the spans of a normalised text as they are spelled in the text itself, as far as they correspond."""
        if isinstance(given, Example):
            return spans
        own = mask(given).spans
        normalized = (normalize(span, self.reader.normalization) for span in own)
        return own if tuple(normalized) == spans else spans

    def prefixes(self, sources: Sequence[Source], prefixes: Sequence[str] | None) -> list[list[int]] | None:
        """Return the ids of the required beginning of each output; None without prefixes."""
        if prefixes is None:
            return None
        if isinstance(prefixes, str) or len(prefixes) != len(sources):
            given = "One prefix was" if isinstance(prefixes, str) else f"{len(prefixes):,} prefixes were"
            raise UserError(
                f"{given} given for {amount(len(sources), 'text')}: give a list, one for each ('' leaves it free)."
            )
        return [
            self.tokenizers.target.encode(source.masked_target(self.reader.target(prefix)))
            for source, prefix in zip(sources, prefixes, strict=True)
        ]

    @cached_property
    def _writes(self) -> NDArray[np.int64]:
        """[source vocabulary], the target id that each source id copies, or padding if it cannot be copied."""
        return np.array(table(self.tokenizers), dtype=np.int64)

    def padded(
        self,
        sources: list[Source],
        search: SearchOptions | None = None,
        prefixes: Sequence[Sequence[int]] | None = None,
        *,
        has_terms: bool = False,
    ) -> EncodedSources:
        """Return a batch of sources, with copy ids if needed.

        Args:
            sources: The sources.
            search: Search options; copy ids are needed if they block source n-grams.
            prefixes: Ids with which each output must begin, if any.
            has_terms: Whether the outputs must contain the required terms and the masks of their sources.
        """
        lengths = np.array([len(source.ids) for source in sources])
        padded = np.full((len(sources), int(lengths.max())), self.tokenizers.source.padding)
        copies = np.full_like(padded, self.tokenizers.target.padding) if self.extension else None
        for row, source in enumerate(sources):
            padded[row, : len(source.ids)] = source.ids
            if copies is not None and source.copies is not None:
                copies[row, : len(source.ids)] = source.copies.ids
        if copies is None and search is not None and search.no_repeat_source_ngram:
            copies = self._writes[padded]
        required: list[list[Requirement]] = [
            [
                *(term.phrases for term in source.required if term.phrases),
                *((Phrase((self.tokenizers.target.masks[number],)),) for number in source.masks),
            ]
            for source in sources
        ]
        return EncodedSources(
            self._model.array(padded),
            self._model.array(lengths),
            None if copies is None else self._model.array(copies),
            [source.words for source in sources],
            prefixes,
            required if has_terms and any(required) else (),
            [source.masks for source in sources] if any(source.masks for source in sources) else (),
        )

    def output(self, source: Source, hypothesis: Hypothesis) -> Output:
        """Return a hypothesis as an output."""
        target = self.tokenizers.target
        text = self.reader.finish(target.decode(hypothesis.ids, source.words, source.spellings))
        written = target.masks_in(hypothesis.ids)
        return Output(
            text,
            hypothesis.score,
            hypothesis.log_probability,
            tuple(target.pieces(hypothesis.ids, source.words, source.spellings)),
            tuple(self.tokenizers.source.pieces(source.ids, (), source.spellings)),
            hypothesis.attention,
            lost=source.lost,
            copied=hypothesis.copied,
            ids=hypothesis.ids,
            required=tuple(term.name for term in source.required),
            missed=tuple(term.name for term in source.required if not term.is_in(text)),
            lost_spans=tuple(source.spellings[number] for number in source.masks if number not in written),
        )

    def growing(self, source: Source) -> "GrowingOutput":
        """Return the text of an output of a source, which grows piece by piece."""
        return GrowingOutput(self.reader, self.tokenizers, source)

    def outputs(self, source: Source, hypotheses: Sequence[Hypothesis]) -> list[Output]:
        """Return the distinct outputs of a search, best first; hypotheses with the same text give one output."""
        by_text: dict[str, Output] = {}
        for hypothesis in hypotheses:
            output = self.output(source, hypothesis)
            by_text.setdefault(output.text, output)
        return list(by_text.values()) or [EMPTY]


class GrowingOutput:
    """The text of an output while its pieces are generated."""

    def __init__(self, reader: Reader, tokenizers: Tokenizers, source: Source) -> None:
        self._text = IncrementalText(tokenizers.target, words=source.words, spans=source.spellings)
        # If the reader post-processes outputs, their beginnings are not known before their ends.
        self._is_growing = type(reader).finish is Reader.finish

    def add(self, piece: int) -> str:
        """Return the text that a piece adds."""
        return self._text.add(piece) if self._is_growing else ""

    def end(self, output: Output) -> str:
        """Return the rest of the text of the finished output."""
        return self._text.end() if self._is_growing else output.text


def without_masks(text: MaskedText) -> Text:
    """Return a text with U+FFFC, the object replacement character, instead of each mask."""
    return text if isinstance(text, str) else tuple(_HIDDEN[0] if isinstance(part, Mask) else part for part in text)


def source_of(text: str | Example, reader: Reader) -> Text:
    """Return the normalised source for a user's text, or the source of an example."""
    return text.source if isinstance(text, Example) else reader.source(text)


def batches(lengths: Sequence[int], beams: int, batch_tokens: int, most_rows: int | None = None) -> Iterator[list[int]]:
    """Group sources into batches of similar length.

    Args:
        lengths: Number of pieces of each source; empty ones are skipped.
        beams: Number of rows per source.
        batch_tokens: Maximum number of source tokens per batch, padding and beams included. A longer source forms its
            own batch.
        most_rows: Maximum number of rows per batch, if there is one.

    Yields:
        Indices of sources. The longest come first, so if memory does not suffice, the first batch fails.
    """
    order = sorted((number for number, length in enumerate(lengths) if length), key=lambda number: -lengths[number])
    start = 0
    while start < len(order):
        size = max(1, batch_tokens // (lengths[order[start]] * beams))
        if most_rows is not None:
            size = min(size, max(1, most_rows // beams))
        yield order[start : start + size]
        start += size


@contextmanager
def enough_memory(lengths: Array, what: str = "sources") -> Iterator[None]:
    """Turn out-of-memory errors into a `WorldError` with advice.

    Args:
        lengths: [B], number of pieces of each text of the batch.
        what: Name of the texts in the message.

    Raises:
        WorldError: If memory is exhausted.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as fault:
        # PyTorch has an error for a device without memory, and raises any RuntimeError for the CPU.
        is_full = isinstance(fault, MemoryError) or type(fault).__name__ == "OutOfMemoryError"
        if not (is_full or "allocate memory" in str(fault)):
            raise
        raise WorldError(
            f"Memory is full: {len(lengths):,} {what} of up to {amount(int(lengths.max()), 'piece')} did not fit. "
            "A smaller batch_tokens or beam_size needs less."
        ) from fault


def pair(source: Source, target: Text, logarithms: Sequence[float]) -> PairScore:
    """Return the score of a target, given the log probabilities of its pieces and the end token."""
    return PairScore(
        math.fsum(logarithms), len(logarithms), len(plain(target)), len(source.ids), source.lost, logarithms[-1]
    )
