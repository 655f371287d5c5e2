"""``seq2seq backtranslate MODEL TEXT``: training pairs of monolingual text and its translations (Sennrich et al. 2016).

The model translates text of the language that another model is to write. Its outputs become sources, and the text their
targets. Finished pairs are kept in a file beside the output, so the same command continues after an interruption.
"""

import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse


SUMMARY = "make training pairs of monolingual text"
EPILOG = """
MODEL translates in the opposite direction of the model to be trained: for English to Chinese, it translates the Chinese
TEXT to English. The table gets a pair for each line that is not blank, and is read as --data.train. Search gives the
likeliest sources; --sample gives more varied ones, which help more if there is much text (Edunov et al. 2018).
"""
_TABLES = (".tsv", ".csv", ".json", ".jsonl")


def main(arguments: list[str]) -> int:
    """Translate text back, and print the path of the table."""
    import sys

    from seq2seq.command_line.decoding_options import companions_of, decoding_of
    from seq2seq.command_line.open_model import load_source_model, placement_of
    from seq2seq.command_line.places import require_apart
    from seq2seq.command_line.progress import SourceProgress
    from seq2seq.commands.corpora.pair_file import PairFile, chunked, fingerprint
    from seq2seq.files.text_lines import existing
    from seq2seq.models.bundle import engine_of, find, read_config, weight_files
    from seq2seq.plugin import registry
    from seq2seq.plugin.task import TextTask

    options = parser().parse_intermixed_args(arguments)
    if options.reverse or options.lm or options.lm_weight is not None:
        raise UserError("backtranslate writes what translators write: leave out --reverse, --lm and --lm_weight.")
    folder = find(options.model)
    config = read_config(folder)
    task = registry.load(config.task)
    if isinstance(task, TextTask):
        raise UserError(f"{options.model} is a language model, which translates nothing: give a model with sources.")
    for file in map(Path, options.files):
        existing(file)
    decoding = decoding_of(options, config)
    output = Path(options.output).expanduser()
    if output.suffix != ".tsv":
        raise UserError(f"--output {output} must end with .tsv, because the pairs are a table.")
    require_apart({"--output": [output]}, options.files, [folder])
    if tables := [file for file in options.files if file.lower().removesuffix(".gz").endswith(_TABLES)]:
        raise UserError(f"{tables[0]} is not plain text: put one sentence in each line of a .txt file.")
    files, companions = [Path(file) for file in options.files], companions_of(options)
    determining = [asdict(config), decoding.recipe(), companions.form]
    folders = [folder, *companions.ensemble]
    weights = [path for one in folders for path in weight_files(one, engine_of(one))]
    part = output.with_name(f"{output.name}.{fingerprint(determining, [*weights, *files])}.part")
    reader, model = task.reader(), load_source_model(folder, placement_of(options), companions)
    progress = SourceProgress()

    def decode(texts: list[str], first: int) -> list[str]:
        return [one[0].text for one in model.decode(texts, decoding, first=first, watch=progress.step)]

    pairs = PairFile(part, (reader.source_field, reader.target_field), given=1)
    count = pairs.fill(lambda: chunked(_texts(files)), str, decode, progress.show)
    progress.end()
    part.replace(output)
    options_of_fit = f"--data.train PAIRS {shlex.quote(str(output))} --data.validation MORE --data.mixture.tags '' bt"
    command = f"seq2seq fit {task.name} {options_of_fit}"
    print(f"{amount(count, 'pair')}. To train on them and on real PAIRS: {command}", file=sys.stderr)
    print(output)
    return 0


def _texts(files: list[Path]) -> Iterator[str]:
    """Yield the lines that are not blank."""
    from seq2seq.commands.corpora.pair_file import cell
    from seq2seq.files.text_lines import lines

    for path in files:
        yield from filter(None, map(cell, lines(path)))


def parser() -> "argparse.ArgumentParser":
    """Return the command's parser."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.command_line.decoding_options import add_decoding
    from seq2seq.command_line.open_model import add_placement

    command = Parser(
        "backtranslate", f"Make training pairs of text: seq2seq backtranslate MODEL TEXT ... -o PAIRS.tsv\n{EPILOG}"
    )
    command.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    command.add_argument("files", metavar="TEXT", nargs="+", help="text files, a sentence per line; .gz too")
    command.add_argument("-o", "--output", metavar="PAIRS.tsv", required=True, help="the table to write")
    add_placement(command)
    add_decoding(command)
    command.set_defaults(nbest=None)
    return command
