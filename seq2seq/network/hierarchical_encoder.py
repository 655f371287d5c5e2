"""The hierarchical encoder: one LSTM reads each turn alone, a second one reads the turns.

After the hierarchical recurrent encoder-decoder (HRED, Serban et al. 2016) with attention over words and turns (as in
Xing et al. 2018). A source is cut into segments (turns, or lines of persona or knowledge), each of which ends with a
boundary piece that belongs to it; the last one may lack it. Text without boundaries is one segment.

Shapes: ``B`` batch, ``S`` source length, ``E`` embedding width, ``C`` width of the states, ``R`` segments of all
sources, ``N`` most segments of a source, ``W`` pieces of the longest segment of a group.
"""

from dataclasses import replace
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.network.encoder import Encoded, Encoder
from seq2seq.network.lstm import SequenceDropout, glorot
from seq2seq.network.options import NetworkOptions

SHORTEST = 8
"""Segments up to this length form the first group; those up to twice, four times, ... as long form the next ones."""
DOUBLINGS = 50
"""How often ``SHORTEST`` is doubled: enough for the longest source."""


class Segments(NamedTuple):
    """Indices of each piece of a batch when its segments are rows.

    Segments of similar length form a group, which is padded to its longest: so less than half of it is padding (except
    for segments below ``SHORTEST``). Rows are numbered group by group.

    Attributes:
        counts: [B], segments of each source.
        lengths: [R], pieces of each row.
        shapes: Rows and width ``W`` of each group.
        cells: [pieces], the cell of each piece in the flattened padded groups.
        places: [pieces], its index in the flattened padded sources.
        turns: [pieces], the index of its segment among the padded segments of the sources, b N + number.
        slots: [R], the same for each row.
    """

    counts: Tensor
    lengths: Tensor
    shapes: list[tuple[int, int]]
    cells: Tensor
    places: Tensor
    turns: Tensor
    slots: Tensor


def cut(lengths: Int[Tensor, " batch"], is_boundary: Bool[Tensor, "batch source"]) -> Segments:
    """Cut sources at their boundaries.

    Args:
        lengths: [B], pieces of each source, at least one each.
        is_boundary: [B, S], true on pieces that end a segment; padding does not count.
    """
    width, device = is_boundary.shape[1], is_boundary.device
    positions = torch.arange(width, device=device)
    is_piece = positions < lengths.unsqueeze(1)
    is_end = is_piece & (is_boundary | (positions == lengths.unsqueeze(1) - 1))  # [B, S], last pieces of segments
    counts = is_end.sum(1)

    # From here on the pieces of all sources form one sequence, and so do the segments.
    places = is_piece.flatten().nonzero().squeeze(1)
    ends = is_end.flatten()[places]
    last = ends.nonzero().squeeze(1)  # [R], the end of each segment in the sequence
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
    shapes = [(row, one) for row, one in torch.stack([rows, longest], 1).tolist() if row]
    room = longest[group[order]]
    begin = torch.empty_like(room).scatter(0, order, room.cumsum(0) - room)  # [R], the first cell of each segment
    return Segments(counts, sizes[order], shapes, begin[segment] + within, places, slots[segment], slots[order])


def spread(
    values: Float[Tensor, "values width"], places: Int[Tensor, " values"], room: int
) -> Float[Tensor, "room width"]:
    """Return vectors scattered to their indices, zeros elsewhere."""
    return values.new_zeros(room, values.shape[1]).index_copy(0, places, values)


class HierarchicalEncoder(nn.Module):
    """A turn LSTM over the words of each segment, and a dialogue LSTM over the segments in order of time.

    Both are stacks of ``encoder_layers`` with all of the flat encoder's options, but the dialogue LSTM only reads
    forwards: no state knows later turns. A turn is passed on as the top layer's last state, normalised (Ba et al.
    2016): an LSTM's first states are small, and those of one stacked on another are smaller still. Without attention,
    four classes given by the first of three turns were learned in 30 to 60 steps with the norm (as by the flat
    encoder), in 60 to 400 without it.

    The state of a boundary piece is the dialogue's after that segment. The state of any other piece is the turn LSTM's
    plus a projection of the dialogue's state before its segment (zero before the first), so that a word's state
    reflects the earlier turns too. Starting the turn LSTM from that state would achieve the same, but then each turn
    would have to wait for the one before, in a loop over turns; a sum lets all be read at once, and for attention that
    is linear in its keys (all but 'additive') the score is that of the word plus that of its position in the dialogue.

    Segments are read in groups of similar length, one dense call each. On dialogues of DailyDialog, batches of 64
    sources of similar length (256 segments, 16 words on average and 46 the longest), that computes 1.4 cells per word
    where a single group would compute 3.5. There are fewer sequential steps than three times the longest segment,
    however many segments there are.
    """

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__()
        self.turns = Encoder(options)
        self.dialogue = Encoder(
            replace(options, embedding_size=options.hidden_size, readout_size=0, bidirectional=False)
        )
        self.norm = nn.LayerNorm(options.hidden_size)
        self.dropout = SequenceDropout(options.dropout, options.variational)
        # Without attention single positions are unused, but with several processes every weight needs a gradient.
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
            lengths: [B], pieces of each, at least one.
            is_boundary: [B, S], true on pieces that end a segment; padding does not count.

        Returns:
            States as described above, zero on padding; ``last`` is the dialogue LSTM's, after the last segment.
        """
        segments = cut(lengths, is_boundary)
        batch, width = is_boundary.shape
        cells = spread(
            x.flatten(0, 1)[segments.places], segments.cells, sum(rows * one for rows, one in segments.shapes)
        )
        groups = [
            self.turns(block.view(rows, one, -1), of_rows)
            for (rows, one), block, of_rows in zip(
                segments.shapes,
                torch.split(cells, [rows * one for rows, one in segments.shapes]),
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
