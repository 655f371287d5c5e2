"""Batch of padded pairs, with all inputs of the network and the loss.

B batch, S source length, T target length (including start or end token).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from seq2seq.corpus.example import MaskedText
from seq2seq.tokenization.copy_table import Extension
from seq2seq.tokenization.tokenizer import Tokenizers


@dataclass(frozen=True)
class Batch:
    """Padded pairs; every tensor except `begins` is int64.

    Args:
        source: [B, S] source ids, right-padded.
        source_lengths: [B] numbers of source ids, without padding.
        target_input: [B, T] decoder input: start token and target ids, right-padded.
        target: [B, T] expected decoder output: target ids and end token, right-padded.
        target_lengths: [B] numbers of target ids, including the end token, without padding.
        indices: [B] indices of the pairs in the store.
        step_tokens: Number of target tokens (including end tokens) in the whole optimizer step: this batch, the other
            ranks' batches, and all accumulated batches. Dividing the loss by it gives the mean per token.
        copies: [B, S] target id that results from copying each source position. Unknown words have ids too, which also
            occur in `target`. None if copying is off, or if every word can be spelled.
        links: [N, 3] aligned pieces as row, target position and source position; None if the corpus has no alignments.
        words: Unknown words of each source; see `seq2seq.tokenization.copy_table`.
        begins: [B] true where a target begins; other rows continue the same row of the previous batch (windows of
            running text, `seq2seq.batching.text_windows`). None if all begin.
    """

    source: Tensor
    source_lengths: Tensor
    target_input: Tensor
    target: Tensor
    target_lengths: Tensor
    indices: Tensor
    step_tokens: int
    copies: Tensor | None = None
    words: tuple[tuple[str, ...], ...] = ()
    begins: Tensor | None = None
    links: Tensor | None = None

    def __len__(self) -> int:
        return len(self.indices)

    def to(self, device: torch.device | str, *, non_blocking: bool = False) -> Self:
        """Return a copy of the batch on a device."""
        return self._mapped(lambda tensor: tensor.to(device, non_blocking=non_blocking))

    def pin_memory(self) -> Self:
        """Return the batch in page-locked memory, for asynchronous copies to a GPU."""
        return self._mapped(lambda tensor: tensor.pin_memory())

    def twice(self) -> Self:
        """Return a batch that holds all pairs, and then all of them again."""
        repeated = self._mapped(lambda tensor: torch.cat([tensor, tensor]))
        links = self.links
        if links is not None:
            links = torch.cat([links, links + links.new_tensor([len(self), 0, 0])])
        return replace(repeated, words=self.words * 2, links=links)

    def _mapped(self, change: Callable[[Tensor], Tensor]) -> Self:
        changed: dict[str, Any] = {name: change(part) for name, part in vars(self).items() if isinstance(part, Tensor)}
        return replace(self, **changed)


def collate(
    sources: Sequence[NDArray[Any]],
    targets: Sequence[NDArray[Any]],
    indices: NDArray[np.int64],
    step_tokens: int,
    tokenizers: Tokenizers,
    extension: Extension | None = None,
    texts: Sequence[tuple[Sequence[str], MaskedText]] = (),
    links: Sequence[NDArray[np.int64]] | None = None,
) -> Batch:
    """Pad pairs into a batch. An empty source becomes an end token, because encoders need some input.

    Args:
        sources: Source ids of each pair, without special tokens.
        targets: Target ids of each pair, without special tokens.
        indices: [B] indices of the pairs in the store.
        step_tokens: See `Batch`.
        tokenizers: Provide the special ids.
        extension: Provides the ids of unknown words; None if there are none.
        texts: For each pair, the spellings of the unknown source pieces, and the target text. The extension needs them.
        links: For each pair, target and source positions of its aligned pieces, [N, 2]; None if there are none.
    """
    source, target = tokenizers.source, tokenizers.target
    sources = [ids if len(ids) else np.array([source.end]) for ids in sources]
    source_lengths = np.array([len(ids) for ids in sources], dtype=np.int64)
    target_lengths = np.array([len(ids) + 1 for ids in targets], dtype=np.int64)
    source_ids = np.full((len(sources), int(source_lengths.max())), source.padding, dtype=np.int64)
    target_input = np.full((len(targets), int(target_lengths.max())), target.padding, dtype=np.int64)
    target_ids = target_input.copy()
    target_input[:, 0] = target.start
    for row, (read, written) in enumerate(zip(sources, targets, strict=True)):
        source_ids[row, : len(read)] = read
        target_input[row, 1 : len(written) + 1] = written
        target_ids[row, : len(written)] = written
        target_ids[row, len(written)] = target.end
    copies = None
    words = []
    if extension is not None:
        copies = np.full_like(source_ids, target.padding)
        for row, (read, written, text) in enumerate(zip(sources, targets, texts, strict=True)):
            copied = extension.source(read.tolist(), text[0])
            copies[row, : len(read)] = copied.ids
            target_ids[row, : len(written)] = extension.target(written.tolist(), text[1], copied.words)
            words.append(copied.words)
    return Batch(
        source=torch.from_numpy(source_ids),
        source_lengths=torch.from_numpy(source_lengths),
        target_input=torch.from_numpy(target_input),
        target=torch.from_numpy(target_ids),
        target_lengths=torch.from_numpy(target_lengths),
        indices=torch.from_numpy(indices),
        step_tokens=step_tokens,
        copies=None if copies is None else torch.from_numpy(copies),
        words=tuple(words),
        links=None if links is None else torch.from_numpy(_numbered(links)),
    )


def _numbered(links: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the links of all pairs with the row of each, [N, 3]."""
    rows = np.repeat(np.arange(len(links)), [len(own) for own in links])
    return np.concatenate([rows[:, None], np.concatenate(links)], axis=1)
