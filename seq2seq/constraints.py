"""What an output may not be: scores of forbidden pieces become minus infinity before a search or a draw looks at them.

Shapes: ``N`` rows (``K`` beams of each of ``B`` sources), ``T`` pieces so far, ``V`` vocabulary.

Probabilities are not spread anew over what is left: a constraint forbids, it does not make the rest likelier.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.corpus import Mark
from seq2seq.options import SearchOptions
from seq2seq.tokenizer import Tokenizer

FREE = -1
"""In a table of prefixes: no piece is forced here."""


class Constraints:
    """The constraints of one batch of sources.

    Args:
        target: Where special ids come from.
        options: Lengths and n-gram blocking.
        source_lengths: [B], pieces of each source, from which the length limits follow.
        prefixes: Pieces that each output must begin with; None forces nothing.
    """

    def __init__(
        self,
        target: Tokenizer,
        options: SearchOptions,
        source_lengths: Int[Tensor, " batch"],
        prefixes: Sequence[Sequence[int]] | None = None,
    ) -> None:
        self.end = target.end
        self.options = options
        # An output is text: marks that stand for its structure are never written, but a line break is.
        self.banned = torch.tensor(
            [target.padding, target.start, target.marks[Mark.TURN], target.marks[Mark.SPEAKER]],
            device=source_lengths.device,
        )
        limits = (source_lengths * options.max_length_ratio).long() + options.max_length_extra
        self.limits = torch.full_like(limits, options.max_length) if options.max_length else limits  # [B]
        self.prefixes: Tensor | None = None
        if prefixes is not None and any(prefixes):
            longest = max(map(len, prefixes))
            self.prefixes = torch.full((len(prefixes), longest), FREE)
            for row, ids in enumerate(prefixes):
                self.prefixes[row, : len(ids)] = torch.tensor(ids, dtype=torch.long)
            self.prefixes = self.prefixes.to(source_lengths.device)
            self.limits = torch.maximum(self.limits, (self.prefixes != FREE).sum(1))
        # Until the shortest limit is reached, no step needs to look at the limits.
        self.shortest_limit = int(self.limits.min())

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep the constraints of some of the sources."""
        self.limits = self.limits.index_select(0, rows)
        self.shortest_limit = int(self.limits.min()) if len(rows) else 0
        if self.prefixes is not None:
            self.prefixes = self.prefixes.index_select(0, rows)

    def apply(self, scores: Float[Tensor, "rows vocabulary"], history: Int[Tensor, "rows length"]) -> None:
        """Forbid pieces in place.

        Args:
            scores: [N, V], scores of the next piece.
            history: [N, T], the pieces of each row so far.
        """
        length = history.shape[1]
        beams = scores.shape[0] // self.limits.shape[0]
        scores.index_fill_(1, self.banned, -math.inf)
        if self.options.no_repeat_ngram:
            block_repeats(scores, history, self.options.no_repeat_ngram)
        if length < self.options.min_length:
            scores[:, self.end] = -math.inf
        if length >= self.shortest_limit:
            is_over = (self.limits <= length).repeat_interleave(beams)  # [N]
            force(scores, is_over, torch.full_like(is_over, self.end, dtype=torch.long))
        if self.prefixes is not None and length < self.prefixes.shape[1]:
            forced = self.prefixes[:, length].repeat_interleave(beams)  # [N]
            force(scores, forced != FREE, forced)


def force(scores: Float[Tensor, "rows vocabulary"], is_forced: Tensor, pieces: Int[Tensor, " rows"]) -> None:
    """Forbid all but the piece given, in the rows that are forced; a piece forbidden before is allowed again."""
    rows = is_forced.nonzero().squeeze(1)
    kept = scores.new_full((len(rows), scores.shape[1]), -math.inf)
    wanted = pieces[rows].unsqueeze(1)
    # The score of a banned piece is gone; 0 says that it is certain, which a forced piece is.
    values = scores[rows].gather(1, wanted)
    kept.scatter_(1, wanted, torch.where(values == -math.inf, 0.0, values))
    scores[rows] = kept


def block_repeats(scores: Float[Tensor, "rows vocabulary"], history: Int[Tensor, "rows length"], ngram: int) -> None:
    """Forbid in place every piece that would complete an n-gram that a row already has (Paulus et al. 2018)."""
    length = history.shape[1]
    if length < ngram:
        return
    windows = history.unfold(1, ngram, 1)  # [N, T - n + 1, n]
    begun = history[:, length - ngram + 1 :]  # [N, n - 1]: what the next piece would complete
    is_repeat = (windows[..., :-1] == begun.unsqueeze(1)).all(-1)  # [N, T - n + 1]
    counts = torch.zeros_like(scores).scatter_add_(1, windows[..., -1], is_repeat.to(scores.dtype))
    scores.masked_fill_(counts > 0, -math.inf)
