"""The recipe of an evaluation: everything its numbers depend on."""

import hashlib
import platform
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

from seq2seq import __version__
from seq2seq.decoding.method import Decoding
from seq2seq.errors import WorldError
from seq2seq.evaluation.test_set import TestSet
from seq2seq.metrics.metric import CONFIDENCE
from seq2seq.models.bundle import Bundle, weight_files
from seq2seq.models.joint.ensemble import Ensemble
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.plugin import registry


def recipe_of(model: LoadedModel, tested: TestSet, decoding: Decoding, *, seed: int, samples: int) -> dict[str, Any]:
    """Return the recipe as JSON-able values; `evaluate` adds the command, and `Pairs` the other models."""
    training, engine = model.bundle.config.training, model.network.engine
    origin = next((plugin.origin for plugin in registry.installed() if plugin.name == model.task.name), "")
    return {
        "command": "",
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "model": {
            **identity(model),
            "weights": model.network.weight_count(),
            "steps": training.steps,
            "seed": training.seed,
            "config_hash": training.config_hash,
            "code_version": training.code_version,
            "training_data": training.data,
        },
        "task": {"name": model.task.name, "plugin": origin},
        "reader": asdict(model.reader),
        "data": {"description": tested.description, "sentences": len(tested.examples), "files": list(tested.files)},
        **decoding.recipe(),
        "reverse": None,
        "language_model": None,
        "ensemble": {"form": ensemble.form, "others": [identity_of(other, engine) for other in model.bundle.ensemble]}
        if isinstance(ensemble := model.network, Ensemble)
        else None,
        "bootstrap": {"samples": samples, "seed": seed, "confidence": CONFIDENCE},
        "software": {
            "seq2seq": __version__,
            "sacrebleu": version("sacrebleu"),
            "torch": torch.__version__,
            "engine": engine,
            "python": platform.python_version(),
            "device": str(model.device),
            "threads": model.network.threads,
        },
    }


def identity(model: LoadedModel) -> dict[str, str]:
    """Return a model's path and the SHA-256 of its weights (of several files, that of sha256sum's output for them)."""
    return identity_of(model.bundle, model.network.engine)


def identity_of(bundle: Bundle, engine: str) -> dict[str, str]:
    """Return the path of a bundle and the SHA-256 of its weights, see `identity`."""
    folder = bundle.folder
    paths = weight_files(folder, engine)
    digests = [(_digest(path), path.name) for path in paths]
    listed = "".join(f"{digest}  {name}\n" for digest, name in digests)
    whole = digests[0][0] if len(digests) == 1 else hashlib.sha256(listed.encode()).hexdigest()
    return {"path": str(folder), "weights_sha256": whole}


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise WorldError(f"{path} could not be read: {fault.strerror}.") from fault
