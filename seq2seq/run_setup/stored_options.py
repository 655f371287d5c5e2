"""Options stored in a run folder: only data, never code.

Lightning's options may name classes (callbacks, loggers, plugins, strategies, ...), which are imported and called. A
run folder may come from an untrusted source, so only option names and plain values are read from its ``config.yaml``.
Classes must be given on the command line, as options or in files given by ``-c``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_type_hints

from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError, nearest
from seq2seq.files.parsing import read_yaml
from seq2seq.files.typed_values import Fields, fits, require_kind
from seq2seq.run_setup.data_options import CorpusOptions
from seq2seq.run_setup.trainer_options import TrainerOptions
from seq2seq.run_setup.training_options import CheckpointOptions, ModelOptions, StoppingOptions

Tree = dict[str, Any]
"""Nested options: a group maps to a tree, an option to its annotation."""
# Matches Lightning's names of its own strategies, accelerators and profilers, but no class or module path.
_WORD = re.compile(r"[a-z0-9_]+")
_DATA = (type(None), bool, int, float, str)


class _Class:
    """Placeholder for the classes of an option; no value from a file matches it."""


_CLASSES: Tree = {
    "accelerator": str | _Class,
    "strategy": str | _Class,
    "logger": bool | _Class | None,
    "callbacks": _Class | None,
    "profiler": str | _Class | None,
    "plugins": _Class | None,
}
"""Types accepted for options that may name classes."""
_WITHOUT = {"trainer.strategy": "auto", "trainer.accelerator": "auto", "trainer.logger": "false"}
"""Value that means "no class" for each of these options; null for the others."""


def option_tree(data: type[CorpusOptions]) -> Tree:
    """Return all options of a run with their annotated types.

    Args:
        data: Class of the task's data options.
    """
    return {
        "trainer": {**_tree(TrainerOptions), **_CLASSES},
        "model": _tree(ModelOptions),
        "data": _tree(data),
        "search": _tree(SearchOptions),
        "sample": bool,
        "sampling": _tree(SamplingOptions),
        "stopping": _tree(StoppingOptions),
        "checkpoint": _tree(CheckpointOptions),
        "threads": int,
        "tensorboard": bool,
        "size_defaults": bool,
        "init_from": str,
        "freeze": list[str] | str,
        "old_test": list[str] | str,
    }


@dataclass(frozen=True)
class StoredOptions:
    """Contents of a run's ``config.yaml``.

    Args:
        place: Path of the file.
        values: Plain values by dotted option name.
        classes: Names of options with classes, whose values are not read.
    """

    place: Path
    values: dict[str, Any]
    classes: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, tree: Tree) -> "StoredOptions":
        """Read a run's options.

        Args:
            path: Path of the file.
            tree: All options, from `option_tree`.

        Raises:
            UserError: If the file is damaged, or contains an unknown option or a value of the wrong type.
        """
        values: dict[str, Any] = {}
        classes = []
        for name, kind, value in _leaves(read_yaml(path), tree, str(path)):
            if kind is None:
                raise UserError(f"{path}: there is no option '{name}'. {nearest(name, _paths(tree))}".strip())
            if _is_plain(value, kind):
                values[name] = value
            elif _may_be_class(kind):
                classes.append(name)
            else:
                require_kind(value, kind, name, str(path))
        return cls(path, values, tuple(classes))

    def not_given(self, options: Sequence[str], files: Sequence[Path]) -> list[str]:
        """Return the options that named classes in the stored run but are not set on the command line.

        Args:
            options: Options of the command line.
            files: Files given by ``-c``.
        """
        given = given_names(options, files)
        return [name for name in self.classes if not any(_is_of(option, name) for option in given)]

    def require_given(self, missing: Sequence[str], command: str) -> None:
        """Refuse to resume a run without the classes it was started with.

        Args:
            missing: Result of `not_given`.
            command: Command that resumes the run without them.

        Raises:
            UserError: If any is missing; the message names the options and the command.
        """
        if not missing:
            return
        without = " ".join(f"--{name} {_WITHOUT.get(name, 'null')}" for name in missing)
        raise UserError(
            f"{self.place} names classes for {', '.join(missing)}, but no class is ever loaded from a run folder: name "
            f"them on this command line, as when the run was started, or continue without them: {command} {without}"
        )

    def note(self, missing: Sequence[str]) -> str:
        """Return a note for subcommands that only read a run; '' if nothing is missing."""
        if not missing:
            return ""
        return f"{self.place} names classes for {', '.join(missing)}: not read, because run folders are only data."


def given_names(options: Sequence[str], files: Sequence[Path]) -> list[str]:
    """Return the dotted names of the options that a command line sets, itself or in its files.

    Args:
        options: Options of the command line.
        files: Files given by ``-c``.
    """
    given = [re.split(r"[=+]", option[2:])[0] for option in options if option.startswith("--")]
    for file in files:
        given += _names(read_yaml(file))
    return given


def require_groups(values: object, tree: Tree, place: str) -> None:
    """Refuse a file with a single value or a class in place of an option group.

    This must happen before jsonargparse sees the file, because jsonargparse would import the class before refusing it.

    Args:
        values: Contents of the file.
        tree: All options, from `option_tree`.
        place: Name of the file in the message.

    Raises:
        UserError: If there is one; the message names the group.
    """
    for name, kind, _ in _leaves(values, tree, place):
        group, _, last = name.rpartition(".")
        if kind is None and last == "class_path":
            raise UserError(f"{place}: {group} is a group of options and takes no class: leave out class_path.")


def require_no_group(options: Sequence[str], tree: Tree) -> None:
    """Refuse a value for a whole option group on the command line; see `require_groups`.

    Raises:
        UserError: If there is one; the message names the group and what to type.
    """
    for option in options:
        name = re.split(r"[=+]", option[2:])[0]
        if option.startswith("--") and isinstance(_at(tree, name), dict):
            raise UserError(f"'{name}' is a group of options: set one by --{name}.NAME VALUE, see --{name}.help.")


def _tree(kind: Any) -> Any:  # noqa: ANN401 - an annotation
    if not is_dataclass(kind):
        return kind
    hints = get_type_hints(kind)
    return {field.name: _tree(hints[field.name]) for field in fields(kind)}


def _at(tree: Tree, name: str) -> Any:  # noqa: ANN401 - a group or an annotation
    value: Any = tree
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _leaves(values: object, tree: Tree, place: str, above: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield the name, annotation and value of each option in a file; the annotation of an unknown option is None.

    Names may be dotted, and a trailing ``+`` appends to a list, as in jsonargparse.
    """
    given = Fields(values, place, above.rstrip(".")).values
    for key, value in given.items():
        name = above + key.removesuffix("+")
        first, _, rest = key.removesuffix("+").partition(".")
        kind = tree.get(first)
        if isinstance(kind, dict):
            yield from _leaves({rest: value} if rest else value, kind, place, f"{above}{first}.")
        elif kind is None:
            yield name, None, value
        else:
            yield f"{above}{first}", kind, {rest: value} if rest else value


def _is_plain(value: object, kind: Any) -> bool:  # noqa: ANN401 - an annotation
    """Return whether a value is plain data of the option's type that cannot name a class."""
    if not fits(value, kind):
        return value == [] and _may_be_class(kind)
    return not (isinstance(value, str) and _may_be_class(kind)) or bool(_WORD.fullmatch(str(value)))


def _may_be_class(kind: Any) -> bool:  # noqa: ANN401 - an annotation
    """Return whether an option accepts an instance of a class."""
    return any(isinstance(part, type) and part not in _DATA for part in _parts(kind))


def _paths(tree: Tree, above: str = "") -> list[str]:
    paths = []
    for name, kind in tree.items():
        paths += _paths(kind, f"{above}{name}.") if isinstance(kind, dict) else [above + name]
    return paths


def _parts(kind: Any) -> set[Any]:  # noqa: ANN401 - an annotation
    """Return all types in an annotation."""
    if arguments := get_args(kind):
        return set().union(*map(_parts, arguments))
    return {kind}


def _names(values: object, above: str = "") -> list[str]:
    if not isinstance(values, dict):
        return [above.removesuffix(".")]
    return [name for key, value in values.items() for name in _names(value, f"{above}{str(key).removesuffix('+')}.")]


def _is_of(option: str, name: str) -> bool:
    return option == name or option.startswith(f"{name}.")
