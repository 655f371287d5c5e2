"""Loads batches: a sampler assigns planned batches to ranks, and a loader resumes in mid-epoch."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.utils.data import DataLoader, Dataset, Sampler

from seq2seq.batching.batch import Batch, collate
from seq2seq.batching.epoch_plan import BatchPlan, BatchPlanner
from seq2seq.batching.mixture import Mixture
from seq2seq.batching.options import BatchOptions, MixtureOptions
from seq2seq.batching.segmentation import NO_TAG, Segmentation
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.reader import READER, Reader
from seq2seq.errors import UserError
from seq2seq.options import Options
from seq2seq.process_lifetime import serve
from seq2seq.tokenization.copy_table import Extension
from seq2seq.tokenization.tokenizer import Tokenizers


@dataclass(frozen=True)
class Ticket:
    """Input of a worker that forms a batch.

    Args:
        epoch: Epoch, which determines the segmentation.
        pairs: [B] indices of the pairs.
        step_tokens: See `Batch`.
    """

    epoch: int
    pairs: NDArray[np.int64]
    step_tokens: int


@dataclass(frozen=True)
class Processes:
    """Processes that share a corpus, and those that prepare batches.

    Args:
        rank: Rank of this process.
        ranks: Number of processes that train or evaluate together.
        workers: Number of processes that prepare the batches of this one, and the epoch's samples; 0 for none.
        pin_memory: Whether to put batches into page-locked memory, for a GPU.
    """

    rank: int = 0
    ranks: int = 1
    workers: int = 0
    pin_memory: bool = False


ALONE = Processes()


class Pairs(Dataset[Batch]):
    """Forms batches from tickets, deterministically. Small and picklable, for loader workers.

    Args:
        segmentation: The corpus and its segmentation.
        is_copying: Whether unknown words of a source get their own ids.
    """

    def __init__(self, segmentation: Segmentation, is_copying: bool = False) -> None:
        self._segmentation = segmentation
        self._extension = Extension.of(segmentation.tokenizers) if is_copying else None

    def __len__(self) -> int:
        return len(self._segmentation.store)

    def __getitem__(self, ticket: Ticket) -> Batch:
        pairs = [self._segmentation.pair(int(number), ticket.epoch) for number in ticket.pairs]
        sources, targets = zip(*pairs, strict=True)
        tokenizers, store = self._segmentation.tokenizers, self._segmentation.store
        numbers = ticket.pairs.tolist()
        links = [self._segmentation.links(one, ticket.epoch) for one in numbers] if store.is_aligned else None
        if self._extension is None:
            return collate(sources, targets, ticket.pairs, ticket.step_tokens, tokenizers, links=links)
        texts = [
            (self._segmentation.unknowns(number, ticket.epoch), self._segmentation.target_text(number, source))
            for number, source in zip(numbers, sources, strict=True)
        ]
        return collate(sources, targets, ticket.pairs, ticket.step_tokens, tokenizers, self._extension, texts, links)


class TicketSampler(Sampler[Any], ABC):
    """Yields a rank's tickets for the batches of an epoch, starting at a given position.

    Pass it as the loader's ``sampler``, because Lightning calls ``set_epoch`` there. It shards by rank itself, so the
    trainer must have ``use_distributed_sampler=False``.

    Attributes:
        epoch: Epoch of the next iteration.
        first: Position of the first batch.
    """

    def __init__(self) -> None:
        self.epoch = 0
        self.first = 0
        # Lightning looks for `set_epoch` in `loader.sampler` and `loader.batch_sampler.sampler`; this attribute serves
        # callers that use the sampler as batch_sampler.
        self.sampler = self

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of batches per rank and epoch."""

    def set_epoch(self, epoch: int) -> None:
        """Set the epoch of the next iteration."""
        self.epoch = epoch

    def start_at(self, first: int) -> None:
        """Set the position at which the next iteration starts."""
        self.first = first


class BatchSampler(TicketSampler):
    """Yields a ticket for each batch of a plan.

    Args:
        planner: Plans the epochs.
        rank: Rank of this process.
        accumulate: Number of batches per rank in one optimizer step.
        largest_first: Whether each epoch begins with the largest batch, to find out how much memory it takes.
    """

    def __init__(
        self, planner: BatchPlanner, *, rank: int = 0, accumulate: int = 1, largest_first: bool = False
    ) -> None:
        super().__init__()
        self._planner, self._rank, self._accumulate = planner, rank, accumulate
        self._largest_first = largest_first

    def __len__(self) -> int:
        return self._planner.positions

    def __iter__(self) -> Iterator[Ticket]:
        plan, epoch = self.plan, self.epoch
        positions = list(range(self.first, len(plan)))
        if self._largest_first:
            largest = max(positions, key=lambda position: self._planner.cells(epoch, plan.pairs(position, self._rank)))
            positions = [largest, *(position for position in positions if position != largest)]
        # This must not change any state, because with workers torch calls it twice per iteration.
        return (
            Ticket(epoch, plan.pairs(position, self._rank), plan.step_tokens(position, self._accumulate))
            for position in positions
        )

    @property
    def plan(self) -> BatchPlan:
        """The plan of the current epoch."""
        return self._planner.plan(self.epoch)


class BatchLoader(DataLoader[Batch]):
    """Yields batches, and counts those delivered to the trainer.

    The loader's state is the epoch and the number of delivered batches, not counting prefetched ones. A loader with a
    restored state continues with the next batch. Torch's global random generator is not used.

    Args:
        dataset: Forms a batch from a ticket.
        sampler: Determines the order of the batches.
        corpus: Identifier of the data.
        options: Options that determine the composition of batches, by command-line name.
        processes: Processes that prepare batches.
    """

    def __init__(
        self,
        dataset: Dataset[Batch],
        sampler: TicketSampler,
        *,
        corpus: str,
        options: Mapping[str, object],
        processes: Processes,
    ) -> None:
        super().__init__(
            dataset,
            batch_size=None,
            sampler=sampler,
            num_workers=processes.workers,
            worker_init_fn=partial(_serve, os.getpid()) if processes.workers else None,
            pin_memory=processes.pin_memory,
            # Without its own generator, each new iterator would draw from the global one. A resumed run creates one
            # more iterator, so it would use different dropout masks than an uninterrupted run.
            generator=torch.Generator(),
        )
        self._batches = sampler
        self._epoch, self._taken = 0, 0
        self._resume = False
        self._corpus, self._options = corpus, dict(options)

    def __len__(self) -> int:
        return len(self._batches)

    def __iter__(self) -> Iterator[Batch]:  # type: ignore[override]
        # This is a generator, so the position is determined only when the first batch is requested. Lightning creates
        # the iterator of a resumed run before it sets the epoch.
        first = self._taken if self._resume and self._epoch == self._batches.epoch else 0
        self._resume = False
        self._batches.start_at(first)
        self._epoch, self._taken = self._batches.epoch, first
        for batch in super().__iter__():
            self._taken += 1
            yield batch

    def state_dict(self) -> dict[str, Any]:
        """Return the epoch, how many of its batches were delivered, and the data and options that determine them."""
        return {
            "epoch": self._epoch,
            "batches": self._taken,
            "of": len(self),
            "corpus": self._corpus,
            "options": self._options,
        }

    def differences(self, state: dict[str, Any]) -> list[str]:
        """Return the reasons why a state's batches differ from this loader's; empty if they do not."""
        if state["corpus"] != self._corpus:
            return ["the training data or data.seed is not that of the checkpoint"]
        before = state.get("options")
        if before is None:  # an older checkpoint
            return [f"an epoch has {len(self):,} batches (was {state['of']:,})"] if state["of"] != len(self) else []
        return [
            f"{name} is {value} (was {before.get(name)})"
            for name, value in {**dict.fromkeys(before), **self._options}.items()
            if before.get(name) != value
        ]

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore the position of another loader. The position is used only if the next iteration is in the same epoch.

        Raises:
            UserError: If the state belongs to other data or other batches. Data and batches can change only between
                epochs.
        """
        if differences := self.differences(state):
            raise UserError(
                f"The checkpoint cannot be continued in the middle of an epoch, because {'; '.join(differences)}."
            )
        self._epoch, self._taken, self._resume = state["epoch"], state["batches"], True
        self._batches.set_epoch(state["epoch"])


def _serve(parent: int, number: int) -> None:
    """Initialize a loader worker."""
    serve(parent)


def training_loader(
    store: TokenStore,
    tokenizers: Tokenizers,
    options: BatchOptions,
    *,
    seed: int,
    reader: Reader = READER,
    accumulate: int = 1,
    is_copying: bool = False,
    processes: Processes = ALONE,
    mixture: MixtureOptions = MixtureOptions(),
    largest_first: bool = False,
) -> BatchLoader:
    """Return the loader of the training corpus: shuffled, sampled, sharded, resumable.

    Args:
        store: Token store of the corpus.
        tokenizers: Tokenizers of the store.
        options: Token budget and subword sampling.
        seed: Seed of shuffling and sampling.
        reader: Reader of the store. It decides which pieces of an overlong source are kept.
        accumulate: Number of batches per rank in one optimizer step.
        is_copying: Whether the network copies.
        processes: Processes that share the corpus and prepare batches.
        mixture: How often the pairs of each corpus are read.
        largest_first: See `BatchSampler`.
    """
    limit = 0 if options.batch_sentences else options.max_tokens
    mixture.require_corpora(len(store.corpora))
    tags = tuple(tokenizers.source.tag(name) if name else NO_TAG for name in mixture.tags)
    segmentation = Segmentation(store, tokenizers, seed, options.sampling_alpha, limit, processes.workers, reader, tags)
    mixed = Mixture.of(store.corpora, mixture, seed) if mixture.is_mixing else None
    planner = BatchPlanner(len(store), segmentation.lengths, options, seed=seed, ranks=processes.ranks, mixture=mixed)
    sampler = BatchSampler(planner, rank=processes.rank, accumulate=accumulate, largest_first=largest_first)
    return _loader(segmentation, sampler, options, accumulate, is_copying, processes, mixture)


def evaluation_loader(
    store: TokenStore,
    tokenizers: Tokenizers,
    options: BatchOptions,
    *,
    reader: Reader = READER,
    is_copying: bool = False,
    processes: Processes = ALONE,
) -> BatchLoader:
    """Return the loader of a validation or test corpus: sorted by length, without subword sampling.

    A pair longer than the budget forms its own batch, because evaluations must not omit pairs. `Batch.indices` restores
    the order. For the arguments see `training_loader`.
    """
    tags = (tokenizers.source.tag(reader.tag),) * len(store.corpora) if reader.tag else ()
    segmentation = Segmentation(store, tokenizers, reader=reader, tags=tags)
    planner = BatchPlanner(len(store), segmentation.lengths, options, seed=0, ranks=processes.ranks, shuffle=False)
    sampler = BatchSampler(planner, rank=processes.rank)
    return _loader(segmentation, sampler, options, 1, is_copying, processes)


def order_options(prefix: str, options: Options, ranks: int, accumulate: int) -> dict[str, object]:
    """Return the options that determine the composition of batches, by command-line name."""
    named = {f"{prefix}.{name}": value for name, value in options.to_json().items()}
    return {**named, "trainer.accumulate_grad_batches": accumulate, "the number of processes": ranks}


def _loader(
    segmentation: Segmentation,
    sampler: BatchSampler,
    options: BatchOptions,
    accumulate: int,
    is_copying: bool,
    processes: Processes,
    mixture: MixtureOptions = MixtureOptions(),
) -> BatchLoader:
    named = order_options("data.batches", options, processes.ranks, accumulate)
    if mixture.is_mixing or any(mixture.tags):
        named |= {f"data.mixture.{name}": value for name, value in mixture.to_json().items()}
    return BatchLoader(
        Pairs(segmentation, is_copying),
        sampler,
        corpus=f"{segmentation.store.fingerprint} {segmentation.seed}",
        options=named,
        processes=processes,
    )
