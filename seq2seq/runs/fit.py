"""Training and evaluation of runs: the subcommands ``fit``, ``validate``, ``test`` and ``predict``."""

import logging
import signal
import sys
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import cast

import torch
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch.utilities.exceptions import SIGTERMException

from seq2seq.errors import SentenceError, UserError, WorldError
from seq2seq.interruption import Interrupted, Watch, announce
from seq2seq.malloc import keep_freed_memory
from seq2seq.run_setup.request import Plan, Start, ready, resume_command
from seq2seq.run_setup.run_folder import RunFolder, rank
from seq2seq.run_setup.trainer_options import refusal
from seq2seq.runs import forgetting
from seq2seq.runs.averaging import introduce, save_bundle
from seq2seq.runs.callbacks.divergence import DivergenceError
from seq2seq.runs.lightning_cli import Application
from seq2seq.runs.messages import forgetting_commands, next_commands, stop_reason
from seq2seq.safe_text import in_line
from seq2seq.training.checkpoint_file import read_checkpoint
from seq2seq.training.starting_model import StartingModel

EXAMPLES = 2_000
"""Number of validation examples from which a model's openers are chosen."""


def built(plan: Plan) -> Application:
    """Build the model and data from checked options."""
    return Application(plan.task, plan.arguments, plan.defaults, stored=plan.stored)


def fit(arguments: list[str]) -> int:
    """Run ``seq2seq fit`` from Python with the arguments after ``fit``; see ``seq2seq fit --help``.

    Returns:
        Exit code: 0, or 128 plus the signal number if a signal ended training.

    Raises:
        UserError: If the user made a mistake.
        WorldError: If training fails, for example because of a full disk or a NaN loss.
        Interrupted: If a signal arrives before training begins.
    """
    with Watch() as watch:
        start = ready(arguments, StartingModel.read)
        return 0 if start is None else train(start, watch)


def train(start: Start, watch: Watch) -> int:
    """Train as requested by a checked command line; see `fit`."""
    quiet()
    request, task = start.request, start.plan.task
    if request.resume:
        folder = RunFolder.reopen(request.run_dir)
        try:
            return _train(built(start.plan), folder, watch, is_resumed=True)
        finally:
            folder.unlock()
    application = built(start.plan)
    watch.check()
    folder = RunFolder.create(request.run_dir, task.name)
    try:
        return _train(application, folder, watch, is_resumed=False)
    finally:
        folder.unlock()


def _train(application: Application, folder: RunFolder, watch: Watch, is_resumed: bool) -> int:
    """Train in a locked folder, and save the best weights as a bundle."""
    set_up_process(application.config.threads)
    checkpoint = folder.last if is_resumed and folder.last.is_file() else None
    if checkpoint is not None:
        read_checkpoint(checkpoint)
    elif is_resumed:
        say(f"{folder.path} contains no checkpoint yet: training starts from the beginning.")
    application.start(folder, watch, is_continued=checkpoint is not None)
    resume = resume_command(application.task, str(folder.path))
    begun = time.monotonic()
    try:
        application.trainer.fit(application.model, datamodule=application.datamodule, ckpt_path=checkpoint)
        watch.defer(False)
        watch.check()
    except (Interrupted, KeyboardInterrupt, SIGTERMException, SystemExit) as cause:
        watch.defer(False)
        return _interrupted(cause, application, folder, resume)
    except DivergenceError as fault:
        raise WorldError(f"{fault} {_kept(application, folder)}") from fault
    except torch.OutOfMemoryError as fault:
        raise out_of_memory(application, resume) from fault
    except Exception as fault:
        if isinstance(fault, MisconfigurationException | ValueError) and _is_lightnings(fault):
            raise UserError(refusal(str(fault))) from fault
        # When one of several processes is stopped, the others fail while waiting for it.
        if watch.received:
            watch.defer(False)
            return _interrupted(Interrupted(watch.received), application, folder, resume)
        if (
            checkpoint is not None
            and not application.continuation.is_begun
            and not isinstance(fault, SentenceError | OSError)
        ):
            # An untrusted checkpoint may fail anywhere in Lightning's loops or the optimizer.
            raise _not_continued(checkpoint, fault) from fault
        raise
    if application.trainer.is_global_zero:
        try:
            save_bundle(read_checkpoint(folder.usable), folder, application.task, folder.bundle)
            _introduce(application, folder)
            _measure_forgetting(application, folder)
        except Interrupted as cause:
            return _interrupted(cause, application, folder, resume)
        if application.shows_progress or application.tracker.is_over:
            say(stop_reason(application.trainer, application.tracker))
        if application.shows_progress:
            for line in next_commands(application.task, application.datamodule, folder.path, time.monotonic() - begun):
                say(line)
            if application.config.init_from and not application.config.old_test:
                for line in forgetting_commands(application.config.init_from, folder.path):
                    say(line)
        print(folder.path)
    return 0


def set_up_process(threads: int) -> None:
    """Set memory, precision and threads for training; 0 threads leave their number to PyTorch."""
    keep_freed_memory()
    # On a GPU, use tensor cores for float32 products, as cuDNN does for LSTMs by default.
    torch.backends.cuda.matmul.allow_tf32 = True
    if threads:
        torch.set_num_threads(threads)


def out_of_memory(application: Application, command: str) -> WorldError:
    """Return the error for a GPU whose memory is full.

    Args:
        application: The training.
        command: The command to continue with.
    """
    option, size = application.datamodule.batch_limit
    return WorldError(
        f"The GPU's memory is full at step {application.trainer.global_step}. Continue with smaller batches: "
        f"{command} --{option} {max(1, size // 2)} "
        f"--trainer.accumulate_grad_batches {2 * application.trainer.accumulate_grad_batches}"
    )


def _not_continued(checkpoint: Path, fault: Exception) -> UserError:
    return UserError(
        f"{checkpoint} is damaged, or belongs to another run: training cannot continue from it "
        f"({type(fault).__name__}: {fault}). Restore a copy of it, or start again with another --run_dir."
    )


def _introduce(application: Application, folder: RunFolder) -> None:
    """Evaluate the model on some validation examples, and store its introduction."""
    data = application.datamodule
    introduce(
        folder,
        data.held("validation", EXAMPLES),
        pairs=len(data.stores["train"]),
        has_openers=data.is_sample or application.config_init.checkpoint.openers,
    )


def _measure_forgetting(application: Application, folder: RunFolder) -> None:
    """Evaluate the starting model and the new one on the old test set, if there is one."""
    config = application.config
    if not config.old_test:
        return
    shows = say if application.shows_progress else lambda text: None
    reader = application.config_init.data.reader
    result = forgetting.measure(config.init_from, folder.path, config.old_test, reader, shows)
    forgetting.save(result, folder.path, folder.bundle)
    for line in result.lines():
        say(line)


def _kept(application: Application, folder: RunFolder) -> str:
    """Save the best weights of a failed run as a bundle, and return a message about it."""
    if not folder.best.is_file():
        return "No validation was good enough to keep its weights."
    best = read_checkpoint(folder.usable)
    if application.trainer.is_global_zero:
        save_bundle(best, folder, application.task, folder.bundle)
    return f"The best weights, of step {best['global_step']:,}, are kept in {folder.bundle}."


def _interrupted(cause: BaseException, application: Application, folder: RunFolder, resume: str) -> int:
    number = signal.SIGTERM if isinstance(cause, SIGTERMException) else signal.SIGINT
    interrupt = cause if isinstance(cause, Interrupted) else Interrupted(number)
    if folder.best.is_file() and rank() == 0:
        with suppress(Interrupted):  # after a second signal no model is saved; resuming or exporting saves it
            save_bundle(read_checkpoint(folder.usable), folder, application.task, folder.bundle)
    saved = f"saved in {folder.last}" if folder.last.is_file() else "nothing had been saved yet"
    if not folder.config.is_file():
        raise interrupt from None
    if rank() == 0:
        announce(
            f"Stopped by {interrupt.name} at step {application.trainer.global_step}; {saved}. Continue with: {resume}"
        )
    return interrupt.exit_code


def evaluate(verb: str, folder: RunFolder, plan: Plan) -> int:
    """Run the trainer's ``validate``, ``test`` or ``predict`` with the best weights of a run.

    Returns:
        Exit code 0.

    Raises:
        UserError: If the run has no usable checkpoint, or if its data cannot be read.
    """
    quiet()
    application = built(plan)
    path = folder.best if folder.best.is_file() else folder.last
    read_checkpoint(path)
    application.prepare(folder)
    run = {"validate": application.trainer.validate, "test": application.trainer.test}.get(verb)
    if run is not None:
        scores = run(application.model, datamodule=application.datamodule, ckpt_path=path, verbose=False)
        for name, value in scores[0].items():
            print(f"{name}\t{value:.6g}")
        return 0
    outputs: dict[int, str] = {}
    for batch in (
        application.trainer.predict(application.model, datamodule=application.datamodule, ckpt_path=path) or []
    ):
        outputs.update(cast(dict[int, str], batch))
    for number in sorted(outputs):
        print(outputs[number].replace("\n", " "))  # one line per output
    return 0


def _is_lightnings(fault: Exception) -> bool:
    """Return whether Lightning's own code raised an error; it raises ValueError for unsuitable options."""
    place = fault.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return place is not None and str(place.tb_frame.f_globals.get("__name__")).startswith("lightning.")


def say(text: str) -> None:
    """Print a message to stderr, in the first process only."""
    if rank() == 0:
        print(in_line(text), file=sys.stderr)


def quiet() -> None:
    """Silence Lightning's tips and hardware notes, and its warnings."""
    for name in ("lightning.pytorch", "lightning.fabric"):
        logging.getLogger(name).setLevel(logging.ERROR)
    warnings.filterwarnings("ignore", module=r"lightning\..*")
