"""Checks of parsed options before PyTorch is imported: option combinations, files, machine resources."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from jsonargparse import Namespace

from seq2seq.alignment.options import AUTO, NONE
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import SCRIPT_EXAMPLES
from seq2seq.options import not_negative, require
from seq2seq.plugin.task import Task, TextTask
from seq2seq.run_setup.data_options import CorpusOptions, DataOptions
from seq2seq.run_setup.training_options import check_network, require_attention
from seq2seq.tokenization.options import TokenizerOptions

LEAST_PROCESSES = 64
"""Number of threads or processes that is always allowed."""
LAUNCHED = ("LOCAL_WORLD_SIZE", "SLURM_JOB_ID", "NODE_RANK", "GROUP_RANK", "LSB_JOBID")
"""Environment variables set by launchers that start or number processes on several machines."""


def check_combinations(task: Task, options: Namespace) -> None:
    """Refuse option blocks that contradict each other or the task.

    Raises:
        UserError: If two contradict each other; the message names both, and what to change.
    """
    data = options.data
    require(
        not (options.model.vectors.files and options.init_from),
        "model.vectors names pretrained embeddings, but those of the model of --init_from are taken: leave out one of "
        "them.",
    )
    is_text = isinstance(task, TextTask)
    alpha = 0.0 if is_text else data.batches.sampling_alpha
    check_network(options.model.network, task, is_joint=data.tokenizer.joint, sampling_alpha=alpha)
    if is_text:
        return
    require_attention(options.model.network, data.alignment)
    names = [name for name in data.alignment.files if name not in (AUTO, NONE)]
    require(
        bool(data.train) or not names,
        f"data.alignment.files names {', '.join(names)}, but there is no data.train that it could align: name your "
        f"training files, or give '{AUTO}'.",
    )
    tags = list(filter(None, data.mixture.tags))
    require(
        not data.reader.tag or data.reader.tag in tags or bool(data.tokenizer.source_model),
        f"data.reader.tag is '{data.reader.tag}', but data.mixture.tags names {', '.join(tags) or 'none'}: give one "
        "of them, or leave it out.",
    )
    require(
        options.stopping.monitor != "metric" or options.model.validation.decode_every > 0,
        "stopping.monitor is 'metric', but model.validation.decode_every is 0, so no metric is computed: "
        "set stopping.monitor to 'loss'.",
    )


def check_machine(config: Namespace) -> None:
    """Refuse more threads, processes or machines than are available.

    Raises:
        UserError: If there are too many; the message names the option and its maximum.
    """
    cores = os.cpu_count() or 1
    most = max(LEAST_PROCESSES, 4 * cores)
    has = f"this machine has {cores} processor cores"
    not_negative("threads", config.threads)
    require(config.threads <= most, f"threads is {config.threads}, but {has}: give at most {most}.")
    trainer = config.trainer
    devices = int(trainer.devices) if str(trainer.devices).isdecimal() else 0
    require(devices <= most, f"trainer.devices is {devices}, but {has}: give at most {most}.")
    require(
        trainer.num_nodes == 1 or any(name in os.environ for name in LAUNCHED),
        f"trainer.num_nodes is {trainer.num_nodes}, but the rank of this machine is unknown, so it would wait "
        "for the others: start the command with torchrun on each machine.",
    )


def check_files(data: CorpusOptions, splits: Sequence[str]) -> None:
    """Refuse files that are missing, unreadable or malformed, before any slow import.

    Raises:
        UserError: For the first error among the first examples of each split.
    """
    if not data.train:
        return
    if isinstance(data, DataOptions):
        corpora = len(data.reader.corpora(data.paths("train")))
        data.mixture.require_corpora(corpora)
        if data.alignment.is_given:
            _check_alignments(data, corpora)
    for split in splits:
        for _ in islice(data.reader.read(data.paths(split)), SCRIPT_EXAMPLES):
            pass


def _check_alignments(data: DataOptions, corpora: int) -> None:
    """Refuse alignments that do not fit the first examples of each corpus."""
    from seq2seq.alignment.aligned_examples import aligned  # imported late: it takes a tenth of a second

    is_reversed = data.reverse or data.reader.reverse
    reader = replace(data.reader, reverse=is_reversed)

    def examples() -> Iterator[Example]:
        return reader.read(data.paths("train"))

    for _ in islice(aligned(examples, data.alignment, corpora, None, is_reversed=is_reversed), SCRIPT_EXAMPLES):
        pass


def check_old_test(data: CorpusOptions, files: Sequence[str]) -> None:
    """Refuse an old test set that is missing or malformed, before training.

    Raises:
        UserError: For the first error.
    """
    for _ in data.reader.read([Path(name) for name in files]):
        pass


def check_tokenizers(options: TokenizerOptions) -> None:
    """Check the existing tokenizer models given for a new run; a resumed run has its own copies.

    Raises:
        UserError: If a file is missing (names the nearest) or is not a tokenizer model.
    """
    for name in filter(None, (options.source_model, options.target_model)):
        from seq2seq.tokenization.tokenizer import Tokenizer  # imported late: it takes a tenth of a second

        Tokenizer.load(Path(name))
