"""Score translators on several test sets, cased and lower-cased, each by itself or together as an ensemble.

    python -m benchmarks.records RUN [RUN ...] --set NAME SOURCE REFERENCE [--set ...] [--together] [--json FILE]
        [decoding options of seq2seq translate]

Prints BLEU with case, BLEU without (as `sacrebleu -lc`), chrF, and the length of the outputs (in words, for Chinese in
characters) divided by that of the references. With several runs, which usually differ in their seed, it also prints the
mean and the standard deviation. `--together` scores an ensemble of all runs instead.
"""

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from benchmarks.measurement import cpu_seconds, finish, matrix_rate
from seq2seq.command_line.arguments import Parser
from seq2seq.command_line.decoding_options import add_decoding, companions_of, decoding_of, reverse_of
from seq2seq.command_line.open_model import add_placement, load_source_model, placement_of
from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from seq2seq.models.bundle import find, read_config
from seq2seq.models.source_model import SourceModel


@dataclass(frozen=True)
class Figure:
    """What was measured of a model on a test set.

    Args:
        model: Its folder, or those of an ensemble, with ' + ' between them.
        test_set: Name of the test set.
        method: How it decodes.
        bleu: BLEU.
        lower: BLEU of lower-cased texts.
        chrf: chrF.
        ratio: Length of the outputs divided by that of the references.
        seconds: CPU seconds of decoding.
        signature: sacreBLEU's signature.
    """

    model: str
    test_set: str
    method: str
    bleu: float
    lower: float
    chrf: float
    ratio: float
    seconds: float
    signature: str


def measured(
    model: SourceModel, name: str, test_set: Sequence[str], decoding: Decoding, reverse: SourceModel | None
) -> Figure:
    """Translate the sources of a test set, and score the outputs."""
    label, sources, references = test_set[0], list(lines(Path(test_set[1]))), list(lines(Path(test_set[2])))
    if len(sources) != len(references):
        raise UserError(f"{test_set[1]} has {len(sources):,} lines, but {test_set[2]} has {len(references):,}.")
    began = cpu_seconds()
    outputs = [found[0].text for found in model.decode(sources, decoding, reverse=reverse, split=False)]
    seconds = cpu_seconds() - began
    tokenize = "zh" if model.reader.target_language.startswith("zh") else "13a"
    cased, lower = BLEU(tokenize=tokenize), BLEU(tokenize=tokenize, lowercase=True)
    score = cased.corpus_score(outputs, [references])
    return Figure(
        name,
        label,
        decoding.method(),
        score.score,
        lower.corpus_score(outputs, [references]).score,
        CHRF().corpus_score(outputs, [references]).score,
        score.ratio,
        seconds,
        str(cased.get_signature()),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    options = parser().parse_args(arguments)
    before, placement = matrix_rate(), placement_of(options)
    folders = [find(run) for run in options.runs]
    config = read_config(folders[0])
    decoding, companions, reverse_folder = (
        decoding_of(options, config), companions_of(options), reverse_of(options, config),
    )  # fmt: skip
    reverse = load_source_model(reverse_folder, placement.of_others) if reverse_folder else None
    models = [(str(run), load_source_model(folder, placement, companions)) for run, folder in
              zip(options.runs, folders, strict=True)]  # fmt: skip
    if options.together:
        first, *others = (model for _, model in models)
        models = [(" + ".join(options.runs), first.together(*others, form=companions.form))]
    figures = [measured(model, name, test_set, decoding, reverse) for test_set in options.set for name, model in models]
    print("\n".join(table(figures)))
    finish("records", figures, before, options.json)


def table(figures: Sequence[Figure]) -> list[str]:
    """Return the figures as a Markdown table, with means where there are several models."""
    rows = ["| model | test set | BLEU | lower-cased | chrF | length | CPU s |", "| --- | --- |" + " ---: |" * 5]
    for label in dict.fromkeys(figure.test_set for figure in figures):
        some = [figure for figure in figures if figure.test_set == label]
        for one in some:
            scores = f"{one.bleu:.2f} | {one.lower:.2f} | {one.chrf:.2f} | {one.ratio:.3f} | {one.seconds:.0f}"
            rows.append(f"| {one.model} | {label} | {scores} |")
        if len(some) > 1:
            spread = (
                f"{statistics.mean(values):.2f} ± {statistics.stdev(values):.2f}"
                for values in ([getattr(one, name) for one in some] for name in ("bleu", "lower", "chrf"))
            )
            rows.append(f"| mean ± standard deviation | {label} | {' | '.join(spread)} | | |")
    rows += ["", f"{figures[0].method}; {figures[0].signature}"]
    return rows


def parser() -> argparse.ArgumentParser:
    """Return the command's parser."""
    command = Parser("records", __doc__ or "")
    command.add_argument("runs", metavar="RUN", nargs="+", help="runs or model folders")
    command.add_argument("--set", nargs=3, action="append", required=True, metavar=("NAME", "SOURCE", "REFERENCE"))
    command.add_argument("--together", action="store_true", help="score an ensemble of all runs")
    command.add_argument("--json", type=Path, help="write the figures to this file")
    add_placement(command)
    add_decoding(command)
    return command


if __name__ == "__main__":
    main()
