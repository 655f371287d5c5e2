"""Run folder: all files written by a training run; only one process uses it at a time.

::

    runs/<task>/<time>/
        config.yaml            all options of the run
        tokenizer/             sentencepiece models
        checkpoints/           last.ckpt (to resume), best.ckpt and step=*.ckpt (weights)
        metrics.csv            learning curves
        samples.jsonl          language models: a sample per validation
        bundle/                the best weights as a model folder, to use and to share
"""

import os
import platform
import shutil
import time
from pathlib import Path
from typing import TypedDict

from filelock import FileLock, Timeout

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.atomic_folders import is_alive, is_temporary, tidy
from seq2seq.files.parsing import read_text, read_yaml
from seq2seq.files.typed_values import Fields

PROCESS_VARIABLE = "SEQ2SEQ_RUN_DIR"
"""Environment variable that passes the run folder to processes started by Lightning."""


def rank() -> int:
    """Return this process's rank, before distributed training is set up.

    torchrun sets ``RANK``, SLURM ``SLURM_PROCID``, and Lightning ``LOCAL_RANK`` for processes that it starts itself.
    """
    of_slurm = os.environ.get("SLURM_PROCID") if os.environ.get("SLURM_NTASKS", "1") != "1" else None
    return int(os.environ.get("RANK") or of_slurm or os.environ.get("LOCAL_RANK") or 0)


ORPHANS_S = 20.0
"""Maximum time to wait for the loader workers of a killed process."""


class RunFolder:
    """Files of a run folder; see the module's docstring."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.yaml"
        self.tokenizer = path / "tokenizer"
        self.checkpoints = path / "checkpoints"
        self.last, self.best = self.checkpoints / "last.ckpt", self.checkpoints / "best.ckpt"
        self.metrics = path / "metrics.csv"
        self.samples = path / "samples.jsonl"
        self.bundle = path / "bundle"
        self._unstarted = path / ".unstarted"  # marks a folder in which training has not started
        self._owner = path / ".lock-owner"
        self._lock = FileLock(path / ".lock")
        # Whether this process made the folder, and whether its run has not started training.
        self._is_made = self._is_unstarted = False

    @property
    def kept(self) -> list[Path]:
        """The weights kept for averaging, oldest first."""
        return sorted(self.checkpoints.glob("step=*.ckpt"))

    @property
    def usable(self) -> Path:
        """Checkpoint of the best validated weights; without a validation, the last checkpoint.

        Raises:
            UserError: If the run has no checkpoints yet.
        """
        for path in (self.best, self.last):
            if path.is_file():
                return path
        raise UserError(f"The run {self.path} has no checkpoints yet.")

    @classmethod
    def create(cls, path: str, task: str) -> "RunFolder":
        """Create a new run folder and lock it.

        Args:
            path: Path of the folder; '' creates ``runs/<task>/<time>``.
            task: Name of the task.

        Raises:
            UserError: If the folder already holds a run or other files.
            WorldError: If it cannot be created.
        """
        if rank() > 0:
            return cls._of_first_process(path)
        folder = cls(Path(path)) if path else cls._claimed(Path("runs") / task)
        folder.lock()
        try:
            folder.require_new()
        except UserError:
            folder.unlock()
            raise
        if folder.tokenizer.is_dir():
            shutil.rmtree(folder.tokenizer)
        folder._unstarted.touch()
        folder._is_unstarted = True
        os.environ[PROCESS_VARIABLE] = str(folder.path)
        return folder

    @classmethod
    def _claimed(cls, parent: Path) -> "RunFolder":
        """Create a folder named by the time; other runs started in the same second get a number.

        Raises:
            WorldError: If it cannot be created.
        """
        name = time.strftime("%Y-%m-%d_%H-%M-%S")
        number = 1
        while True:
            folder = cls(parent / (name if number == 1 else f"{name}_{number}"))
            try:
                folder.path.mkdir(parents=True)
            except FileExistsError:  # another run has it
                number += 1
                continue
            except OSError as fault:
                raise WorldError(f"The run folder {folder.path} cannot be used: {fault.strerror}.") from fault
            folder._is_made = True
            return folder

    def require_new(self) -> None:
        """Refuse a folder that is not empty.

        Raises:
            UserError: If it is not; the message names its contents and what to do.
        """
        if self.path.is_file():
            raise UserError(f"{self.path} is a file, but a run needs a folder: choose another one with --run_dir.")
        ours = (".lock", self._owner.name, self._unstarted.name)
        children = [child.name for child in self.path.iterdir()] if self.path.exists() else []
        # What a killed start was writing is removed when the folder is locked.
        names = sorted(name for name in children if name not in ours and not is_temporary(name))
        # A start that failed before training leaves tokenizers, which are replaced. Without the `.unstarted` file, the
        # folder is not ours.
        if not names or (names == [self.tokenizer.name] and self._unstarted.exists()):
            return
        what = "contains a run" if self.config.exists() or self.last.exists() else f"is not empty ({names[0]})"
        advice = "continue it with --resume, or choose" if self.config.exists() else "choose"
        raise UserError(f"The run folder {self.path} {what}: {advice} another folder with --run_dir.")

    def begin(self, config: str) -> None:
        """Write the options of a run as YAML when training starts; from then on it can be resumed."""
        write_atomically(self.config, lambda file: file.write(config.encode("utf-8")))
        self._unstarted.unlink(missing_ok=True)
        self._is_unstarted = False

    @classmethod
    def of_run(cls, path: str) -> "RunFolder":
        """Return an existing run folder.

        Raises:
            UserError: If the folder holds no run.
        """
        if not path:
            raise UserError("--resume needs to know which run to continue: add --run_dir FOLDER.")
        folder = cls(Path(path))
        if not folder.config.is_file():
            raise UserError(
                f"There is nothing to resume in {path}: it contains no config.yaml. Leave out --resume to start."
            )
        return folder

    @classmethod
    def reopen(cls, path: str) -> "RunFolder":
        """Lock an existing run folder to continue its run.

        Raises:
            UserError: If the folder holds no run, or if another process is using it.
        """
        folder = cls.of_run(path)
        if rank() == 0:
            folder.lock()
            os.environ[PROCESS_VARIABLE] = str(folder.path)
        return folder

    @classmethod
    def _of_first_process(cls, path: str) -> "RunFolder":
        path = path or os.environ.get(PROCESS_VARIABLE, "")
        if not path:
            raise UserError("Several processes need one run folder: give --run_dir FOLDER.")
        return cls(Path(path))

    def lock(self) -> None:
        """Lock the folder for this process; the lock ends with the process, even if it is killed.

        Raises:
            UserError: If another process is using it; the message names the process.
        """
        try:
            self._is_made = self._is_made or not self.path.exists()
            self.path.mkdir(parents=True, exist_ok=True)
            # Loader workers outlive a killed process by some seconds and still hold its lock.
            self._lock.acquire(timeout=0 if self._is_owner_alive() else ORPHANS_S)
            self._owner.write_text(f"{os.getpid()} {platform.node()}\n", encoding="utf-8")
            for place in (self.path, *filter(Path.is_dir, self.path.iterdir())):
                tidy(place)
        except Timeout as fault:
            number, machine = self._owner_name()
            raise UserError(
                f"The run folder {self.path} is in use by process {number} on {machine}: wait for it, or choose "
                "another folder with --run_dir."
            ) from fault
        except OSError as fault:
            raise WorldError(f"The run folder {self.path} cannot be used: {fault.strerror}.") from fault

    def unlock(self) -> None:
        """Unlock the folder; remove it if training never started."""
        if not self._lock.is_locked:
            return
        if self._is_unstarted:
            shutil.rmtree(self.tokenizer, ignore_errors=True)
            self._unstarted.unlink(missing_ok=True)
        self._owner.unlink(missing_ok=True)
        if self._is_unstarted and self._is_made and [child.name for child in self.path.iterdir()] == [".lock"]:
            (self.path / ".lock").unlink()
            self.path.rmdir()
        self._lock.release()

    def _owner_name(self) -> tuple[str, str]:
        """Return the process id and machine of the lock's holder, if known."""
        try:
            number, machine = read_text(self._owner).split()
        except (UserError, ValueError):
            return "unknown", "an unknown machine"
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        return (number, machine) if is_number else ("unknown", "an unknown machine")

    def _is_owner_alive(self) -> bool:
        """Return whether the process that last held the lock may still be running."""
        number, machine = self._owner_name()
        if machine != platform.node():
            return True
        return is_alive(int(number))


class OptimizerFacts(TypedDict, total=False):
    """Name of a run's optimizer, and its maximum learning rate."""

    optimizer: str
    learning_rate: float


def trained_with(config: Path) -> OptimizerFacts:
    """Return the optimizer of a run by its configuration; empty if there is none or it names no optimizer.

    Raises:
        UserError: If the configuration is damaged.
    """
    if not config.is_file():
        return {}
    values = Fields(read_yaml(config), str(config))
    if "model" not in values or "optimizer" not in values.section("model"):
        return {}
    optimizer = values.section("model").section("optimizer")
    return {"optimizer": optimizer.text("name"), "learning_rate": optimizer.get("learning_rate", float)}
