"""``seq2seq distill MODEL``: training pairs of sources and a model's outputs (Kim and Rush 2016).

A student that is trained on the outputs of a teacher learns an easier task than that of the references: the teacher
writes alike for sources that are alike. The teacher may be an ensemble, or larger than the student. Finished pairs are
kept in a file beside the output, so the same command continues after an interruption.
"""

import shlex
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from seq2seq.corpus.example import Example
    from seq2seq.decoding.output import Output
    from seq2seq.evaluation.test_set import TestSet
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.plugin.task import Task

SUMMARY = "make training pairs of sources and a model's outputs"
EPILOG = """
MODEL, perhaps with --ensemble, is the teacher. Its training data are decoded, or the PAIRS that are given: two aligned
files, a table or JSONL. The pairs are read as --data.train of a student: .tsv, or .jsonl to keep line breaks.

--choose best takes the best output of the search; --choose closest takes the one among its beams that has the highest
BLEU with the reference (the paper's sequence-level knowledge distillation and sequence-level interpolation).
"""
CHOICES = ("best", "closest")


def main(arguments: list[str]) -> int:
    """Decode sources, and print the path of the pairs."""
    from seq2seq.command_line.decoding_options import companions_of, decoding_of, say_of_glossary
    from seq2seq.command_line.open_model import load_source_model, placement_of
    from seq2seq.command_line.places import require_apart
    from seq2seq.command_line.progress import SourceProgress
    from seq2seq.commands.corpora.pair_file import PairFile, chunked, fingerprint
    from seq2seq.corpus.example import plain
    from seq2seq.models.bundle import engine_of, find, read_config, weight_files
    from seq2seq.plugin import registry
    from seq2seq.plugin.task import TextTask

    options = parser().parse_intermixed_args(arguments)
    if options.reverse or options.lm or options.lm_weight is not None:
        raise UserError("distill writes the outputs of its teachers: leave out --reverse, --lm and --lm_weight.")
    folder = find(options.model)
    config = read_config(folder)
    task = registry.load(config.task)
    if isinstance(task, TextTask):
        raise UserError(f"{options.model} is a language model, which has no sources: give a model with sources.")
    output = Path(options.output).expanduser()
    if output.suffix not in (".tsv", ".jsonl"):
        raise UserError(f"--output {output} must end with .tsv or .jsonl, because the pairs are a table or JSONL.")
    decoding = decoding_of(options, config)
    is_closest = options.choose == "closest"
    if is_closest and (decoding.sampling is not None or decoding.rerank is not None or decoding.beams == 1):
        raise UserError(
            "--choose closest chooses among the beams of a search: give --beam_size of 2 or more, and do not sample or "
            "rank candidates."
        )
    if is_closest:
        decoding = replace(decoding, count=decoding.beams)
    say_of_glossary(decoding)
    require_apart({"--output": [output]}, [*options.pairs, options.banned_file, options.glossary], [folder])
    tested, companions = _data(options, config, task), companions_of(options)
    examples = tested.examples
    _require_texts(examples, str(options.model))
    determining = [asdict(config), decoding.recipe(), companions.form, options.choose, tested.files]
    weights = [path for one in (folder, *companions.ensemble) for path in weight_files(one, engine_of(one))]
    part = output.with_name(f"{output.name}.{fingerprint(determining, weights)}.part")
    reader, model = task.reader(), load_source_model(folder, placement_of(options), companions)
    progress = SourceProgress()

    def decode(chunk: "list[Example]", first: int) -> list[str]:
        found = model.decode(chunk, decoding, first=first, split=False, watch=progress.step)
        if is_closest:
            target = model.tokenizers.target
            wanted = [target.encode(one.target) for one in chunk]
            return [_closest(outputs, ids) for outputs, ids in zip(found, wanted, strict=True)]
        return [outputs[0].text for outputs in found]

    pairs = PairFile(part, (reader.source_field, reader.target_field), given=0, is_table=output.suffix == ".tsv")
    count = pairs.fill(lambda: chunked(examples), lambda one: plain(one.source), decode, progress.show)
    progress.end()
    part.replace(output)
    command = f"seq2seq fit {task.name} --data.train {shlex.quote(str(output))} --data.validation MORE"
    print(f"{amount(count, 'pair')}. To train a student on them: {command}", file=sys.stderr)
    print(output)
    return 0


def _data(options: "argparse.Namespace", config: "BundleConfig", task: "Task") -> "TestSet":
    """Return the examples to decode: those of the given files, or of the run's training split."""
    from seq2seq.evaluation.test_set import of_files, of_split

    if options.pairs:
        return of_files([Path(name).expanduser() for name in options.pairs], config.reader)
    try:
        return of_split(Path(options.model), config, task, "train")
    except UserError as fault:
        raise UserError(f"The teacher's training data are not at hand: name PAIRS. {fault}") from fault


def _require_texts(examples: "Sequence[Example]", model: str) -> None:
    """Check that sources can be written as texts and read again.

    Raises:
        UserError: If one is a conversation.
    """
    from seq2seq.corpus.example import Mark

    for example in examples:
        if any(part in (Mark.TURN, Mark.SPEAKER) for part in example.source if isinstance(part, Mark)):
            raise UserError(
                f"{example.place or model} has turns of a conversation, which pairs of texts do not keep: distill is "
                "for models whose sources are plain texts, such as translators and summarizers."
            )


def _closest(outputs: "Sequence[Output]", reference: "Sequence[int]") -> str:
    """Return the output with the highest BLEU, on pieces; of several, the one that the search ranks first."""
    from seq2seq.decoding.ranking.expected_utility import bleu

    sequences = [list(reference), *(output.ids for output in outputs)]
    scores = bleu([""] * len(sequences), sequences)[1:, 0]
    return outputs[int(scores.argmax())].text


def parser() -> "argparse.ArgumentParser":
    """Return the command's parser."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.command_line.decoding_options import add_decoding
    from seq2seq.command_line.open_model import add_placement

    command = Parser("distill", f"Make training pairs of a teacher: seq2seq distill MODEL -o PAIRS.tsv\n{EPILOG}")
    command.add_argument("model", metavar="MODEL", help="the teacher: a run folder or an exported model folder")
    command.add_argument(
        "pairs", metavar="PAIRS", nargs="*", help="sources with references (default: its training data)"
    )
    command.add_argument("-o", "--output", metavar="PAIRS", required=True, help="the file to write: .tsv or .jsonl")
    command.add_argument("--choose", choices=CHOICES, default=CHOICES[0], help="which output (default: best)")
    add_placement(command)
    add_decoding(command)
    command.set_defaults(nbest=None)
    return command
