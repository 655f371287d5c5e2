"""The network: encoder, decoder and output layer behind one interface.

Shapes: ``B`` batch, ``S`` source length, ``T`` target length, ``N`` rows of search, ``R`` readout width, ``V``
target vocabulary.

``encode`` turns sources into a :class:`Memory`. For training and scoring, ``forward`` computes the readout states of
whole targets at once; for decoding, ``start`` and ``step`` advance piece by piece. A property test checks that both
compute the same function, for all options.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.errors import UserError
from seq2seq.network.cpu_products import Product, packed
from seq2seq.network.decoder import Decoder, Steps
from seq2seq.network.embedding import Embedding
from seq2seq.network.encoder import Encoder
from seq2seq.network.hierarchical_encoder import HierarchicalEncoder
from seq2seq.network.options import NetworkOptions
from seq2seq.network.pointer import Chosen, first_places, mixture
from seq2seq.network.precision import device_named
from seq2seq.network.state import Decoded, Memory, State

CHUNK_BYTES = 16 * 2**20
"""Maximum size of a chunk of logits: half the size above which the allocator always maps new memory."""


class Packing(NamedTuple):
    """Packed weights of the decoder's steps and the output layer."""

    steps: Steps
    output: Product


class Network(nn.Module):
    """An LSTM encoder-decoder with attention, independent of training.

    With the encoder 'none' it is a language model: the same decoder with an empty memory (S = 0), so search, sampling
    and scoring need no special case.

    Args:
        options: The architecture.
        source_vocabulary: Number of source ids, special tokens included; ignored without an encoder.
        target_vocabulary: Number of target ids, special tokens included.
        source_padding: Source id of padding.
        target_padding: Target id of padding.
        copies: [source vocabulary], the target id that each source id copies, or padding if it cannot be copied; by
            default, ids are the same on both sides.
        target_unknown: Target id that replaces a copied unknown word in the decoder's input.
        boundaries: Source ids that end a segment, for the hierarchical encoder.

    Raises:
        UserError: If all embeddings are tied but the vocabularies differ, if `copies` is missing for copying with
            different vocabularies, or if `boundaries` is missing for the hierarchical encoder.
    """

    copies: Tensor
    boundaries: Tensor
    source_embedding: Embedding
    encoder: Encoder | HierarchicalEncoder

    def __init__(
        self,
        options: NetworkOptions,
        source_vocabulary: int,
        target_vocabulary: int,
        source_padding: int,
        target_padding: int,
        *,
        copies: Sequence[int] | None = None,
        target_unknown: int = 0,
        boundaries: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.options = options

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
        self.target_vocabulary = target_vocabulary
        self.target_unknown = target_unknown
        if options.copying and copies is None and source_vocabulary != target_vocabulary:
            raise UserError(
                "copying writes source pieces into the target, but their vocabularies have "
                f"{source_vocabulary} and {target_vocabulary} pieces, and no mapping between them is given."
            )
        table = (copies or range(source_vocabulary)) if options.copying else ()
        self.register_buffer("copies", torch.tensor(table, dtype=torch.long), persistent=False)
        self.has_source = options.encoder != "none"
        is_hierarchical = options.encoder == "hierarchical"
        if is_hierarchical and not boundaries:
            raise UserError(
                "encoder 'hierarchical' reads the source segment by segment, but the source ids that end a segment "
                "are unknown: give boundaries, or set encoder to 'flat'."
            )
        self.register_buffer("boundaries", torch.tensor(boundaries, dtype=torch.long), persistent=False)
        if self.has_source:
            self.source_embedding = embedding(source_vocabulary, source_padding, options.source_word_dropout)
            self.encoder = (
                HierarchicalEncoder(options)
                if is_hierarchical
                else Encoder(options, options.embedding_size, options.bidirectional)
            )
        self.decoder = Decoder(options, embedding(target_vocabulary, target_padding, options.target_word_dropout))
        self.output = nn.Linear(options.readout_width, target_vocabulary)
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

    def encode(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        copies: Int[Tensor, "batch source"] | None = None,
    ) -> Memory:
        """Encode sources.

        Args:
            source: [B, S], padded ids. Without an encoder only B matters, and the memory has no positions.
            lengths: [B], number of ids without padding, at least one each.
            copies: [B, S], the target id that each position copies, with ids above the vocabulary for unknown words; by
                default from the network's table. Ignored without copying.
        """
        if not self.has_source:
            return self.without_source(source.shape[0])
        is_token = torch.arange(source.shape[1], device=source.device).unsqueeze(0) < lengths.unsqueeze(1)
        embedded = self.source_embedding(source)
        if isinstance(self.encoder, HierarchicalEncoder):
            encoded = self.encoder(embedded, lengths, torch.isin(source, self.boundaries))
        else:
            encoded = self.encoder(embedded, lengths)
        keys, values = self.decoder.attention.project(encoded.states)
        if not self.options.copying:
            copies, extra = source[:, :0], 0
        elif copies is None:
            copies, extra = self.copies[source], 0
        else:
            extra = max(0, int(copies.max()) + 1 - self.target_vocabulary)
        first = first_places(copies)
        return Memory(encoded.states, is_token, keys, values, encoded.last, copies, first, extra)

    def without_source(self, rows: int) -> Memory:
        """Return the empty memory for N texts, for a network without an encoder."""
        nothing = self.output.weight.new_zeros(rows, 0, 0)
        ids = nothing.new_zeros(rows, 0, dtype=torch.long)
        return Memory(nothing, ids.bool(), nothing, nothing, nothing.transpose(0, 1), ids, ids)

    def forward(
        self,
        memory: Memory,
        target_input: Int[Tensor, "batch target"],
        covering: bool = True,
        state: State | None = None,
    ) -> Decoded:
        """Run over whole targets (teacher forcing); see :meth:`seq2seq.network.decoder.Decoder.forward`."""
        decoded: Decoded = self.decoder(memory, target_input, covering, state)
        return decoded._replace(states=self.decoder.dropout(decoded.states))

    def chosen(
        self, memory: Memory, decoded: Decoded, wanted: Int[Tensor, "batch target"]
    ) -> tuple[Float[Tensor, " tokens"], Float[Tensor, " tokens"]]:
        """Return the log probability of each target piece, and the fraction of its probability due to copying.

        Args:
            memory: The sources.
            decoded: The output of :meth:`forward`.
            wanted: [B, T], target ids; padding is skipped.

        Returns:
            Both numbers for each target token, row by row, without gradients.
        """
        is_token = wanted != self.target_padding
        rows = is_token.nonzero()[:, 0]
        pieces = wanted[is_token].unsqueeze(1)
        states, weights, gate = decoded.states[is_token], decoded.weights[is_token], decoded.gate[is_token]
        logarithms, shares = [], []
        size = max(1, CHUNK_BYTES // (4 * self.target_vocabulary))
        for start in range(0, max(1, len(pieces)), size):
            part = slice(start, start + size)
            scores = torch.log_softmax(self.logits(states[part]), -1, dtype=torch.float32)
            if self.options.copying:
                copied = memory.copies[rows[part]]
                chosen = Chosen(scores, gate[part].float(), weights[part].float(), copied, pieces[part])
                logarithms.append(chosen.log_probability.squeeze(1))
                shares.append(chosen.share.squeeze(1))
            else:
                logarithms.append(scores.gather(1, pieces[part]).squeeze(1))
                shares.append(torch.zeros_like(logarithms[-1]))
        return torch.cat(logarithms), torch.cat(shares)

    def logits(self, states: Float[Tensor, "... readout"]) -> Float[Tensor, "... vocabulary"]:
        """Return the unnormalised scores for generating each piece."""
        return functional.linear(states, self.output.weight, self.output.bias)

    def start(self, memory: Memory, beams: int = 1) -> State:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""
        return self.decoder.start(memory, beams)

    def step(
        self, token: Int[Tensor, " rows"], state: State, memory: Memory, packing: Packing | None = None
    ) -> tuple[Float[Tensor, "rows extended"], State]:
        """Run one step; return log probabilities of the next piece and the next state.

        The number of rows must be a multiple of the number of sources in the memory. If unknown words can be copied,
        their ids follow the vocabulary. ``packing`` is passed by :meth:`pack`.
        """
        if memory.extra:
            token = token.masked_fill(token >= self.target_vocabulary, self.target_unknown)
        if packing is None:
            readout, after = self.decoder.step(token, state, memory)
            logits = self.logits(readout)
        else:
            readout, after = self.decoder.step(token, state, memory, packing.steps)
            logits = packing.output(readout)
        if self.options.copying:
            return mixture(logits, after.gate, after.attention, memory.copies, memory.first, memory.extra), after
        return torch.log_softmax(logits, -1), after

    def pack(self) -> Callable[[Tensor, State, Memory], tuple[Tensor, State]]:
        """Return `step` with packed weights. Packing costs about one step; call again if the weights change."""
        return partial(self.step, packing=Packing(self.decoder.pack(), packed(self.output.weight, self.output.bias)))

    @property
    def scorer(self) -> "Network":
        """This network; see `seq2seq.decoding.step_model.StepModel.scorer`."""
        return self

    def inference(self) -> AbstractContextManager[Any]:
        """Return PyTorch's inference mode; see `seq2seq.decoding.step_model.StepModel.inference`."""
        return torch.inference_mode()

    def array(self, values: NDArray[Any]) -> Tensor:
        """Return values as a tensor on the network's device."""
        return torch.from_numpy(values).to(self.output.weight.device)

    def read(self, ids: Int[Tensor, "rows pieces"], state: State) -> State:
        """Return the state of a language model after reading more pieces of each text."""
        decoded: Decoded = self(self.without_source(len(ids)), ids, state=state)
        return decoded.state

    def forced(
        self,
        memory: Memory,
        inputs: Int[Tensor, "rows target"],
        wanted: Int[Tensor, "rows target"],
        state: State | None = None,
    ) -> tuple[Tensor, Tensor | None, Tensor, State]:
        """Score given targets; see `seq2seq.decoding.step_model.StepModel.forced`."""
        decoded: Decoded = self(memory, inputs, state=state)
        log_probabilities, shares = self.chosen(memory, decoded, wanted)
        return log_probabilities, shares if self.options.copying else None, decoded.weights, decoded.state

    engine = "torch"
    batches_at_a_time = 1  # PyTorch has threads of its own
    rows_at_a_time: int | None = None

    @property
    def threads(self) -> int:
        """Number of processor threads that PyTorch computes with."""
        return torch.get_num_threads()

    def placed(self, device: str) -> "Network":
        """Return the network, moved to a device.

        Raises:
            UserError: If the device does not exist.
        """
        return self.to(device_named(device))

    def open(self) -> None:
        """Do nothing: all weights have been read."""

    def version(self) -> tuple[tuple[int, int], ...]:
        """Return a value that changes whenever the weights do."""
        return tuple((weight.data_ptr(), weight._version) for weight in self.parameters())

    def weight_count(self) -> int:
        """Return the number of parameters; tied parameters count once."""
        return sum(parameter.numel() for parameter in self.parameters())
