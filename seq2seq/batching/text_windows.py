"""Running text for truncated back-propagation through time: parallel streams, read in windows.

Shapes: ``B`` streams of a process, ``T`` pieces of a window.

The target pieces of a corpus are concatenated to one text and cut into equal streams, one per row of a batch. Each
batch holds the next window of every stream. The decoder continues from the state after the previous window
(`Batch.begins` is false) and so knows the earlier text, while back-propagation stops at the window's edge. Streams
start with an empty state, and some restart with it in each window (`StreamOptions.restart`), because a model trained
only on carried states cannot begin a text. (After one epoch of Tiny Shakespeare in 32 streams, the loss was 1.9 nats
per character in training, but 2.5 to 3.7 from an empty state.)

Pairs have their own planner, because they are shuffled, sorted and padded, while windows must be read in order and
without gaps. Both use the same loader, so they resume alike.

The decoder's input is the previous piece; after the end of a document (`Mark.END`) it is the start token, as at the
beginning of every output.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import Dataset

from seq2seq.amounts import amount
from seq2seq.batching.batch import Batch
from seq2seq.batching.loader import ALONE, BatchLoader, Processes, TicketSampler, order_options
from seq2seq.batching.options import StreamOptions
from seq2seq.batching.token_store import TokenStore
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizer

EVALUATION_STREAMS = 16
"""Number of streams in validation, fewer for a short text; the first piece of each is predicted without context."""
SPREAD, SHORTEST, HALVED = 5.0, 5.0, 0.05
"""Random windows: standard deviation and minimum of the length, and probability of halving the mean length."""


class Windows:
    """Positions of the windows of a corpus, determined by seed and epoch.

    Args:
        pieces: Total number of pieces of the text.
        options: How to split the text.
        seed: Seed of random windows and restarts.
        ranks: Number of processes that share the streams.

    Attributes:
        streams: Number of streams of all processes.
        length: Number of pieces per stream; the last streams may have fewer and are then padded.

    Raises:
        UserError: If there are fewer pieces than streams.
    """

    def __init__(self, pieces: int, options: StreamOptions, *, seed: int = 0, ranks: int = 1) -> None:
        self.pieces, self.options, self.seed = pieces, options, seed
        self.streams = options.count * ranks
        if pieces < self.streams:
            raise UserError(
                f"The text has {amount(pieces, 'piece')}, which cannot be divided into {self.streams:,} streams: lower "
                "data.streams.count, or give more text."
            )
        self.length = -(-pieces // self.streams)

    def __len__(self) -> int:
        return -(-self.length // self.options.window)

    def bounds(self, epoch: int) -> NDArray[np.int64]:
        """Return [windows + 1], borders of an epoch's windows in each stream."""
        if not self.options.random_windows:
            return np.minimum(np.arange(len(self) + 1) * self.options.window, self.length)
        random = np.random.default_rng([self.seed & 0xFFFFFFFF, epoch, 3])
        meant = np.where(random.random(len(self)) < HALVED, 0.5, 1.0) * self.options.window
        drawn = np.maximum(random.normal(meant, SPREAD), min(SHORTEST, self.options.window))
        ends = np.floor(drawn.cumsum() / drawn.sum() * self.length).astype(np.int64)
        # Each window gets at least one piece.
        places = np.arange(1, len(self) + 1)
        ends = np.minimum(np.maximum(ends, places), self.length - len(self) + places)
        ends = np.maximum.accumulate(ends - places) + places
        ends[-1] = self.length
        return np.concatenate([[0], ends])

    def begins(self, epoch: int, number: int) -> NDArray[np.bool_]:
        """Return [streams], true for the streams that start a window of an epoch with an empty state."""
        if number == 0:
            return np.ones(self.streams, dtype=np.bool_)
        drawn: NDArray[np.float64] = np.random.default_rng([self.seed & 0xFFFFFFFF, epoch, 4, number]).random(
            self.streams
        )
        return drawn < self.options.restart

    def tokens(self, start: int, end: int) -> int:
        """Return the number of pieces in a window over all streams, without padding."""
        begins = np.arange(self.streams) * self.length
        ends = np.minimum(begins + self.length, self.pieces)
        return int(np.clip(np.minimum(begins + end, ends) - (begins + start), 0, None).sum())


@dataclass(frozen=True)
class WindowTicket:
    """Input of a worker that forms a batch: epoch, window index, bounds in each stream, pieces in the step."""

    epoch: int
    number: int
    start: int
    end: int
    step_tokens: int


class WindowBatches(Dataset[Batch]):
    """Forms batches from tickets; small and picklable, for loader workers.

    Args:
        store: Token store of the corpus.
        windows: Positions of the windows.
        tokenizer: Provides the special ids.
        begin: Id before the first piece of the corpus.
        rank: Rank of this process; its first stream is ``rank * count``.
    """

    def __init__(self, store: TokenStore, windows: Windows, tokenizer: Tokenizer, begin: int, rank: int = 0) -> None:
        self._store, self._windows = store, windows
        self._padding, self._start, self._end = tokenizer.padding, tokenizer.start, tokenizer.end
        self._begin = begin
        count = windows.options.count
        self._streams = range(rank * count, (rank + 1) * count)

    def __len__(self) -> int:
        return len(self._windows)

    def __getitem__(self, ticket: WindowTicket) -> Batch:
        shape = len(self._streams), ticket.end - ticket.start
        read = np.full(shape, self._padding, dtype=np.int64)
        written = read.copy()
        lengths = np.zeros(shape[0], dtype=np.int64)
        begins = self._windows.begins(ticket.epoch, ticket.number)
        for row, stream in enumerate(self._streams):
            first = stream * self._windows.length
            start, last = first + ticket.start, min(first + self._windows.length, self._windows.pieces)
            end = min(first + ticket.end, last)
            if end <= start:
                continue  # the last streams may be shorter
            pieces = self._store.running(max(0, start - 1), end).astype(np.int64)
            if start == 0:
                pieces = np.concatenate([[self._begin], pieces])
            lengths[row] = end - start
            written[row, : end - start] = pieces[1:]
            read[row, : end - start] = np.where(pieces[:-1] == self._end, self._start, pieces[:-1])
        return Batch(
            source=torch.zeros(shape[0], 0, dtype=torch.long),
            source_lengths=torch.zeros(shape[0], dtype=torch.long),
            target_input=torch.from_numpy(read),
            target=torch.from_numpy(written),
            target_lengths=torch.from_numpy(lengths),
            indices=torch.arange(self._streams.start, self._streams.stop),
            step_tokens=ticket.step_tokens,
            begins=torch.from_numpy(begins[self._streams.start : self._streams.stop]),
        )


class WindowSampler(TicketSampler):
    """Yields a ticket for each window of an epoch, in order."""

    def __init__(self, windows: Windows, accumulate: int = 1) -> None:
        super().__init__()
        self._windows, self._accumulate = windows, accumulate

    def __len__(self) -> int:
        return len(self._windows)

    def __iter__(self) -> Iterator[WindowTicket]:
        bounds = self._windows.bounds(self.epoch).tolist()
        tokens = [self._windows.tokens(start, end) for start, end in pairwise(bounds)]
        return (
            WindowTicket(self.epoch, place, bounds[place], bounds[place + 1], self._step_tokens(tokens, place))
            for place in range(self.first, len(self))
        )

    def _step_tokens(self, tokens: list[int], place: int) -> int:
        """Return the number of pieces in the optimizer step that a window belongs to."""
        first = place - place % self._accumulate
        return sum(tokens[first : first + self._accumulate])


def stream_loader(
    store: TokenStore,
    tokenizer: Tokenizer,
    options: StreamOptions,
    *,
    seed: int,
    begin: int,
    accumulate: int = 1,
    processes: Processes = ALONE,
) -> BatchLoader:
    """Return the loader of running text: windows in order, resumable.

    Args:
        store: Token store of the corpus, whose targets are the text.
        tokenizer: Tokenizer of the store.
        options: How to split the text.
        seed: Seed of random windows and restarts.
        begin: Id before the first piece of the corpus.
        accumulate: Number of windows in one optimizer step.
        processes: Processes that share the streams and prepare batches.

    Raises:
        UserError: If there are fewer pieces than streams.
    """
    windows = Windows(store.running_pieces, options, seed=seed, ranks=processes.ranks)
    dataset = WindowBatches(store, windows, tokenizer, begin, processes.rank)
    corpus = f"{store.fingerprint} {seed}"
    named = order_options("data.streams", options, processes.ranks, accumulate)
    sampler = WindowSampler(windows, accumulate)
    return BatchLoader(dataset, sampler, corpus=corpus, options=named, processes=processes)


def evaluation_streams(pieces: int, window: int, ranks: int = 1) -> StreamOptions:
    """Return the stream options of a validation text: `EVALUATION_STREAMS` streams, or fewer for a short text.

    Raises:
        UserError: If there are fewer pieces than processes.
    """
    if pieces < ranks:
        raise UserError(
            f"{amount(pieces, 'piece')} cannot be shared by {ranks} processes: use fewer processes or more text."
        )
    count = max(1, min(EVALUATION_STREAMS, pieces // (window * ranks)))
    return StreamOptions(count=count, window=window, restart=0.0)
