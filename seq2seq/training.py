"""From a command line to a trained run folder: what ``fit``, ``validate``, ``test`` and ``predict`` do."""

import argparse
import logging
import shlex
import signal
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.utilities.exceptions import SIGTERMException

from seq2seq import presets
from seq2seq import task as tasks
from seq2seq.allocator import keep_freed_memory
from seq2seq.application import Application, data_class
from seq2seq.averaging import save_bundle, usable
from seq2seq.checkpointing import read_checkpoint
from seq2seq.divergence import DivergenceError
from seq2seq.errors import UserError, WorldError
from seq2seq.interruption import Interrupted, Watch, announce
from seq2seq.parsing import read_yaml
from seq2seq.run_messages import next_commands, stop_reason
from seq2seq.runs import RunFolder, rank
from seq2seq.safe_text import in_line
from seq2seq.stored_options import StoredOptions, Tree, option_tree, require_groups, require_no_group
from seq2seq.task import Task
from seq2seq.typed_values import Fields


@dataclass
class Request:
    """What a command line says before its options are looked at.

    Args:
        subject: The task, or a run folder; '' if none is given.
        run_dir: The run folder, '' for a new one.
        resume: Whether to go on with the run in it.
        configs: What ``-c`` names, in order.
        help: Group whose options are to be listed, '' for none.
        options: Everything else.
    """

    subject: str
    run_dir: str
    resume: bool
    configs: list[str]
    help: str
    options: list[str]

    @classmethod
    def parse(cls, verb: str, arguments: list[str]) -> "Request":
        """Split a command line; options are left to the Lightning CLI."""
        parser = argparse.ArgumentParser(f"seq2seq {verb}", add_help=False, allow_abbrev=False, exit_on_error=False)
        parser.add_argument("-c", "--config", action="append", default=[], dest="configs")
        parser.add_argument("--run_dir", default="")
        parser.add_argument("--resume", action="store_true")
        try:
            known, rest = parser.parse_known_args(arguments)
        except argparse.ArgumentError as fault:
            raise UserError(f"{fault.argument_name}: {fault.message}.") from fault
        subject = rest.pop(0) if rest and not rest[0].startswith("-") else ""
        groups = [one for one in rest if one.startswith("--") and one.endswith(".help")]
        options = [one for one in rest if one not in groups]
        return cls(subject, known.run_dir, known.resume, known.configs, groups[0][2:-5] if groups else "", options)


def application(task: Task, request: Request, run: Path | None, *, is_training: bool = True) -> Application:
    """Parse all options: those of a run, then files in order, then the command line; later ones win.

    Args:
        task: The task.
        request: Files and options.
        run: The configuration of the run that is continued or looked at; only plain values are taken from it.
        is_training: Whether the run is continued, so that what it needs must be there.
    """
    tree = option_tree(data_class(task))
    files = [path for path in (presets.find(name, task) for name in request.configs) if says_something(path, tree)]
    require_no_group(request.options, tree)
    arguments = [part for file in files for part in ("--config", str(file))] + request.options
    if run:
        stored = StoredOptions.read(run, tree)
        missing = stored.not_given(request.options, files)
        if is_training:
            stored.require_given(missing, _resume(task, request.run_dir))
        elif missing:
            say(stored.note(missing))
        return Application(task, arguments, stored=stored.values)
    made = Application(task, arguments)
    sample = task.configs() / "sample.yaml"
    if made.datamodule.is_sample and sample.is_file():
        # No data was named: the settings that fit the sample corpus come first, so that everything else beats them.
        made = Application(task, ["--config", str(sample), *arguments])
    return made


def says_something(path: Path, tree: Tree) -> bool:
    """Return whether a configuration holds anything but comments: a list of differences may be empty.

    Raises:
        UserError: If the file cannot be read, is not YAML, or has a value in place of a group of options.
    """
    values = read_yaml(path)
    if values is None:
        return False
    require_groups(values, tree, str(path))
    return True


def _resume(task: Task, folder: str) -> str:
    return f"seq2seq fit {task.name} --run_dir {shlex.quote(folder)} --resume"


def fit(arguments: list[str], watch: Watch) -> int:
    """Train; see ``seq2seq fit --help``.

    Args:
        arguments: What was typed after the verb.
        watch: Receives the signals that end training.

    Returns:
        The exit code: 0, or 128 plus the signal's number when a signal ended training.

    Raises:
        UserError: For the user's mistakes.
        WorldError: For a full disk, a loss that is no number, and the like.
        Interrupted: For a signal before training begins.
    """
    request = Request.parse("fit", arguments)
    quiet()
    if request.resume:
        folder = RunFolder.reopen(request.run_dir)
        try:
            task = tasks.load(_same_task(folder, request.subject))
            return _train(application(task, request, folder.config), folder, watch, is_resumed=True)
        finally:
            folder.unlock()
    task = tasks.load(_subject(request, "fit"))
    made = application(task, request, None)
    if request.help:
        print(made.help(request.help), end="")
        return 0
    watch.check()
    folder = RunFolder.create(request.run_dir, task.name)
    try:
        return _train(made, folder, watch, is_resumed=False)
    finally:
        folder.unlock()


def _train(made: Application, folder: RunFolder, watch: Watch, is_resumed: bool) -> int:
    """Run the training in a locked folder, and leave the best weights as a bundle."""
    keep_freed_memory()
    # On a GPU float32 products take the matrix units, as cuDNN's LSTM does by default; nothing changes on a CPU.
    torch.backends.cuda.matmul.allow_tf32 = True
    if made.config.threads:
        torch.set_num_threads(made.config.threads)
    checkpoint = folder.last if is_resumed and folder.last.is_file() else None
    if checkpoint is not None:
        read_checkpoint(checkpoint)
    elif is_resumed:
        say(f"{folder.path} holds no checkpoint yet: training starts at the beginning.")
    made.start(folder, watch)
    resume = _resume(made.task, str(folder.path))
    begun = time.monotonic()
    try:
        made.trainer.fit(made.model, datamodule=made.datamodule, ckpt_path=checkpoint)
        watch.is_deferred = False
        watch.check()
    except (Interrupted, KeyboardInterrupt, SIGTERMException, SystemExit) as cause:
        watch.is_deferred = False
        return _interrupted(cause, made, folder, resume)
    except DivergenceError as fault:
        raise WorldError(f"{fault} {_kept(made, folder)}") from fault
    except torch.OutOfMemoryError as fault:
        raise WorldError(
            f"The GPU's memory is full at step {made.trainer.global_step}. Continue with smaller batches: {resume} "
            f"{made.datamodule.smaller_batches()} "
            f"--trainer.accumulate_grad_batches {2 * made.trainer.accumulate_grad_batches}"
        ) from fault
    except Exception as fault:
        if isinstance(fault, MisconfigurationException | ValueError) and _is_lightnings(fault):
            raise UserError(f"The trainer refuses its options: {' '.join(str(fault).split())}") from fault
        # When one of several processes was asked to stop, the others fail while waiting for it.
        if watch.received:
            watch.is_deferred = False
            return _interrupted(Interrupted(watch.received), made, folder, resume)
        raise
    if made.trainer.is_global_zero:
        save_bundle(usable(folder), folder, made.task, folder.bundle)
        if made.is_talking or made.steering.is_over:
            say(stop_reason(made.trainer, made.steering))
        if made.is_talking:
            for line in next_commands(made.task, made.datamodule, folder.path, time.monotonic() - begun):
                say(line)
        print(folder.path)
    return 0


def _kept(made: Application, folder: RunFolder) -> str:
    """Write the best weights of a run that failed as a bundle, and return the sentence that says so."""
    if not folder.best.is_file():
        return "No validation was good enough to keep its weights."
    best = usable(folder)
    if made.trainer.is_global_zero:
        save_bundle(best, folder, made.task, folder.bundle)
    return f"The best weights, of step {best['global_step']:,}, are kept in {folder.bundle}."


def _interrupted(cause: BaseException, made: Application, folder: RunFolder, resume: str) -> int:
    number = signal.SIGTERM if isinstance(cause, SIGTERMException) else signal.SIGINT
    interrupt = cause if isinstance(cause, Interrupted) else Interrupted(number)
    if folder.best.is_file() and rank() == 0:
        save_bundle(usable(folder), folder, made.task, folder.bundle)
    saved = f"saved in {folder.last}" if folder.last.is_file() else "nothing had been saved yet"
    if not folder.config.is_file():
        raise interrupt from None
    if rank() == 0:
        announce(f"Stopped by {interrupt.name} at step {made.trainer.global_step}; {saved}. Continue with: {resume}")
    return interrupt.exit_code


def evaluate(verb: str, arguments: list[str]) -> int:
    """Run the trainer's ``validate``, ``test`` or ``predict`` on the best weights of a run.

    Args:
        verb: Which of them.
        arguments: A run folder, or a task with ``--run_dir``; then options, which beat those of the run.

    Returns:
        The exit code 0.

    Raises:
        UserError: For the user's mistakes.
    """
    request = Request.parse(verb, arguments)
    quiet()
    place = request.run_dir or request.subject
    if request.resume or not place:
        raise UserError(f"Which run? Type: seq2seq {verb} RUN_FOLDER, or seq2seq {verb} TASK --run_dir RUN_FOLDER.")
    folder = RunFolder(Path(place))
    if not folder.config.is_file():
        names = [found.name for found in tasks.installed()]
        hint = f"'{place}' is a task: add --run_dir RUN_FOLDER." if place in names else "It holds no config.yaml."
        raise UserError(f"No run in {place}. {hint}")
    task = tasks.load(_same_task(folder, request.subject if request.run_dir else ""))
    made = application(task, request, folder.config, is_training=False)
    path = folder.best if folder.best.is_file() else folder.last
    read_checkpoint(path)
    made.prepare(folder)
    run = {"validate": made.trainer.validate, "test": made.trainer.test}.get(verb)
    if run is not None:
        found = run(made.model, datamodule=made.datamodule, ckpt_path=path, verbose=False)
        for name, value in found[0].items():
            print(f"{name}\t{value:.6g}")
        return 0
    outputs: dict[int, str] = {}
    for batch in made.trainer.predict(made.model, datamodule=made.datamodule, ckpt_path=path) or []:
        outputs.update(cast(dict[int, str], batch))
    for number in sorted(outputs):
        print(outputs[number].replace("\n", " "))  # one line each, so that they can be counted off
    return 0


def _is_lightnings(fault: Exception) -> bool:
    """Return whether an error was raised by Lightning's own code; it raises ValueError for options that do not fit."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place is not None and str(place.tb_frame.f_globals.get("__name__")).startswith("lightning.")


def _same_task(folder: RunFolder, name: str) -> str:
    """Return the task of a run, which must be the one that was typed, if any was."""
    found = task_of(folder.config)
    if name not in ("", found):
        raise UserError(f"The run in {folder.path} is of task '{found}', not '{name}'.")
    return found


def task_of(config: Path) -> str:
    """Return the task that a run's configuration names.

    Raises:
        UserError: If it names none.
    """
    values = Fields(read_yaml(config), str(config))
    if "data" not in values or "task" not in values.section("data"):
        raise UserError(f"{config} is no configuration of a run: it names no data.task.")
    return values.section("data").text("task")


def _subject(request: Request, verb: str) -> str:
    if not request.subject:
        names = ", ".join(found.name for found in tasks.installed())
        raise UserError(f"Which task? Type: seq2seq {verb} TASK. Installed tasks: {names or 'none'}.")
    return request.subject


def say(text: str) -> None:
    """Tell the user something, once in all processes."""
    if rank() == 0:
        print(in_line(text), file=sys.stderr)


def quiet() -> None:
    """Silence Lightning's tips, its notes on hardware, and warnings that mean nothing here."""
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"lightning\..*")
