"""Shallow fusion: a language model scores each step of search or sampling too (Gulcehre et al. 2015).

Search then adds up ``log p(piece | source) + weight * log p_lm(piece)``, where the language model was trained on texts
of the target's language alone, which are more plentiful. A :class:`Fused` network has the interface of any other: its
state includes the language model's, so that beams are chosen and rearranged together.

Both must have the same pieces: train the language model with the other model's tokenizer
(``--data.tokenizer.source_model RUN/tokenizer/joint.model``). Teacher forcing (``forward``, ``chosen``) uses the
network alone; so the log probabilities of outputs are its own.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seq2seq.network.encoder_decoder import Network, Packing
from seq2seq.network.state import Decoded, Memory, State
from seq2seq.options import require


class Fused(Network):
    """A network together with a language model over the same pieces.

    Args:
        network: The network.
        model: The language model, without encoder.
        weight: Factor of its log probabilities.
        unknown: Target id that it reads and scores in place of unknown words of a source.

    Raises:
        UserError: If the two differ in their number of pieces, or the language model has a source.
    """

    is_fused = True

    def __init__(self, network: Network, model: Network, weight: float, unknown: int = 0) -> None:
        nn.Module.__init__(self)  # the parts are those of the network: nothing is created
        require(
            network.target_vocabulary == model.target_vocabulary,
            f"The language model has {model.target_vocabulary:,} pieces, but the model that it is fused with writes "
            f"{network.target_vocabulary:,}: train it with the same tokenizer (data.tokenizer.source_model).",
        )
        require(not model.has_source, "A model that reads a source cannot be fused as a language model.")
        self.network, self.model, self.weight, self.unknown = network, model, weight, unknown
        self.options, self.has_source = network.options, network.has_source
        self.target_vocabulary, self.target_padding = network.target_vocabulary, network.target_padding
        self.source_padding, self.target_unknown = network.source_padding, network.target_unknown

    def encode(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        copies: Int[Tensor, "batch source"] | None = None,
    ) -> Memory:
        """Read sources; the language model reads none."""
        return self.network.encode(source, lengths, copies)

    def forward(
        self,
        memory: Memory,
        target_input: Int[Tensor, "batch target"],
        covering: bool = True,
        state: State | None = None,
    ) -> Decoded:
        """Run the network alone over whole targets."""
        decoded: Decoded = self.network(memory, target_input, covering, state)
        return decoded

    def chosen(
        self, memory: Memory, decoded: Decoded, wanted: Int[Tensor, "batch target"]
    ) -> tuple[Float[Tensor, " tokens"], Float[Tensor, " tokens"]]:
        """Return the network's own log probabilities; see `Network.chosen`."""
        return self.network.chosen(memory, decoded, wanted)

    def start(self, memory: Memory, beams: int = 1) -> State:
        """Return the state of both before the first piece."""
        other = self.model.start(self._nothing(memory.rows * beams, memory.states.device))
        return self.network.start(memory, beams)._replace(other=other)

    def step(
        self, token: Int[Tensor, " rows"], state: State, memory: Memory, packing: Packing | None = None
    ) -> tuple[Float[Tensor, "rows extended"], State]:
        """Run one step of both; return the weighted sum of log probabilities, which is not a distribution."""
        scores, after = self.network.step(token, state._replace(other=None), memory, packing)
        known = token.masked_fill(token >= self.target_vocabulary, self.unknown)
        assert state.other is not None
        rows = self._nothing(len(token), token.device)
        expected, following = self.model.step(known, state.other, rows, packing.other if packing else None)  # [N, V]
        more = scores.shape[1] - expected.shape[1]
        if more:  # unknown words of the source are unknown to the language model
            unknown = expected[:, self.unknown : self.unknown + 1].expand(-1, more)
            expected = torch.cat([expected, unknown], 1)
        return scores + self.weight * expected, after._replace(other=following)

    def weight_count(self) -> int:
        """Return the number of the network's own weights."""
        return self.network.weight_count()

    def pack(self) -> Packing:
        """Pack the weights of both."""
        return self.network.pack()._replace(other=self.model.pack())

    def _nothing(self, rows: int, device: torch.device) -> Memory:
        """Return the memory of a number of rows without a source."""
        lengths = torch.zeros(rows, dtype=torch.long, device=device)
        return self.model.encode(lengths.unsqueeze(1)[:, :0], lengths)
