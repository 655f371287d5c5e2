"""Lists the runs, models and reports in a folder, with task, data, size, time and missing parts.

A broken run is listed with its problems instead of raising an error. The tasks of the runs need not be installed.
"""

import csv
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files import parsing
from seq2seq.files.atomic_folders import is_alive
from seq2seq.files.typed_values import Fields
from seq2seq.metrics.metric import Score
from seq2seq.models.bundle import CONFIG, TOKENIZER, WEIGHTS, read_json
from seq2seq.models.bundle_config import StoredScore
from seq2seq.plugin.report_blocks import Figure
from seq2seq.report.key_figures import metric_name, of_score
from seq2seq.report.report_file import HTML, JSON, read
from seq2seq.runtime.graphs import STEP

DEPTH = 6
"""Number of folder levels searched below the given folder."""
TAIL = 65_536
"""Number of bytes read from the end of ``metrics.csv``."""
OPTIONS, METRICS = "config.yaml", "metrics.csv"
OF_RUN = (OPTIONS, METRICS, "checkpoints", "bundle")
"""A folder with any of these is a run; see `seq2seq.run_setup.run_folder`."""
_LOSSES = ("loss", "perplexity")


@dataclass(frozen=True)
class Evaluation:
    """A report of a run.

    Args:
        name: Name of its test set.
        page: Its ``report.html``; None if it is missing.
        date: Date of the report in ISO 8601; may be empty.
        figures: Key figures; for reports of older versions, the metrics.
        size: Number of outputs.
        task: Name of the task, as stated in the report.
        data: The training data, as stated in the report.
        weights: Number of weights; None if the report does not state it.
        steps: Number of optimizer steps; None if the report does not state it.
        languages: Source and target language.
    """

    name: str
    page: Path | None
    date: str
    figures: tuple[Figure, ...]
    size: int
    task: str = ""
    data: str = ""
    weights: int | None = None
    steps: int | None = None
    languages: tuple[str, str] = ("", "")


@dataclass
class Run:
    """A run, a model folder, or a folder with a report.

    Args:
        path: The folder.
        name: Its path relative to the searched folder.
        task: Name of the task; '' if unknown.
        data: The training data.
        weights: Number of weights; None if there is no model.
        steps: Number of optimizer steps.
        seconds: Training time.
        date: Date of the newest report in ISO 8601; without a report, of the newest file examined.
        figures: Key figures of the main report; before any evaluation, the metrics of the best validation.
        is_validated: Whether the figures come from the best validation, by which the weights were selected.
        evaluations: The readable reports; the report on the test split comes first.
        state: The progress as a phrase; '' if the run was evaluated.
        faults: Missing or broken parts, as phrases.
        languages: Source and target language.
    """

    path: Path
    name: str
    task: str = ""
    data: str = ""
    weights: int | None = None
    steps: int | None = None
    seconds: float | None = None
    date: str = ""
    figures: tuple[Figure, ...] = ()
    is_validated: bool = False
    evaluations: tuple[Evaluation, ...] = ()
    state: str = ""
    faults: list[str] = field(default_factory=list)
    languages: tuple[str, str] = ("", "")


def runs_in(folder: Path) -> list[Run]:
    """Return the runs, model folders and reports in a folder, newest first.

    The folder is searched `DEPTH` levels deep, without following links to folders.

    Raises:
        UserError: If there is no such folder, or if it contains no run, model or report.
    """
    if not folder.is_dir():
        what = "is a file" if folder.exists() else "does not exist"
        raise UserError(f"{folder} {what}, but seq2seq report needs a folder of runs, such as runs/.")
    runs = [_read(path, folder) for path in _places(folder, DEPTH)]
    if not runs:
        raise UserError(
            f"{folder} contains no run, model or report: give the folder in which seq2seq fit and seq2seq evaluate "
            "wrote theirs, such as runs/."
        )
    return sorted(runs, key=lambda run: (run.date, run.name), reverse=True)


def _places(folder: Path, depth: int) -> Iterator[Path]:
    """Yield the folders that contain a run, model or report, without searching inside them."""
    names = {child.name for child in _children(folder)}
    if names & {*OF_RUN, CONFIG, WEIGHTS, JSON}:
        yield folder
    elif depth:
        for child in sorted(_children(folder)):
            if child.is_dir() and not child.is_symlink() and not child.name.startswith("."):
                yield from _places(child, depth - 1)


def _children(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:  # unreadable or just removed
        return []


def _read(path: Path, above: Path) -> Run:
    """Describe a run by its model, or else by its options, or else by its reports."""
    run = Run(path, path.relative_to(above).as_posix() if path != above else path.resolve().name)
    model = path / "bundle" if (path / "bundle").is_dir() else path
    has_model = (model / CONFIG).is_file() or (model / WEIGHTS).is_file()
    is_run = any((path / name).exists() for name in OF_RUN)
    dates = [_date(place) for place in (model / CONFIG, path / METRICS, path / OPTIONS) if place.is_file()]
    if has_model:
        _add_model(run, model)
    if is_run:
        _add_training(run)
    _add_reports(run)
    dates = [evaluation.date for evaluation in run.evaluations if evaluation.date] or dates
    run.date = max(dates, default="")
    if not has_model and is_run:
        _add_unfinished(run)
    elif has_model and not run.evaluations:
        run.state = "not evaluated yet"
    return run


def _add_model(run: Run, model: Path) -> None:
    """Add the information in the model's ``config.json``."""
    weights = STEP if (model / STEP).exists() else WEIGHTS
    missing = [name for name in (CONFIG, weights, TOKENIZER) if not (model / name).exists()]
    run.faults += [f"the model is incomplete: {name} is missing" for name in missing]
    if CONFIG in missing:
        return
    try:
        values = Fields(read_json(model), str(model / CONFIG))
        training = values.section("training")
        run.task = values.text("task")
        run.weights = values.get("weights", int, None)
        run.data, run.steps = training.get("data", str, ""), training.get("steps", int, None)
        reader = values.section("reader").section("options")
        run.languages = reader.get("source_language", str, ""), reader.get("target_language", str, "")
        scores = [score.build(StoredScore) for score in training.sections("scores")]
    except UserError:
        run.faults.append("config.json of the model is damaged or has another version")
        return
    chosen = [score for score in scores if score.name not in _LOSSES] or scores
    run.figures = tuple(
        of_score(Score(metric_name(score.name), score.value, None, None, score.signature, unit="")) for score in chosen
    )
    run.is_validated = bool(run.figures)


def _add_training(run: Run) -> None:
    """Add task and data from ``config.yaml``, and steps and time from ``metrics.csv``."""
    options, metrics = run.path / OPTIONS, run.path / METRICS
    if options.is_file():
        try:
            data = Fields(parsing.read_yaml(options), str(options)).section("data")
            task, names = data.get("task", str, ""), data.get("train", list[str] | str, [])
            run.task = run.task or task
            named = names if isinstance(names, str) else ", ".join(names)
            run.data = run.data or named or (f"the sample corpus of {run.task}" if run.task else "")
        except UserError:
            run.faults.append("config.yaml is damaged")
    else:
        run.faults.append("config.yaml is missing")
    if metrics.is_file():
        steps, run.seconds = _progress(metrics)
        run.steps = steps if run.steps is None else run.steps
        if steps is None:
            run.faults.append("metrics.csv is damaged or empty")


def _add_unfinished(run: Run) -> None:
    """Add the progress of a run without a model."""
    if _is_in_use(run.path):
        run.state = "in training"
    elif (run.path / "checkpoints" / "last.ckpt").is_file():
        run.faults.append("no model yet: the run was interrupted; continue it with --resume")
    else:
        run.faults.append("no model: the run ended before anything was saved")


def _add_reports(run: Run) -> None:
    """Add the reports of a run; the report on the test split comes first."""
    evaluations = []
    for place in [run.path, *sorted(_children(run.path))]:
        if not (place / JSON).is_file():
            continue
        try:
            evaluations.append(_evaluation(place))
        except UserError:
            name = JSON if place == run.path else f"{place.name}/{JSON}"
            run.faults.append(f"{name} is damaged or has another version: evaluate again")
    evaluations.sort(key=lambda evaluation: evaluation.date, reverse=True)
    evaluations.sort(key=lambda evaluation: evaluation.name != "test")
    run.evaluations = tuple(evaluations)
    run.faults += [
        f"report.html of {evaluation.name} is missing: evaluate again"
        for evaluation in evaluations
        if evaluation.page is None
    ]
    if not evaluations:
        return
    main = evaluations[0]
    if main.figures:
        run.figures, run.is_validated = main.figures, False
    run.task, run.data = run.task or main.task, run.data or main.data
    run.weights = main.weights if run.weights is None else run.weights
    run.steps = main.steps if run.steps is None else run.steps
    run.languages = run.languages if any(run.languages) else main.languages


def _evaluation(folder: Path) -> Evaluation:
    """Read a report.

    Raises:
        UserError: If it is damaged or has another format version.
    """
    path = folder / JSON
    values = Fields(read(path), str(path))
    recipe = values.section("recipe")
    model, reader = (recipe.section(name) if name in recipe else Fields({}, str(path)) for name in ("model", "reader"))
    figures = [entry.build(Figure) for entry in values.sections("figures")]
    if not figures:  # of older versions
        figures = [of_score(entry.build(Score)) for entry in values.sections("scores")]
    return Evaluation(
        name=values.text("data"),
        page=folder / HTML if (folder / HTML).is_file() else None,
        date=recipe.get("date", str, ""),
        figures=tuple(figures),
        size=len(values.sections("predictions")),
        task=values.text("task"),
        data=model.get("training_data", str, ""),
        weights=model.get("weights", int, None),
        steps=model.get("steps", int, None),
        languages=(reader.get("source_language", str, ""), reader.get("target_language", str, "")),
    )


def _progress(path: Path) -> tuple[int | None, float | None]:
    """Return steps and seconds from the last complete line of a ``metrics.csv``, or (None, None)."""
    try:
        with path.open("rb") as file:
            header = next(csv.reader([file.readline(TAIL).decode("utf-8", "replace")]), [])
            file.seek(max(file.tell(), os.fstat(file.fileno()).st_size - TAIL))
            lines = file.read(TAIL).decode("utf-8", "replace").splitlines()
    except (OSError, csv.Error):
        return None, None
    for cells in reversed(list(csv.reader(lines))):
        row = dict(zip(header, cells, strict=False))
        try:
            return int(row["step"]), float(row["seconds"])
        except (KeyError, ValueError):  # an incomplete last line
            continue
    return None, None


def _is_in_use(run: Path) -> bool:
    """Return whether a live process on this machine holds the run folder's lock."""
    try:
        number, machine = (run / ".lock-owner").read_text(encoding="utf-8").split()
        return machine == platform.node() and is_alive(int(number))
    except (OSError, ValueError):  # not locked
        return False


def _date(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")


def by_task(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Group runs by task, in alphabetical order with the unknown task last."""
    groups: dict[str, list[Run]] = {}
    for run in sorted(runs, key=lambda run: (not run.task, run.task)):
        groups.setdefault(run.task, []).append(run)
    return groups
