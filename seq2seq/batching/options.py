"""Options of batches."""

from dataclasses import dataclass

from seq2seq.options import Options, fraction, require


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
