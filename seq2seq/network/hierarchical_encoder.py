"""The hierarchical encoder: one LSTM over the words of each turn, and another over the turns.

Based on the hierarchical recurrent encoder-decoder (HRED, Serban et al. 2016) with attention over words and turns (as
in Xing et al. 2018). A source consists of segments (turns, or lines of persona or knowledge). Each segment ends with
its boundary piece, which is optional in the last one. Text without boundaries is one segment.

Shapes: ``B`` batch, ``S`` source length, ``E`` embedding width, ``C`` state width, ``R`` segments of all sources,
``N`` maximum number of segments per source, ``W`` maximum segment length of a group.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.network.encoder import Encoded, Encoder
from seq2seq.network.lstm import SequenceDropout, glorot
from seq2seq.network.options import NetworkOptions

SHORTEST = 8
"""Maximum segment length of the first group; the maximum doubles with each further group."""
DOUBLINGS = 50
"""Number of times ``SHORTEST`` is doubled, enough for the longest source."""


class Segments(NamedTuple):
    """Indices that rearrange a batch of sources into rows of segments.

    Segments of similar length form a group, padded to its longest segment, so less than half of a group is padding
    (except for segments below ``SHORTEST``). Rows are ordered by group.

    Attributes:
        counts: [B], number of segments of each source.
        lengths: [R], number of pieces of each row.
        shapes: Number of rows and width ``W`` of each group.
        cells: [pieces], the index of each piece in the flattened padded groups.
        places: [pieces], the index of each piece in the flattened padded sources.
        turns: [pieces], the index of the segment that contains each piece; segment n of source b has the index b N + n.
        slots: [R], the index b N + n of the segment in each row.
    """

    counts: Tensor
    lengths: Tensor
    shapes: list[tuple[int, int]]
    cells: Tensor
    places: Tensor
    turns: Tensor
    slots: Tensor


def cut(lengths: Int[Tensor, " batch"], is_boundary: Bool[Tensor, "batch source"]) -> Segments:
    """Split sources into segments.

    Args:
        lengths: [B], number of pieces of each source, at least one each.
        is_boundary: [B, S], true on pieces that end a segment; padding is ignored.
    """
    width, device = is_boundary.shape[1], is_boundary.device
    positions = torch.arange(width, device=device)
    is_piece = positions < lengths.unsqueeze(1)
    is_end = is_piece & (is_boundary | (positions == lengths.unsqueeze(1) - 1))  # [B, S], segment ends
    counts = is_end.sum(1)

    # From here on, pieces and segments are indexed across all sources.
    places = is_piece.flatten().nonzero().squeeze(1)
    ends = is_end.flatten()[places]
    last = ends.nonzero().squeeze(1)  # [R], the index of the last piece of each segment
    sizes = last.diff(prepend=last.new_full((1,), -1))
    segment = ends.cumsum(0) - ends.long()  # [pieces]
    within = torch.arange(len(places), device=device) - (last - sizes + 1)[segment]
    source = places[last] // width
    number = torch.arange(len(last), device=device) - (counts.cumsum(0) - counts)[source]
    slots = source * counts.max() + number

    group = torch.bucketize(sizes, SHORTEST * 2 ** torch.arange(DOUBLINGS, device=device))
    order = group.argsort(stable=True)
    longest = sizes.new_zeros(DOUBLINGS + 1).scatter_reduce(0, group, sizes, "amax")
    rows = group.bincount(minlength=DOUBLINGS + 1)
    shapes = [(count, size) for count, size in torch.stack([rows, longest], 1).tolist() if count]
    room = longest[group[order]]
    begin = torch.empty_like(room).scatter(0, order, room.cumsum(0) - room)  # [R], the first cell of each segment
    return Segments(counts, sizes[order], shapes, begin[segment] + within, places, slots[segment], slots[order])


def spread(
    values: Float[Tensor, "values width"], places: Int[Tensor, " values"], room: int
) -> Float[Tensor, "room width"]:
    """Return vectors scattered to the given indices, with zeros elsewhere."""
    return values.new_zeros(room, values.shape[1]).index_copy(0, places, values)


class HierarchicalEncoder(nn.Module):
    """A turn LSTM over the words of each segment, and a dialogue LSTM over the segments.

    Both have ``encoder_layers`` layers and all options of the flat encoder, but the dialogue LSTM is unidirectional, so
    no state depends on later turns. The dialogue LSTM reads the last state of each turn's top layer. That state is
    layer-normalised (Ba et al. 2016), because an LSTM's first states are small, and smaller still if LSTMs are stacked.
    In a test without attention, a network had to classify three turns by the first turn (four classes). With the norm
    this took 30 to 60 training steps, as with the flat encoder; without the norm it took 60 to 400.

    The state of a boundary piece is the dialogue LSTM's state after its segment. The state of any other piece is the
    turn LSTM's state plus a projection of the dialogue LSTM's state before the segment (zero before the first), so it
    also reflects earlier turns. The alternative, starting the turn LSTM from the dialogue state, would require a loop
    over turns. With attention that is linear in its keys (all but 'additive'), the score of a word is the sum of a word
    score and a score for its position in the dialogue.

    Each group of segments of similar length is read in one dense call. For DailyDialog, in batches of 64 sources of
    similar length (256 segments with 16 words on average and at most 46), this computes 1.4 cells per word, while a
    single group would compute 3.5. The number of sequential steps is less than three times the longest segment's
    length, however many segments there are.
    """

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__()
        self.turns = Encoder(options, options.embedding_size, options.bidirectional)
        self.dialogue = Encoder(options, options.hidden_size, is_bidirectional=False)
        self.norm = nn.LayerNorm(options.hidden_size)
        self.dropout = SequenceDropout(options.dropout, options.variational)
        # Without attention the states of single pieces are unused. Distributed training needs a gradient for every
        # weight, so the projection is omitted.
        self.context = (
            None
            if options.attention == "none"
            else glorot(nn.Linear(options.hidden_size, options.hidden_size, bias=False))
        )

    def forward(
        self,
        x: Float[Tensor, "batch source embedding"],
        lengths: Int[Tensor, " batch"],
        is_boundary: Bool[Tensor, "batch source"],
    ) -> Encoded:
        """Encode embedded sources.

        Args:
            x: [B, S, E], padded.
            lengths: [B], number of pieces of each source, at least one each.
            is_boundary: [B, S], true on pieces that end a segment; padding is ignored.

        Returns:
            States as described above, zero on padding; ``last`` is the dialogue LSTM's last state.
        """
        segments = cut(lengths, is_boundary)
        batch, width = is_boundary.shape
        sizes = [rows * size for rows, size in segments.shapes]
        cells = spread(x.flatten(0, 1)[segments.places], segments.cells, sum(sizes))
        groups = [
            self.turns(block.view(rows, size, -1), of_rows)
            for (rows, size), block, of_rows in zip(
                segments.shapes,
                torch.split(cells, sizes),
                torch.split(segments.lengths, [rows for rows, _ in segments.shapes]),
                strict=True,
            )
        ]
        states = torch.cat([group.states.flatten(0, 1) for group in groups])[segments.cells]  # [pieces, C]
        vectors = self.norm(torch.cat([group.last[-1] for group in groups]))  # [R, C]

        most = int(segments.counts.max())
        turns = spread(vectors, segments.slots, batch * most).view(batch, most, -1)
        after = self.dialogue(self.dropout(turns), segments.counts)  # states [B, N, C]
        if self.context is not None:
            before = functional.pad(after.states[:, :-1], (0, 0, 1, 0))
            states = states + self.context(before).flatten(0, 1)[segments.turns]
        is_end = is_boundary.flatten()[segments.places].unsqueeze(1)
        states = torch.where(is_end, after.states.flatten(0, 1)[segments.turns], states)
        return Encoded(spread(states, segments.places, batch * width).view(batch, width, -1), after.last)
