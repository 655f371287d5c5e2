"""Load models so that nothing is left to read, and explain outputs with them."""

from dataclasses import replace
from pathlib import Path
from typing import cast

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.placement import Placement
from seq2seq.sessions.background_loading import load_model


def opened(folder: Path, placement: Placement) -> LoadedModel:
    """Load a model, and everything that it would otherwise read when it first decodes.

    Args:
        folder: A run folder or a model folder.
        placement: Where it computes.

    Raises:
        UserError: If it cannot be loaded.
    """
    model = load_model(folder, placement)
    model.network.open()
    # The first output takes longer than others.
    if isinstance(model, LanguageModel):
        model.decode([""], Decoding(replace(model.search, max_length=1)))
    else:
        model.decode([Example("1", "")], Decoding(replace(model.search, min_length=0, max_length=1)))
    return model


def explained(model: LoadedModel, source: str | Example, text: str) -> Output:
    """Return an output text with its attention over a source.

    Args:
        model: A model with attention.
        source: The source.
        text: The output, which is not empty.

    Raises:
        WorldError: If memory is exhausted.
    """
    reader = cast(SourceModel, model)  # other models have no attention
    return reader.aligned([source], [reader.given(source, text)])[0]
