"""Compares an exported model with the model that it was made of."""

from collections.abc import Sequence
from dataclasses import replace

from seq2seq.corpus.example import Example, Text
from seq2seq.models.bundle_config import ExportCheck
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel

PIECES = 60
"""Number of pieces with which a language model continues each text."""


def compared(model: LoadedModel, exported: LoadedModel, examples: Sequence[Example]) -> ExportCheck:
    """Compare two models on examples with targets."""
    if not examples:
        return ExportCheck()
    if isinstance(model, SourceModel) and isinstance(exported, SourceModel):
        decoding = replace(model.decoding, count=1)
        outputs = [
            [candidates[0].text for candidates in each.decode(list(examples), decoding, split=False)]
            for each in (model, exported)
        ]
        scores = [each.score(list(examples), list(examples)) for each in (model, exported)]
    else:
        assert isinstance(model, LanguageModel)
        assert isinstance(exported, LanguageModel)
        texts = [example.target for example in examples]
        scores = [each.score(texts) for each in (model, exported)]
        search = replace(model.decoding.search, max_length=PIECES)
        decoding = replace(model.decoding, search=search, sampling=None, count=1)
        begun = [_half(text) for text in texts]
        outputs = [[output.text for (output,) in each.decode(begun, decoding)] for each in (model, exported)]
    differences = [
        abs(one.log_probability - other.log_probability) / one.tokens for one, other in zip(*scores, strict=True)
    ]
    equal = sum(one == other for one, other in zip(*outputs, strict=True))
    return ExportCheck(len(examples), float(f"{max(differences):.3g}"), round(equal / len(examples), 4))


def _half(text: Text) -> str:
    """Return the first half of a text's first part."""
    first = text if isinstance(text, str) else next((part for part in text if isinstance(part, str)), "")
    return first[: len(first) // 2]
