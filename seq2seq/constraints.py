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
        source_lengths: [B], pieces of each source, from which the length limits follow. A least length or a prefix
            that is longer than the limit raises it.
        prefixes: Pieces that each output must begin with; None forces nothing.
        is_unknown_banned: Whether the unknown piece may not be written, because unknown words can be copied.
    """

    def __init__(
        self,
        target: Tokenizer,
        options: SearchOptions,
        source_lengths: Int[Tensor, " batch"],
        prefixes: Sequence[Sequence[int]] | None = None,
        *,
        is_unknown_banned: bool = False,
    ) -> None:
        self.end = target.end
        self.options = options
        # An output is text: marks that stand for its structure are never written, but a line break is.
        banned = [target.padding, target.start, target.marks[Mark.TURN], target.marks[Mark.SPEAKER]]
        if is_unknown_banned:
            banned.append(target.unknown)
        self.banned = torch.tensor(banned, device=source_lengths.device)
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
        self.limits = self.limits.clamp(min=options.min_length)
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
        forced = self._forced(length)  # [B]
        if forced is not None:
            pieces = forced.repeat_interleave(beams)  # [N]
            # A forced piece keeps its score, even where it would be forbidden: so it is read before anything is.
            rows = (pieces != FREE).nonzero().squeeze(1)
            wanted = pieces[rows].unsqueeze(1)
            values = scores[rows].gather(1, wanted)
        scores.index_fill_(1, self.banned, -math.inf)
        if self.options.no_repeat_ngram:
            block_repeats(scores, history, self.options.no_repeat_ngram)
        if length < self.options.min_length:
            scores[:, self.end] = -math.inf
        if forced is not None:
            only = scores.new_full((len(rows), scores.shape[1]), -math.inf)
            scores[rows] = only.scatter_(1, wanted, values)

    def _forced(self, length: int) -> Tensor | None:
        """Return the piece that each source must have after so many, FREE where it has a choice; None if all do."""
        forced = None
        if length >= self.shortest_limit:
            forced = torch.where(self.limits <= length, self.end, FREE)
        if self.prefixes is not None and length < self.prefixes.shape[1]:
            prefixed = self.prefixes[:, length]
            forced = prefixed if forced is None else torch.where(prefixed == FREE, forced, prefixed)
        return forced


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
