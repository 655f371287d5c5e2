"""Loads the data of an evaluation: a split of the run, the task's sample corpus, or given files."""

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.formats.documents import documents
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.files.parsing import read_yaml
from seq2seq.files.typed_values import Fields
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.plugin.task import Task, TextTask

SPLITS = ("train", "validation", "test")


@dataclass(frozen=True)
class TestSet:
    """Examples for an evaluation, and their origin.

    Args:
        name: Short name, used for the report folder.
        description: Readable description of the origin.
        examples: The examples.
        files: Name, SHA-256 and number of examples of each file; the sample corpus counts as one file.
        note: Caveat about scores on these examples; may be empty.
    """

    __test__ = False  # keeps pytest from collecting it

    name: str
    description: str
    examples: tuple[Example, ...]
    files: tuple[dict[str, Any], ...]
    note: str = ""


def run_of(model: Path) -> Path | None:
    """Return the run folder of a bundle or run path; None for a bundle outside a run."""
    folder = Path(model).expanduser()
    if (folder / "config.yaml").is_file():
        return folder
    parent = folder.resolve().parent
    return parent if (parent / "config.yaml").is_file() else None


def of_split(model: Path, config: BundleConfig, task: Task, split: str, most: int = 0) -> TestSet:
    """Return a split of the data a model was trained on.

    The split consists of the run's files, or of the task's sample corpus if the run named no files.

    `model` is the MODEL argument, `split` one of `SPLITS`, and `most` the maximum number of examples (0 takes all).

    Raises:
        UserError: If the files of the split are unknown or missing.
    """
    run = run_of(model)
    wanted = "give --data FILE" if isinstance(task, TextTask) else "give --source FILE --target FILE, or --data FILE"
    names = _files_of(run / "config.yaml", split, wanted) if run else None
    if run is None:
        # Outside a run, a bundle records only the name of its training data (`Seq2SeqData.about`).
        if config.training.data != f"the sample corpus of {task.name}":
            raise UserError(
                f"{model} is a model folder without its run, so the files of its {split} split are not known: {wanted}."
            )
        names = []
    notes = {
        "train": "The model was trained on these sentences: the scores say nothing about new ones.",
        "validation": "The best weights were chosen on these sentences: the scores are slightly too good.",
        "test": "",
    }
    if names:
        paths = [Path(name) for name in names]
        for path in paths:
            if not path.exists():
                raise UserError(
                    f"No file {path}, which {run}/config.yaml names for the {split} split. Relative paths start at the "
                    f"folder where training was started: go there, or {wanted}."
                )
        read = of_files(paths, config.reader, most=most)
        return replace(read, name=split, description=f"{split} split: {read.description}", note=notes[split])
    sample = task.sample(config.reader.turned() if config.reader.reverse else config.reader)
    examples: Sequence[Example] = getattr(sample, split) if sample else ()
    if not examples:
        raise UserError(f"The sample corpus of {task.name} has no {split} split: {wanted}.")
    chosen = tuple(examples[:most] if most else examples)
    if config.reader.reverse:
        chosen = tuple(config.reader.reversed(example) for example in chosen)
    name = f"the sample corpus of {task.name}"
    files = ({"name": f"{name}, {split}", "sha256": corpus_digest(chosen), "examples": len(chosen)},)
    return TestSet(split, f"{split} split of {name}", chosen, files, notes[split])


def of_files(files: Sequence[Path], reader: Reader, *, more_references: Sequence[Path] = (), most: int = 0) -> TestSet:
    """Return the examples in files.

    Args:
        files: Source and target files (or folders, if the reader supports them), or one table or JSONL file.
        reader: Reader of the files.
        more_references: Files of further references, aligned with the source.
        most: Maximum number of examples; 0 takes all.

    Raises:
        UserError: If the files are malformed or empty, or if `more_references` are given although the reader swaps
            source and target.
    """
    if more_references and reader.reverse:
        raise UserError(
            f"{more_references[0]} adds references, but the model was trained with --data.reverse true and predicts "
            "sources, of which each example has one: give one file as --target."
        )
    examples = list(islice(reader.read(files), most or None))
    for path in more_references:
        # Read the whole file, even beyond `most`, because misalignment is only detected at the end.
        more = [plain(example.target) for example in reader.read([files[0], path])]
        examples = [
            replace(example, references=(*(example.references or (plain(example.target),)), text))
            for example, text in zip(examples, more, strict=False)
        ]
    if not examples:
        raise UserError(f"{files[0]} contains no example.")
    if not any(plain(example.target).strip() or "".join(example.references).strip() for example in examples):
        raise UserError(f"{files[-1]} contains only blank lines: there is nothing to score.")
    read = [*files, *more_references]
    described = tuple({"name": str(path), "sha256": _file_digest(path), "examples": len(examples)} for path in read)
    return TestSet(files[0].name.split(".")[0], " ".join(map(str, read)), tuple(examples), described)


def corpus_digest(examples: Iterable[Example]) -> str:
    """Return the SHA-256 of examples, each serialized as a JSON line [source, target, references]."""
    total = hashlib.sha256()
    for example in examples:
        line = [plain(example.source), plain(example.target), list(example.references)]
        total.update(json.dumps(line, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    return total.hexdigest()


def _files_of(config: Path, split: str, wanted: str) -> list[str]:
    """Return the files that a run's options name for a split; empty if the run was trained on the sample corpus.

    Raises:
        UserError: If the options cannot be read, or if they name training files but no files for the split; the message
            suggests `wanted`.
    """
    data = Fields(read_yaml(config), str(config)).section("data")
    train, names = (data.get(name, list[str] | None, None) or [] for name in ("train", split))
    if train and not names:
        raise UserError(f"{config} names training files but none for the {split} split: {wanted}, or another --split.")
    return names if train else []


def _file_digest(path: Path) -> str:
    if path.is_dir():  # the digest of what sha256sum prints for the documents
        listed = "".join(f"{_file_digest(document)}  {document.name}\n" for document in documents(path))
        return hashlib.sha256(os.fsencode(listed)).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
