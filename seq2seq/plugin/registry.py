"""Finding and checking the installed tasks.

A plugin is a distribution with an entry point in the group ``seq2seq.tasks`` that names a subclass of
:class:`~seq2seq.plugin.task.Task`; the bundled tasks are found in the same way. A plugin that cannot be used is
reported with its cause and never stops the others.
"""

import importlib
import inspect
import keyword
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import EntryPoint, entry_points

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions
from seq2seq.errors import UserError, nearest
from seq2seq.plugin.task import DecodingDefaults, Task, TextTask
from seq2seq.verbs import VERBS

GROUP = "seq2seq.tasks"
OURS = "lstm-seq2seq"
"""Our distribution. If two tasks have the same verb, ours keeps it."""
METHODS = ("sample", "metrics", "report", "conversation")
OLD = {
    **dict.fromkeys(("search", "sampling", "rerank", "reversible"), "`decoding = DecodingDefaults(...)`"),
    "sentencewise": "`decoding = DecodingDefaults(by_sentence=True)`",
    "sourceless": "the base class `TextTask`",
    "defaults": "`training`",
    **dict.fromkeys(("sections", "studies", "shown", "key_figures"), "`report(evaluated)`"),
    "phrases": "the file phrases/zh.yaml beside the module",
    "configs": "the folder configs beside the module",
}
"""Promises of tasks in earlier versions, and what replaced them."""


class _PluginError(Exception):
    """What is wrong with a plugin, as the end of a sentence."""


@dataclass(frozen=True)
class Found:
    """An installed plugin as described by its metadata; not imported yet."""

    entry: EntryPoint

    @property
    def name(self) -> str:
        """The task's name."""
        return self.entry.name

    @property
    def origin(self) -> str:
        """The distribution and version that brought the plugin, for messages."""
        return f"{self.entry.dist.name} {self.version}" if self.entry.dist else "an unnamed distribution"

    @property
    def version(self) -> str:
        """The version of the distribution that brought the plugin."""
        return self.entry.dist.version if self.entry.dist else "?"

    @property
    def is_ours(self) -> bool:
        """Whether the plugin is part of this distribution."""
        return self.entry.dist is not None and self.entry.dist.name == OURS

    def load(self) -> Task:
        """Import the plugin and check it on its own.

        Raises:
            UserError: If it cannot be used; names the plugin, its distribution and the cause.
        """
        try:
            task = _constructed(self.entry)
            _check(task, self.name)
        except _PluginError as fault:
            raise self.fault(str(fault)) from fault.__cause__
        return task

    def fault(self, cause: str) -> UserError:
        """Return the error that names the plugin and a cause, the end of a sentence."""
        return UserError(f"Task '{self.name}' ({self.entry.value}, from {self.origin}) {cause}")


@dataclass(frozen=True)
class Survey:
    """All installed plugins, imported and checked.

    Args:
        plugins: The plugins by name, each with its task, or with the sentence that says why it cannot be used.
    """

    plugins: tuple[tuple[Found, Task | str], ...]

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The tasks that can be used, by name."""
        return {found.name: task for found, task in self.plugins if isinstance(task, Task)}

    @cached_property
    def broken(self) -> list[tuple[Found, str]]:
        """The plugins that cannot be used, each with the sentence that says why."""
        return [(found, cause) for found, cause in self.plugins if isinstance(cause, str)]


def installed() -> list[Found]:
    """List the installed plugins by name, without importing any."""
    return sorted((Found(entry) for entry in entry_points(group=GROUP)), key=lambda found: (found.name, found.origin))


def surveyed() -> Survey:
    """Import and check all installed plugins; those that cannot be used do not stop the others."""
    plugins = installed()
    results: list[Task | str] = [""] * len(plugins)
    names: dict[str, Found] = {}
    owners: dict[str, Found] = {}  # by verb
    for place in sorted(range(len(plugins)), key=lambda place: not plugins[place].is_ours):
        found = plugins[place]
        try:
            task = found.load()
            if found.name in names:
                raise found.fault(f"has the name of a task of {names[found.name].origin}: uninstall one of them.")
            if task.verb in owners:
                other = owners[task.verb]
                raise found.fault(
                    f"has the verb '{task.verb}', which task '{other.name}' of {other.origin} already has: choose "
                    "another verb, or uninstall one of them."
                )
        except UserError as fault:
            results[place] = str(fault)
        else:
            results[place], names[found.name], owners[task.verb] = task, found, found
    return Survey(tuple(zip(plugins, results, strict=True)))


def load(name: str) -> Task:
    """Import one task by name.

    Raises:
        UserError: If no such task is installed (names the nearest), or it cannot be used (names the cause).
    """
    survey = surveyed()
    if name in survey.tasks:
        return survey.tasks[name]
    for found, cause in survey.broken:
        if found.name == name:
            raise UserError(cause)
    names = list(survey.tasks)
    raise UserError(f"No task named '{name}'. {nearest(name, names)}Installed tasks: {', '.join(names) or 'none'}.")


def _constructed(entry: EntryPoint) -> Task:
    """Import and construct a task. Plugins are foreign code: any exception is reported, even an exit."""
    try:
        kind = getattr(importlib.import_module(entry.module), entry.attr)
    except (Exception, SystemExit) as cause:
        advice = ""
        if isinstance(cause, ModuleNotFoundError) and (cause.name or "").startswith("seq2seq."):
            advice = " (written for another version? `from seq2seq.plugin import ...` has all that a task needs)"
        raise _PluginError(f"could not be imported: {type(cause).__name__}: {cause}{advice}") from cause
    if not (isinstance(kind, type) and issubclass(kind, Task)):
        raise _PluginError("is not a subclass of seq2seq.plugin.Task.")
    for name, place in OLD.items():
        if hasattr(kind, name):
            raise _PluginError(
                f"was written for an earlier version: replace its `{name}` by {place}, see docs/plugins.md."
            )
    for name in METHODS:
        wanted, given = (list(inspect.signature(getattr(owner, name)).parameters) for owner in (Task, kind))
        if len(given) != len(wanted):
            raise _PluginError(
                f"was written for another version: its method {name}({', '.join(given)}) must be "
                f"{name}({', '.join(wanted)}), see docs/plugins.md."
            )
    try:
        return kind()
    except (Exception, SystemExit) as cause:
        raise _PluginError(f"could not be constructed: {type(cause).__name__}: {cause}") from cause


def _check(task: Task, name: str) -> None:
    """Check the class attributes of a task against the name of its entry point and the verbs of the suite."""
    kind = type(task).__name__
    for attribute in ("name", "verb", "summary"):
        value = getattr(task, attribute)
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            raise _PluginError(f'has no {attribute}: class {kind} needs {attribute} = "...", one line of text.')
    if task.name != name:
        raise _PluginError(f"calls itself '{task.name}': give the class {kind} and its entry point the same name.")
    for attribute in ("name", "verb"):
        value = getattr(task, attribute)
        if not value.isidentifier() or keyword.iskeyword(value) or value.startswith("_"):
            raise _PluginError(f"has the {attribute} '{value}', which is not an identifier: use letters, digits and _.")
    if task.verb in VERBS:
        raise _PluginError(f"has the verb '{task.verb}', which is a command of the suite: choose another verb.")
    if not (isinstance(task.reader, type) and issubclass(task.reader, Reader)):
        raise _PluginError("has a `reader` that is not a subclass of seq2seq.plugin.Reader.")
    if not isinstance(task.decoding, DecodingDefaults):
        raise _PluginError("has a `decoding` that is not seq2seq.plugin.DecodingDefaults(...).")
    if isinstance(task, TextTask) == isinstance(task.decoding.search, SearchOptions):
        wanted = "WritingOptions" if isinstance(task, TextTask) else "SearchOptions"
        raise _PluginError(f"has a `decoding` of another kind of model: its `search` must be {wanted}(...).")
