"""Outputs of loaded models, for the tests of decoding."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import seq2seq
from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, WritingOptions, of_sources
from seq2seq.decoding.output import Output
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel


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
