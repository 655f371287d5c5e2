"""Data module for language models: from running text, through a tokenizer and token stores, to windows."""

import math
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from seq2seq.batching.batch import Batch
from seq2seq.batching.loader import BatchLoader
from seq2seq.batching.options import StreamOptions
from seq2seq.batching.text_windows import evaluation_streams, stream_loader
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.options import FilterOptions
from seq2seq.errors import UserError
from seq2seq.run_setup.data_options import CorpusOptions, DataOptions, TextDataOptions
from seq2seq.training.pair_data import Batches, Seq2SeqData


class TextData(Seq2SeqData):
    """Reads and tokenizes texts, and loads windows. Each chunk of text is an example with an empty source."""

    unit, fewest = "token", 2_000

    def pair_options(self, options: CorpusOptions) -> DataOptions:
        """Return options that keep every text, although its source is empty."""
        return DataOptions(filters=FilterOptions(drop_empty=False))

    @property
    def streams(self) -> StreamOptions:
        """How the training text is split into streams and windows."""
        assert isinstance(self.given, TextDataOptions)
        return self.given.streams

    def setup(self, stage: str) -> None:
        """Also count the characters of the evaluation texts, including line breaks but not document separators."""
        super().setup(stage)
        self.characters = {
            split: sum(len(plain(store.target_text(number))) for number in range(len(store)))
            for split, store in self.stores.items()
            if split != "train"
        }

    @property
    def monitored(self) -> tuple[str, bool]:
        """Bits per character of the validation text; lower is better."""
        return "bits_per_character", False

    def measured(self, split: str, nll: float, outputs: Mapping[int, str]) -> dict[str, float]:
        """Return the bits per character; nothing is decoded."""
        return {self.monitored[0]: nll / math.log(2) / max(1, self.characters[split])}

    @cached_property
    def lengths(self) -> None:
        """None, because a text has no source."""

    def tokenizer_texts(self) -> Iterator[Example]:
        """Yield the lines of the training text; a tokenizer samples a bounded number of them."""
        for example in self.examples("train"):
            for line in plain(example.target).split("\n"):
                yield Example("", line)

    def train_dataloader(self) -> BatchLoader:
        """Return the training windows in text order, sharded by streams and resumable."""
        assert self.trainer is not None
        return self._loader("train", self.streams, self.trainer.accumulate_grad_batches)

    @property
    def batch_limit(self) -> tuple[str, int]:
        """The option that limits the size of a batch, and its value."""
        name = "count" if self.streams.count > 1 else "window"
        return f"data.streams.{name}", getattr(self.streams, name)

    def size(self, split: str) -> int:
        """Return the number of tokens in a split."""
        return self.stores[split].running_pieces

    def predict_dataloader(self) -> Batches:
        """Refuse, because running text has no outputs.

        Raises:
            UserError: Always; the message suggests the right command.
        """
        raise UserError(f"Running text has no outputs to predict: type seq2seq {self.task.verb} RUN --prompt TEXT.")

    def described(self, batch: Batch) -> list[dict[str, str]]:
        """Return the text of each row of a window."""
        return [{"text": self.tokenizers.target.decode(row)} for row in batch.target.tolist()]

    def about(self) -> dict[str, Any]:
        """Return the data settings recorded in checkpoints, including the stream options."""
        return {**super().about(), "streams": self.streams.to_json()}

    def _evaluation(self, split: str) -> BatchLoader:
        streams = evaluation_streams(self.size(split), self.streams.window, self.processes.ranks)
        return self._loader(split, streams, 1)

    def _loader(self, split: str, options: StreamOptions, accumulate: int) -> BatchLoader:
        tokenizer = self.tokenizers.target
        return stream_loader(
            self.stores[split],
            tokenizer,
            options,
            seed=self.seed,
            begin=tokenizer.before(self.reader.begin()),
            accumulate=accumulate,
            processes=self.processes,
        )
