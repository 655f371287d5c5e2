"""Results of an evaluation, and ``report.json``, their form for programs.

``report.json`` holds all outputs and references, so that ``seq2seq compare`` needs nothing else. `report_markdown` and
`report_html` are written from the same object and tables, so all forms show the same numbers.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError
from seq2seq.files import parsing
from seq2seq.files.atomic_folders import restore_files, write_together
from seq2seq.metrics.sacrebleu_metrics import Score
from seq2seq.plugin.report_blocks import Block, Figure, Html, Prediction, Section
from seq2seq.report.words.language import say_in
from seq2seq.safe_text import encodable

FORMAT = 1
"""Version of the layout of ``report.json``."""
MOST_BYTES = 2048 * parsing.MIB
"""Largest ``report.json`` that is read: millions of outputs."""
JSON, MARKDOWN, HTML = "report.json", "report.md", "report.html"


@dataclass(frozen=True)
class Likelihood:
    """How well the model predicts the references.

    Args:
        nats: Negative natural logarithm of the probability of all first references, their end marks included.
        sentences: Number of references.
        tokens: Their pieces; each end mark counts as one.
        characters: Their characters; end marks are none.
        words: Their words, if words are counted; 0 otherwise.
        note: Explanation of what the numbers count, if that differs from reports with references.
    """

    nats: float
    sentences: int
    tokens: int
    characters: int
    words: int = 0
    note: str = ""

    def rows(self) -> list[tuple[str, float, float, float]]:
        """Return for each unit its name, nats, bits and perplexity."""
        found = []
        units = [("token", self.tokens), ("character", self.characters), ("word", self.words)]
        for unit, count in units[: 3 if self.words else 2]:
            nats = self.nats / max(1, count)
            found.append((unit, nats, nats / math.log(2), math.exp(min(nats, 700.0))))
        return found


@dataclass(frozen=True)
class OutputFacts:
    """Problems of outputs that show without a reference.

    Args:
        empty: Outputs without any text.
        repeating: Outputs in which three pieces in a row occur a second time.
        characters: Characters of all outputs.
        reference_characters: Characters of all first references.
    """

    empty: int
    repeating: int
    characters: int
    reference_characters: int

    @property
    def length_ratio(self) -> float:
        """Characters of the outputs for each character of the references."""
        return self.characters / max(1, self.reference_characters)


@dataclass(frozen=True)
class Bucket:
    """Scores of the sentences within a range of source lengths.

    Args:
        shortest: Pieces of the shortest source in it.
        longest: Pieces of the longest.
        sentences: Number of sentences.
        scores: The first metric and chrF, with bootstrap intervals.
        length_ratio: Characters of the outputs for each character of the references.
    """

    shortest: int
    longest: int
    sentences: int
    scores: tuple[Score, ...]
    length_ratio: float

    @property
    def name(self) -> str:
        """Its range of lengths."""
        return str(self.shortest) if self.shortest == self.longest else f"{self.shortest}–{self.longest}"


@dataclass(frozen=True)
class CurvePoint:
    """One line of a run's ``metrics.csv``.

    Args:
        step: Optimizer steps done.
        split: 'train' or 'validation'.
        loss: Nats per target token.
        metric: The first metric of decoded validation outputs; None if nothing was decoded.
    """

    step: int
    split: str
    loss: float
    metric: float | None


@dataclass(frozen=True)
class Curves:
    """The learning curves.

    Args:
        metric: Name of the metric's column, such as 'bleu'.
        points: In order of steps.
    """

    metric: str
    points: tuple[CurvePoint, ...]


@dataclass(frozen=True)
class Examples:
    """Three representative examples, drawn at random.

    Args:
        good: Number of an example of the best tenth.
        middling: Of the tenth around the median.
        bad: Of the worst tenth.
        seed: Seed of the draw.
        by: Criterion of the ranking.
    """

    good: int
    middling: int
    bad: int
    seed: int
    by: str

    def rows(self) -> list[tuple[str, int]]:
        """Return the name and the number of each."""
        return [("A good one", self.good), ("An average one", self.middling), ("A bad one", self.bad)]


@dataclass(frozen=True)
class Report:
    """All that an evaluation found.

    Args:
        title: Name of the model and data, for people.
        task: Name of the task.
        data: Name of the test set, such as 'test'.
        notes: What a reader must know before believing the numbers.
        recipe: How to reproduce the numbers.
        scores: The task's metrics.
        likelihood: Loss and perplexity of the references.
        outputs: Empty and repeating outputs, lengths.
        buckets: Scores by source length.
        predictions: All outputs, in the order of the test set.
        worst: Numbers of the examples shown as worst, worst first.
        typical: Those around the median.
        best: Those shown as best, best first.
        curves: The learning curves; None if unknown.
        sections: Sections added by the task.
        figures: Key figures, the most important first.
        verdict: Clauses of the sentence that leads the report.
        examples: A good, a middling and a bad one; None of fewer than three outputs.
        errors: Sections of the error analysis.
    """

    title: str
    task: str
    data: str
    notes: tuple[str, ...]
    recipe: dict[str, Any]
    scores: tuple[Score, ...]
    likelihood: Likelihood
    outputs: OutputFacts
    buckets: tuple[Bucket, ...]
    predictions: tuple[Prediction, ...]
    worst: tuple[int, ...] = ()
    typical: tuple[int, ...] = ()
    best: tuple[int, ...] = ()
    curves: Curves | None = None
    sections: Sequence[Section] = field(default=())
    figures: tuple[Figure, ...] = ()
    verdict: tuple[str, ...] = ()
    examples: Examples | None = None
    errors: tuple[Section, ...] = ()

    def size(self) -> str:
        """Return the size of the evaluated data in words."""
        if self.likelihood.note:
            return f"{self.likelihood.characters:,} characters"
        return f"{len(self.predictions):,} sentence{'' if len(self.predictions) == 1 else 's'}"

    def to_json(self) -> dict[str, Any]:
        """Return everything but what can be computed from the rest, as JSON-able values."""
        per_unit = {
            f"per_{unit}": {"nats": nats, "bits": bits, "perplexity": perplexity}
            for unit, nats, bits, perplexity in self.likelihood.rows()
        }
        return {
            "format": FORMAT,
            "title": self.title,
            "task": self.task,
            "data": self.data,
            "notes": list(self.notes),
            "verdict": list(self.verdict),
            "figures": [figure.to_json() for figure in self.figures],
            "examples": asdict(self.examples) if self.examples else None,
            "scores": [score.to_json() for score in self.scores],
            "likelihood": {**asdict(self.likelihood), **per_unit},
            "outputs": {**asdict(self.outputs), "length_ratio": self.outputs.length_ratio},
            "by_source_length": [asdict(bucket) for bucket in self.buckets],
            "recipe": self.recipe,
            "test_set": {
                "sentences": len(self.predictions),
                "sources_sha256": digest(one.source for one in self.predictions),
                "references_sha256": digest(text for one in self.predictions for text in one.references),
            },
            "worst": list(self.worst),
            "typical": list(self.typical),
            "best": list(self.best),
            "curves": asdict(self.curves) if self.curves else None,
            "errors": [_section(one) for one in self.errors],
            "sections": [_section(one) for one in self.sections],
            "predictions": [_prediction(one) for one in self.predictions],
        }


def digest(texts: Iterable[str]) -> str:
    """Return the SHA-256 of texts in order, including their boundaries."""
    total = hashlib.sha256()
    for text in texts:
        total.update(json.dumps(text).encode() + b"\n")
    return total.hexdigest()


def write(report: Report, folder: Path, *, language: str = "en", phrases: Mapping[str, str] | None = None) -> Path:
    """Write ``report.json``, ``report.md`` and ``report.html``.

    Args:
        report: The results.
        folder: Folder to write to; created if missing.
        language: Language of the report's own words, see `seq2seq.report.words.language`; ``report.json`` is English
        always.
        phrases: The task's own catalogue for it.

    Returns:
        The path of ``report.html``.

    Raises:
        WorldError: If the disk is full or cannot be written.
    """
    from seq2seq.report.html.document import html_report  # these import the classes above
    from seq2seq.report.markdown import markdown_report

    say = say_in(language, phrases)
    texts = {
        JSON: json.dumps(report.to_json(), ensure_ascii=False, indent=1) + "\n",
        MARKDOWN: markdown_report(report, say),
        HTML: html_report(report, say, language),
    }
    write_together(folder, {name: encodable(text, is_json=name == JSON).encode() for name, text in texts.items()})
    return folder / HTML


def read(path: Path) -> dict[str, Any]:
    """Return a ``report.json``; the contents of its parts are not checked.

    Raises:
        UserError: If it is damaged, no report, or of another version.
    """
    restore_files(path.parent)
    values = parsing.read_json(path, MOST_BYTES)
    parts = {"format": int, "predictions": list, "recipe": dict}
    if not isinstance(values, dict) or not all(isinstance(values.get(name), kind) for name, kind in parts.items()):
        raise UserError(
            f"{path} is not a report of seq2seq evaluate, which holds format, recipe and predictions: evaluate the "
            "model "
            "again, or name another file."
        )
    if values["format"] != FORMAT:
        raise UserError(
            f"{path} has format {values['format']}, but this version reads format {FORMAT}: evaluate the model again."
        )
    return values


def _prediction(one: Prediction) -> dict[str, Any]:
    values = asdict(one)
    if not one.attention:
        del values["attention"]
    else:
        values["attention"] = [[round(weight, 4) for weight in row] for row in one.attention]
    if not one.copied:
        del values["copied"]
    else:
        values["copied"] = [round(share, 4) for share in one.copied]
    return values


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "blocks": [_block(block) for block in section.blocks]}


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"text": block}
    if isinstance(block, Html):
        return _block(block.text)
    return {"columns": list(block.columns), "rows": [list(row) for row in block.rows], "caption": block.caption}
