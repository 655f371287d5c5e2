"""Reads the learning curves of a run from its ``metrics.csv``."""

import csv
import math
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from seq2seq.files.typed_values import is_whole
from seq2seq.report.report import CurvePoint, Curves


def curves(path: Path) -> Curves | None:
    """Return the learning curves of a run, or None.

    Incomplete lines, left by a running or killed training run, are skipped.

    Raises:
        UserError: If the file is damaged.
    """
    if not path.is_file() or path.stat().st_size == 0:
        return None
    table = csv.DictReader(lines(path))
    try:
        columns = list(table.fieldnames or [])
        if not {"step", "split", "loss", "perplexity"} <= set(columns):
            return None
        place = columns.index("perplexity") + 1
        metric = columns[place] if place < len(columns) else ""
        points = [point for row in table if (point := _point(row, metric))]
    except csv.Error as fault:
        raise UserError(f"{path} is damaged ({fault}).") from fault
    return Curves(metric, tuple(points)) if points else None


def _point(row: dict[str, str | None], metric: str) -> CurvePoint | None:
    try:
        value = row.get(metric)
        point = CurvePoint(
            int(row["step"] or ""), row["split"] or "", float(row["loss"] or ""), float(value) if value else None
        )
    except (ValueError, KeyError):
        return None
    is_sound = math.isfinite(point.loss) and is_whole(point.step) and point.split in ("train", "validation")
    return point if is_sound and (point.metric is None or math.isfinite(point.metric)) else None
