"""Finds and checks the installed tasks.

A plugin is a distribution whose entry point in the group ``seq2seq.tasks`` names a subclass of
:class:`~seq2seq.plugin.task.Task`; the bundled tasks are found in the same way. A broken plugin is reported with the
cause and does not affect the others.
"""

import importlib
import inspect
import keyword
import sys
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SearchOptions
from seq2seq.errors import UserError, nearest
from seq2seq.plugin.entry_points import EntryPoint, entry_points
from seq2seq.plugin.task import DecodingDefaults, Task, TextTask
from seq2seq.verbs import VERBS

GROUP = "seq2seq.tasks"
OURS = ("lstm-seq2seq", "lstm-seq2seq-light")
"""Names of our distributions. If two tasks have the same verb, ours takes precedence."""
METHODS = ("sample", "metrics", "report", "conversation")
MODEL_ATTRIBUTES = frozenset(
    """
    aligned along begin beginnings bundle choice_of decode decoding device end given has_end language_model
    language_weight network output_of packing plain_decoding prompt_of ranked_outputs reader require_limit require_plain
    rerank sampling score score_candidates search sentences_of session shortlisted source_of sources steps stream tagged
    task together tokenizers torch_network with_piece_scores
    """.split()
)
"""Public attributes of models, which would hide a verb of the same name; `generate` is what a `TextTask` verb calls."""
OLD = {
    **dict.fromkeys(("search", "sampling", "rerank", "reversible"), "`decoding = DecodingDefaults(...)`"),
    "sentencewise": "`decoding = DecodingDefaults(by_sentence=True)`",
    "sourceless": "the base class `TextTask`",
    "defaults": "`training`",
    **dict.fromkeys(("sections", "studies", "shown", "key_figures"), "`report(evaluated)`"),
    "phrases": "the file phrases/zh.yaml beside the module",
    "configs": "the folder configs beside the module",
}
"""Attributes of tasks in earlier versions, and their replacements."""


class _PluginError(Exception):
    """A fault of a plugin; its message is the end of a sentence."""


@dataclass(frozen=True)
class Plugin:
    """An installed plugin, known from its metadata and not yet imported."""

    entry: EntryPoint

    @property
    def name(self) -> str:
        """The task's name."""
        return self.entry.name

    @cached_property
    def origin(self) -> str:
        """The plugin's distribution and version, for messages."""
        return f"{self.entry.distribution} {self.version}"

    @cached_property
    def version(self) -> str:
        """The version of the plugin's distribution."""
        return self.entry.version

    @cached_property
    def is_ours(self) -> bool:
        """Whether the plugin is part of this distribution."""
        return self.entry.distribution in OURS

    def load(self) -> Task:
        """Import and check the plugin.

        Raises:
            UserError: If it cannot be used; the message names the plugin, its distribution and the cause.
        """
        try:
            task = _constructed(self.entry)
            _check(task, self.name)
        except _PluginError as fault:
            raise self.fault(str(fault)) from fault.__cause__
        return task

    def fault(self, cause: str) -> UserError:
        """Return an error naming the plugin; `cause` ends its sentence."""
        return UserError(f"Task '{self.name}' ({self.entry.value}, from {self.origin}) {cause}")


@dataclass(frozen=True)
class Survey:
    """All installed plugins, imported and checked.

    Args:
        plugins: The plugins sorted by name, each with its task or an error message.
    """

    plugins: tuple[tuple[Plugin, Task | str], ...]

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """The usable tasks by name."""
        return {plugin.name: task for plugin, task in self.plugins if isinstance(task, Task)}

    @cached_property
    def broken(self) -> list[tuple[Plugin, str]]:
        """The unusable plugins, each with an error message."""
        return [(plugin, cause) for plugin, cause in self.plugins if isinstance(cause, str)]


def installed() -> list[Plugin]:
    """Return the installed plugins, sorted by name, without importing them."""
    return list(_found(tuple((place, _changed(place)) for place in sys.path)))


@lru_cache(maxsize=4)
def _found(_places: tuple[tuple[str, int], ...]) -> tuple[Plugin, ...]:
    """Search the metadata of all distributions, which takes milliseconds, once for each state of the import path."""
    plugins = sorted(map(Plugin, entry_points(GROUP)), key=lambda plugin: (plugin.name, plugin.origin))
    # Where the whole was installed over the light distribution, both announce the same tasks.
    seen: set[tuple[str, str]] = set()
    distinct = []
    for plugin in plugins:
        announced = plugin.name, plugin.entry.value
        if not plugin.is_ours or announced not in seen:
            distinct.append(plugin)
            seen.add(announced)
    return tuple(distinct)


def _changed(place: str) -> int:
    """Return the time at which a place of the import path last changed, in nanoseconds; 0 if there is none."""
    try:
        return Path(place).stat().st_mtime_ns
    except OSError:
        return 0


def surveyed() -> Survey:
    """Import and check all installed plugins; faults are recorded, not raised."""
    plugins = installed()
    results: list[Task | str] = [""] * len(plugins)
    names: dict[str, Plugin] = {}
    owners: dict[str, Plugin] = {}  # by verb
    for place in sorted(range(len(plugins)), key=lambda place: not plugins[place].is_ours):
        plugin = plugins[place]
        try:
            task = plugin.load()
            if plugin.name in names:
                raise plugin.fault(f"has the name of a task of {names[plugin.name].origin}: uninstall one of them.")
            if task.verb in owners:
                other = owners[task.verb]
                raise plugin.fault(
                    f"has the verb '{task.verb}', which task '{other.name}' of {other.origin} already has: choose "
                    "another verb, or uninstall one of them."
                )
        except UserError as fault:
            results[place] = str(fault)
        else:
            results[place], names[plugin.name], owners[task.verb] = task, plugin, plugin
    return Survey(tuple(zip(plugins, results, strict=True)))


def load(name: str) -> Task:
    """Import one task by name.

    Raises:
        UserError: If no such task is installed, or if it cannot be used.
    """
    survey = surveyed()
    if name in survey.tasks:
        return survey.tasks[name]
    for plugin, cause in survey.broken:
        if plugin.name == name:
            raise UserError(cause)
    names = list(survey.tasks)
    raise UserError(f"No task named '{name}'. {nearest(name, names)}Installed tasks: {', '.join(names) or 'none'}.")


def reserved(verb: str) -> str:
    """Return why no task may have a verb, as the end of a sentence; '' if a task may have it."""
    if verb in VERBS:
        return "is a command of the suite"
    return "is a method or an attribute of models" if verb in MODEL_ATTRIBUTES else ""


def _constructed(entry: EntryPoint) -> Task:
    """Import and construct a task, reporting any exception (even SystemExit) because plugins are third-party code."""
    try:
        kind = getattr(importlib.import_module(entry.module), entry.attribute)
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
    """Check a task's class attributes; `name` is the name of its entry point."""
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
    if reason := reserved(task.verb):
        raise _PluginError(f"has the verb '{task.verb}', which {reason}: choose another verb.")
    if not (isinstance(task.reader, type) and issubclass(task.reader, Reader)):
        raise _PluginError("has a `reader` that is not a subclass of seq2seq.plugin.Reader.")
    if not isinstance(task.decoding, DecodingDefaults):
        raise _PluginError("has a `decoding` that is not seq2seq.plugin.DecodingDefaults(...).")
    if isinstance(task, TextTask) == isinstance(task.decoding.search, SearchOptions):
        wanted = "WritingOptions" if isinstance(task, TextTask) else "SearchOptions"
        raise _PluginError(f"has a `decoding` of another kind of model: its `search` must be {wanted}(...).")
