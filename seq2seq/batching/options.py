"""Options of batches and streams."""

from dataclasses import dataclass, field

from seq2seq.amounts import amount
from seq2seq.corpus.options import require_tag
from seq2seq.options import Options, fraction, not_negative, require

MOST_OFTEN = 1000
"""Maximum weight of a corpus."""


@dataclass(frozen=True)
class BatchOptions(Options):
    """Composition of training batches.

    Args:
        max_tokens: Maximum number of tokens on each side of a batch, including padding and end tokens of targets: the
            number of pairs times the length of the longest source or target.
        batch_sentences: Number of pairs in a batch, regardless of length; 0 uses max_tokens instead.
        window_sentences: Number of shuffled pairs that are sorted by length together. Larger values reduce padding,
            smaller values mix more lengths.
        sampling_alpha: Subword sampling in training: for a BPE model, the probability of skipping a merge (usually
            0.1); for a unigram model, the sharpness of the distribution (0.1 to 0.5; lower varies more). 0 disables it.
    """

    max_tokens: int = 4096
    batch_sentences: int = 0
    window_sentences: int = 20_000
    sampling_alpha: float = 0.0

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        not_negative("batch_sentences", self.batch_sentences)
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
    """How to split running text for training.

    Args:
        count: Number of streams read in parallel, that is, rows of a batch in each process.
        window: Number of pieces per stream in a batch. Back-propagation stops at its edge; the state is carried over.
        random_windows: Whether to vary the length of windows, which gives different borders in each epoch (Merity et
            al. 2018, section 5). The number of windows per epoch stays the same.
        restart: Probability that a stream starts a window with an empty state, which trains the model to begin texts.
    """

    count: int = 32
    window: int = 100
    random_windows: bool = False
    restart: float = 0.05

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        require(self.count >= 1, f"data.streams.count is {self.count}, but there must be at least 1 stream.")
        require(self.window >= 1, f"data.streams.window is {self.window}, but a window needs at least 1 piece.")
        fraction("data.streams.restart", self.restart)


@dataclass(frozen=True)
class MixtureOptions(Options):
    """How often the pairs of each of several training corpora are read.

    Args:
        weights: How often an epoch reads each pair, for each corpus in the order of data.train: 2 reads all pairs
            twice, 0.1 a tenth of them, others in each epoch. Empty reads every pair once.
        temperature: T in n^(1/T), to which the number of pairs of a corpus of size n in an epoch is proportional
            (Arivazhagan et al. 2019); 1 reads every pair once, 5 reads small corpora more often, a large number all
            corpora equally often. The length of an epoch stays the same.
        tags: Name of a tag for each corpus, read by the encoder before each source; '' is no tag. A tag is a special
            token, which no text contains. Validation and use have the tag of data.reader.tag.
    """

    weights: list[float] = field(default_factory=list)
    temperature: float = 1.0
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Refuse values out of range."""
        for weight in self.weights:
            require(
                0 < weight <= MOST_OFTEN,
                f"data.mixture.weights contains {weight}, but a weight must be above 0 and at most {MOST_OFTEN:,}.",
            )
        for tag in self.tags:
            require_tag("data.mixture.tags", tag)
        require(self.temperature >= 1, f"data.mixture.temperature is {self.temperature}, but it must be at least 1.")
        require(
            self.temperature == 1 or not self.weights,
            f"data.mixture.temperature is {self.temperature} and data.mixture.weights are given, but both set how "
            "often a corpus is read: leave out one of them.",
        )

    @property
    def is_mixing(self) -> bool:
        """Whether an epoch may read anything but every pair once."""
        return self.temperature != 1 or any(weight != 1 for weight in self.weights)

    def require_corpora(self, corpora: int) -> None:
        """Check that there are weights and tags for each corpus.

        Raises:
            UserError: If there are more or fewer; the message gives both numbers.
        """
        for name, values in (("weights", self.weights), ("tags", self.tags)):
            require(
                len(values) in (0, corpora),
                f"data.mixture.{name} has {amount(len(values), 'value')}, but data.train names "
                f"{amount(corpora, 'corpus', 'corpora')} (a corpus is one table or JSONL file, or two aligned text "
                "files): give one for each.",
            )
