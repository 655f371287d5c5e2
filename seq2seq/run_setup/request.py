"""Parses and checks command lines of ``fit``, ``validate``, ``test`` and ``predict`` without importing PyTorch.

Task, options and files are checked in a fraction of a second; only Lightning checks classes named by options.
"""

import argparse
import json
import re
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol, cast

from jsonargparse import Namespace

from seq2seq.errors import UserError
from seq2seq.files import cache
from seq2seq.files.parsing import read_yaml
from seq2seq.files.text_lines import existing
from seq2seq.files.typed_values import Fields
from seq2seq.options import require
from seq2seq.plugin import config_files, registry
from seq2seq.plugin.task import Task, has_sample, no_sample
from seq2seq.run_setup.data_defaults import NEW_MODEL, Default, Values, fitted
from seq2seq.run_setup.data_options import SPLITS, CorpusOptions, files_of
from seq2seq.run_setup.fine_tuning_defaults import FirstTraining
from seq2seq.run_setup.option_help import page
from seq2seq.run_setup.option_parser import Parser, data_options, option_parser
from seq2seq.run_setup.preflight import check_combinations, check_files, check_machine, check_old_test, check_tokenizers
from seq2seq.run_setup.run_folder import RunFolder, rank
from seq2seq.run_setup.stored_options import (
    StoredOptions,
    Tree,
    given_names,
    option_tree,
    require_groups,
    require_no_group,
)
from seq2seq.run_setup.trainer_options import TrainerOptions
from seq2seq.safe_text import in_line

PRINTED = {"": True, "skip_null": False}
"""Values of ``--print_config``, and whether each prints options that are null."""
LISTS = (*(f"--data.{split}" for split in SPLITS), "--freeze", "--old_test")
"""Options that take several names, or a single one without brackets."""
NAMES = ("--data.mixture.tags", *(f"--data.alignment.{name}" for name in ("files", "source_tokens", "target_tokens")))
NUMBERS = ("--data.mixture.weights",)
"""Options whose value is a list even if it has a single item."""
UNCHANGEABLE = ("init_from", "freeze")
"""Options that a resumed run cannot change."""


@dataclass
class Request:
    """Command line before its options are parsed.

    Args:
        subject: Task or run folder; '' if none is given.
        run_dir: Value of ``--run_dir``, '' for a new folder.
        resume: Whether to continue the run in that folder.
        configs: Values of ``-c``, in order.
        help: Option group whose help is requested, '' for none.
        options: All other arguments.
        printed: Value of ``--print_config``; None trains instead of printing options.
        dry_run: Whether to try the run out without writing anything.
    """

    subject: str
    run_dir: str
    resume: bool
    configs: list[str]
    help: str
    options: list[str]
    printed: str | None = None
    dry_run: bool = False

    @property
    def is_question(self) -> bool:
        """Whether the command line only requests help or prints options."""
        return bool(self.help) or self.printed is not None

    @classmethod
    def parse(cls, verb: str, arguments: list[str]) -> "Request":
        """Split a command line without parsing its options.

        Raises:
            UserError: If an option lacks its value.
        """
        parser = argparse.ArgumentParser(f"seq2seq {verb}", add_help=False, allow_abbrev=False, exit_on_error=False)
        parser.add_argument("-c", "--config", action="append", default=[], dest="configs")
        parser.add_argument("--run_dir", default="")
        parser.add_argument("--resume", action="store_true")
        parser.add_argument("--dry_run", action="store_true")
        try:
            known, rest = parser.parse_known_args(_with_lists(arguments))
        except argparse.ArgumentError as fault:
            raise UserError(f"{fault.argument_name}: {fault.message}.") from fault
        subject = rest.pop(0) if rest and not rest[0].startswith("-") else ""
        groups = [word for word in rest if word.startswith("--") and word.endswith(".help")]
        printed = [word for word in rest if re.fullmatch(r"--print_config(=.*)?", word)]
        form = printed[-1].partition("=")[2] if printed else None
        require(
            form is None or form in PRINTED,
            f"--print_config={form} does not exist: type --print_config, or --print_config=skip_null.",
        )
        options = [word for word in rest if word not in (*groups, *printed)]
        require(
            not (known.dry_run and (known.resume or verb != "fit")),
            "--dry_run tries out a new run of seq2seq fit TASK: leave it out"
            f"{', or leave out --resume' if known.resume else ''}.",
        )
        group = groups[0][2:-5] if groups else ""
        return cls(subject, known.run_dir, known.resume, known.configs, group, options, form, known.dry_run)


def _with_lists(words: Sequence[str]) -> list[str]:
    """Join the values of an option into one word: ``--data.train a b`` becomes ``--data.train '["a", "b"]'``.

    If the option is repeated, the values of all its occurrences are joined, at the last one.
    """
    values: dict[str, list[str]] = {}
    joined: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if word not in (*LISTS, *NAMES, *NUMBERS):
            joined.append(word)
            continue
        given: list[str] = []
        while left and not left[0].startswith("-"):
            given.append(left.pop(0))
        if len(given) > 1 and given[0].startswith("[") and given[-1].endswith("]"):
            given = [" ".join(given)]  # [a.en, a.zh] without quotes
        if word in values:
            place = joined.index(word)
            del joined[place : place + (2 if values[word] else 1)]
        values[word] = values.get(word, []) + given
        joined += [word, *_joined(word, values[word])]
    return joined


def _joined(option: str, values: list[str]) -> list[str]:
    """Return the values of an option as at most one word."""
    if not values or (len(values) == 1 and (values[0].startswith("[") or option in LISTS)):
        return values
    names = [name for word in values for name in _items(word)]
    return [f"[{', '.join(names)}]" if option in NUMBERS else json.dumps(names)]


def _items(word: str) -> list[str]:
    """Return the values in a word: one, several with commas between them, or a YAML list."""
    listed = word.startswith("[") and word.endswith("]")
    return [str(item).strip() for item in (word[1:-1].split(",") if listed else files_of(word) or [word])]


@dataclass
class Plan:
    """Request with parsed and checked options.

    Args:
        task: The task.
        arguments: Files and options as parser arguments; later ones override earlier ones.
        config: Value of every option.
        data: The data options.
        parser: Parser of the options.
        stored: Options of the given run, by dotted name; files and options override them.
        defaults: Options derived from the data.
        first_training: How the model of ``--init_from`` was trained; None without one.
    """

    task: Task
    arguments: list[str]
    config: Namespace
    data: CorpusOptions
    parser: Parser = field(repr=False)
    stored: Mapping[str, Any] = field(default_factory=dict)
    defaults: Sequence[Default] = ()
    first_training: FirstTraining | None = None

    @property
    def is_sample(self) -> bool:
        """Whether to use the task's sample corpus, because no training files were given."""
        return not self.data.train

    @property
    def shows_progress(self) -> bool:
        """Whether this process shows the run's progress."""
        return self.config.trainer.enable_progress_bar in (None, True) and rank() == 0

    def yaml(self, form: str) -> str:
        """Return every option with its value in the run, as YAML."""
        return cast(str, self.parser.dump(self.config, skip_unset=not PRINTED[form]))


class StartingModel(Protocol):
    """A model that a run starts from; see `seq2seq.training.starting_model`."""

    @property
    def first_training(self) -> FirstTraining:
        """How it was trained."""

    def words(self, given: Sequence[str], data: CorpusOptions, task: Task) -> list[str]:
        """Return the options taken from the model, as command-line arguments that precede the user's."""

    def require_same_network(self, given: Sequence[str], network: dict[str, Any]) -> None:
        """Refuse options that would make a network for which the model has no weights."""


ReadModel = Callable[[str, Task], StartingModel]
"""Reads the model of ``--init_from``; handed in, because loading models belongs to rooms above this one."""


def plan(
    task: Task,
    request: Request,
    run: Path | None,
    *,
    is_training: bool = True,
    read_model: ReadModel | None = None,
) -> Plan:
    """Parse and check all options: the run's, then files in order, then the command line; later ones win.

    Args:
        task: The task.
        request: Files and options.
        run: Configuration file of the given run; only plain values are taken from it.
        is_training: Whether to resume the run, which requires the classes it was started with.
        read_model: Reads the model that a new run starts from.

    Raises:
        UserError: For the first mistake.
    """
    tree = option_tree(data_options(task))
    files = [path for path in (config_files.find(name, task) for name in request.configs) if has_options(path, tree)]
    require_no_group(request.options, tree)
    arguments = [part for file in files for part in ("--config", str(file))] + request.options
    stored = _stored(task, request, run, files, tree, is_training=is_training) if run else {}
    given = given_names(request.options, files)
    parser = option_parser(task)
    parser.set_defaults(dict(stored))
    sample = config_files.sample_settings(task) if run is None else None
    # Without data, the sample corpus's settings come first, so everything else overrides them. Whether there is data is
    # guessed first, because parsing takes most of the time of a start.
    with_sample = ["--config", str(sample), *arguments] if sample else arguments
    is_sample = not any(word.startswith("--data.train") for word in arguments)
    config = _parsed(parser, with_sample if is_sample else arguments)
    if sample and is_sample != (not config.data.train):
        is_sample = not is_sample
        config = _parsed(parser, with_sample if is_sample else arguments)
    first = with_sample[: len(with_sample) - len(arguments)] if is_sample else []
    first_training = None
    if run is not None:
        _require_unchanged(config, stored, request.run_dir)
    elif config.init_from:
        assert read_model is not None, "a new run may start from a model"
        model = read_model(config.init_from, task)
        first_training = model.first_training
        first += model.words(given, _objects(parser, config).data, task)
        config = _parsed(parser, [*first, *arguments])
        model.require_same_network(given, config.model.network.as_dict())
    arguments = [*first, *arguments]
    require(bool(config.data.train) or run is not None or has_sample(task), no_sample(task))
    require(
        not config.old_test or bool(config.init_from),
        "--old_test measures what the model of --init_from forgets, but there is no --init_from: add it, or leave out "
        "--old_test.",
    )
    data = _checked(task, parser, config)
    return Plan(task, arguments, config, data, parser, stored, first_training=first_training)


def _require_unchanged(config: Namespace, stored: Mapping[str, Any], folder: str) -> None:
    """Refuse to resume a run with another starting model or other frozen parts.

    Raises:
        UserError: If one was changed; the message names both values.
    """
    for name in UNCHANGEABLE:
        before = stored.get(name, config[name])
        require(
            config[name] == before,
            f"{name} is {_named(config[name])}, but the run in {folder} was started with {_named(before)}: leave it "
            f"out, or start a new run with --init_from {folder}.",
        )


def _checked(task: Task, parser: Parser, config: Namespace) -> CorpusOptions:
    """Check all options, and return the data options."""
    objects = _objects(parser, config)
    TrainerOptions(**vars(config.trainer))
    check_combinations(task, objects)
    check_machine(config)
    return cast(CorpusOptions, objects.data)


def _named(value: str | list[str]) -> str:
    return (value if isinstance(value, str) else ", ".join(value)) or "none"


def _objects(parser: Parser, config: Namespace) -> Namespace:
    """Return all options but the trainer's as objects."""
    ours = config.clone()
    ours.trainer = None  # may name classes, which are not instantiated here
    return parser.objects(ours)


def with_size_defaults(plan: Plan) -> Plan:
    """Return the plan of a new run with unset options derived from the amount of training text.

    Raises:
        UserError: If a training file cannot be read.
    """
    if plan.is_sample or not plan.config.size_defaults:
        return plan
    if plan.shows_progress:
        print("Counting the training text ...", file=sys.stderr, flush=True)
    examples = plan.data.reader.read(plan.data.paths("train"))
    rules = plan.first_training.rules() if plan.first_training else NEW_MODEL
    arguments, defaults = fitted(
        examples, plan.arguments, lambda words: cast(Values, _parsed(plan.parser, words)), rules
    )
    config = _parsed(plan.parser, arguments)
    data = _checked(plan.task, plan.parser, config)
    return replace(plan, arguments=arguments, config=config, data=data, defaults=defaults)


def _stored(
    task: Task, request: Request, run: Path, files: Sequence[Path], tree: Tree, *, is_training: bool
) -> dict[str, Any]:
    """Return the plain values of a run's options, by dotted name."""
    stored = StoredOptions.read(run, tree)
    missing = stored.not_given(request.options, files)
    if is_training:
        stored.require_given(missing, resume_command(task, request.run_dir))
    elif missing:
        print(in_line(stored.note(missing)), file=sys.stderr)
    return stored.values


def resume_command(task: Task, folder: str) -> str:
    """Return the command that resumes a run."""
    return f"seq2seq fit {task.name} --run_dir {shlex.quote(folder)} --resume"


def _parsed(parser: Parser, arguments: list[str]) -> Namespace:
    """Parse options, except for classes and their options, which only Lightning's parser knows."""
    kept: list[str] = []
    words = iter(arguments)
    for word in words:
        match = re.match(r"--trainer\.(\w+)[.+]", word)
        if match and match[1] in TrainerOptions.CLASSES:
            if "=" not in word:
                next(words, "")
            continue
        kept.append(word)
    return parser.parsed(kept)


@dataclass
class Start:
    """Training that passed all checks possible without PyTorch."""

    request: Request
    plan: Plan


def ready(arguments: list[str], read_model: ReadModel) -> Start | None:
    """Check the command line after ``fit``; print help or all options on request.

    Args:
        arguments: The command line.
        read_model: Reads the model of ``--init_from``.

    Returns:
        The training; None if something was printed instead.

    Raises:
        UserError: For the first mistake.
    """
    request = Request.parse("fit", arguments)
    base = RunFolder.of_run(request.run_dir) if request.resume else None
    task = registry.load(same_task(base, request.subject) if base else _subject(request))
    options = plan(task, request, base.config if base else None, read_model=read_model)
    if not request.is_question:
        cache.limit()
        check_files(options.data, ("train", "validation"))
        if options.config.old_test:
            check_old_test(options.data, options.config.old_test)
        if base is None:
            check_tokenizers(options.data.tokenizer)
            for name in filter(None, vars(options.config.model.vectors).values()):
                existing(Path(name))
            if request.run_dir and rank() == 0:
                RunFolder(Path(request.run_dir)).require_new()
    if base is None:
        options = with_size_defaults(options)
    return None if answered(request, options) else Start(request, options)


def answered(request: Request, plan: Plan) -> bool:
    """Print help or all options if a command line requests them, and return whether it did.

    Raises:
        UserError: If the requested option group does not exist.
    """
    if request.help:
        print(page(plan.task, plan.config, request.help))
    elif request.printed is not None:
        print(plan.yaml(request.printed), end="")
    return request.is_question


def of_run(verb: str, arguments: list[str]) -> tuple[RunFolder, Plan] | None:
    """Check a command line of ``validate``, ``test`` or ``predict``; print help or all options on request.

    Args:
        verb: The subcommand.
        arguments: A run folder, or a task with ``--run_dir``; then options, which override the run's.

    Returns:
        The run and its options; None if something was printed instead.

    Raises:
        UserError: For the first mistake.
    """
    request = Request.parse(verb, arguments)
    place = request.run_dir or request.subject
    if request.resume or not place:
        raise UserError(f"Which run? Type: seq2seq {verb} RUN_FOLDER, or seq2seq {verb} TASK --run_dir RUN_FOLDER.")
    folder = RunFolder(Path(place))
    if not folder.config.is_file():
        names = [plugin.name for plugin in registry.installed()]
        hint = f"'{place}' is a task: add --run_dir RUN_FOLDER." if place in names else "It contains no config.yaml."
        raise UserError(f"No run in {place}. {hint}")
    task = registry.load(same_task(folder, request.subject if request.run_dir else ""))
    options = plan(task, request, folder.config, is_training=False)
    return None if answered(request, options) else (folder, options)


def same_task(folder: RunFolder, name: str) -> str:
    """Return the task of a run.

    Raises:
        UserError: If the user named another task.
    """
    task = task_of(folder.config)
    if name not in ("", task):
        raise UserError(f"The run in {folder.path} is of task '{task}', not '{name}'.")
    return task


def task_of(config: Path) -> str:
    """Return the task in a run's configuration.

    Raises:
        UserError: If it contains none.
    """
    values = Fields(read_yaml(config), str(config))
    if "data" not in values or "task" not in values.section("data"):
        raise UserError(f"{config} is not a configuration of a run: it names no data.task.")
    return values.section("data").text("task")


def _subject(request: Request) -> str:
    if not request.subject:
        names = ", ".join(plugin.name for plugin in registry.installed())
        raise UserError(f"Which task? Type: seq2seq fit TASK. Installed tasks: {names or 'none'}.")
    return request.subject


def has_options(path: Path, tree: Tree) -> bool:
    """Return whether a configuration file contains options; it may be empty or hold only comments.

    Raises:
        UserError: If the file cannot be read, is not YAML, or has a value in place of an option group.
    """
    values = read_yaml(path)
    if values is None:
        return False
    require_groups(values, tree, str(path))
    return True
