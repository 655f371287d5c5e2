"""Data module for pairs: from files or the task's sample corpus, through tokenizers and token stores, to batches."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightning.pytorch import LightningDataModule
from lightning.pytorch.accelerators import CUDAAccelerator

from seq2seq.alignment.aligned_examples import aligned, identity
from seq2seq.batching.batch import Batch
from seq2seq.batching.fingerprint import fingerprint
from seq2seq.batching.loader import BatchLoader, Processes, evaluation_loader, training_loader
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.masks import between_masks
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.files import cache
from seq2seq.metrics.scored_texts import ScoredTexts
from seq2seq.models.lengths import Lengths
from seq2seq.plugin import registry
from seq2seq.plugin.task import SampleCorpus, no_sample
from seq2seq.run_setup.data_options import SPLITS, CorpusOptions, DataOptions, files_of
from seq2seq.tokenization.control_pieces import with_masks
from seq2seq.tokenization.tags import with_tags
from seq2seq.tokenization.tokenizer import Tokenizers, require_masks
from seq2seq.tokenization.training import train as train_tokenizers

if TYPE_CHECKING:
    from seq2seq.metrics.metric import Metric


class Seq2SeqData(LightningDataModule):
    """Reads and tokenizes files, and loads batches.

    Args:
        options: Files, tokenizers, filters, batches.
        decoding: Default search and sampling options of the trained model; None uses the task's. A model without
            sampling options uses search.
        tokenizer_dir: Folder in which tokenizers are saved and reused; None keeps them in memory.
        is_copying: Whether the network copies and therefore needs ids for unknown words.
        shows_progress: Whether to report preparation steps.
        largest_first: Whether an epoch begins with its largest batch; see `seq2seq.runs.dry_run`.

    Attributes:
        unit: What `size` counts.
        fewest: Minimum size of a training set; a model trained on less only memorizes it.
    """

    unit, fewest = "pair", 100

    def __init__(
        self,
        options: CorpusOptions,
        *,
        decoding: tuple[SearchOptions, SamplingOptions | None] | None = None,
        tokenizer_dir: Path | None = None,
        is_copying: bool = False,
        shows_progress: bool = False,
        largest_first: bool = False,
    ) -> None:
        super().__init__()
        pairs = self.pair_options(options)
        self.given = options
        self.task = registry.load(options.task)
        self.search, self.sampling = decoding or (self.task.decoding.search, self.task.decoding.sampling)
        self.files = {split: files_of(getattr(options, split)) for split in SPLITS}
        self.options = options.tokenizer
        self.filters = pairs.filters
        self.batches = pairs.batches
        self.mixture = pairs.mixture
        self.alignment = pairs.alignment
        self.workers = options.workers
        self.seed = options.seed
        self.cache = Path(options.cache_dir).expanduser() if options.cache_dir else cache.place()
        self.tokenizer_dir = tokenizer_dir
        self.is_copying = is_copying
        self.shows_progress = shows_progress
        self.largest_first = largest_first
        self.stores: dict[str, TokenStore] = {}
        self._prepared: dict[str, TokenStore] = {}
        # The reader from the options, which may lack languages and never swaps source and target; see `reader`.
        self._given = replace(options.reader, reverse=False)
        self._is_turned = pairs.reverse or options.reader.reverse

    def pair_options(self, options: CorpusOptions) -> DataOptions:
        """Return the options of filters and batches of pairs."""
        assert isinstance(options, DataOptions)
        return options

    @property
    def is_sample(self) -> bool:
        """Whether to use the task's sample corpus, because no training files were given."""
        return not self.files["train"]

    @cached_property
    def sample(self) -> SampleCorpus:
        """The task's sample corpus."""
        sample = self.task.sample(self._given)
        if sample is None:
            raise UserError(no_sample(self.task))
        return sample

    @cached_property
    def reader(self) -> Reader:
        """Converts files and lines to examples, with the languages known."""
        reader = self.sample.reader if self.is_sample else self._with_languages(self._given)
        return reader.turned() if self._is_turned else reader

    def _with_languages(self, reader: Reader) -> Reader:
        """Return a reader with the languages inferred from the training files."""
        files = [Path(name) for name in self.files["train"]]
        named = reader.with_languages(files)
        return named.with_scripts(named.read(files))

    @property
    def metric(self) -> "Metric":
        """The task's first metric, monitored in training."""
        return self.task.metrics(self.reader)[0]

    @property
    def monitored(self) -> tuple[str, bool]:
        """Logged name of the monitored score, and whether higher is better."""
        return self.metric.name.lower(), self.metric.higher_is_better

    def measured(self, split: str, nll: float, outputs: Mapping[int, str]) -> dict[str, float]:
        """Return the task's first metric of a validation, by name; empty if no outputs were decoded.

        Args:
            split: Split that was validated.
            nll: Negative log likelihood of its targets in nats.
            outputs: Decoded outputs by index.
        """
        if not outputs:
            return {}
        numbers = sorted(outputs)
        texts, _ = ScoredTexts().prepared([outputs[number] for number in numbers], "Outputs")
        given = [list(self.stores[split].references(number)) for number in numbers]
        references, _ = ScoredTexts().prepared_references(given, "References")
        return {self.monitored[0]: self.metric.score(texts, references)}

    def paths(self, split: str) -> list[Path]:
        """Return the files of a split."""
        return self.given.paths(split)

    def examples(self, split: str) -> Iterable[Example]:
        """Return the examples of a split, streamed from files or from the sample corpus."""
        if self.is_sample:
            chosen: list[Example] = getattr(self.sample, split)
            return [self.reader.reversed(example) for example in chosen] if self.reader.reverse else chosen
        return self.reader.read(self.paths(split))

    def held(self, split: str, most: int) -> list[Example]:
        """Return up to ``most`` examples, spread evenly over a split; none if the split has no store."""
        store = self.stores.get(split)
        if store is None:
            return []
        size = min(most, len(store))
        return [
            Example(store.source_text(number), store.target_text(number), store.references(number))
            for number in (place * len(store) // size for place in range(size))
        ]

    def tokenizer_texts(self) -> Iterator[Example]:
        """Yield the texts for training tokenizers, without masked spans."""
        for example in map(self.reader.unrepeated, self.examples("train")):
            yield example if not self.reader.masks else between_masks(example)

    def prepare_data(self) -> None:
        """Build missing tokenizers and token stores; Lightning calls this in one process per machine."""
        splits = self._splits(self.trainer.state.fn if self.trainer and self.trainer.state.fn else "fit")
        for split in splits:
            self.examples(split)  # finds a missing file before any work is done
            if not self.is_sample and (note := self.reader.understood(self.paths(split))):
                print(f"data.{split}: {note}", file=sys.stderr)
            if split == "train" and not self.is_sample and (advice := self.reader.advice(self.paths(split))):
                print(f"data.{split}: {advice}", file=sys.stderr)
        cache.make_private(self.cache)
        folder = self.tokenizer_dir
        if folder is None or not (folder / "tokenizer.json").is_file():
            self._report("Reading the training text and building the vocabulary ...")
            trained = train_tokenizers(self.tokenizer_texts(), self.options, seed=self.seed)
            trained = with_masks(trained) if self.reader.masks else trained
            self.tokenizers = with_tags(trained, self.mixture.tags)
            if folder is not None:
                self.tokenizers.save(folder)
        else:
            self.tokenizers = Tokenizers.load(folder)
            if self.reader.masks:
                require_masks(self.tokenizers, str(folder))
        self._prepared = {}  # open until `setup`, so no other process removes them
        for split in splits:
            self._report(f"Tokenizing data.{split} ...")
            self._prepared[split] = self._store(split)
        cache.keep_within(self.cache, cache.limit())
        for split, store in self._prepared.items():
            if split == "train" and store.report.dropped:
                print(store.report.sentence(), file=sys.stderr)
            if split != "train" and not any(plain(store.target_text(number)).strip() for number in range(len(store))):
                raise UserError(f"data.{split} contains only blank lines, so nothing can be scored.")
            if store.truncation.cut:
                print(f"data.{split}: {store.truncation.sentence()}", file=sys.stderr)

    def _report(self, step: str) -> None:
        """Report a step, if progress is shown."""
        if self.shows_progress:
            print(step, file=sys.stderr, flush=True)

    def setup(self, stage: str) -> None:
        """Open the results of `prepare_data`; Lightning calls this in every process."""
        if self.tokenizer_dir is not None:
            self.tokenizers = Tokenizers.load(self.tokenizer_dir)
        elif not hasattr(self, "tokenizers"):
            raise UserError("Several processes need a place to share the tokenizers: set tokenizer_dir.")
        for split in self._splits(stage):
            self.stores[split] = self._prepared[split] if split in self._prepared else self._store(split)
        self._prepared = {}

    @property
    def processes(self) -> Processes:
        """The trainer's processes, and those that prepare batches."""
        trainer = self.trainer
        assert trainer is not None
        pin_memory = isinstance(trainer.accelerator, CUDAAccelerator)
        return Processes(trainer.global_rank, trainer.world_size, self.workers, pin_memory)

    def train_dataloader(self) -> BatchLoader:
        """Return the shuffled, sampled, sharded and resumable training batches."""
        assert self.trainer is not None
        return training_loader(
            self.stores["train"],
            self.tokenizers,
            self.batches,
            seed=self.seed,
            reader=self.reader,
            accumulate=self.trainer.accumulate_grad_batches,
            is_copying=self.is_copying,
            processes=self.processes,
            mixture=self.mixture,
            largest_first=self.largest_first,
        )

    @property
    def batch_limit(self) -> tuple[str, int]:
        """The option that limits the size of a batch, and its value."""
        name = "batch_sentences" if self.batches.batch_sentences else "max_tokens"
        return f"data.batches.{name}", getattr(self.batches, name)

    def size(self, split: str) -> int:
        """Return the amount of data in a split."""
        return len(self.stores[split])

    def val_dataloader(self) -> BatchLoader:
        """Return the validation batches, sorted by length."""
        return self._evaluation("validation")

    def test_dataloader(self) -> BatchLoader:
        """Return the test batches, sorted by length."""
        return self._evaluation("test")

    def predict_dataloader(self) -> "Batches":
        """Return the test batches, sorted by length."""
        return Batches(self._evaluation("test"))

    def described(self, batch: Batch) -> list[dict[str, str]]:
        """Return the texts of a training batch, for display."""
        return self.texts("train", batch.indices.tolist())

    def masked_spans(self, split: str, number: int) -> tuple[str, ...]:
        """Return the spans of an example in place of which the model reads masks."""
        if not self.reader.masks:
            return ()
        store = self.stores[split]
        return self.reader.masked_pair(store.source_text(number), store.target_text(number)).spans

    def texts(self, split: str, numbers: Sequence[int]) -> list[dict[str, str]]:
        """Return the texts of some examples, for display."""
        store = self.stores[split]
        return [
            {"source": plain(store.source_text(number)), "target": plain(store.target_text(number))}
            for number in numbers
        ]

    def about(self) -> dict[str, Any]:
        """Return the data settings recorded in checkpoints, as JSON-serializable values."""
        return {
            "task": self.task.name,
            "tokenizer": self.tokenizers.digest(),
            "reader": asdict(self.reader),
            "search": self.search.to_json(),
            "sampling": self.sampling.to_json() if self.sampling else None,
            "rerank": self.task.decoding.rerank.to_json() if self.task.decoding.rerank else None,
            "lengths": self.lengths.to_json() if self.lengths else None,
            "seed": self.seed,
            "data": " ".join(self.files["train"]) or f"the sample corpus of {self.task.name}",
        }

    @cached_property
    def lengths(self) -> Lengths | None:
        """Lengths of the training pairs; None if there is no training store."""
        store = self.stores.get("train")
        return Lengths.of(store.source_lengths, store.target_lengths) if store is not None else None

    def _splits(self, stage: str) -> tuple[str, ...]:
        """Return the splits used in a stage."""
        return {"fit": ("train", "validation"), "validate": ("validation",)}.get(stage, ("test",))

    def _store(self, split: str) -> TokenStore:
        corpus = list(self.examples(split)) if self.is_sample else self.paths(split)
        # Only training pairs may be filtered out: a validation or test must score every pair.
        filters = self.filters if split == "train" else FilterOptions(drop_empty=False)
        is_aligned = split == "train" and self.alignment.is_given
        alignments = identity(self.alignment) if is_aligned else ""
        mark = fingerprint(corpus, self.reader, self.tokenizers, filters, alignments)
        folder = self.cache / f"{self.task.name}-{split}-{mark}"
        return TokenStore.build(
            self._aligned() if is_aligned else self.examples(split),
            self.tokenizers,
            folder,
            fingerprint=mark,
            filters=filters,
            reader=self.reader,
            is_aligned=is_aligned,
        )

    def _aligned(self) -> Iterator[Example]:
        """Return the training examples with their links."""
        corpora = 1 if self.is_sample else len(self.reader.corpora(self.paths("train")))
        return aligned(
            lambda: self.examples("train"),
            self.alignment,
            corpora,
            self.tokenizers,
            is_reversed=self.reader.reverse,
        )

    def _evaluation(self, split: str) -> BatchLoader:
        return evaluation_loader(
            self.stores[split],
            self.tokenizers,
            self.batches,
            reader=self.reader,
            is_copying=self.is_copying,
            processes=self.processes,
        )


class Batches:
    """Wraps a loader as a plain iterable, because Lightning would rebuild a DataLoader for predictions."""

    def __init__(self, loader: BatchLoader) -> None:
        self._loader = loader

    def __len__(self) -> int:
        return len(self._loader)

    def __iter__(self) -> Iterator[Batch]:
        return iter(self._loader)
