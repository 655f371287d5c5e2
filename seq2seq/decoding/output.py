"""Results of a model: outputs, and log probabilities of given pairs.

Shapes: ``S`` source length, ``T`` output length.
"""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class Output:
    """One output of the model.

    Args:
        text: The text shown to the user; may hold line breaks.
        score: Value that outputs are ranked by: the log probability under the penalties of the search, or the score of
            `seq2seq.decoding.reranking`.
        log_probability: Natural logarithm of the output's probability, end mark included.
        pieces: The output's pieces, T of them.
        source_pieces: The source's pieces, S of them.
        attention: [T, S] weights; None unless requested, or if the network has no attention.
        lost: Pieces of the source beyond the S, which were cut off.
        copied: [T] the share of each piece's probability that comes from copying the source; empty unless attention was
            requested and the network copies.
        ids: The ids of its pieces; above the vocabulary for unknown words copied from the source.
        parts: The outputs of the source's sentences, if it was split (`seq2seq.models.splitting`).
        breaks: Separator before each of these sentences: line breaks, or '' within a line.
    """

    text: str
    score: float
    log_probability: float
    pieces: tuple[str, ...]
    source_pieces: tuple[str, ...]
    attention: Tensor | None = field(default=None, compare=False, repr=False)
    lost: int = 0
    copied: tuple[float, ...] = field(default=(), compare=False, repr=False)
    ids: tuple[int, ...] = field(default=(), compare=False, repr=False)
    parts: "tuple[Output, ...]" = field(default=(), compare=False, repr=False)
    breaks: tuple[str, ...] = field(default=(), compare=False, repr=False)

    def alignments(self) -> list[tuple[int, int]]:
        """Return hard alignments: for each output piece the source piece with the largest weight.

        Returns:
            Pairs (source, output), counted from 0; none without attention.
        """
        if self.attention is None or self.attention.numel() == 0:
            return []
        return [(source, target) for target, source in enumerate(self.attention.argmax(1).tolist())]


@dataclass(frozen=True)
class PairScore:
    """Log probability of a given pair.

    Args:
        log_probability: Natural logarithm of the target's probability given the source.
        tokens: Pieces of the target, end mark included.
        characters: Characters of the target's text.
        source_pieces: Pieces of the source that were read.
        lost: Pieces of the source that were cut off.
        end_log_probability: The end mark's part of `log_probability`.
    """

    log_probability: float
    tokens: int
    characters: int
    source_pieces: int = 0
    lost: int = 0
    end_log_probability: float = 0.0


EMPTY = Output("", 0.0, 0.0, (), ())
"""Output for an empty text, without running the network."""
