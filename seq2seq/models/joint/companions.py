"""Names of the models that decode together with a model."""

from dataclasses import dataclass
from pathlib import Path

FORMS = ("linear", "log_linear")
"""How the predictions of an ensemble are averaged."""


@dataclass(frozen=True)
class Companions:
    """The folders of models that decode together with a model.

    Args:
        ensemble: Models whose predictions are averaged with those of the model (`seq2seq.models.joint.ensemble`).
        form: How they are averaged: 'linear' or 'log_linear'.
        language_model: A language model to fuse (`seq2seq.models.joint.shallow_fusion`).
        weight: Weight of the language model at each step; 0 uses it for ranking only.
    """

    ensemble: tuple[Path, ...] = ()
    form: str = "linear"
    language_model: Path | None = None
    weight: float = 0.0

    @property
    def folders(self) -> list[Path]:
        """All folders."""
        return [*self.ensemble, *([self.language_model] if self.language_model else [])]
