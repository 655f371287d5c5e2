"""What a model returns: outputs, and how likely given pairs are.

Shapes: ``S`` source length, ``T`` output length.
"""

from dataclasses import dataclass, field

from torch import Tensor


@dataclass(frozen=True)
class Output:
    """One output of the model.

    Args:
        text: What the user sees; may hold line breaks.
        score: What outputs are ranked by: the log probability under the penalties of the search, or what
            `seq2seq.reranking` says.
        log_probability: Natural logarithm of the output's probability, end mark included.
        pieces: The output's pieces, T of them.
        source_pieces: The source's pieces, S of them.
        attention: [T, S] weights; None unless asked for, and where the network has no attention.
        lost: Pieces that the source had beyond the S, which were cut off.
        copied: [T] the share of each piece's probability that comes from copying the source; empty unless attention was
            asked for, and where the network does not copy.
        ids: The ids of its pieces; above the vocabulary for unknown words copied from the source.
        parts: The outputs of the sentences of the source, where these were taken one by one (`seq2seq.splitting`).
        breaks: What stood before each of these sentences: line breaks, or '' within a line.
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
    """How likely a given pair is.

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
"""What an empty text gives: the network is not asked."""
