"""Batch jobs of language models: ``seq2seq generate MODEL FOLDER --output FOLDER --workers N``.

Each line, object or row is a prompt; an empty one begins a new text. The output is the prompt with its continuation, or
only the latter with ``--no_prompt``; line breaks in a line are printed as spaces. ``--num N`` gives N lines, each
``index ||| text ||| log probability``, or the field ``outputs``. A sample depends on the seed and on the index of its
prompt in the file, but not on the other prompts, so outputs do not depend on the number of workers.
"""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from seq2seq.batch_jobs.command import JobKind
from seq2seq.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seq2seq.batch_jobs.shard_worker import Columns, ShardWorker
    from seq2seq.corpus.example import Example
    from seq2seq.corpus.reader import Reader
    from seq2seq.decoding.method import Decoding
    from seq2seq.decoding.output import Output
    from seq2seq.models.bundle_config import BundleConfig

FIELD = "prompt"
"""Default key or column of prompts."""


def load_worker(options: argparse.Namespace) -> "ShardWorker":
    """Load the model for a worker.

    Raises:
        UserError: If it cannot be loaded.
    """
    from seq2seq.batch_jobs.shard_worker import ShardWorker
    from seq2seq.command_line.open_model import load_language_model, of_verb, placement_of
    from seq2seq.command_line.outputs import Form
    from seq2seq.command_line.prompt_decoding import unescaped
    from seq2seq.corpus.example import plain

    folder, config, _ = of_verb(options.model, options.verb)
    decoding = _decoding(options, config)
    placement = placement_of(options)
    model = load_language_model(folder, replace(placement, threads=placement.threads or 1))
    model.network.open()  # the files may be temporary, and a fault of the model is not one of a prompt
    stop = [unescaped(text) for text in options.stop]

    def decode(prompts: "Sequence[str | Example]", numbers: "Sequence[int]") -> "list[list[Output]]":
        found = model.decode(prompts, decoding, numbers=numbers, count=options.num, stop=stop)
        if options.no_prompt:
            return found
        shown = [plain(model.source_of(prompt)) for prompt in prompts]
        return [
            [replace(output, text=prompt + output.text) for output in outputs]
            for prompt, outputs in zip(shown, found, strict=True)
        ]

    form = Form(nbest=options.num > 1, scores=False, alignments=False, is_json=options.json)
    return ShardWorker(decode, _reader(options, config.reader), form, _columns(options))


def _decoding(options: argparse.Namespace, config: "BundleConfig") -> "Decoding":
    """Return the decoding settings.

    Raises:
        UserError: If options contradict each other, or if the length has no limit.
    """
    from seq2seq.command_line.prompt_decoding import check_texts, decoding_of

    check_texts(options)
    decoding = decoding_of(options, config)
    if not decoding.search.max_length:
        raise UserError("--max_tokens is 0, but texts of several processes need a limit: give --max_tokens N.")
    return decoding


def _reader(options: argparse.Namespace, reader: "Reader") -> "Reader":
    return replace(reader, source_field=options.source_field or FIELD)


def _columns(options: argparse.Namespace) -> "Columns":
    from seq2seq.batch_jobs.shard_worker import Columns

    return Columns(options.output_field or "output", nbest=options.num > 1)


PROMPTS = JobKind("prompt", ("interactive", "prompt", "prompt_file"), _decoding, load_worker, _reader, _columns)
