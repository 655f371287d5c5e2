"""Outputs of loaded models, for the tests of decoding."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seq2seq
from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, WritingOptions, of_sources
from seq2seq.decoding.output import Output
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel

TOLERANCE = 1e-4
"""Of log probabilities per piece, and of attention weights, computed in float32."""


def source_model(path: Path | str) -> SourceModel:
    """A model that reads sources."""
    model = seq2seq.load(path)
    assert isinstance(model, SourceModel)
    return model


def searched(
    model: LoadedModel,
    texts: Sequence[str | Example],
    search: WritingOptions | None = None,
    **options: Any,  # noqa: ANN401
) -> list[list[Output]]:
    """The `n_best` outputs of a search; by default with the model's own options."""
    search = of_sources(search or model.search)
    return model.decode(texts, Decoding(search, count=search.n_best), **options)


def sampled(
    model: LoadedModel,
    texts: Sequence[str | Example],
    sampling: SamplingOptions | None = None,
    search: WritingOptions | None = None,
    *,
    count: int = 1,
    **options: Any,  # noqa: ANN401
) -> list[list[Output]]:
    """Samples; by default of the model's whole distribution."""
    decoding = Decoding(search or model.search, sampling or SamplingOptions(), count=count)
    return model.decode(texts, decoding, **options)


def require_same(ones: Sequence[Sequence[Output]], others: Sequence[Sequence[Output]]) -> None:
    """Check that the outputs of two models are the same."""
    for wanted, found in zip(ones, others, strict=True):
        assert [output.text for output in found] == [output.text for output in wanted]
        for one, other in zip(wanted, found, strict=True):
            require_equal(one, other)


def require_equal(one: Output, other: Output) -> None:
    """Check that two outputs are the same, and their numbers nearly the same."""
    assert (other.text, other.ids, other.pieces, other.lost) == (one.text, one.ids, one.pieces, one.lost)
    assert other.source_pieces == one.source_pieces
    assert other.score == pytest.approx(one.score, abs=TOLERANCE)
    assert other.log_probability == pytest.approx(one.log_probability, abs=TOLERANCE * (len(one.ids) + 1))
    assert other.copied == pytest.approx(one.copied, abs=TOLERANCE)
    assert (one.attention is None) == (other.attention is None)
    if one.attention is not None and other.attention is not None:
        np.testing.assert_allclose(other.attention, one.attention, atol=TOLERANCE)
