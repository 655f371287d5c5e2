"""The models that a server offers, with their names, and the choice of one for a request."""

import os
import shlex
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError, nearest
from seq2seq.models.bundle import SHOWN, find, models_in, read_config
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.plugin import registry
from seq2seq.plugin.task import Task, TextTask, converses, require_verb

SOURCE, DIALOGUE, TEXT = "source", "dialogue", "text"
UNDETERMINED = "und"
"""ISO 639 code for the language of a model that does not name its own."""


@dataclass(frozen=True)
class ServedModel:
    """A model with the name that requests use.

    Args:
        name: The name.
        live: The loaded models by name, of which one may be replaced at any time.
        begun: When the server began, in seconds since 1970.
    """

    name: str
    live: Mapping[str, LoadedModel]
    begun: int = field(default_factory=lambda: int(time.time()))

    @property
    def loaded(self) -> LoadedModel:
        """The model as it is now; a request takes it once."""
        return self.live[self.name]

    @property
    def task(self) -> Task:
        """The model's task."""
        return self.loaded.task

    @property
    def kind(self) -> str:
        """'source' for a text that becomes another one, 'dialogue' for a reply, 'text' for a continuation."""
        return kind_of(self.task)

    @property
    def source_language(self) -> str:
        """Language code of the sources; 'und' if the model does not know it."""
        return self.loaded.reader.source_language or UNDETERMINED

    @property
    def target_language(self) -> str:
        """Language code of the outputs; 'und' if the model does not know it."""
        return self.loaded.reader.target_language or UNDETERMINED

    @property
    def decoding(self) -> Decoding:
        """The model's own decoding."""
        return self.loaded.decoding

    @property
    def has_attention(self) -> bool:
        """Whether outputs have attention weights."""
        return self.kind != TEXT and self.loaded.network.options.attention != "none"


def kind_of(task: Task) -> str:
    """Return how a task is used: 'source', 'dialogue' or 'text'."""
    return TEXT if isinstance(task, TextTask) else DIALOGUE if converses(task) else SOURCE


@dataclass(frozen=True)
class Named:
    """A model named on the command line: ``NAME=FOLDER``, or ``FOLDER``, whose own name it then has.

    Args:
        name: The name that requests use.
        folder: The model folder.
    """

    name: str
    folder: Path


def named(words: Sequence[str]) -> list[Named]:
    """Return the models named on the command line.

    Raises:
        UserError: If there is no such model, if two have the same name, or if one is a reverse model.
    """
    models: dict[str, Named] = {}
    for word in words:
        name, separator, path = word.partition("=")
        if not separator or Path(word).expanduser().exists():
            name, path = "", word
        folder = _found(path)
        config = read_config(folder)
        require_verb(registry.load(config.task), config.reader, path)
        own = Path(os.path.normpath(folder.absolute()))  # a link keeps its name, whatever it points to
        name = name or (own.parent.name if own.name == "bundle" else own.name)
        if not name.isprintable() or not name.strip() or len(name) > 100:
            raise UserError(f"'{name}' is no name for a model: give up to 100 printable characters, NAME={folder}.")
        if name in models:
            raise UserError(
                f"Two models are named '{name}', {models[name].folder} and {folder}: name one, as in other={folder}."
            )
        models[name] = Named(name, folder)
    return list(models.values())


def _found(path: str) -> Path:
    """Return the model folder at a path; see `find`. Of a folder of models, the message says how to serve them all."""
    try:
        return find(path)
    except UserError:
        if models := models_in(Path(path).expanduser()):
            words = " ".join(shlex.quote(str(model)) for model in models[:SHOWN])
            raise UserError(f"{path} is not a model, but contains models. Name them: seq2seq serve {words}") from None
        raise


class ServedModels:
    """The models of a server, in the order given.

    Args:
        live: The loaded models by name; at least one.
    """

    def __init__(self, live: Mapping[str, LoadedModel]) -> None:
        self.live = live
        self.models: Mapping[str, ServedModel] = {name: ServedModel(name, live) for name in live}

    def __iter__(self) -> Iterator[ServedModel]:
        return iter(self.models.values())

    def of_name(self, name: str) -> ServedModel:
        """Return the model of a name.

        Raises:
            UnknownModelError: If there is none.
        """
        if name not in self.models:
            raise UnknownModelError(name, self.models)
        return self.models[name]

    def of_verb(self, verb: str, name: str | None = None) -> ServedModel:
        """Return the model of a name, which must have a verb, or the first model with that verb.

        Raises:
            UnknownModelError: If there is none.
            UserError: If the named model has another verb.
        """
        if name is not None:
            model = self.of_name(name)
            if model.task.verb != verb:
                raise UserError(f"'{name}' does not {verb}: it is a model for '{model.task.name}'.{self._these(verb)}")
            return model
        for model in self:
            if model.task.verb == verb:
                return model
        raise UnknownModelError("", self.models, f"No model here can {verb}.")

    def of_kind(self, kind: str, name: str | None = None) -> ServedModel:
        """Return the model of a name, which must be of a kind, or the first of that kind.

        Raises:
            UnknownModelError: If there is none.
            UserError: If the named model is of another kind.
        """
        if name is not None:
            model = self.of_name(name)
            if model.kind != kind:
                raise UserError(
                    f"'{name}' is a model for '{model.task.name}', which has the endpoint {endpoint(model)}."
                )
            return model
        for model in self:
            if model.kind == kind:
                return model
        wanted = {SOURCE: "reads a text", DIALOGUE: "holds a conversation", TEXT: "continues a text"}[kind]
        raise UnknownModelError("", self.models, f"No model here {wanted}.")

    def _these(self, verb: str) -> str:
        names = [model.name for model in self if model.task.verb == verb]
        return f" These do: {', '.join(names)}." if names else ""


def endpoint(model: ServedModel) -> str:
    """Return the path of a model's own endpoint."""
    verbs = {SOURCE: f"/{model.task.verb}", DIALOGUE: "/chat", TEXT: "/generate"}
    return verbs[model.kind]


class UnknownModelError(UserError):
    """There is no model of the requested name or kind.

    Args:
        name: The name; '' if none was given.
        known: The names that exist.
        sentence: A sentence to say instead.
    """

    def __init__(self, name: str, known: Mapping[str, ServedModel], sentence: str = "") -> None:
        hint = nearest(name, known) if name else ""
        said = sentence or f"There is no model '{name}'."
        super().__init__(f"{said} {hint}There are: {', '.join(known)}.")


def primary(language: str) -> str:
    """Return the primary part of a language code, in lower case: 'zh' for 'zh-Hans' and 'zh_CN'."""
    return language.replace("_", "-").partition("-")[0].lower()
