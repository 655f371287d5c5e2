"""Help pages of option groups: ``seq2seq fit TASK --model.network.help``.

Each page fits on a screen, and shows the values that a run with the same files and options would have.
"""

import json
import shutil
import textwrap
from dataclasses import fields

from jsonargparse import Namespace

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError, nearest
from seq2seq.options import Options, describe
from seq2seq.plugin.task import Task
from seq2seq.run_setup.option_parser import ROOTS, data_options
from seq2seq.run_setup.trainer_options import UNAVAILABLE

HEADINGS = {
    "data": {"train": "Files", "workers": "Work"},
    "model.network": {
        "embedding_size": "Layers",
        "attention": "Attention and copying",
        "bridge": "Output",
        "dropout": "Dropout",
    },
    "search": {
        "beam_size": "Beams and their ranks",
        "groups": "Different outputs",
        "no_repeat_ngram": "Forbidden in outputs",
        "min_length": "Length, source and memory",
    },
    "trainer": {
        "accelerator": "Devices",
        "max_epochs": "Length of the run",
        "limit_train_batches": "Parts of the data",
        "val_check_interval": "Validation and logs",
        "accumulate_grad_batches": "Steps",
        "deterministic": "Rarely needed",
    },
}
"""Headings of a page, by the option that follows each."""
RARE = (
    *("min_epochs", "min_steps", "limit_test_batches", "limit_predict_batches", "inference_mode", "plugins"),
    *(
        "default_root_dir",
        "enable_autolog_hparams",
        "benchmark",
        "enable_model_summary",
        "num_nodes",
        "detect_anomaly",
        "gradient_clip_algorithm",
    ),
)
"""Trainer options that few users need."""
LEFT_OUT = {"data": ("task",), "data.reader": ("reverse",), "trainer": (*UNAVAILABLE, *RARE)}
"""Options that are set elsewhere or are not available."""
ALSO = {
    "trainer": f"Also accepted: {', '.join(RARE)}. Lightning's other options would break a run or have no effect; the "
    "error says what to type instead.",
}
WIDEST, NARROWEST = 120, 80


def blocks(task: Task) -> dict[str, type]:
    """Return the option classes of a task by prefix; ``model.network`` follows ``model``."""
    classes: dict[str, type] = {}
    for name, kind in {"data": data_options(task), **ROOTS, "search": type(task.decoding.search)}.items():
        classes[name] = kind
        for field in fields(kind):  # type: ignore[arg-type]
            if isinstance(field.default, Options | Reader):
                # The reader's default is an instance of the task's own class.
                classes[f"{name}.{field.name}"] = type(field.default)
    return classes


def page(task: Task, config: Namespace, prefix: str) -> str:
    """Return the help of an option group, such as ``model.network``, with references to the groups inside it.

    Raises:
        UserError: If there is no such group.
    """
    known = blocks(task)
    if prefix not in known:
        raise UserError(f"There are no options '{prefix}'. {nearest(prefix, known)}Groups: {', '.join(known)}.")
    kind = known[prefix]
    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((110, 40)).columns))
    texts = describe(kind)
    names = [field.name for field in fields(kind) if field.name not in LEFT_OUT.get(prefix, ())]
    single = [name for name in names if f"{prefix}.{name}" not in known]
    left = {name: f"--{prefix}.{name} {shown(config[prefix][name])}" for name in single}
    column = min(44, max(map(len, left.values()), default=0)) + 4
    title = (kind.__doc__ or "").strip().splitlines()[0]
    lines = [f"seq2seq fit {task.name} --{prefix}.help", *textwrap.wrap(title, width), ""]
    for name in single:
        if heading := HEADINGS.get(prefix, {}).get(name):
            lines += [] if name == single[0] else [""]
            lines += [f"{heading}:"]
        lines += _entry(left[name], texts.get(name, ""), column, width)
    inner = [name for name in names if name not in single]
    if inner:
        lines += ["", "Groups of options:"]
        column = max(len(name) for name in inner) + len(prefix) + 12
        for name in inner:
            lines += _entry(f"--{prefix}.{name}.help", texts.get(name, ""), column, width)
    lines += ["", *textwrap.wrap(ALSO[prefix], width)] if prefix in ALSO else []
    return "\n".join([*lines, "", "The values shown are those of a run with these files and options."])


def shown(value: object) -> str:
    """Format a value as a user would type it."""
    if value == "":
        return "''"
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(shown, value)) + "]"
    plain = value.as_dict() if isinstance(value, Namespace) else value
    return json.dumps(plain, ensure_ascii=False, default=str)


def _entry(left: str, text: str, column: int, width: int) -> list[str]:
    """Format an option: its name and value, and beside them its description ('' if it has none)."""
    wrapped = textwrap.wrap(text.replace("``", ""), width - column) or [""]
    first = f"  {left}".ljust(column)
    if len(left) + 4 > column:
        return [first, *(" " * column + line for line in wrapped)]
    return [first + wrapped[0], *(" " * column + line for line in wrapped[1:])]
