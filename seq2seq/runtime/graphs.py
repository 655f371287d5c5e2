"""The graphs of an exported model: their files, inputs and outputs, and sessions that run them.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows, ``T`` pieces, ``L`` decoder layers, ``H`` hidden width, ``A``
key width, ``C`` context width, ``R`` readout width, ``V`` vocabulary. Numbers are float32, ids and lengths int64.

``encode.onnx`` reads sources; models without a source have none:

- in: source [B, S], lengths [B]
- out: keys [B, S, A], values [B, S, C] unless they are the keys, hidden [B, L, H], cell [B, L, H]

A hierarchical encoder has three graphs instead (`seq2seq.runtime.segments`), for R segments of up to W pieces of all
sources, and up to M segments per source:

- ``turns.onnx``: segments [R, W], lengths [R] to states [R, W, C] and vectors [R, C]
- ``dialogue.onnx``: turns [B, M, C], counts [B] to after [B, M, C], context [B, M, C] with attention, hidden, cell
- ``project.onnx``, with attention: states [B, S, C] to keys, values

``step.onnx`` runs one step of the decoder:

- in: token [N], hidden [N, L, H], cell [N, L, H], feed [N, R] with input feeding, read [N, S] with coverage; with
  attention: keys, values and is_token [B, S], where row n belongs to source n // (N / B)
- out: scores [N, V], log probabilities of each piece given that it is generated; hidden, cell; attention [N, S] with
  attention; feed with input feeding; gate [N, 1], log odds of generating versus copying, with copying

A model with a shortlist (`seq2seq.runtime.shortlist`) has its output layer in a separate graph, and the vectors of its
pieces in tables (`seq2seq.runtime.piece_table`). Its ``step.onnx`` takes embedded [N, E], the vectors of the last
pieces, instead of token. It also takes weights [K, R] and bias [B, K] of K pieces, whose scores [N, K] it returns
together with readout [N, R].

- ``output.onnx``: readout to scores [N, V] of all pieces
- ``output.npy``: the weights and biases of the output layer, also the embeddings if they are the same
- ``embedding.npy``: the embeddings, if they are not
- ``candidates.npy``: [source vocabulary, k], the target pieces of which each source piece is likely the translation

``read.onnx`` reads several pieces at once; only language models have it:

- in: ids [N, T], hidden, cell; out: hidden, cell
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from seq2seq.errors import UserError
from seq2seq.runtime import telemetry

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

ENCODE, STEP, READ = "encode.onnx", "step.onnx", "read.onnx"
OUTPUT = "output.onnx"
OUTPUT_TABLE, EMBEDDING_TABLE, CANDIDATES = "output.npy", "embedding.npy", "candidates.npy"
TURNS, DIALOGUE, PROJECT = "turns.onnx", "dialogue.onnx", "project.onnx"
FILES = (ENCODE, TURNS, DIALOGUE, PROJECT, STEP, READ, OUTPUT, OUTPUT_TABLE, EMBEDDING_TABLE, CANDIDATES)
"""Names of all files with weights that a model may have."""
AFTER = "next_"
"""Prefix of outputs that have the name of an input, because a graph's names differ."""


class Graph:
    """A graph, loaded when it is first run.

    Args:
        path: The file.
        outputs: Names of the outputs that it must have.

    Raises:
        UserError: If the file is missing.
    """

    def __init__(self, path: Path, outputs: Sequence[str] = ()) -> None:
        if not path.is_file():
            raise UserError(f"{path.parent} is incomplete: {path.name} is missing.")
        self.path, self._wanted = path, outputs
        self._session: InferenceSession | None = None
        self._opening = Lock()  # several threads may run the graph for the first time

    @property
    def session(self) -> "InferenceSession":
        """The session.

        Raises:
            UserError: If the file is damaged, or if ONNX Runtime is not installed.
        """
        if self._session is not None:
            return self._session
        with self._opening:
            if self._session is None:
                session = _session(self.path)
                self._inputs = [one.name for one in session.get_inputs()]
                self._outputs = [one.name.removeprefix(AFTER) for one in session.get_outputs()]
                for name in self._wanted:
                    if name not in self._outputs:
                        raise UserError(f"{self.path} does not fit config.json: it has no output '{name}'.")
                self._session = session
            return self._session

    def open(self) -> None:
        """Load the graph; for the errors, see `session`."""
        assert self.session is not None

    def run(self, inputs: "Mapping[str, NDArray[Any]]") -> "dict[str, NDArray[Any]]":
        """Return the outputs by name, without the prefix `AFTER`; inputs that the graph does not have are left out.

        Raises:
            UserError: If the graph does not fit the inputs.
            MemoryError: If memory is exhausted.
        """
        session = self.session
        try:
            given = {name: inputs[name] for name in self._inputs}
        except KeyError as fault:
            raise UserError(f"{self.path} does not fit config.json: it has an unknown input {fault}.") from fault
        try:
            values: Sequence[Any] = session.run(None, given)
        except Exception as fault:  # the library's errors have no common class of their own
            if "allocate" in str(fault):
                raise MemoryError(str(fault)) from fault
            raise UserError(f"{self.path} cannot be run: it is damaged, or does not fit config.json.") from fault
        return dict(zip(self._outputs, values, strict=True))


def _session(path: Path) -> "InferenceSession":
    telemetry.disable()
    try:
        import onnxruntime
    except ImportError as fault:
        raise UserError(
            f"{path.parent} is a model for ONNX Runtime, which is not installed: pip install onnxruntime."
        ) from fault
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = 1, 1
    # Shapes differ from run to run: plans for each of them, and a pool that grows by doubling, only take memory.
    options.enable_mem_pattern = options.enable_cpu_mem_arena = False
    options.log_severity_level = 3  # warnings about a graph tell a user nothing
    # From a path a graph takes its size less memory, but the library takes only names in UTF-8.
    graph = str(path) if _is_utf8(path) else path.read_bytes()
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as fault:  # the library's errors have no common class of their own
        raise UserError(
            f"{path} is damaged, or not a graph that ONNX Runtime {onnxruntime.__version__} can read: export the model "
            "again."
        ) from fault


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def ids(values: "NDArray[Any]") -> "NDArray[np.int64]":
    """Return ids as the graphs take them."""
    import numpy as np  # importing this module must not import NumPy

    return np.ascontiguousarray(values, dtype=np.int64)
