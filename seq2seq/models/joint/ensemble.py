"""Ensembles: several networks with the same vocabularies decode together, as if they were one network.

With p_k for the distribution of network k over the next piece, the ensemble's distribution is

    linear:      p(w) = (p_1(w) + ... + p_K(w)) / K
    log-linear:  p(w) = exp((log p_1(w) + ... + log p_K(w)) / K) / Z

where Z makes the sum over all pieces 1. The first form is likely to choose what one network is sure of, the second what
no network finds unlikely. Attention weights and shares of copying are means.

An :class:`Ensemble` has the interface of a network, so search, sampling, scoring and ranking need no special case.
"""

import math
from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager, ExitStack
from functools import partial
from typing import Any, NamedTuple

from numpy.typing import NDArray

from seq2seq.arrays import Array, Bool, Float, Int, at, namespace
from seq2seq.decoding.step_model import Step
from seq2seq.models.joint.companions import FORMS
from seq2seq.network.options import NetworkOptions
from seq2seq.options import choice, require
from seq2seq.runtime.network_protocol import Engine


class EnsembleMemory(NamedTuple):
    """The encoded sources of each network."""

    members: tuple[Any, ...]

    @property
    def is_token(self) -> Bool[Array, "batch source"]:
        """True on tokens, false on padding."""
        return self.members[0].is_token

    @property
    def extra(self) -> int:
        """Number of ids above the vocabulary, for unknown words of the sources."""
        extra: int = self.members[0].extra
        return extra

    @property
    def rows(self) -> int:
        """Number of sources."""
        rows: int = self.members[0].rows
        return rows

    def select(self, rows: Int[Array, " kept"]) -> "EnsembleMemory":
        """Return the memory of the given sources, in this order."""
        return EnsembleMemory(tuple(member.select(rows) for member in self.members))


class EnsembleState(NamedTuple):
    """The state of each network."""

    members: tuple[Any, ...]

    @property
    def attention(self) -> Float[Array, "rows source"]:
        """The mean of the networks' attention weights of the last step."""
        return _mean([member.attention for member in self.members])

    def select(self, rows: Int[Array, " kept"]) -> "EnsembleState":
        """Return the state of some of the rows, in the order given."""
        return EnsembleState(tuple(member.select(rows) for member in self.members))

    def followed_by(self, others: "Sequence[EnsembleState]") -> "EnsembleState":
        """Return the state with the rows of other states behind its own."""
        parts = zip(self.members, *(other.members for other in others), strict=True)
        return EnsembleState(tuple(first.followed_by(more) for first, *more in parts))


class Ensemble:
    """Networks that decode together.

    Args:
        members: At least one network; all have the same vocabularies, and are computed by the same engine.
        form: 'linear' or 'log_linear'.

    Raises:
        UserError: If the form is unknown, or if the networks do not fit together.
    """

    def __init__(self, members: Sequence[Engine], form: str = "linear") -> None:
        choice("ensemble_form", form, FORMS)
        first = members[0]
        for other in members[1:]:
            require(
                other.engine == first.engine,
                "Models of an ensemble are computed by the same engine: export all of them for ONNX Runtime, or give "
                "the runs of all.",
            )
            require(
                other.target_vocabulary == first.target_vocabulary and other.has_source == first.has_source,
                f"Models of an ensemble write the same pieces, but they have {first.target_vocabulary:,} and "
                f"{other.target_vocabulary:,}: train them with the same tokenizer (data.tokenizer.source_model).",
            )
            require(
                other.options.copying == first.options.copying,
                "Models of an ensemble copy words of the source, or none of them does: model.network.copying differs.",
            )
            require(
                (other.options.attention == "none") == (first.options.attention == "none"),
                "Models of an ensemble have attention, or none of them has: one has model.network.attention 'none'.",
            )
        self.members, self.form = tuple(members), form
        self.options: NetworkOptions = first.options
        self.engine = first.engine
        self.batches_at_a_time = first.batches_at_a_time
        self.rows_at_a_time = first.rows_at_a_time
        self.target_vocabulary = first.target_vocabulary
        self.has_source = first.has_source

    @property
    def scorer(self) -> "Ensemble":
        """This ensemble; see `seq2seq.decoding.step_model.StepModel.scorer`."""
        return self

    @property
    def threads(self) -> int:
        """Number of processor threads that it computes with."""
        return self.members[0].threads

    def placed(self, device: str) -> "Ensemble":
        """Return the ensemble on a device.

        Raises:
            UserError: If the device does not exist.
        """
        return Ensemble([member.placed(device) for member in self.members], self.form)

    def open(self) -> None:
        """Read all files that have not been read yet.

        Raises:
            UserError: If one is damaged.
        """
        for member in self.members:
            member.open()

    def version(self) -> Hashable:
        """Return a value that changes whenever weights do."""
        return tuple(member.version() for member in self.members)

    def weight_count(self) -> int:
        """Return the number of weights of all networks."""
        return sum(member.weight_count() for member in self.members)

    def inference(self) -> AbstractContextManager[Any]:
        """Return a context in which all networks compute for decoding."""
        contexts = ExitStack()
        for member in self.members:
            contexts.enter_context(member.inference())
        return contexts

    def array(self, values: NDArray[Any]) -> Array:
        """Return values as an array that the networks can read."""
        return self.members[0].array(values)

    def encode(
        self,
        source: Int[Array, "batch source"],
        lengths: Int[Array, " batch"],
        copies: Int[Array, "batch source"] | None = None,
    ) -> EnsembleMemory:
        """Encode sources with each network."""
        return EnsembleMemory(tuple(member.encode(source, lengths, copies) for member in self.members))

    def without_source(self, rows: int) -> EnsembleMemory:
        """Return the empty memory of N texts, for language models."""
        return EnsembleMemory(tuple(member.without_source(rows) for member in self.members))

    def start(self, memory: EnsembleMemory, beams: int = 1) -> EnsembleState:
        """Return the state before the first piece."""
        parts = zip(self.members, memory.members, strict=True)
        return EnsembleState(tuple(member.start(own, beams) for member, own in parts))

    def read(self, ids: Int[Array, "rows pieces"], state: EnsembleState) -> EnsembleState:
        """Return the state of language models after reading more pieces of each text."""
        parts = zip(self.members, state.members, strict=True)
        return EnsembleState(tuple(member.read(ids, own) for member, own in parts))

    def step(
        self, token: Int[Array, " rows"], state: EnsembleState, memory: EnsembleMemory
    ) -> tuple[Float[Array, "rows extended"], EnsembleState]:
        """Run one step; return the log probabilities of the next piece, and the next state."""
        return self._step([member.step for member in self.members], token, state, memory)

    def pack(self) -> Step[EnsembleState]:
        """Return `step` with packed weights."""
        return partial(self._step, [member.pack() for member in self.members])

    def _step(
        self, steps: Sequence[Step[Any]], token: Array, state: EnsembleState, memory: EnsembleMemory
    ) -> tuple[Array, EnsembleState]:
        parts = zip(steps, state.members, memory.members, strict=True)
        scores, after = zip(*(step(token, own, sources) for step, own, sources in parts), strict=True)
        return self._together(scores), EnsembleState(after)

    def _together(self, scores: Sequence[Float[Array, "rows extended"]]) -> Float[Array, "rows extended"]:
        """Return the ensemble's log probabilities for those of each network."""
        if self.form == "linear":
            return _log_mean(scores)
        mean = _mean(scores)
        return mean - _log_sum(mean)

    def forced(
        self,
        memory: EnsembleMemory,
        inputs: Int[Array, "rows target"],
        wanted: Int[Array, "rows target"],
        state: EnsembleState | None = None,
    ) -> tuple[Array, Array | None, Array, EnsembleState]:
        """Score given targets; see `seq2seq.decoding.step_model.Scorer.forced`."""
        state = self.start(memory) if state is None else state
        parts = zip(self.members, memory.members, state.members, strict=True)
        logs, shares, weights, after = zip(
            *(member.forced(own, inputs, wanted, before) for member, own, before in parts), strict=True
        )
        attention, end = _mean(weights), EnsembleState(after)
        # A mixture's probability of a given piece is the mean of the probabilities; its share of copying, by weight.
        together = _log_mean(logs)
        share = None
        if self.options.copying:
            xp = namespace(together)
            share = _mean([part * xp.exp(log - together) for part, log in zip(shares, logs, strict=True)])
        if self.form == "log_linear":  # Z needs the scores of all pieces
            together = self._forced_scores(memory, inputs, wanted, state)
        return together, share, attention, end

    def _forced_scores(
        self, memory: EnsembleMemory, inputs: Array, wanted: Array, state: EnsembleState
    ) -> Float[Array, " tokens"]:
        """Return the log probabilities of given targets, step by step."""
        xp = namespace(inputs)
        padding, columns = self.target_padding, []
        for time in range(inputs.shape[1]):
            scores, state = self.step(inputs[:, time], state, memory)
            pieces = wanted[:, time : time + 1]
            columns.append(at(scores, xp.where(pieces == padding, xp.zeros_like(pieces), pieces)))
        return xp.concat(columns, axis=1)[wanted != padding]

    @property
    def target_padding(self) -> int:
        """Target id of padding."""
        return self.members[0].target_padding


def _mean(arrays: Sequence[Array]) -> Array:
    total = arrays[0]
    for array in arrays[1:]:
        total = total + array
    return total / len(arrays)


def _log_mean(arrays: Sequence[Array]) -> Array:
    """Return the logarithm of the mean of the exponentials, element by element; also where all are minus infinity."""
    xp = namespace(arrays[0])
    total = arrays[0]
    for array in arrays[1:]:
        total = xp.logaddexp(total, array)
    return total - math.log(len(arrays))


def _log_sum(scores: Float[Array, "rows extended"]) -> Float[Array, "rows 1"]:
    """Return the logarithm of the sum of the exponentials of each row."""
    xp = namespace(scores)
    largest = xp.max(scores, axis=-1, keepdims=True)
    return largest + xp.log(xp.sum(xp.exp(scores - largest), axis=-1, keepdims=True))
