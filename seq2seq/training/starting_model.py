"""The model that a run starts from (``--init_from``): options taken from it, and options that contradict it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.options import shapes_weights
from seq2seq.options import require
from seq2seq.plugin.task import Task, TextTask
from seq2seq.run_setup.data_options import CorpusOptions
from seq2seq.run_setup.fine_tuning_defaults import FirstTraining
from seq2seq.run_setup.run_folder import trained_with
from seq2seq.tokenization.tokenizer import Tokenizers

TOKENIZER = "data.tokenizer."
"""Beginning of the options of tokenizers; if none is given, the tokenizers are those of the model."""
DESCRIBE_FILES = ("source_field", "target_field", "source_language", "target_language", "reverse")
"""Reader options that are not simply taken from the model, because they describe the new files."""


@dataclass(frozen=True)
class StartingModel:
    """A trained model whose weights a run starts from.

    Args:
        name: The run folder or model folder, as typed.
        folder: The model folder.
        config: Its configuration.
    """

    name: str
    folder: Path
    config: BundleConfig

    @classmethod
    def read(cls, name: str, task: Task) -> "StartingModel":
        """Read the configuration of a model.

        Raises:
            UserError: If there is no such model, if it has no weights for PyTorch, or if it has another task.
        """
        folder = bundle.find(name)
        bundle.engine_of(folder, "torch")
        config = bundle.read_config(folder)
        require(
            config.task == task.name,
            f"{name} is a model for '{config.task}', but this run is for '{task.name}': start from a model of the same "
            "task.",
        )
        if not config.training.optimizer:  # an older model
            facts = replace(config.training, **trained_with(folder.parent / "config.yaml"))
            config = replace(config, training=facts)
        return cls(name, folder, config)

    @property
    def first_training(self) -> FirstTraining:
        """How the model was trained."""
        facts = self.config.training
        return FirstTraining(facts.optimizer, facts.learning_rate)

    def words(self, given: Sequence[str], data: CorpusOptions, task: Task) -> list[str]:
        """Return the options taken from the model, as command-line arguments that precede the user's.

        Args:
            given: Names of the user's options.
            data: The user's data options.
            task: The task.
        """
        values: dict[str, Any] = {f"model.network.{key}": value for key, value in self.config.network.to_json().items()}
        reader = self.config.reader
        kept = {key: value for key, value in asdict(reader).items() if key not in DESCRIBE_FILES}
        values |= {f"data.reader.{key}": value for key, value in kept.items()}
        if not isinstance(task, TextTask):
            values["data.reverse"] = reader.reverse
            # Languages given neither by options nor by file names are the model's.
            told = data.reader.with_languages(data.paths("train")) if data.train else data.reader
            sides = ("target", "source") if reader.reverse else ("source", "target")
            for side, there in zip(("source", "target"), sides, strict=True):
                if not getattr(told, f"{side}_language"):
                    values[f"data.reader.{side}_language"] = getattr(reader, f"{there}_language")
        if not any(name.startswith(TOKENIZER) for name in given):
            values |= self._tokenizer()
        return [f"--{name}={_typed(value)}" for name, value in values.items()]

    def _tokenizer(self) -> dict[str, Any]:
        folder = self.folder / bundle.TOKENIZER
        paths = {name: str(folder / f"{name}.model") for name in Tokenizers.load(folder).by_name()}
        return {
            f"{TOKENIZER}joint": "joint" in paths,
            f"{TOKENIZER}source_model": paths.get("joint") or paths["source"],
            f"{TOKENIZER}target_model": paths.get("target", ""),
        }

    def require_same_network(self, given: Sequence[str], network: dict[str, Any]) -> None:
        """Refuse options that would make a network for which the model has no weights.

        Args:
            given: Names of the user's options.
            network: Value of each network option.

        Raises:
            UserError: For the first one; the message gives both values.
        """
        there = self.config.network.to_json()
        for name, value in network.items():
            option = f"model.network.{name}"
            if option in given and shapes_weights(name) and value != there[name]:
                require(
                    False,
                    f"{option} is {_typed(value)}, but {self.name}, whose weights the run starts from, has "
                    f"{_typed(there[name])}: leave out {option}, or leave out --init_from.",
                )


def _typed(value: object) -> str:
    """Return a value as typed on a command line."""
    return value if isinstance(value, str) else json.dumps(value)
