"""``seq2seq compare A B``: paired significance tests between two systems."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.errors import UserError, nearest

if TYPE_CHECKING:
    from seq2seq.files.typed_values import Fields
    from seq2seq.metrics.metric import Metric
    from seq2seq.metrics.scored_texts import ScoredTexts
    from seq2seq.metrics.significance import Comparison

SUMMARY = "test whether one of two systems is significantly better"
EPILOG = """
A and B are report.json files, folders that contain one, or plain text files with an output on each line, which need
--references. Both must be outputs for the same sentences: the same references, and the same sources where both are
known.
"""
LEVEL = 0.05
"""Significance level; a difference is significant if both p-values are below it."""


@dataclass(frozen=True)
class System:
    """One side of a comparison.

    Args:
        path: The report or text file.
        hypotheses: The outputs.
        references: All references of each sentence; None for a plain text file.
        sources: SHA-256 of the sources; '' for a plain text file.
        task: Name of the task; '' for a plain text file.
        reader: The reader's options, including the languages; None for a plain text file.
    """

    path: Path
    hypotheses: list[str]
    references: list[list[str]] | None = None
    sources: str = ""
    task: str = ""
    reader: "Fields | None" = None


def main(arguments: list[str]) -> int:
    """Compare two systems, and print a table or JSON."""
    from seq2seq.command_line.arguments import (
        MOST_SAMPLES,
        Parser,
        add_scored_texts,
        counted,
        counted_seed,
        scored_texts,
    )

    parser = Parser("compare", f"Compare two systems: seq2seq compare A B\n{EPILOG}")
    parser.add_argument("a", metavar="A", help="report.json, a folder that contains one, or outputs as plain text")
    parser.add_argument("b", metavar="B", help="the same for the other system, B")
    parser.add_argument(
        "--metric",
        metavar="NAME",
        help="compare only this metric: BLEU, chrF, TER, ROUGE-1, ROUGE-2, ROUGE-L, ROUGE-Lsum, ROUGE (these four), or "
        "another of the task's",
    )
    parser.add_argument("--samples", metavar="N", type=int, default=1000, help="samples of each test (1000)")
    parser.add_argument("--seed", metavar="N", type=int, default=12345, help="seed of both tests (12345)")
    parser.add_argument(
        "--references", metavar="FILE", nargs="+", default=[], help="references of plain text outputs, line by line"
    )
    parser.add_argument("--language", metavar="CODE", default="", help="target language of plain text, such as zh")
    add_scored_texts(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_intermixed_args(arguments)
    counted("--samples", options.samples, MOST_SAMPLES)
    counted_seed(options.seed)
    a, b = system(Path(options.a).expanduser()), system(Path(options.b).expanduser())
    references = shared_references(a, b, [Path(name) for name in options.references])
    a, b, references, notes = prepared(a, b, references, scored_texts(options))
    is_plain = a.reader is None and b.reader is None
    language = options.language or (language_of_plain(options.references, references) if is_plain else "")
    metrics = metrics_for(a, b, options.metric or "", language)

    from seq2seq.metrics.scored_texts import tokenized_note
    from seq2seq.metrics.significance import compare

    comparisons = [
        compare(metric, a.hypotheses, b.hypotheses, references, seed=options.seed, samples=options.samples)
        for metric in metrics
    ]
    if any(metric.name == "BLEU" for metric in metrics):
        notes.append(tokenized_note({str(side.path): side.hypotheses for side in (a, b)}, references))
    notes = [note for note in [*notes, *(metric.note() for metric in metrics)] if note]
    if options.json:
        described = {"a": str(a.path), "b": str(b.path), "sentences": len(references), "notes": notes}
        described["comparisons"] = [asdict(comparison) for comparison in comparisons]
        print(json.dumps(described, ensure_ascii=False, indent=2))
    else:
        print("\n".join(table(a, b, comparisons, notes)))
    return 0


def system(path: Path) -> System:
    """Read one side of the comparison: a report, a folder with a report, or a text file.

    Raises:
        UserError: If the file is missing or damaged, or if it contains nothing to compare.
    """
    from seq2seq.files.text_lines import existing, lines
    from seq2seq.files.typed_values import Fields
    from seq2seq.report.report_file import JSON, read

    if path.is_dir():
        if not (path / JSON).is_file():
            places = sorted(path.glob(f"*/{JSON}"))
            hint = f"Perhaps {places[0].parent}? " if places else ""
            raise UserError(f"{path} contains no {JSON}. {hint}It is written by: seq2seq evaluate MODEL.")
        path = path / JSON
    if existing(path).suffix != ".json":
        return System(path, list(lines(path)))
    values = Fields(read(path), str(path))
    recipe = values.section("recipe")
    if "loss" in recipe and "window" in recipe.section("loss"):
        raise UserError(
            f"{path} is the report of a language model, whose samples have no references: compare the nats per "
            "character of the two."
        )
    predictions = values.sections("predictions")
    if not predictions:
        raise UserError(f"{path} contains no predictions.")
    return System(
        path,
        [prediction.text("hypothesis") for prediction in predictions],
        [list(prediction.get("references", list[str])) for prediction in predictions],
        values.section("test_set").text("sources_sha256"),
        values.text("task"),
        recipe.section("reader"),
    )


def shared_references(a: System, b: System, files: Sequence[Path]) -> list[list[str]]:
    """Return the references from files or from the systems' reports.

    Raises:
        UserError: If the systems' sentences differ, or if there are no references.
    """
    from seq2seq.files.text_lines import lines

    if len(a.hypotheses) != len(b.hypotheses):
        raise UserError(
            f"{a.path} has {amount(len(a.hypotheses), 'output')}, but {b.path} has {len(b.hypotheses):,}: "
            "two systems are compared on the same sentences."
        )
    known = [side for side in (a, b) if side.references is not None]
    if len(known) == 2:
        if a.sources != b.sources:
            raise UserError(
                f"{a.path} and {b.path} are outputs for different sources: evaluate both models on the same data."
            )
        rows = zip(a.references or [], b.references or [], strict=True)
        for number, (of_a, of_b) in enumerate(rows, start=1):
            if of_a != of_b:
                raise UserError(
                    f"{a.path} and {b.path} were scored against different references, first in sentence {number:,}: "
                    "evaluate both models on the same data."
                )
    if files:
        streams = [list(lines(path)) for path in files]
        for path, stream in zip(files, streams, strict=True):
            if len(stream) != len(a.hypotheses):
                raise UserError(
                    f"{path} has {amount(len(stream), 'line')}, but {a.path} has {amount(len(a.hypotheses), 'output')}."
                )
        return [list(row) for row in zip(*streams, strict=True)]
    if not known:
        raise UserError(f"{a.path} and {b.path} are plain text: give --references FILE, one line for each output.")
    return known[0].references or []


def prepared(
    a: System, b: System, references: list[list[str]], scored: "ScoredTexts"
) -> tuple[System, System, list[list[str]], list[str]]:
    """Normalise outputs and references for scoring.

    Returns:
        Both systems, the references, and a note (often empty) for each of the three.
    """
    of_a, note_a = scored.prepared(a.hypotheses, str(a.path))
    of_b, note_b = scored.prepared(b.hypotheses, str(b.path))
    references, note = scored.prepared_references(references, "References")
    return replace(a, hypotheses=of_a), replace(b, hypotheses=of_b), references, [note_a, note_b, note]


def language_of_plain(files: Sequence[str], references: Sequence[Sequence[str]]) -> str:
    """Return the language of plain text references, taken from the first file's name or else from their script."""
    from seq2seq.corpus.languages import language_of, language_of_script

    return language_of(Path(files[0]).name) or language_of_script(text for texts in references for text in texts)


def metrics_for(a: System, b: System, name: str, language: str) -> "list[Metric]":
    """Return the metrics for a comparison: by default the task's metrics, or without a task BLEU, chrF and TER.

    `name` selects one metric; 'ROUGE' selects all four variants. If `language` is empty, the reports' language is used.

    Raises:
        UserError: If there is no such metric.
    """
    from seq2seq.metrics.metric import Metric
    from seq2seq.metrics.rouge import KINDS, Rouge
    from seq2seq.metrics.sacrebleu_metrics import ChrF, bleu_for, ter_for
    from seq2seq.plugin import registry

    report = next((side for side in (a, b) if side.reader is not None), None)
    code = language or (report.reader.get("target_language", str, "") if report and report.reader else "")
    general: list[Metric] = [bleu_for(code), ChrF(), ter_for(code)]
    rouge: list[Metric] = [Rouge(kind) for kind in KINDS]
    wanted = name.lower()
    own: list[Metric] = []
    is_general = wanted in ["rouge", *(metric.name.lower() for metric in [*general, *rouge])]
    # --language overrides the task's metrics. The general metrics can be used even if the task's plugin is missing.
    if report and report.reader is not None and not language and (not is_general or is_installed(report.task)):
        task = registry.load(report.task)
        own = task.metrics(report.reader.build(task.reader))
    metrics = own or general
    if not name:
        return metrics
    every = {metric.name.lower(): metric for metric in [*general, *rouge, *own]}
    if wanted == "rouge":
        return [every[metric.name.lower()] for metric in rouge]
    if wanted not in every:
        names = [metric.name for metric in every.values()]
        raise UserError(
            f"There is no metric '{name}'. {nearest(name.upper(), names)}Choose from: {', '.join([*names, 'ROUGE'])}."
        )
    return [every[wanted]]


def is_installed(task: str) -> bool:
    """Return whether a task's plugin is installed."""
    from seq2seq.plugin import registry

    return task in [plugin.name for plugin in registry.installed()]


def table(a: System, b: System, comparisons: "Sequence[Comparison]", notes: Sequence[str] = ()) -> list[str]:
    """Format the comparisons as terminal lines, preceded by the notes."""
    from seq2seq.plugin.report_blocks import Table
    from seq2seq.report.table_layout import terminal

    columns = ["metric", "A", "B", "B - A", "95% interval", "p bootstrap", "p randomisation"]
    rows = [
        [
            comparison.metric,
            f"{comparison.a:.2f}",
            f"{comparison.b:.2f}",
            f"{comparison.difference:+.2f}",
            f"{comparison.low:+.2f} to {comparison.high:+.2f}",
            f"{comparison.p_bootstrap:.4f}",
            f"{comparison.p_randomisation:.4f}",
        ]
        for comparison in comparisons
    ]
    lines = [f"A  {a.path}", f"B  {b.path}", f"{amount(len(a.hypotheses), 'sentence')}", *notes, ""]
    lines += [*terminal(Table(columns, rows)), "", *(verdict(comparison) for comparison in comparisons), ""]
    lines += [
        f"{comparison.signature}|samples:{comparison.samples}|seed:{comparison.seed}" for comparison in comparisons
    ]
    return lines


def verdict(comparison: "Comparison") -> str:
    """Describe the result of a comparison in a sentence."""
    if comparison.difference == 0:
        return f"{comparison.metric}: A and B have the same score."
    better = "B" if (comparison.difference > 0) == comparison.higher_is_better else "A"
    if max(comparison.p_bootstrap, comparison.p_randomisation) < LEVEL:
        return f"{comparison.metric}: {better} is better (p < {LEVEL} in both tests)."
    return f"{comparison.metric}: {better} scores better, but it may be chance (p >= {LEVEL} in at least one test)."
