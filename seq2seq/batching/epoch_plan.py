"""Plan of an epoch for all ranks: the pairs of each batch, and the order of the batches.

A plan depends only on the corpus, the options, the seed and the epoch. It takes four bytes per pair.
Every epoch and every rank has the same number of batches, as required by progress bars, learning-rate schedules with a
fixed length, and the collective operations of distributed training.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.amounts import amount
from seq2seq.batching.mixture import Mixture
from seq2seq.batching.options import BatchOptions
from seq2seq.errors import UserError

# Source and target lengths (including end tokens) of some pairs in an epoch.
Lengths = Callable[[NDArray[Any], int], tuple[NDArray[np.int32], NDArray[np.int32]]]
# The number of batches that the budget requires varies slightly between epochs, because pairs are combined and
# segmented at random. This margin over the first epoch's number is enough for nearly all epochs.
SPARE, SPARE_UNSAMPLED = 0.03, 0.01


@dataclass(frozen=True)
class BatchPlan:
    """Batches of one epoch.

    Args:
        order: [pairs] uint32, indices of the pairs, batch after batch.
        starts: [batches + 1] int64, start of each batch in `order`.
        tokens: [batches] int64, number of target tokens per batch, including end tokens but not padding.
        positions: [positions, ranks] int32, index of each rank's batch at each position.
        left_out: Number of pairs in no batch of this epoch: usually 0, at most ranks - 1 if the pairs cannot be
            divided evenly, and more only if the lengths are very unfavorable.
    """

    order: NDArray[np.uint32]
    starts: NDArray[np.int64]
    tokens: NDArray[np.int64]
    positions: NDArray[np.int32]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.positions)

    def pairs(self, position: int, rank: int) -> NDArray[np.int64]:
        """Return the indices of the pairs in a batch."""
        batch = int(self.positions[position, rank])
        return self.order[self.starts[batch] : self.starts[batch + 1]].astype(np.int64)

    def step_tokens(self, position: int, accumulate: int) -> int:
        """Return the number of target tokens in the optimizer step of a position.

        Args:
            position: Index of the batch in the epoch.
            accumulate: Number of batches per rank and step. Grouping restarts with each epoch, so the last step may be
                shorter.
        """
        first = position - position % accumulate
        return int(self.tokens[self.positions[first : first + accumulate]].sum())


class BatchPlanner:
    """Plans the epochs of a corpus.

    Args:
        count: Number of pairs.
        lengths: Function that returns the source and target lengths (including end tokens) of pairs in an epoch.
        options: Token budget and window.
        seed: Seed of the shuffles.
        ranks: Number of processes that share the corpus.
        shuffle: Whether to shuffle. If not, the whole corpus is sorted by length (for validation).
        mixture: Which pairs an epoch reads, if not every pair once; `count` is then ignored.

    Raises:
        UserError: If there are fewer pairs than ranks.
    """

    def __init__(
        self,
        count: int,
        lengths: Lengths,
        options: BatchOptions,
        *,
        seed: int,
        ranks: int = 1,
        shuffle: bool = True,
        mixture: Mixture | None = None,
    ) -> None:
        self._mixture = mixture
        count = count if mixture is None else mixture.total
        if count < ranks:
            raise UserError(
                f"{amount(count, 'pair')} cannot be shared by {ranks} processes: use fewer processes or more data."
            )
        self._count, self._lengths, self._options = count, lengths, options
        self._seed, self._ranks, self._shuffle = seed, ranks, shuffle
        self._positions = 0
        self._last: tuple[int, BatchPlan] | None = None

    @property
    def positions(self) -> int:
        """Number of batches per rank and epoch."""
        if not self._positions:
            self._plan_first()
        return self._positions

    def plan(self, epoch: int) -> BatchPlan:
        """Return the plan of an epoch; the most recent plan is cached."""
        if not self._positions:
            self._plan_first()
        if self._last is None or self._last[0] != epoch:
            cut = self._cut(epoch)
            if len(cut[2]) > self._positions * self._ranks:
                # This epoch needs too many batches. Sorting it as a whole reduces padding, and thus the number of
                # batches.
                cut = self._cut(epoch, whole=True)
            self._last = (epoch, self._arranged(cut, epoch))
        return self._last[1]

    def cells(self, epoch: int, pairs: NDArray[np.int64]) -> int:
        """Return the number of tokens of both sides of a batch, including padding."""
        source, target = self._lengths(pairs, epoch)
        return len(pairs) * (int(source.max()) + int(target.max()))

    def _plan_first(self) -> None:
        """Set the number of batches per epoch from epoch 0."""
        cut = self._cut(0)
        needed = len(cut[2])
        if self._shuffle and not self._options.batch_sentences:
            needed += 1 + int(needed * (SPARE if self._options.sampling_alpha else SPARE_UNSAMPLED))
        self._positions = min(-(-needed // self._ranks), self._count // self._ranks)
        self._last = (0, self._arranged(cut, 0))

    def _random(self, epoch: int, purpose: int) -> np.random.Generator:
        return np.random.default_rng([self._seed & 0xFFFFFFFF, epoch, purpose])

    def _cut(self, epoch: int, *, whole: bool = False) -> tuple[NDArray[np.uint32], NDArray[np.int32], list[int]]:
        """Shuffle, sort each window by length, and cut into batches.

        Returns:
            Ordered indices of the pairs, their target lengths, and the end of each batch.
        """
        order = np.arange(self._count, dtype=np.uint32) if self._mixture is None else self._mixture.pairs(epoch)
        targets = np.empty(self._count, dtype=np.int32)
        window = self._count
        if self._shuffle:
            self._random(epoch, 0).shuffle(order)
            window = self._count if whole else self._options.window_sentences
            if self._options.batch_sentences:
                # With windows of whole batches, no window ends with a small batch.
                window = max(1, window // self._options.batch_sentences) * self._options.batch_sentences
        ends: list[int] = []
        for begin in range(0, self._count, window):
            numbers = order[begin : begin + window].astype(np.int64)
            source, target = self._lengths(numbers, epoch)
            by_length = _by_length(source, target)
            order[begin : begin + window] = numbers[by_length]
            targets[begin : begin + window] = target[by_length]
            ends += [
                begin + end for end in _ends(source[by_length].tolist(), target[by_length].tolist(), self._options)
            ]
        return order, targets, ends

    def _arranged(self, cut: tuple[NDArray[np.uint32], NDArray[np.int32], list[int]], epoch: int) -> BatchPlan:
        """Split or drop batches to get the number per epoch, and assign them to positions and ranks."""
        order, targets, ends = cut
        wanted = self._positions * self._ranks
        starts = np.array(_split([0, *ends], wanted - len(ends)), dtype=np.int64)
        tokens = np.add.reduceat(targets, starts[:-1], dtype=np.int64)
        batches = np.arange(len(tokens), dtype=np.int32)
        left_out = 0
        if len(batches) > wanted and not self._shuffle:
            # An evaluation must not omit pairs, so it merges batches, even above the budget.
            starts = np.array(_joined(starts.tolist(), len(batches) - wanted), dtype=np.int64)
            tokens = np.add.reduceat(targets, starts[:-1], dtype=np.int64)
            batches = np.arange(wanted, dtype=np.int32)
        elif len(batches) > wanted:
            # Different pairs are omitted in each epoch.
            batches = np.sort(self._random(epoch, 1).permutation(batches)[:wanted])
            left_out = self._count - int(np.diff(starts)[batches].sum())
        # The batches of a position have similar lengths, so the ranks, which wait for each other, finish together.
        positions = batches.reshape(-1, self._ranks)
        if self._shuffle:
            positions = self._random(epoch, 2).permutation(positions)
        return BatchPlan(order, starts, tokens, positions, left_out)


def _by_length(source: NDArray[np.int32], target: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return an order in which adjacent pairs have similar source and target lengths.

    Pairs are sorted by target length in steps of 2, because target padding is expensive. Within a step they are sorted
    by source length, alternately ascending and descending, to avoid jumps between steps. On 29,000 English-German
    pairs, 6 % of all cells are padding. Sorting by exact target length, then source length, gives 7 %. Sorting by the
    sum of both lengths gives 10 %.
    """
    step = target // 2
    # lexsort is stable, so pairs of equal lengths stay in shuffled order.
    return np.lexsort((np.where(step % 2 == 0, source, -source), step))


def _ends(source: list[int], target: list[int], options: BatchOptions) -> list[int]:
    """Return the ends of batches; each batch takes pairs in order while they fit."""
    if options.batch_sentences:
        return [*range(options.batch_sentences, len(source), options.batch_sentences), len(source)]
    ends = []
    start = longest = 0
    for place, length in enumerate(map(max, source, target)):
        longest = max(longest, length)
        if (place + 1 - start) * longest > options.max_tokens and place > start:
            ends.append(place)
            start, longest = place, length
    return [*ends, len(source)]


def _joined(starts: list[int], fewer: int) -> list[int]:
    """Merge the smallest batches with their neighbors, `fewer` times, and return the remaining borders."""
    borders = list(starts)
    for _ in range(fewer):
        sizes = [after - before for before, after in zip(borders, borders[2:], strict=False)]
        del borders[1 + min(range(len(sizes)), key=sizes.__getitem__)]
    return borders


def _split(starts: list[int], more: int) -> list[int]:
    """Halve the largest batches until there are `more` additional batches (none if negative); return all borders."""
    largest = [(begin - end, begin, end) for begin, end in pairwise(starts)]
    heapq.heapify(largest)
    for _ in range(more):
        _, begin, end = heapq.heappop(largest)
        middle = (begin + end) // 2
        heapq.heappush(largest, (begin - middle, begin, middle))
        heapq.heappush(largest, (middle - end, middle, end))
    return sorted([0, *(end for _, _, end in largest)])
