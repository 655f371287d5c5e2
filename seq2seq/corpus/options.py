"""Data options; light to import, so that parsers read them in milliseconds."""

from dataclasses import dataclass, field
from pathlib import Path

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.options import Options, TokenizerOptions, fraction, require

SPLITS = ("train", "validation", "test")

MOST_WORKERS = 256


@dataclass(frozen=True)
class BatchOptions(Options):
    """Composition of training batches.

    Args:
        max_tokens: Budget of a batch: number of pairs times the longest source, and times the longest target (its end
            mark included), are both at most this. Padding counts.
        batch_sentences: Pairs in a batch, whatever their length; above 0 it replaces max_tokens.
        window_sentences: Shuffled pairs that are sorted by length at a time. More means less padding, fewer means
            batches that mix more lengths.
        sampling_alpha: Subword sampling in training: for a BPE model, the probability of skipping a merge (0.1 is
            usual); for a unigram model, the sharpness of the distribution (0.1 to 0.5; smaller varies more). 0 is off.
    """

    max_tokens: int = 4096
    batch_sentences: int = 0
    window_sentences: int = 20_000
    sampling_alpha: float = 0.0

    def __post_init__(self) -> None:
        """Refuse impossible budgets and rates."""
        require(self.batch_sentences >= 0, f"batch_sentences is {self.batch_sentences}, but it must not be negative.")
        require(
            self.batch_sentences > 0 or self.max_tokens >= 2,
            f"max_tokens is {self.max_tokens}, but a batch needs at least 2 tokens (or set batch_sentences).",
        )
        require(self.window_sentences >= 1, f"window_sentences is {self.window_sentences}, but it must be at least 1.")
        require(
            0 <= self.sampling_alpha <= 1,
            f"sampling_alpha is {self.sampling_alpha}, but it must lie between 0 (no subword sampling) and 1.",
        )


@dataclass(frozen=True)
class FilterOptions(Options):
    """Filters of training pairs. Lengths are counted in pieces, so that they mean the same for Chinese and English.

    Args:
        drop_empty: Whether to drop pairs with an empty side (after normalisation).
        max_source_pieces: Largest number of source pieces; 0 is no limit.
        max_target_pieces: Largest number of target pieces; 0 is no limit.
        max_ratio: Largest ratio of the longer side to the shorter, applied where the longer has more than 10 pieces;
            0 is no limit. Unsuitable for summaries, which are short by nature.
        drop_duplicates: Whether to keep only the first of equal pairs. Off by default: frequent pairs should be learned
            as such, and it costs 8 to 16 bytes of memory per pair while the store is built.
    """

    drop_empty: bool = True
    max_source_pieces: int = 0
    max_target_pieces: int = 0
    max_ratio: float = 0.0
    drop_duplicates: bool = False

    def __post_init__(self) -> None:
        """Refuse limits that no pair could satisfy."""
        for name in ("max_source_pieces", "max_target_pieces"):
            require(
                getattr(self, name) >= 0,
                f"filters.{name} is {getattr(self, name)}, but it must be positive, or 0 for no limit.",
            )
        require(
            self.max_ratio == 0 or self.max_ratio >= 1,
            f"filters.max_ratio is {self.max_ratio}, but the longer side is at least as long as the shorter: "
            "give 1 or more, or 0 for no limit.",
        )


@dataclass(frozen=True)
class StreamOptions(Options):
    """Arrangement of running text in training.

    Args:
        count: Streams read in parallel: the rows of a batch, in each process.
        window: Pieces of each stream in a batch. Back-propagation stops at its edge; the state is carried over.
        random_windows: Whether to vary the length of windows, so that they end at other places in each epoch (Merity et
            al. 2018, section 5). The number of windows per epoch stays the same.
        restart: Probability that a stream begins a window with an empty state, so that the model learns to begin texts.
    """

    count: int = 32
    window: int = 100
    random_windows: bool = False
    restart: float = 0.05

    def __post_init__(self) -> None:
        """Refuse batches without rows or columns."""
        require(self.count >= 1, f"data.streams.count is {self.count}, but there must be at least 1 stream.")
        require(self.window >= 1, f"data.streams.window is {self.window}, but a window needs at least 1 piece.")
        fraction("data.streams.restart", self.restart)


@dataclass(frozen=True)
class CorpusOptions(Options):
    """The files of a run and the options for reading them, for any task.

    Args:
        task: Name of the task, whose sample corpus is used when no files are named.
        reader: Converts files to examples.
        train: Training files: two aligned text files, or one table or JSONL file.
        validation: Validation files, on which the best weights are chosen.
        test: Test files.
        tokenizer: How to train the tokenizers, or which ones to use.
        workers: Processes that prepare batches; 0 prepares them in the training process.
        seed: Seed of all randomness in the run.
        cache_dir: Where token stores are kept between runs; '' is ``seq2seq`` in the user's cache folder.
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
        """Refuse impossible numbers."""
        require(self.workers >= 0, f"data.workers is {self.workers}, but it must not be negative.")
        require(
            self.workers <= MOST_WORKERS,
            f"data.workers is {self.workers}, but each is a separate process: give at most {MOST_WORKERS} (a number "
            "close to that of processor cores is usual).",
        )
        require(0 <= self.seed < 2**32, f"data.seed is {self.seed}, but it must be at least 0 and below 2**32.")

    def paths(self, split: str) -> list[Path]:
        """Return the files of a split.

        Raises:
            UserError: If there are none, although the training has some.
        """
        names = files_of(getattr(self, split))
        if not names:
            raise UserError(
                f"data.{split} names no files, but data.train does: give --data.{split} FILES like those of data.train."
            )
        return [Path(name) for name in names]


@dataclass(frozen=True)
class DataOptions(CorpusOptions):
    """The data of a run: files, tokenizers, filters, batches.

    Args:
        filters: Which training pairs to drop.
        batches: How to form training batches.
        reverse: Whether to swap source and target: the model predicts the input from the output (in a dialogue: the
            message from its reply), to rerank another model's outputs (Li et al. 2016), or to translate into the other
            direction.
    """

    filters: FilterOptions = FilterOptions()
    batches: BatchOptions = BatchOptions()
    reverse: bool = False


@dataclass(frozen=True)
class TextDataOptions(CorpusOptions):
    """The data of a language model: running text, its tokenizer, its windows.

    Args:
        train: Training files or folders, any number.
        tokenizer: How to train the tokenizer, or which one to use (as source_model).
        streams: How to arrange the text in training.
    """

    streams: StreamOptions = StreamOptions()

    def __post_init__(self) -> None:
        """Refuse a separate tokenizer for sources."""
        super().__post_init__()
        require(
            self.tokenizer.joint,
            "data.tokenizer.joint is false, but running text has no source that could have its own tokenizer: set it "
            "to true.",
        )


def files_of(given: list[str] | str) -> list[str]:
    """Return the files that an option names: a list, one name, or several with commas between.

    Args:
        given: As parsed from YAML or a command line.
    """
    if not isinstance(given, str):
        return given
    if "," in given and not Path(given).exists():
        return [name.strip() for name in given.split(",") if name.strip()]
    return [given] if given else []
