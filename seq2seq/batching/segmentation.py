"""Segmentation of each pair in each epoch, determined by seed, epoch and pair.

The planner needs the lengths before the epoch, and the loader's workers need the pieces later, in any order, in any
process, and also after a restart. All get the same result.
"""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.alignment.piece_links import kept_links, piece_links
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import MaskedText
from seq2seq.corpus.masks import MaskedPair
from seq2seq.corpus.reader import READER, Reader
from seq2seq.errors import UserError
from seq2seq.process_lifetime import serve
from seq2seq.tokenization.copy_table import unknowns_kept
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers

# Below this number of pairs, starting processes takes longer than sampling.
PARALLEL_PAIRS = 2000
NO_TAG = -1
"""In place of the id of a tag."""
Ids = NDArray[np.integer[Any]]


def mix(*numbers: int) -> int:
    """Return a 64-bit hash of the lowest 64 bits of some numbers, in order (SplitMix64, Steele et al. 2014)."""
    state = 0
    for number in numbers:
        state = (state ^ (number & 0xFFFFFFFFFFFFFFFF)) + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        state = (state ^ state >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        state = (state ^ state >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        state ^= state >> 31
    return state


@dataclass(frozen=True)
class Segmentation:
    """Pieces of a stored corpus, fixed or resampled in each epoch. Small and picklable.

    Args:
        store: Token store of the corpus.
        tokenizers: Tokenizers of the store.
        seed: Seed of subword sampling.
        alpha: Parameter of subword sampling (see `Tokenizer.sample`); 0 uses the stored pieces.
        max_tokens: Maximum length of a side, including the target's end token; 0 for no limit. Longer samples are
            replaced by the stored pieces.
        workers: Number of processes that sample for `lengths`; below 2, only this process samples. The result is the
            same.
        reader: Reader of the store. It decides which pieces of an overlong source are kept.
        tags: Id of the tag before the sources of each corpus of the store, `NO_TAG` for none; () for none at all.
    """

    store: TokenStore
    tokenizers: Tokenizers
    seed: int = 1
    alpha: float = 0.0
    max_tokens: int = 0
    workers: int = 0
    reader: Reader = READER
    tags: tuple[int, ...] = ()

    def pair(self, number: int, epoch: int) -> tuple[Ids, Ids]:
        """Return the source ids [S] and target ids [T] of a pair in an epoch, without start and end tokens."""
        drawn = self._drawn(number, epoch)
        if drawn is None:
            return self._tagged(self.store.source(number), number), self.store.target(number)
        source = np.array(self.reader.shortened(drawn[0], self.tokenizers.source.marks))
        return self._tagged(source, number), np.array(drawn[1])

    def texts(self, number: int) -> MaskedPair:
        """Return the texts of a pair, with masks if its reader sets them."""
        return self.reader.masked_pair(self.store.source_text(number), self.store.target_text(number))

    def target_text(self, number: int, source: Ids) -> MaskedText:
        """Return the target text of a pair, with the masks that its source has, given the ids from `pair`."""
        return self.texts(number).masked_target(self.tokenizers.source.masks_in(source.tolist()))

    def _tagged(self, source: Ids, number: int) -> Ids:
        """Return a source with the tag of its corpus; an empty one stays empty."""
        if not self.tags:
            return source
        tag = self._tag_ids(np.array([number]))[0]
        return np.insert(source.astype(np.int64), 0, tag) if tag != NO_TAG and len(source) else source

    def _tag_ids(self, numbers: NDArray[Any]) -> NDArray[np.int64]:
        """Return the id of the tag of each pair, or `NO_TAG`."""
        if not self.tags:
            return np.full(len(numbers), NO_TAG)
        return np.array(self.tags)[np.searchsorted(np.cumsum(self.store.corpora), numbers, side="right")]

    def unknowns(self, number: int, epoch: int) -> list[str]:
        """Return the spelling of each unknown piece in the source returned by `pair`."""
        drawn, tokenizer, text = self._drawn(number, epoch), self.tokenizers.source, self.texts(number).source
        whole = tokenizer.encode(text) if drawn is None else drawn[0]
        return unknowns_kept(tokenizer, text, whole, self.reader.kept(whole, tokenizer.marks))

    def links(self, number: int, epoch: int) -> NDArray[np.int64]:
        """Return the links of the pieces returned by `pair`, [N, 2]: target position, source position."""
        spans = self.store.links(number)
        if not len(spans):
            return np.zeros((0, 2), np.int64)
        source, target = self.tokenizers.source, self.tokenizers.target
        texts, drawn = self.texts(number), self._drawn(number, epoch)
        whole, written = drawn or (source.encode(texts.source), self.store.target(number).tolist())
        masks = source.masks_in(self.reader.shortened(whole, source.marks))
        starts = source.starts(texts.source, whole, texts.spans)
        links = piece_links(spans, starts, target.starts(texts.masked_target(masks), written, texts.spans))
        is_tagged = self._tag_ids(np.array([number]))[0] != NO_TAG
        return kept_links(links, self.reader.kept(whole, source.marks), shift=int(is_tagged))

    def _drawn(self, number: int, epoch: int) -> tuple[list[int], list[int]] | None:
        """Return samples of both sides, without truncating the source; None if the stored pieces are used."""
        if self.alpha == 0:
            return None
        joint, texts = self.tokenizers.joint, self.texts(number)

        def sampled(tokenizer: Tokenizer, text: MaskedText, side: int) -> list[int]:
            # With one vocabulary, segment words alike on both sides; otherwise they could not be copied.
            seed = mix(self.seed, epoch, number, 0 if joint else side)
            return tokenizer.sample(text, seed=seed, alpha=self.alpha, alike=joint)

        source = sampled(self.tokenizers.source, texts.source, 0)
        masks = self.tokenizers.source.masks_in(self.reader.shortened(source, self.tokenizers.source.marks))
        target = sampled(self.tokenizers.target, texts.masked_target(masks), 1)
        read = min(len(source), self.reader.max_source_pieces or len(source)) + bool(self.tags)
        if self.max_tokens and max(read, len(target) + 1) > self.max_tokens:
            return None
        return source, target

    def lengths(self, numbers: NDArray[Any], epoch: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the source and target lengths (including end tokens) of some pairs in an epoch.

        Raises:
            UserError: If a pair is longer than `max_tokens` even in its stored segmentation.
        """
        if self.alpha == 0:
            source, target = self.store.lengths(numbers)
            source, target = source + ((self._tag_ids(numbers) != NO_TAG) & (source > 0)), target + 1
        else:
            source, target = self._sampled_lengths(numbers, epoch)
        longest = np.maximum(source, target)
        if self.max_tokens and len(longest) and int(longest.max()) > self.max_tokens:
            worst = int(longest.argmax())
            raise UserError(
                f"A pair has {source[worst]:,} source and {target[worst]:,} target pieces, but a batch may hold "
                f"{self.max_tokens:,} tokens of a side: raise data.batches.max_tokens, cut sources with "
                "data.reader.max_source_pieces, or drop long pairs with data.filters.max_source_pieces and "
                "data.filters.max_target_pieces."
            )
        return source, target

    def _sampled_lengths(self, numbers: NDArray[Any], epoch: int) -> NDArray[np.int32]:
        """Return source and target lengths of some pairs, [2, pairs]."""
        if self.workers > 1 and len(numbers) >= PARALLEL_PAIRS:
            with ProcessPoolExecutor(self.workers, initializer=serve, initargs=(os.getpid(),)) as pool:
                parts = np.array_split(numbers, self.workers)
                alone = replace(self, workers=0)
                return np.concatenate(list(pool.map(alone._sampled_lengths, parts, repeat(epoch))), axis=1)
        lengths = np.empty((2, len(numbers)), np.int32)
        for place, number in enumerate(numbers):
            source, target = self.pair(int(number), epoch)
            lengths[:, place] = len(source), len(target) + 1
        return lengths
