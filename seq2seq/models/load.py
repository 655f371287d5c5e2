"""Load a trained model, either with or without a source."""

from dataclasses import replace
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq.models.joint.companions import Companions
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import Begin, LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.task import TextTask
from seq2seq.runtime.placement import Placement


def load(
    path: Path | str,
    placement: Placement = Placement(),  # noqa: B008 - frozen
    *,
    companions: Companions = Companions(),  # noqa: B008 - frozen
    begin: Begin | None = None,
) -> LoadedModel:
    """Load a model.

    Args:
        path: A run folder or an exported model folder.
        placement: Where the model computes.
        companions: Models that decode together with it, see `LoadedModel.together` and `SourceModel.along`.
        begin: Begins sessions with the model.

    Returns:
        A `SourceModel`, or a `LanguageModel` if the task has no source.

    Raises:
        UserError: If the model cannot be loaded, or if the device does not exist; see also `LoadedModel.together` and
            `SourceModel.along`.
    """
    model = model_of(bundle.load(path, placement), placement.device, begin)
    if companions.ensemble:
        alike = replace(placement, threads=None)  # the number of threads belongs to the process
        members = [load(folder, alike) for folder in companions.ensemble]
        model = model.together(*members, form=companions.form)
    if companions.language_model is None:
        return model
    if not isinstance(model, SourceModel):
        raise UserError(f"{path} reads no source, but a language model is fused with a model that reads one.")
    return model.along(load(companions.language_model, placement.of_others), companions.weight)


def model_of(loaded: Bundle, device: str = "cpu", begin: Begin | None = None) -> LoadedModel:
    """Return the model of a bundle, with or without a source; see `load`."""
    kind = LanguageModel if isinstance(loaded.task, TextTask) else SourceModel
    return kind(loaded, device, begin)
