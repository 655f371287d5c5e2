"""The network: encoder, decoder and output layer behind one small contract.

Shapes: ``B`` batch, ``S`` source length, ``T`` target length, ``N`` rows of search, ``R`` readout width, ``V``
target vocabulary.

``encode`` turns sources into a :class:`Memory`; ``forward`` computes the readout states of whole targets at once, for
training and scoring; ``start`` and ``step`` walk piece by piece, for search, sampling and chat. Both ways compute the
same function: a property test holds them together for all options.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.decoder import Decoder, Memory, State, Steps
from seq2seq.embedding import Embedding
from seq2seq.encoder import Encoder
from seq2seq.errors import UserError
from seq2seq.options import NetworkOptions
from seq2seq.products import Product, packed

__all__ = ["Memory", "Network", "Packing", "State"]


class Packing(NamedTuple):
    """The weights of the steps of decoding, laid out for products with few rows.

    Attributes:
        steps: The decoder's.
        output: The output layer.
    """

    steps: Steps
    output: Product


class Network(nn.Module):
    """An LSTM encoder-decoder with attention; a plain module that knows nothing of training.

    Args:
        options: The shape.
        source_vocabulary: Number of source ids, special marks included.
        target_vocabulary: Number of target ids, special marks included.
        source_padding: Source id of padding.
        target_padding: Target id of padding.

    Raises:
        UserError: If three-way tied embeddings meet two different vocabularies.
    """

    def __init__(
        self,
        options: NetworkOptions,
        source_vocabulary: int,
        target_vocabulary: int,
        source_padding: int,
        target_padding: int,
    ) -> None:
        super().__init__()
        self.options = options
        readout_size = options.readout_size or (
            options.hidden_size if options.tied_embeddings == "none" else options.embedding_size
        )

        def embedding(vocabulary: int, padding: int, word_dropout: float) -> Embedding:
            return Embedding(
                vocabulary,
                options.embedding_size,
                padding,
                options.embedding_dropout,
                options.variational,
                word_dropout,
            )

        self.source_padding = source_padding
        self.target_padding = target_padding
        self.source_embedding = embedding(source_vocabulary, source_padding, options.source_word_dropout)
        self.encoder = Encoder(options)
        self.decoder = Decoder(
            options, embedding(target_vocabulary, target_padding, options.target_word_dropout), readout_size
        )
        self.output = nn.Linear(readout_size, target_vocabulary)
        nn.init.zeros_(self.output.bias)
        if options.tied_embeddings == "all":
            if (source_vocabulary, source_padding) != (target_vocabulary, target_padding):
                raise UserError(
                    f"tied_embeddings 'all' shares one table between source and target, but their vocabularies have "
                    f"{source_vocabulary} and {target_vocabulary} pieces: set data.tokenizer.joint to true, "
                    f"or tied_embeddings to 'output'."
                )
            self.source_embedding.weight = self.decoder.embedding.weight
        if options.tied_embeddings == "none":
            nn.init.xavier_uniform_(self.output.weight)
        else:
            self.output.weight = self.decoder.embedding.weight

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"]) -> Memory:
        """Read sources padded to S; ``lengths`` counts their tokens, at least one each."""
        is_token = torch.arange(source.shape[1], device=source.device).unsqueeze(0) < lengths.unsqueeze(1)
        encoded = self.encoder(self.source_embedding(source), lengths)
        keys, values = self.decoder.attention.project(encoded.states)
        return Memory(encoded.states, is_token, keys, values, source, encoded.last)

    def forward(
        self, memory: Memory, target_input: Int[Tensor, "batch target"]
    ) -> Float[Tensor, "batch target readout"]:
        """Return the readout states of whole targets, given the right pieces before each position."""
        readout, _ = self.decoder(memory, target_input)
        states: Tensor = self.decoder.dropout(readout)
        return states

    def align(self, memory: Memory, target_input: Int[Tensor, "batch target"]) -> Float[Tensor, "batch target source"]:
        """Return the attention weights of whole targets, given the right pieces before each position."""
        _, weights = self.decoder(memory, target_input)
        aligned: Tensor = weights
        return aligned

    def logits(self, states: Float[Tensor, "... readout"]) -> Float[Tensor, "... vocabulary"]:
        """Turn readout states into unnormalised scores of the pieces."""
        return functional.linear(states, self.output.weight, self.output.bias)

    def start(self, memory: Memory, beams: int = 1) -> State:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""
        return self.decoder.start(memory, beams)

    def step_logits(
        self, token: Int[Tensor, " rows"], state: State, memory: Memory, packing: Packing | None = None
    ) -> tuple[Float[Tensor, "rows vocabulary"], State]:
        """Run one step and return unnormalised scores; N must be a multiple of the memory's rows.

        ``packing`` (from :meth:`pack`) makes the same step faster.
        """
        if packing is None:
            readout, after = self.decoder.step(token, state, memory)
            return self.logits(readout), after
        readout, after = self.decoder.step(token, state, memory, packing.steps)
        return packing.output(readout), after

    def pack(self) -> Packing:
        """Lay out the weights for many steps of decoding. Costs about one step; stale once the weights change."""
        return Packing(self.decoder.pack(), packed(self.output.weight, self.output.bias))

    def step(
        self, token: Int[Tensor, " rows"], state: State, memory: Memory
    ) -> tuple[Float[Tensor, "rows vocabulary"], State]:
        """Run one step and return log probabilities of the next piece; N must be a multiple of the memory's rows."""
        logits, after = self.step_logits(token, state, memory)
        return torch.log_softmax(logits, -1), after

    def weight_count(self) -> int:
        """Return the number of trained numbers, tied ones counted once."""
        return sum(parameter.numel() for parameter in self.parameters())
