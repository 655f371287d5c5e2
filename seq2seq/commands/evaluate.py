"""``seq2seq evaluate MODEL``: score a model on a test set, and write a report in three formats."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from seq2seq.evaluation.test_set import TestSet
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.plugin.task import Task
    from seq2seq.report.report import Report

SUMMARY = "score a model on a test set and write a report"
EPILOG = """
Scores the test split that the run's options name (of the task's sample corpus if they name no data), or given files.
Prints a table, and writes report.json, report.md and report.html into evaluation-<split>/ of the run.
"""


def main(arguments: list[str]) -> int:
    """Evaluate a model, and print tables and the path of the report."""
    from seq2seq.command_line.decoding_options import companions_of, decoding_of, reverse_of, say_of_glossary
    from seq2seq.command_line.open_model import load_language_model, load_source_model, placement_of
    from seq2seq.command_line.places import require_apart
    from seq2seq.evaluation.test_set import SPLITS, of_split, run_of
    from seq2seq.hub.model_repository import is_hub
    from seq2seq.models.bundle import find, read_config
    from seq2seq.plugin import registry
    from seq2seq.plugin.phrases import phrases
    from seq2seq.plugin.task import TextTask
    from seq2seq.report.report_file import HTML, JSON, MARKDOWN

    options = parser().parse_args(arguments)
    _check(options)
    if is_hub(options.model) and not options.output:
        raise UserError(f"{options.model} is on the Hub, so its report needs a place: add --output FOLDER.")
    folder = find(options.model)
    config = read_config(folder)
    task = registry.load(config.task)
    is_text = isinstance(task, TextTask)
    if is_text:
        _check_text(options)
    else:
        _check_pairs(options)
    decoding = decoding_of(options, config)
    say_of_glossary(decoding)
    reverse_folder, companions = reverse_of(options, config), companions_of(options)
    tested = test_set(options, config, task)
    if options.sentences:
        tested = replace(tested, description=f"{tested.description} (only the first {len(tested.examples):,})")
    # The best weights' report goes into the run folder; an averaged or exported model's report, into the model folder.
    run = run_of(Path(options.model)) if folder.name == "bundle" else None
    # Distinguish a file named test.tsv from the run's test split.
    name = f"file-{tested.name}" if (options.data or options.source) and tested.name in SPLITS else tested.name
    place = Path(options.output).expanduser() if options.output else (run or folder) / f"evaluation-{name}"
    if place.is_file():
        raise UserError(f"{place} is a file, but --output is a folder: choose another name.")
    inputs = [options.data, options.source, *(options.target or []), options.banned_file, options.glossary]
    models = [folder, reverse_folder, *companions.folders]
    require_apart({"--output": [place / name for name in (JSON, MARKDOWN, HTML)]}, inputs, models)

    from seq2seq.command_line.arguments import scored_texts
    from seq2seq.command_line.progress import SourceProgress
    from seq2seq.evaluation.evaluate import evaluate
    from seq2seq.evaluation.pairs import Pairs
    from seq2seq.report.language import language_for

    language = options.language or language_for(config.reader.source_language, config.reader.target_language)
    words = phrases(task, language)
    command = shlex.join(["seq2seq", "evaluate", *arguments])
    if is_text:
        from seq2seq.evaluation.running_text import RunningText

        model = load_language_model(folder, placement_of(options), companions)
        is_known = run is not None and (options.split or "test") != "train"
        text = RunningText(
            tested,
            train=of_split(Path(options.model), config, model.task, "train").examples if is_known else None,
            count=20 if options.samples_written is None else options.samples_written,
            window=256 if options.window is None else options.window,
            run=run,
        )
        report = evaluate(model, text, decoding, seed=options.seed, shown=options.examples, run=run, command=command)
    else:
        translator = load_source_model(folder, placement_of(options), companions)
        translator = translator if options.tag is None else translator.tagged(options.tag)
        progress = SourceProgress()
        pairs = Pairs(
            tested,
            scored=scored_texts(options),
            samples=1000 if options.samples is None else options.samples,
            reverse=load_source_model(reverse_folder, placement_of(options).of_others) if reverse_folder else None,
            progress=progress.show,
            watch=progress.step,
        )
        report = evaluate(
            translator, pairs, decoding, seed=options.seed, shown=options.examples, run=run, command=command
        )
        progress.end()
    return _written(report, place, language, words)


def _written(report: "Report", place: Path, language: str, words: "Mapping[str, str]") -> int:
    """Write the report, and print tables and the path of the HTML report."""
    from seq2seq.evaluation.report_folder import write
    from seq2seq.report.language import say_in
    from seq2seq.report.terminal import lines

    path = write(report, place, language=language, phrases=words)
    print("\n".join(lines(report, say_in(language, words))))
    print(path)
    return 0


def parser() -> "argparse.ArgumentParser":
    """Return the command's parser."""
    from seq2seq.command_line.arguments import Parser, add_scored_texts
    from seq2seq.command_line.decoding_options import add_decoding
    from seq2seq.command_line.open_model import add_placement
    from seq2seq.evaluation.test_set import SPLITS

    parser = Parser("evaluate", f"Score a model: seq2seq evaluate MODEL\n{EPILOG}")
    parser.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    parser.add_argument("--split", choices=SPLITS, help="which split of the run's data (default: test)")
    parser.add_argument("--source", metavar="FILE", help="a file of sources (.gz too), instead of a split")
    parser.add_argument(
        "--target",
        metavar="FILE",
        nargs="+",
        help="references, one line per source; several files give several references",
    )
    parser.add_argument(
        "--data",
        metavar="FILE",
        help="a .tsv, .csv or .jsonl file with both (language models: a text), instead of a split",
    )
    parser.add_argument("--tag", metavar="NAME", help="the tag before each source, if the model was trained with tags")
    parser.add_argument(
        "--form", metavar="NAME", help="form of --data, such as whatsapp or openai (docs/data.md; default: recognized)"
    )
    parser.add_argument("--source_field", metavar="NAME", help="column or key of the sources in --data")
    parser.add_argument("--target_field", metavar="NAME", help="column or key of the references in --data")
    parser.add_argument("--source_language", metavar="CODE", help="language of the sources in --data (.tmx, .xlf, .po)")
    parser.add_argument("--target_language", metavar="CODE", help="language of the references in --data, likewise")
    parser.add_argument(
        "--sentences", metavar="N", type=int, default=0, help="evaluate only the first N examples (default: all)"
    )
    parser.add_argument(
        "--output", metavar="FOLDER", help="where the reports go (default: evaluation-SPLIT in the run)"
    )
    parser.add_argument(
        "--language",
        choices=("en", "zh"),
        help="language of the reports (default: your locale's, or that of an all-Chinese model)",
    )
    parser.add_argument(
        "--examples", metavar="N", type=int, default=5, help="number of worst, typical and best examples shown (5)"
    )
    parser.add_argument("--samples", metavar="N", type=int, help="bootstrap samples (1000); 0: no intervals")
    parser.add_argument("--seed", metavar="N", type=int, default=12345, help="seed of the bootstrap (12345)")
    add_scored_texts(parser)
    parser.add_argument("--window", metavar="N", type=int, help="language models: pieces per random window (256)")
    parser.add_argument("--samples_written", metavar="N", type=int, help="language models: number of samples (20)")
    add_placement(parser)
    add_decoding(parser, seed="--sample_seed")  # --seed is the bootstrap seed
    return parser


def test_set(options: "argparse.Namespace", config: "BundleConfig", task: "Task") -> "TestSet":
    """Return the requested test set, from files or from a split."""
    from seq2seq.evaluation.test_set import of_files, of_split
    from seq2seq.safe_text import in_line

    if options.data or options.source:
        names = ("source_field", "target_field", "source_language", "target_language")
        changes = {name: getattr(options, name) for name in names if getattr(options, name)}
        # The form in which the training files were is no property of the model.
        changes["form"] = "aligned" if options.source and _are_files(options) else options.form or ""
        files = [options.data] if options.data else [options.source, options.target[0]]
        more = options.target[1:] if options.target else []
        reader = replace(config.reader, **changes)
        if note := reader.understood([Path(file) for file in files]):
            print(in_line(note), file=sys.stderr)
        return of_files(
            [Path(file) for file in files],
            reader,
            more_references=[Path(file) for file in more],
            most=options.sentences,
        )
    return of_split(Path(options.model), config, task, options.split or "test", options.sentences)


def _are_files(options: "argparse.Namespace") -> bool:
    """Return whether sources and references are files, and not folders of documents."""
    return not any(Path(name).is_dir() for name in (options.source, *options.target))


def _check_text(options: "argparse.Namespace") -> None:
    """Reject options that do not apply to language models.

    Raises:
        UserError: If there is one; the message names it.
    """
    from seq2seq.decoding.options import OF_SEARCH

    of_pairs = ("source", "tag", "sentences", "reverse", "candidates", "form", "source_field", "target_field")
    names = (*of_pairs, "source_language", "target_language", "subwords", "sentence_separator")
    wrong = [f"--{name}" for name in names if getattr(options, name, None)]
    if wrong:
        raise UserError(
            f"{wrong[0]} is for sources and references, but a language model reads a text: give --split, or --data "
            "FILE."
        )
    if options.lm:
        raise UserError("--lm adds a language model to a model with sources: to evaluate it, give it as MODEL.")
    if options.samples is not None:
        raise UserError("--samples is for intervals of metrics, which language models do not have: leave it out.")
    for name in (*OF_SEARCH, "length_penalty", "length_alpha", "no_repeat_source_ngram"):
        if getattr(options, name) is not None and (name, getattr(options, name)) != ("beam_size", 1):
            raise UserError(
                f"--{name} is a search option, but a language model samples or decodes greedily: leave it out."
            )
    for name, least in (("window", 1), ("samples_written", 0)):
        value = getattr(options, name)
        if value is not None and value < least:
            raise UserError(f"--{name} is {value}, but it must be at least {least}.")


def _check_pairs(options: "argparse.Namespace") -> None:
    """Reject options that only apply to language models.

    Raises:
        UserError: If there is one; the message names it.
    """
    for name in ("window", "samples_written"):
        if getattr(options, name) is not None:
            raise UserError(f"--{name} is for language models, but this model has sources: leave it out.")


def _check(options: "argparse.Namespace") -> None:
    """Check that options do not contradict each other.

    Raises:
        UserError: If they do; the message names them.
    """
    from seq2seq.command_line.arguments import MOST_SAMPLES, counted, counted_seed
    from seq2seq.options import LARGEST

    if bool(options.source) != bool(options.target):
        given, missing = ("--source", "--target") if options.source else ("--target", "--source")
        raise UserError(f"{given} needs {missing}: the two files are aligned line by line.")
    if options.data and options.source:
        raise UserError("--data contains sources and references: leave out --source and --target.")
    if options.split and (options.data or options.source):
        raise UserError("--split takes the run's own data: leave it out when you give files.")
    if (options.source_field or options.target_field) and not options.data:
        raise UserError("--source_field and --target_field belong to --data FILE.")
    if options.form and not options.data:
        raise UserError("--form belongs to --data FILE.")
    if options.examples < 0:
        raise UserError(f"--examples is {options.examples}, but it must not be negative (0 shows none).")
    if options.sentences < 0:
        raise UserError(f"--sentences is {options.sentences}, but it must not be negative (0 takes all).")
    counted("--examples", options.examples, least=0)
    counted("--sentences", options.sentences, least=0)
    counted("--samples", options.samples, MOST_SAMPLES, least=0)
    for name in ("window", "samples_written"):
        # Check only the upper limit, because small numbers have their own message.
        counted(f"--{name}", getattr(options, name), least=-LARGEST)
    counted_seed(options.seed)
