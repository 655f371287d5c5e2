"""Options of Lightning's ``Trainer`` without importing Lightning: names, plain types, defaults, limits.

Mistakes are therefore found in milliseconds. A test compares names and defaults with Lightning's signature. Classes
(callbacks, loggers, strategies, profilers, plugins) are checked later, when Lightning is imported.
"""

import math
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from seq2seq.amounts import amount
from seq2seq.options import Options, choice, not_negative, require

Class = str | bool | dict | list | None  # type: ignore[type-arg]  # bare types, so parsers look for no classes
"""Type of an option that may name classes: a name, or a YAML description of one or several classes."""

PRECISIONS = (None, 32, "32", "32-true", 16, "16", "16-mixed", "bf16", "bf16-mixed")
"""Values of ``trainer.precision`` that the network supports; 16 means 16-mixed, and 32 means 32-true."""


@dataclass(frozen=True)
class TrainerOptions(Options):
    """Lightning's Trainer: length of the run, devices, precision.

    Args:
        accelerator: 'auto', 'cpu' or 'gpu'.
        strategy: 'auto', or 'ddp' for several processes.
        devices: Number of devices, a list of GPUs such as [0,2], or 'auto'.
        num_nodes: Number of machines.
        precision: '32-true', 'bf16-mixed' or '16-mixed'.
        logger: A Lightning logger (see --tensorboard for TensorBoard).
        callbacks: Your own callbacks: --trainer.callbacks+=package.Class.
        fast_dev_run: Not available: use max_steps and limit_val_batches.
        max_epochs: Number of passes over the training data; -1 is no limit.
        min_epochs: Minimum number of epochs before max_time may end the run.
        max_steps: Number of optimizer steps; -1 is no limit.
        min_steps: Minimum number of optimizer steps before max_time may end the run.
        max_time: Maximum duration, as DD:HH:MM:SS (00:12:00:00 is twelve hours).
        limit_train_batches: Number of batches per epoch, or a fraction such as 0.1.
        limit_val_batches: Number of batches per validation, or a fraction; 0 disables validation.
        limit_test_batches: Number of batches in seq2seq test, or a fraction.
        limit_predict_batches: Number of batches in seq2seq predict, or a fraction.
        overfit_batches: Not available: give a small file as training and validation data.
        val_check_interval: Interval between validations: epochs (0.25), batches (500) or time.
        check_val_every_n_epoch: Validate in every n-th epoch; null: see val_check_interval.
        num_sanity_val_steps: Not available: data and options are checked before the run starts.
        log_every_n_steps: Number of steps between two lines of metrics.csv; null is 50.
        enable_checkpointing: Not available: see --checkpoint.help.
        enable_progress_bar: Whether to show progress.
        enable_model_summary: Whether to print the layers and their sizes.
        accumulate_grad_batches: Number of batches per optimizer step.
        gradient_clip_val: Maximum norm of the gradients; null disables clipping.
        gradient_clip_algorithm: 'norm' or 'value'; null is 'norm'.
        deterministic: Whether to use deterministic algorithms only (slow on a GPU).
        benchmark: Whether cuDNN searches for its fastest algorithms.
        inference_mode: Whether validation uses PyTorch's inference mode.
        use_distributed_sampler: Not available: seq2seq distributes batches over processes itself.
        profiler: 'simple' or 'advanced': print a profile of the run.
        detect_anomaly: Whether PyTorch finds the origin of a NaN (very slow).
        barebones: Not available.
        plugins: Your own Lightning plugins, by class.
        sync_batchnorm: Not available: these networks have no batch normalization.
        reload_dataloaders_every_n_epochs: Not available: the data is opened once.
        default_root_dir: Folder for Lightning's own files; null is the run folder.
        enable_autolog_hparams: Whether loggers get hyper-parameters.
        model_registry: Not available.
    """

    CLASSES: ClassVar[tuple[str, ...]] = ("accelerator", "strategy", "logger", "callbacks", "profiler", "plugins")
    """Options that may name classes, from Lightning or the user."""

    accelerator: Class = "auto"
    strategy: Class = "auto"
    devices: list[int] | str | int = "auto"
    num_nodes: int = 1
    precision: int | str | None = None
    logger: Class = False
    callbacks: Class = None
    fast_dev_run: int | bool = False
    max_epochs: int | None = 30
    min_epochs: int | None = None
    max_steps: int = -1
    min_steps: int | None = None
    max_time: str | dict[str, int] | None = None
    limit_train_batches: int | float | None = None
    limit_val_batches: int | float | None = None
    limit_test_batches: int | float | None = None
    limit_predict_batches: int | float | None = None
    overfit_batches: int | float = 0.0
    val_check_interval: int | float | str | dict[str, int] | None = None
    check_val_every_n_epoch: int | None = 1
    num_sanity_val_steps: int | None = 0
    log_every_n_steps: int | None = None
    enable_checkpointing: bool | None = None
    enable_progress_bar: bool | None = None
    enable_model_summary: bool | None = False
    accumulate_grad_batches: int = 1
    gradient_clip_val: int | float | None = 1.0
    gradient_clip_algorithm: str | None = None
    deterministic: bool | str | None = None
    benchmark: bool | None = None
    inference_mode: bool = True
    # Our batch sampler distributes the corpus over processes itself.
    use_distributed_sampler: bool = False
    profiler: Class = None
    detect_anomaly: bool = False
    barebones: bool = False
    plugins: Class = None
    sync_batchnorm: bool = False
    reload_dataloaders_every_n_epochs: int = 0
    default_root_dir: str | None = None
    enable_autolog_hparams: bool = True
    model_registry: str | None = None

    def __post_init__(self) -> None:
        """Refuse values that Lightning would ignore, or that would make it fail or hang."""
        self._refuse_the_unavailable()
        self._check_lengths()
        self._check_shares()
        self._check_validation()
        self._check_steps()

    def _refuse_the_unavailable(self) -> None:
        for name, sentence in UNAVAILABLE.items():
            value, default = getattr(self, name), getattr(TrainerOptions, name)
            require(value in (None, default), f"trainer.{name} is {str(value).lower()}, but {sentence}")

    def _check_lengths(self) -> None:
        """Check the length of the run."""
        for name in ("max_epochs", "max_steps"):
            value = getattr(self, name)
            require(value != 0, f"trainer.{name} is 0: nothing would be trained.")
            require(
                value is None or value >= -1, f"trainer.{name} is {value}, but it must be positive, or -1: no limit."
            )
        for name in ("min_epochs", "min_steps"):
            not_negative(f"trainer.{name}", getattr(self, name) or 0)
        for least, most in (("min_epochs", "max_epochs"), ("min_steps", "max_steps")):
            low, high = getattr(self, least), getattr(self, most)
            require(
                low is None or high in (None, -1) or low <= high,
                f"trainer.{least} is {low}, which is more than trainer.{most} ({high}).",
            )
        require(
            self.max_epochs != -1 or self.max_steps != -1 or self.max_time is not None,
            "trainer.max_epochs is -1 and nothing else ends the run: give trainer.max_steps or trainer.max_time.",
        )
        _time("max_time", self.max_time)

    def _check_shares(self) -> None:
        """Check the limits on batches."""
        for name in ("limit_train_batches", "limit_val_batches", "limit_test_batches", "limit_predict_batches"):
            _amount(name, getattr(self, name))
        require(self.limit_train_batches != 0, "trainer.limit_train_batches is 0: nothing would be trained.")

    def _check_validation(self) -> None:
        """Check when validations happen."""
        every, interval = self.check_val_every_n_epoch, self.val_check_interval
        require(
            every is None or every >= 1,
            f"trainer.check_val_every_n_epoch is {every}, but it must be at least 1 (null counts "
            "trainer.val_check_interval across epochs).",
        )
        if isinstance(interval, str | dict):
            _time("val_check_interval", interval)
            return
        _amount("val_check_interval", interval)
        require(interval != 0, "trainer.val_check_interval is 0, but it must be at least 1 batch.")
        require(
            every is not None or (interval is not None and not isinstance(interval, float)),
            "trainer.check_val_every_n_epoch is null, so validations are counted in batches: give "
            "trainer.val_check_interval as a whole number.",
        )

    def _check_steps(self) -> None:
        """Check optimizer steps, precision, logging and devices."""
        batches, largest = self.accumulate_grad_batches, self.gradient_clip_val
        require(batches >= 1, f"trainer.accumulate_grad_batches is {batches}, but a step needs at least 1 batch.")
        require(
            largest is None or (largest >= 0 and math.isfinite(largest)),
            f"trainer.gradient_clip_val is {largest}, but it must be a number of at least 0 (0 clips nothing).",
        )
        require(
            self.precision in PRECISIONS,
            f"trainer.precision is {self.precision}, which this network does not support. Choose from: 32-true, "
            "bf16-mixed, 16-mixed.",
        )
        if self.gradient_clip_algorithm is not None:
            choice("trainer.gradient_clip_algorithm", self.gradient_clip_algorithm, ("norm", "value"))
        require(
            not isinstance(self.deterministic, str) or self.deterministic == "warn",
            f"trainer.deterministic is '{self.deterministic}', but it must be true, false or warn.",
        )
        every = self.log_every_n_steps
        require(every is None or every >= 1, f"trainer.log_every_n_steps is {every}, but it must be at least 1.")
        self._check_devices()
        if isinstance(self.profiler, str):
            choice("trainer.profiler", self.profiler, ("simple", "advanced"))

    def _check_devices(self) -> None:
        """Check devices and strategy."""
        require(self.num_nodes >= 1, f"trainer.num_nodes is {self.num_nodes}, but it must be at least 1.")
        if isinstance(self.accelerator, str):
            choice("trainer.accelerator", self.accelerator, ("auto", "cpu", "gpu", "cuda", "mps", "tpu"))
        devices = self.devices
        numbers = devices if isinstance(devices, list) else [devices]
        are_numbers = all(re.fullmatch(r"-1|\d{1,9}(,\d{1,9})*,?", str(number)) for number in numbers)
        require(
            bool(numbers) and (devices == "auto" or are_numbers),
            f"trainer.devices is {devices}, but it must be a number of devices such as 2, a list of GPUs such as "
            "[0,2], or auto.",
        )
        require(
            str(devices) != "0",
            "trainer.devices is 0, but a run needs at least 1: leave it out, or name one GPU as a list: [0].",
        )
        if isinstance(self.strategy, str):
            require(
                not any(part in self.strategy for part in ("spawn", "fork", "notebook")),
                f"trainer.strategy is '{self.strategy}', which forks this process, which the data does not "
                "support: type --trainer.strategy ddp.",
            )
            require(
                not self.strategy.startswith(("fsdp", "deepspeed", "model_parallel")),
                f"trainer.strategy is '{self.strategy}', which splits a network among GPUs, but these networks fit "
                "into one: type --trainer.strategy ddp.",
            )
            choice("trainer.strategy", self.strategy, STRATEGIES)


STRATEGIES = ("auto", "single_device", "ddp", "ddp_find_unused_parameters_false", "ddp_find_unused_parameters_true")
"""Lightning's names of supported strategies."""

UNAVAILABLE = {
    "fast_dev_run": "seq2seq keeps the weights of every run: type --trainer.max_steps 2 --trainer.limit_val_batches 2 "
    "for a short trial.",
    "overfit_batches": "batches are made anew for each epoch: to see whether a network can memorize some pairs, "
    "name a small file as data.train and data.validation.",
    "num_sanity_val_steps": "data and options are checked before the run starts: leave it out.",
    "enable_checkpointing": "every run writes checkpoints: leave it out (--checkpoint.help has the options).",
    "use_distributed_sampler": "seq2seq shares batches between processes itself: leave it out.",
    "barebones": "it would leave out the validations that choose the best weights: leave it out.",
    "sync_batchnorm": "these networks have no batch normalisation: leave it out.",
    "reload_dataloaders_every_n_epochs": "the data of a run is opened once: leave it out.",
    "model_registry": "seq2seq has no model registry: leave it out, and share the run's bundle folder.",
}
"""Options of Lightning that would break a run or have no effect, with alternatives."""

TRAINER_DEFAULTS: dict[str, Any] = {
    name: getattr(TrainerOptions, name)
    for name in (
        *("max_epochs", "gradient_clip_val", "logger", "num_sanity_val_steps", "enable_model_summary"),
        "use_distributed_sampler",
    )
}
"""Defaults that differ from Lightning's."""


LONGEST = 1_000_000
"""Maximum of each number in a duration."""


def _amount(name: str, value: float | None) -> None:
    """Check a number or fraction of batches."""
    if value is None:
        return
    require(
        math.isfinite(value) and value >= 0,
        f"trainer.{name} is {value}, but it must be a number of batches or a share between 0 and 1.",
    )
    require(
        isinstance(value, int) or value <= 1,
        f"trainer.{name} is {value}, but a share must be at most 1: give a whole number to count batches.",
    )


def _time(name: str, value: str | dict[str, int] | None) -> None:
    """Check a duration."""
    if isinstance(value, str):
        require(
            re.fullmatch(r"\d{1,6}:\d\d?:\d\d?:\d\d?", value) is not None and any(map(int, value.split(":"))),
            f"trainer.{name} is '{value}', but a time is written DD:HH:MM:SS (00:12:00:00 is twelve hours).",
        )
    elif value is not None:
        units = ("days", "hours", "minutes", "seconds")
        for unit in value:
            choice(f"The unit of trainer.{name}", unit, units)
        require(
            bool(value) and min(value.values()) >= 0 and max(value.values()) > 0,
            f"trainer.{name} is {value}, but it must be above 0.",
        )
        require(
            max(value.values()) < LONGEST,
            f"trainer.{name} is {value}, but each number must be below {LONGEST:,}.",
        )


def refusal(message: str) -> str:
    """Return our message for an error message of Lightning about its options."""
    text = " ".join(message.split())
    if match := re.search(
        r"`val_check_interval` \((\d+)\) must be less .* number of the training batches \((\d+)\)", text
    ):
        return (
            f"trainer.val_check_interval is {match[1]}, but an epoch has {amount(int(match[2]), 'batch', 'batches')}: "
            "give at most that, or add --trainer.check_val_every_n_epoch null to count batches across epochs."
        )
    if match := re.search(r"check ([\d.e-]+) of the `(\w+)_dataloader` but [\d.e-]+ \* (\d+) < 1", text):
        return (
            f"trainer.limit_{match[2]}_batches is {match[1]}, which is less than one of "
            f"{amount(int(match[3]), 'batch', 'batches')}: "
            "give a larger share, or a whole number."
        )
    if re.search(r"No supported gpu backend|Accelerator. can not run|torch_xla|CUDA GPUs are", text):
        return (
            "PyTorch finds no device here of the kind that trainer.accelerator names: leave the option out to train on "
            "what there is, or install a PyTorch that was built for the device (see the README)."
        )
    if "selected with `CPUAccelerator`" in text:
        return "On a processor, trainer.devices is a number of processes: at least 1, such as 2."
    if match := re.search(r"requested gpu: (\[.*?\]).*?machine only has: (\[.*?\])", text, re.IGNORECASE):
        return f"trainer.devices asks for the GPUs {match[1]}, but this machine has {match[2]}."
    return f"The trainer refuses its options: {text}"
