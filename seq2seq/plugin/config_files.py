"""Finds config files by name, for ``-c NAME``.

A name is tried as a path first, and is then looked up in ``configs/`` of the checkout, in ``seq2seq/configs`` of an
installed wheel, and in the ``configs`` folder beside the task's module.
"""

from pathlib import Path

from seq2seq.errors import UserError, nearest
from seq2seq.plugin.task import Task, folder_of

PACKAGE = Path(__file__).parents[1]
FOLDER = "configs"
"""Name of the config folders of the suite and of tasks."""


def folders(task: Task | None = None) -> list[Path]:
    """Return the existing config folders, in order of precedence."""
    checkout = PACKAGE.parent
    candidates = [PACKAGE / FOLDER]
    # A checkout has a pyproject.toml; a "configs" folder beside an installed package may be unrelated.
    if (checkout / "pyproject.toml").is_file():
        candidates.insert(0, checkout / FOLDER)
    if task is not None:
        candidates.append(folder_of(task) / FOLDER)
    return [folder for folder in candidates if folder.is_dir()]


def available(task: Task | None = None) -> dict[str, Path]:
    """Return all named configs, such as ``size/tiny``, with their files."""
    named: dict[str, Path] = {}
    for folder in folders(task):
        for path in sorted(folder.rglob("*.yaml")):
            named.setdefault(path.relative_to(folder).with_suffix("").as_posix(), path)
    return named


def find(name: str, task: Task | None = None) -> Path:
    """Return the config file for a path or a config name (with or without ``.yaml``); the task's configs count too.

    Raises:
        UserError: If there is neither such a file nor such a config; the message lists the configs.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    named = available(task)
    short = name.removesuffix(".yaml")
    if short in named:
        return named[short]
    last = [known for known in named if known.rsplit("/", 1)[-1] == short.rsplit("/", 1)[-1]]
    hint = f"Did you mean '{last[0]}'? " if last else nearest(short, named)
    what = "a folder, no config" if path.is_dir() else "neither a file nor the name of a config"
    raise UserError(f"'{name}' is {what}. {hint}Configs with a name: {', '.join(named) or 'none'}.")


def sample_settings(task: Task) -> Path | None:
    """Return a task's config for its sample corpus, or None."""
    path = folder_of(task) / FOLDER / "sample.yaml"
    return path if path.is_file() else None
