"""A network computed by ONNX Runtime; the counterpart of `seq2seq.network.encoder_decoder.Network`.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows, ``T`` target length, ``V`` vocabulary, ``X`` ids above it.
"""

from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.decoding.step_model import Step
from seq2seq.errors import UserError
from seq2seq.network.options import NetworkOptions
from seq2seq.runtime.graphs import ENCODE, READ, STEP, Graph, ids
from seq2seq.runtime.memory import Floats, OnnxMemory, OnnxState
from seq2seq.runtime.pointer import copied, first_places, log_sigmoid, mixture
from seq2seq.runtime.segments import SegmentEncoder
from seq2seq.runtime.separate_output import SeparateOutput

ROWS = 80
"""Maximum number of rows of a step: the numbers of more rows do not fit into the cache of a core. With 340 rows, greedy
search took 16% and 19% longer in two runs, and 5 beams about as long (docs/results.md, "Rows of a step")."""


@dataclass(frozen=True)
class Vocabularies:
    """What the graphs do not say of the vocabularies.

    Args:
        target: V, the number of target ids.
        padding: Target id of padding.
        unknown: Target id that replaces a copied unknown word in the decoder's input.
        copies: [source vocabulary], the target id that each source id copies; empty without copying.
        boundaries: Source ids that end a segment, for the hierarchical encoder.
    """

    target: int
    padding: int
    unknown: int
    copies: NDArray[np.int64]
    boundaries: tuple[int, ...] = ()


class OnnxNetwork:
    """The graphs of an exported model.

    Args:
        folder: The folder of the graphs.
        options: The architecture.
        vocabularies: The vocabularies.
        weights: Number of weights.
        threads: Number of batches that may be computed at a time, each on one thread.
        separate: The output layer, if it is separate from the step.

    Raises:
        UserError: If a graph is missing.
    """

    engine = "onnx"
    rows_at_a_time: int | None = ROWS

    def __init__(
        self,
        folder: Path,
        options: NetworkOptions,
        vocabularies: Vocabularies,
        weights: int,
        threads: int = 1,
        separate: SeparateOutput | None = None,
    ) -> None:
        self.threads = self.batches_at_a_time = threads
        self.separate = separate
        self.options, self._vocabularies, self._weights = options, vocabularies, weights
        self.target_vocabulary = vocabularies.target
        self.has_source = options.encoder != "none"
        self._has_attention = options.attention != "none"
        outputs = ["scores", "hidden", "cell"]
        outputs += ["attention"] if self._has_attention else []
        outputs += ["feed"] if options.input_feeding else []
        outputs += ["gate"] if options.copying else []
        outputs += ["readout"] if separate else []
        self._step = Graph(folder / STEP, outputs)
        self._encode: Callable[[NDArray[np.int64], NDArray[np.int64]], dict[str, Floats]] | None = None
        self._opened: list[Graph | SegmentEncoder] = [self._step]
        if options.encoder == "hierarchical":
            encoder = SegmentEncoder(folder, vocabularies.boundaries, has_attention=self._has_attention)
            self._encode = encoder.encode
            self._opened.append(encoder)
        elif self.has_source:
            keys = ["keys"] if self._has_attention else []
            graph = Graph(folder / ENCODE, [*keys, "hidden", "cell"])
            self._encode = lambda source, lengths: graph.run({"source": ids(source), "lengths": ids(lengths)})
            self._opened.append(graph)
        self._read = None if self.has_source else Graph(folder / READ, ["hidden", "cell"])
        self._opened += [graph for graph in (self._read, separate and separate.graph) if graph]

    @property
    def scorer(self) -> "OnnxNetwork":
        """This network; see `seq2seq.decoding.step_model.StepModel.scorer`."""
        return self

    def placed(self, device: str) -> "OnnxNetwork":
        """Return this network.

        Raises:
            UserError: If the device is not the CPU.
        """
        if device != "cpu":
            raise UserError(f"Device '{device}' cannot be used: a model for ONNX Runtime computes on the cpu.")
        return self

    def open(self) -> None:
        """Load the graphs that have not been run yet.

        Raises:
            UserError: If one is damaged, or if ONNX Runtime is not installed.
        """
        for graph in self._opened:
            graph.open()

    def version(self) -> Hashable:
        """Return a constant, because the weights never change."""
        return 0

    def weight_count(self) -> int:
        """Return the number of weights."""
        return self._weights

    def inference(self) -> AbstractContextManager[Any]:
        """Return a context without effect: there are no gradients."""
        return nullcontext()

    def array(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values."""
        return values

    def encode(
        self, source: NDArray[np.int64], lengths: NDArray[np.int64], copies: NDArray[np.int64] | None = None
    ) -> OnnxMemory:
        """Encode sources; see `seq2seq.network.encoder_decoder.Network.encode`."""
        if self._encode is None:
            return self.without_source(len(source))
        encoded = self._encode(source, lengths)
        extra = 0
        if not self.options.copying:
            copies = source[:, :0]
        elif copies is None:
            copies = self._vocabularies.copies[source]
        else:
            extra = max(0, int(copies.max()) + 1 - self.target_vocabulary)
        is_token = np.arange(source.shape[1]) < lengths[:, None]
        nothing = np.zeros((len(source), 0, 0), np.float32)
        return OnnxMemory(
            is_token,
            encoded.get("keys", nothing),
            encoded.get("values", nothing),
            encoded["hidden"],
            encoded["cell"],
            copies,
            first_places(copies),
            extra,
        )

    def without_source(self, rows: int) -> OnnxMemory:
        """Return the empty memory for N texts, for a language model."""
        nothing, none = np.zeros((rows, 0, 0), np.float32), np.zeros((rows, 0), np.int64)
        start = np.zeros((rows, self.options.decoder_layers, self.options.hidden_size), np.float32)
        return OnnxMemory(none.astype(bool), nothing, nothing, start, start, none, none)

    def start(self, memory: OnnxMemory, beams: int = 1) -> OnnxState:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""
        rows, width = memory.rows * beams, memory.is_token.shape[1]
        options = self.options
        return OnnxState(
            np.repeat(memory.hidden, beams, 0),
            np.repeat(memory.cell, beams, 0),
            np.zeros((rows, options.readout_width if options.input_feeding else 0), np.float32),
            np.zeros((rows, width), np.float32),
            np.zeros((rows, width if options.coverage else 0), np.float32),
        )

    def step(self, token: NDArray[np.int64], state: OnnxState, memory: OnnxMemory) -> tuple[Floats, OnnxState]:
        """Run one step; return log probabilities of the next piece and the next state."""
        scores, gate, after = self._advance(token, state, memory)
        if not self.options.copying:
            return scores, after
        beams = len(token) // memory.rows
        copies, first = np.repeat(memory.copies, beams, 0), np.repeat(memory.first, beams, 0)
        return mixture(scores, gate, after.attention, copies, first, memory.extra), after

    def pack(self) -> Step[OnnxState]:
        """Return `step`: a session lays its weights out once."""
        return self.step

    def read(self, pieces: NDArray[np.int64], state: OnnxState) -> OnnxState:
        """Return the state of a language model after reading more pieces of each text."""
        assert self._read is not None, "only language models read"
        after = self._read.run({"ids": ids(pieces), "hidden": state.hidden, "cell": state.cell})
        return state._replace(hidden=after["hidden"], cell=after["cell"])

    @property
    def target_padding(self) -> int:
        """Target id of padding."""
        return self._vocabularies.padding

    def forced(
        self,
        memory: OnnxMemory,
        inputs: NDArray[np.int64],
        wanted: NDArray[np.int64],
        state: OnnxState | None = None,
    ) -> tuple[Floats, Floats | None, Floats, OnnxState]:
        """Score given targets, step by step; see `seq2seq.decoding.step_model.StepModel.forced`."""
        state = self.start(memory) if state is None else state
        logarithms, shares, weights = [], [], []
        for time in range(inputs.shape[1]):
            scores, gate, state = self._advance(inputs[:, time], state, memory)
            pieces = wanted[:, time : time + 1]
            known = np.minimum(pieces, self.target_vocabulary - 1)
            own = np.where(pieces < self.target_vocabulary, np.take_along_axis(scores, known, 1), -np.inf)[:, 0]
            weights.append(state.attention)
            if not self.options.copying:
                logarithms.append(own)
                continue
            # Positions with the same id get the same value, so the largest is the value of any of them.
            values = copied(gate, state.attention, memory.first)
            copy = np.where(memory.copies == pieces, values, -np.inf).max(1, initial=-np.inf)
            whole = np.logaddexp(own + log_sigmoid(gate)[:, 0], copy)
            logarithms.append(whole)
            shares.append(np.exp(copy - whole))
        is_token = wanted != self._vocabularies.padding
        found = np.stack(logarithms, 1).astype(np.float32)[is_token]
        return found, np.stack(shares, 1)[is_token] if shares else None, np.stack(weights, 1), state

    def _advance(
        self, token: NDArray[np.int64], state: OnnxState, memory: OnnxMemory
    ) -> tuple[Floats, Floats, OnnxState]:
        """Return the log probabilities of generating each piece, the gate, and the next state."""
        if memory.extra:
            token = np.where(token >= self.target_vocabulary, self._vocabularies.unknown, token)
        if self.separate:
            embedded = {"embedded": self.separate.embedding.vectors(token)}
            after, following = self.run_step(embedded | self.separate.no_pieces(memory.rows), state, memory)
        else:
            after, following = self.run_step({"token": ids(token)}, state, memory)
        scores = self.separate.scores(after["readout"]) if self.separate else after["scores"]
        return scores, after.get("gate", state.feed[:, :0]), following

    def run_step(
        self, given: Mapping[str, NDArray[Any]], state: OnnxState, memory: OnnxMemory
    ) -> tuple[dict[str, Floats], OnnxState]:
        """Return the outputs of the step's graph, and the next state.

        Args:
            given: The last pieces, which are in the vocabulary, as `token`; if the output layer is separate, their
                vectors as `embedded`, and the weights and the bias of the pieces to score.
            state: The state.
            memory: The sources.
        """
        after = self._step.run(
            {
                **given,
                "hidden": state.hidden,
                "cell": state.cell,
                "feed": state.feed,
                "read": state.read,
                "keys": memory.keys,
                "values": memory.values,
                "is_token": memory.is_token,
            }
        )
        attention = after.get("attention", state.attention)
        read = state.read + attention if self.options.coverage else state.read
        return after, OnnxState(after["hidden"], after["cell"], after.get("feed", state.feed), attention, read)
