"""Batch jobs of the verbs of tasks: ``seq2seq translate MODEL FOLDER --output FOLDER --workers N``."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.command_line.arguments import counted
from seq2seq.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seq2seq.batch_jobs.shard_worker import Columns, ShardWorker
    from seq2seq.corpus.example import Example
    from seq2seq.corpus.reader import Reader
    from seq2seq.decoding.output import Output
    from seq2seq.models.bundle_config import BundleConfig

CLUSTERS = ("ray",)
MOST_WORKERS = 1024


@dataclass(frozen=True)
class JobKind:
    """What differs between the batch jobs of verbs.

    Args:
        noun: What a line of the input is.
        unsuitable: Options that do not apply to batch jobs.
        check: Reports mistakes in the options of decoding.
        load: Loads a worker. Machines of a cluster import it by its name.
        reader: Returns the reader of a model with the options' source column.
        columns: Returns the names of what is added to objects and rows.
    """

    noun: str
    unsuitable: tuple[str, ...]
    check: "Callable[[argparse.Namespace, BundleConfig], object]"
    load: "Callable[[argparse.Namespace], ShardWorker]"
    reader: "Callable[[argparse.Namespace, Reader], Reader]"
    columns: "Callable[[argparse.Namespace], Columns]"


def add_batch_job(parser: argparse.ArgumentParser, noun: str = "source") -> None:
    """Add the options of batch jobs."""
    group = parser.add_argument_group(
        f"many {noun}s",
        "Several processes decode text, .jsonl and .parquet files, and folders of them, into the folder --output.\n"
        f"A {noun} is a line, an object or a row. A repeated command resumes.",
    )
    group.add_argument("--workers", metavar="N", type=int, help="number of processes")
    group.add_argument("--cluster", choices=CLUSTERS, help="ray: use the machines of a Ray cluster, by default all")
    group.add_argument(
        "--shard_lines",
        metavar="N",
        type=int,
        help=f"{noun}s that a process decodes at a time (10,000), in steps of 2,000",
    )
    group.add_argument("--output_field", metavar="NAME", help="key or column of the outputs (output)")


def is_batch_job(options: argparse.Namespace) -> bool:
    """Return whether the options ask for a batch job.

    Raises:
        UserError: If only options are given that belong to one.
    """
    if options.workers is not None or options.cluster:
        return True
    for name in ("shard_lines", "output_field"):
        if getattr(options, name) is not None:
            raise UserError(f"--{name} belongs to a job of several processes: add --workers N.")
    return False


def run(options: argparse.Namespace, words: "Sequence[str]", kind: JobKind) -> int:
    """Run a batch job, or a worker of one, and return the exit code.

    Args:
        options: Arguments of the verb, with its name as `verb`.
        words: The verb and its arguments, as typed.
        kind: Kind of the job.

    Raises:
        UserError: If options contradict each other, or if an input is not suitable.
        WorldError: If workers cannot be kept alive, or if the disk is full.
    """
    from seq2seq.batch_jobs.processes import parent_here, serve

    parent = parent_here()
    if parent is not None:
        return serve(parent, lambda: kind.load(options))

    from seq2seq.batch_jobs.identity import fingerprint, options_of
    from seq2seq.batch_jobs.inputs import input_files
    from seq2seq.batch_jobs.job import Job, Workers
    from seq2seq.batch_jobs.job_folder import JobFolder
    from seq2seq.batch_jobs.job_progress import JobProgress
    from seq2seq.batch_jobs.processes import Processes
    from seq2seq.batch_jobs.shards import SHARD_LINES
    from seq2seq.command_line.open_model import of_verb, placement_of

    counted("--workers", options.workers, MOST_WORKERS)
    counted("--shard_lines", options.shard_lines)
    _require_suitable(options, kind)
    folder, config, _ = of_verb(options.model, options.verb)
    given = argparse.Namespace(**vars(options))
    kind.check(options, config)  # mistakes in options are reported before workers start
    placement_of(options)
    reader = kind.reader(options, config.reader)
    files = input_files(options.files)
    output = Path(options.output).expanduser()
    identity = {"verb": options.verb, "model": fingerprint(folder), "options": options_of(given)}
    is_gpu = options.device.startswith("cuda")
    workers: Workers
    if options.cluster:
        from seq2seq.batch_jobs.ray_cluster import RayCluster

        workers = RayCluster(given, kind.load, options.workers, is_gpu=is_gpu)
    else:
        workers = Processes(words, options.workers, is_gpu=is_gpu)
    progress = JobProgress()
    names = kind.columns(options).names
    job = Job(files, reader, JobFolder(output, identity), workers, names, options.shard_lines or SHARD_LINES, progress)
    totals = job.run()
    speed = (
        f"; {progress.done:,} now, {progress.rate:,.1f} {kind.noun}s/s" if progress.done else "; all were there already"
    )
    print(f"{output}: {amount(totals['sources'], kind.noun)} in {amount(totals['files'], 'file')}{speed}")
    if totals["cut"]:
        print(f"{totals['cut']:,} {kind.noun}s were longer than the model reads, and were cut.", file=sys.stderr)
    if totals["failed"]:
        print(
            f"{totals['failed']:,} {kind.noun}s failed and have no output; the files *.failures.jsonl in {output} say "
            "why.",
            file=sys.stderr,
        )
    return 1 if totals["failed"] else 0


def load_worker(options: argparse.Namespace) -> "ShardWorker":
    """Load the model for a worker.

    Raises:
        UserError: If it cannot be loaded.
    """
    from seq2seq.batch_jobs.shard_worker import ShardWorker
    from seq2seq.command_line.decoding_options import companions_of, decoding_of, reverse_of
    from seq2seq.command_line.open_model import load_source_model, of_verb, placement_of
    from seq2seq.command_line.outputs import Form

    folder, config, _ = of_verb(options.model, options.verb)
    decoding = decoding_of(options, config, _count(options))
    placement = placement_of(options)
    placement = replace(placement, threads=placement.threads or 1)
    reverse_folder = reverse_of(options, config)
    model = load_source_model(folder, placement, companions_of(options))
    model = model if options.tag is None else model.tagged(options.tag)
    reverse = load_source_model(reverse_folder, placement.of_others) if reverse_folder else None
    for loaded in filter(None, (model, reverse, model.language_model)):
        loaded.network.open()  # the files may be temporary, and a fault of the model is not one of a source

    def decode(sources: "Sequence[str | Example]", numbers: "Sequence[int]") -> "list[list[Output]]":
        return model.decode(
            sources,
            decoding,
            reverse=reverse,
            numbers=numbers,
            prefixes=[options.prefix] * len(sources) if options.prefix else None,
            attention=bool(options.alignments),
            split=False if options.no_split else None,
        )

    form = Form(options.nbest is not None, options.scores, options.alignments, options.json)
    return ShardWorker(decode, _reader(options, config.reader), form, _columns(options))


def _reader(options: argparse.Namespace, reader: "Reader") -> "Reader":
    """Return the reader of a model with the source column that the user names."""
    # A reverse model's sources are in the target column.
    field = options.source_field or (reader.target_field if reader.reverse else "")
    return replace(reader, source_field=field) if field else reader


def _columns(options: argparse.Namespace) -> "Columns":
    from seq2seq.batch_jobs.shard_worker import Columns

    return Columns(options.output_field or "output", options.scores, options.alignments, options.nbest is not None)


def _count(options: argparse.Namespace) -> int:
    """Return the number of outputs for each source."""
    from seq2seq.decoding.options import MOST_CANDIDATES

    count = 1 if options.nbest is None else int(options.nbest)
    counted("--nbest", count, MOST_CANDIDATES)
    return count


def _decoding(options: argparse.Namespace, config: "BundleConfig") -> None:
    """Report mistakes in the options of decoding, and what a glossary leaves out."""
    from seq2seq.command_line.decoding_options import decoding_of, say_of_glossary

    say_of_glossary(decoding_of(options, config, _count(options)))


def _require_suitable(options: argparse.Namespace, kind: JobKind) -> None:
    """Reject options and inputs that do not suit a batch job.

    Raises:
        UserError: If there is one; the message names it.
    """
    option = "--workers" if options.workers is not None else "--cluster"
    wrong = [f"--{name}" for name in kind.unsuitable if getattr(options, name)]
    if wrong:
        raise UserError(
            f"{wrong[0]} does not go with {option}, which decodes a {kind.noun} in each line: leave one out."
        )
    if not options.files:
        raise UserError(f"{option} needs files or folders: seq2seq {options.verb} MODEL FOLDER --output FOLDER.")
    if not options.output:
        raise UserError(f"{option} needs a folder for the outputs: add --output FOLDER.")
    output = Path(options.output).expanduser().resolve()
    for name in options.files:
        given = Path(name).expanduser().resolve()
        if given.is_dir() and (output == given or given in output.parents):
            raise UserError(f"--output {options.output} is within the inputs {name}: name a folder beside it.")
        if given.is_dir() and output in given.parents:
            raise UserError(f"The inputs {name} are within --output {options.output}: name another folder.")


SOURCES = JobKind("source", ("interactive", "document", "attention"), _decoding, load_worker, _reader, _columns)
