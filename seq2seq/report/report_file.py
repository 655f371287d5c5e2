"""Writes and reads ``report.json``, the machine-readable report.

It contains all outputs and references, so ``seq2seq compare`` needs no other file.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError
from seq2seq.files import parsing
from seq2seq.files.atomic_folders import restore_files
from seq2seq.plugin.report_blocks import Block, Html, Prediction, Section
from seq2seq.report.report import Report

FORMAT = 1
"""Format version of ``report.json``."""
MOST_BYTES = 2048 * parsing.MIB
"""Maximum size of a ``report.json`` in bytes, enough for millions of outputs."""
JSON, MARKDOWN, HTML = "report.json", "report.md", "report.html"
"""File names of the report formats."""


def as_json(report: Report) -> dict[str, Any]:
    """Return the content of ``report.json``."""
    per_unit = {
        f"per_{unit}": {"nats": nats, "bits": bits, "perplexity": perplexity}
        for unit, nats, bits, perplexity in report.likelihood.rows()
    }
    return {
        "format": FORMAT,
        "title": report.title,
        "task": report.task,
        "data": report.data,
        "notes": list(report.notes),
        "verdict": list(report.verdict),
        "figures": [asdict(figure) for figure in report.figures],
        "examples": asdict(report.examples) if report.examples else None,
        "scores": [asdict(score) for score in report.scores],
        "likelihood": {**asdict(report.likelihood), **per_unit},
        "outputs": {**asdict(report.outputs), "length_ratio": report.outputs.length_ratio},
        "by_source_length": [asdict(bucket) for bucket in report.buckets],
        "recipe": report.recipe,
        "test_set": {
            "sentences": len(report.predictions),
            "sources_sha256": digest(prediction.source for prediction in report.predictions),
            "references_sha256": digest(text for prediction in report.predictions for text in prediction.references),
        },
        "worst": list(report.worst),
        "typical": list(report.typical),
        "best": list(report.best),
        "curves": asdict(report.curves) if report.curves else None,
        "errors": [_section(section) for section in report.errors],
        "sections": [_section(section) for section in report.sections],
        "predictions": [_prediction(prediction) for prediction in report.predictions],
    }


def read(path: Path) -> dict[str, Any]:
    """Read a ``report.json``, checking only its top-level structure.

    Raises:
        UserError: If the file is damaged, is not a report, or has another format version.
    """
    restore_files(path.parent)
    values = parsing.read_json(path, MOST_BYTES)
    parts = {"format": int, "predictions": list, "recipe": dict}
    if not isinstance(values, dict) or not all(isinstance(values.get(name), kind) for name, kind in parts.items()):
        raise UserError(
            f"{path} is not a report of seq2seq evaluate, which contains format, recipe and predictions: evaluate the "
            "model again, or name another file."
        )
    if values["format"] != FORMAT:
        raise UserError(
            f"{path} has format {values['format']}, but this version reads format {FORMAT}: evaluate the model again."
        )
    return values


def digest(texts: Iterable[str]) -> str:
    """Return the SHA-256 of a sequence of texts, including their boundaries."""
    total = hashlib.sha256()
    for text in texts:
        total.update(json.dumps(text).encode() + b"\n")
    return total.hexdigest()


def _prediction(prediction: Prediction) -> dict[str, Any]:
    values = asdict(prediction)
    rounded = [[round(weight, 4) for weight in row] for row in (*prediction.attention, prediction.copied)]
    values.update(attention=rounded[:-1], copied=rounded[-1])
    return {name: value for name, value in values.items() if value or name not in ("attention", "copied")}


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"text": block}
    if isinstance(block, Html):
        return _block(block.text)
    return {"columns": list(block.columns), "rows": [list(row) for row in block.rows], "caption": block.caption}
