"""Data options of a run. The module is light to import, so parsers load it in milliseconds."""

from dataclasses import dataclass, field
from pathlib import Path

from seq2seq.alignment.options import AlignmentOptions
from seq2seq.batching.options import BatchOptions, MixtureOptions, StreamOptions
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.options import Options, not_negative, require
from seq2seq.tokenization.options import TokenizerOptions

SPLITS = ("train", "validation", "test")

MOST_WORKERS = 256


@dataclass(frozen=True)
class CorpusOptions(Options):
    """Files of a run and options for reading them, for any task.

    Args:
        task: Name of the task; its sample corpus is used if no files are given.
        reader: How to convert files to examples.
        train: Training files: two aligned text files, one table or JSONL file, or a dataset ``hf:NAME[:CONFIG]:SPLIT``;
            or several of these.
        validation: Validation files, used to choose the best weights.
        test: Test files.
        tokenizer: How to train the tokenizers, or which existing ones to use.
        workers: Number of processes that prepare batches; 0 prepares them in the training process.
        seed: Random seed of the run.
        cache_dir: Folder of token stores, reused between runs; '' is ``seq2seq`` in the user's cache folder.
    """

    task: str = ""
    reader: Reader = Reader()
    train: list[str] | str = field(default_factory=list)
    validation: list[str] | str = field(default_factory=list)
    test: list[str] | str = field(default_factory=list)
    tokenizer: TokenizerOptions = TokenizerOptions()
    workers: int = 0
    seed: int = 1
    cache_dir: str = ""

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        not_negative("data.workers", self.workers)
        require(
            self.workers <= MOST_WORKERS,
            f"data.workers is {self.workers}, but each is a separate process: give at most {MOST_WORKERS} (a number "
            "close to that of processor cores is usual).",
        )
        require(0 <= self.seed < 2**32, f"data.seed is {self.seed}, but it must be at least 0 and below 2**32.")

    def paths(self, split: str) -> list[Path]:
        """Return the files of a split.

        Raises:
            UserError: If there are none, although there are training files.
        """
        names = files_of(getattr(self, split))
        if not names:
            raise UserError(
                f"data.{split} names no files, but data.train does: give --data.{split} FILES like those of data.train."
            )
        return [Path(name) for name in names]


@dataclass(frozen=True)
class DataOptions(CorpusOptions):
    """Data of a run: files, tokenizers, filters, batches.

    Args:
        filters: Which training pairs to drop.
        batches: How to form training batches.
        mixture: How often to read each of several training corpora.
        alignment: Word alignments of the training pairs, on which attention is trained.
        reverse: Whether to swap source and target. The model then translates in the other direction, or predicts the
            input from the output (in a dialogue, the message from its reply) to rerank another model's outputs (Li et
            al. 2016).
    """

    filters: FilterOptions = FilterOptions()
    batches: BatchOptions = BatchOptions()
    mixture: MixtureOptions = MixtureOptions()
    alignment: AlignmentOptions = AlignmentOptions()
    reverse: bool = False


@dataclass(frozen=True)
class TextDataOptions(CorpusOptions):
    """Data of a language model: running text, its tokenizer, its windows.

    Args:
        train: Training files or folders.
        tokenizer: How to train the tokenizer, or which existing one to use (as source_model).
        streams: How to split the text into streams and windows.
    """

    streams: StreamOptions = StreamOptions()

    def __post_init__(self) -> None:
        """Refuse a separate source tokenizer."""
        super().__post_init__()
        require(
            self.tokenizer.joint,
            "data.tokenizer.joint is false, but running text has no source that could have its own tokenizer: set it "
            "to true.",
        )


def files_of(given: list[str] | str) -> list[str]:
    """Return the files of an option as a list.

    Args:
        given: Value parsed from YAML or a command line: a list, one name, or names separated by commas.
    """
    if not isinstance(given, str):
        return given
    if "," in given and not Path(given).exists():
        return [name.strip() for name in given.split(",") if name.strip()]
    return [given] if given else []
