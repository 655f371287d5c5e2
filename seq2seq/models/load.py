"""Load a trained model, either with or without a source."""

from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import Begin, LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.task import TextTask
from seq2seq.runtime.placement import Placement


def load(
    path: Path | str,
    placement: Placement = Placement(),  # noqa: B008 - frozen
    *,
    along: tuple[Path, float] | None = None,
    begin: Begin | None = None,
) -> LoadedModel:
    """Load a model.

    Args:
        path: A run folder or an exported model folder.
        placement: Where the model computes.
        along: Folder and weight of a language model to fuse, see `SourceModel.along`.
        begin: Begins sessions with the model.

    Returns:
        A `SourceModel`, or a `LanguageModel` if the task has no source.

    Raises:
        UserError: If the model cannot be loaded, or if the device does not exist; see also `SourceModel.along`.
    """
    model = model_of(bundle.load(path, placement), placement.device, begin)
    if along is None:
        return model
    if not isinstance(model, SourceModel):
        raise UserError(f"{path} reads no source, but a language model is fused with a model that reads one.")
    return model.along(load(along[0], placement.of_others), along[1])


def model_of(loaded: Bundle, device: str = "cpu", begin: Begin | None = None) -> LoadedModel:
    """Return the model of a bundle, with or without a source; see `load`."""
    kind = LanguageModel if isinstance(loaded.task, TextTask) else SourceModel
    return kind(loaded, device, begin)
