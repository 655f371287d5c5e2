"""``seq2seq backtranslate MODEL TEXT``: training pairs of monolingual text and its translations (Sennrich et al. 2016).

The model translates text of the language that another model is to write. Its outputs become sources, and the text their
targets. Finished pairs are kept in a file beside the output, so the same command continues after an interruption.
"""

import hashlib
import json
import os
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse

    from seq2seq.decoding.method import Decoding
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.models.source_model import SourceModel

SUMMARY = "make training pairs of monolingual text"
EPILOG = """
MODEL translates in the opposite direction of the model to be trained: for English to Chinese, it translates the Chinese
TEXT to English. The table gets a pair for each line that is not blank, and is read as --data.train. Search gives the
likeliest sources; --sample gives more varied ones, which help more if there is much text (Edunov et al. 2018).
"""
CHUNK = 512
"""Number of lines that are translated and saved at a time."""
_TABLES = (".tsv", ".csv", ".json", ".jsonl")


def main(arguments: list[str]) -> int:
    """Translate text back, and print the path of the table."""
    import sys

    from seq2seq.command_line.decoding_options import decoding_of
    from seq2seq.command_line.open_model import load_source_model, placement_of
    from seq2seq.command_line.places import require_apart
    from seq2seq.files.text_lines import existing
    from seq2seq.models.bundle import find, read_config
    from seq2seq.plugin import registry
    from seq2seq.plugin.task import TextTask

    options = parser().parse_intermixed_args(arguments)
    if options.reverse or options.lm or options.lm_weight is not None:
        raise UserError("backtranslate writes the outputs of one model: leave out --reverse, --lm and --lm_weight.")
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
    part = output.with_name(f"{output.name}.{_fingerprint(folder, config, decoding, options.files)}.part")
    reader = task.reader()
    model = load_source_model(folder, placement_of(options))
    header = f"{reader.source_field}\t{reader.target_field}\n"
    count = _translate(model, decoding, [Path(file) for file in options.files], part, header)
    part.replace(output)
    options_of_fit = f"--data.train PAIRS {shlex.quote(str(output))} --data.validation MORE --data.mixture.tags '' bt"
    command = f"seq2seq fit {task.name} {options_of_fit}"
    print(f"{amount(count, 'pair')}. To train on them and on real PAIRS: {command}", file=sys.stderr)
    print(output)
    return 0


def _translate(model: "SourceModel", decoding: "Decoding", files: list[Path], part: Path, header: str) -> int:
    """Append the pairs of the lines that a file lacks, and return the number of all pairs.

    Raises:
        UserError: If the file is not the beginning of the pairs.
    """
    from seq2seq.command_line.progress import SourceProgress

    done = _done(part, files, header)
    progress = SourceProgress()
    part.parent.mkdir(parents=True, exist_ok=True)
    with part.open("ab") as file:
        if not file.tell():
            file.write(header.encode())
        count = 0
        for chunk in _chunks(files):
            if count >= done:
                outputs = model.decode(chunk, decoding, first=count, watch=progress.step)
                rows = (f"{_cell(found[0].text)}\t{text}\n" for found, text in zip(outputs, chunk, strict=True))
                file.write("".join(rows).encode())
                file.flush()
                os.fsync(file.fileno())
            count += len(chunk)
            progress.show(count)
    progress.end()
    return count


def _done(part: Path, files: list[Path], header: str) -> int:
    """Return the number of lines whose pairs are complete in a file of an earlier call, and cut off the rest.

    Raises:
        UserError: If it contains anything else.
    """
    if not part.exists():
        return 0
    lines = part.read_bytes().splitlines(keepends=True)
    whole = [line for line in lines if line.endswith(b"\n")]
    count = max(0, len(whole) - 1) // CHUNK * CHUNK
    targets = [line.decode("utf-8", "replace").rstrip("\n").partition("\t")[2] for line in whole[1 : count + 1]]
    wanted = [text for chunk in _chunks(files) for text in chunk][:count] if count else []
    if targets != wanted or (whole and whole[0] != header.encode()):
        raise UserError(f"{part} is not the beginning of these pairs: remove it to start again.")
    with part.open("rb+") as file:
        file.truncate(sum(map(len, whole[: count + 1])) if count else 0)
    return count


def _chunks(files: list[Path]) -> Iterator[list[str]]:
    """Yield the lines that are not blank, in chunks of `CHUNK`."""
    from seq2seq.files.text_lines import lines

    chunk: list[str] = []
    for path in files:
        for line in lines(path):
            if text := _cell(line):
                chunk.append(text)
            if len(chunk) == CHUNK:
                yield chunk
                chunk = []
    if chunk:
        yield chunk


def _cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return " ".join(text.replace("\t", " ").replace("\r", " ").split("\n")).strip()


def _fingerprint(folder: Path, config: "BundleConfig", decoding: "Decoding", files: list[str]) -> str:
    """Return a hash of everything that determines the pairs."""
    from seq2seq.models.bundle import engine_of, weight_files

    total = hashlib.sha256(json.dumps([asdict(config), decoding.recipe()], sort_keys=True).encode())
    for path in (*weight_files(folder, engine_of(folder)), *map(Path, files)):
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:8]


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
