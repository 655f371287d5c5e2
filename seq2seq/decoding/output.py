"""Results of decoding: hypotheses, outputs, and log probabilities of given pairs.

Shapes: ``S`` source length, ``T`` output length.
"""

from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray


@dataclass(frozen=True)
class Hypothesis:
    """One output found by search or sampling.

    Attributes:
        ids: The pieces, without the end token; ids above the vocabulary are unknown words copied from the source.
        score: Score for ranking: the log probability with repetition, length and coverage penalties.
        log_probability: Log probability without penalties, end token included.
        attention: [T, S], the attention weights of each piece; None unless requested.
        copied: [T], the fraction of each piece's probability due to copying; empty if not requested, or if the network
            does not copy.
    """

    ids: tuple[int, ...]
    score: float
    log_probability: float
    attention: NDArray[Any] | None = field(default=None, compare=False, repr=False)
    copied: tuple[float, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Output:
    """One output of the model.

    Args:
        text: The text shown to the user; may contain line breaks.
        score: Score for ranking: the log probability with the search's penalties, or the score of
            `seq2seq.decoding.ranking.reranking`.
        log_probability: Natural logarithm of the output's probability, end token included.
        pieces: [T], the output's pieces.
        source_pieces: [S], the source's pieces.
        attention: [T, S], the attention weights; None if not requested, or if the network has no attention.
        lost: Number of source pieces that were cut off; they are not counted in S.
        copied: [T], the fraction of each piece's probability due to copying; empty if attention was not requested, or
            if the network does not copy.
        ids: The ids of its pieces; ids above the vocabulary are unknown words copied from the source.
        piece_log_probabilities: [T], the natural logarithm of each piece's probability; empty unless requested.
        parts: The outputs for single sentences, if the source was split (`seq2seq.models.splitting`).
        breaks: The separator before each sentence: line breaks, or '' within a line.
        required: The terms that it had to contain, alternatives separated by '|'.
        missed: Those that it does not contain.
        lost_spans: The masked spans of its source that it does not contain (`seq2seq.corpus.masks`).
    """

    text: str
    score: float
    log_probability: float
    pieces: tuple[str, ...]
    source_pieces: tuple[str, ...]
    attention: NDArray[Any] | None = field(default=None, compare=False, repr=False)
    lost: int = 0
    copied: tuple[float, ...] = field(default=(), compare=False, repr=False)
    ids: tuple[int, ...] = field(default=(), compare=False, repr=False)
    piece_log_probabilities: tuple[float, ...] = field(default=(), compare=False, repr=False)
    parts: "tuple[Output, ...]" = field(default=(), compare=False, repr=False)
    breaks: tuple[str, ...] = field(default=(), compare=False, repr=False)
    required: tuple[str, ...] = field(default=(), compare=False, repr=False)
    missed: tuple[str, ...] = field(default=(), compare=False, repr=False)
    lost_spans: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def alignments(self) -> list[tuple[int, int]]:
        """Return hard alignments, (source index, output index) for each output piece; [] without attention."""
        if self.attention is None or self.attention.size == 0:
            return []
        return [(source, target) for target, source in enumerate(self.attention.argmax(1).tolist())]


@dataclass(frozen=True)
class PairScore:
    """Log probability of a given pair.

    Args:
        log_probability: Natural logarithm of the target's probability given the source.
        tokens: Number of target pieces, end token included.
        characters: Number of characters of the target text.
        source_pieces: Number of source pieces read.
        lost: Number of source pieces cut off.
        end_log_probability: The end token's log probability, which `log_probability` includes.
    """

    log_probability: float
    tokens: int
    characters: int
    source_pieces: int = 0
    lost: int = 0
    end_log_probability: float = 0.0


EMPTY = Output("", 0.0, 0.0, (), ())
"""Output for an empty text, returned without running the network."""
