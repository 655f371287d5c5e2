"""Writes a sample of a language model at each validation."""

import json
import sys
from pathlib import Path
from typing import Any, cast

from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.corpus.formats.jsonl import objects
from seq2seq.decoding.options import ConstraintOptions, SamplingOptions
from seq2seq.decoding.prompt_continuation import continue_prompt
from seq2seq.errors import UserError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.typed_values import Fields
from seq2seq.tokenization.incremental_text import IncrementalText
from seq2seq.training.module import Seq2SeqModule

PIECES = 150
"""Number of pieces of a sample."""


class TrainingSamples(Callback):
    """Writes ``samples.jsonl``: an object with ``step`` and ``text`` per validation, sampled with the same seed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_validation_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write a sample of the validated weights. A resumed run replaces samples after its checkpoint."""
        if trainer.state.fn != "fit" or trainer.sanity_checking or not trainer.is_global_zero:
            return
        module = cast(Seq2SeqModule, pl_module)
        data = module.data
        target = data.tokenizers.target
        begin = target.before(data.reader.begin())
        drawing = data.sampling or SamplingOptions()
        limits = ConstraintOptions(max_length=PIECES, min_length=PIECES)
        spelling = IncrementalText(target)
        written = continue_prompt(module.network, [], target, limits, drawing, begin=begin)
        pieces = [piece for (piece,) in written]
        text = "".join(spelling.add(piece.token) for piece in pieces) + spelling.end()
        kept = [*earlier(self.path, trainer.global_step), {"step": trainer.global_step, "text": text}]
        content = "".join(json.dumps(sample, ensure_ascii=False) + "\n" for sample in kept).encode("utf-8", "replace")
        write_atomically(self.path, lambda file: file.write(content))


def earlier(path: Path, step: int) -> list[dict[str, Any]]:
    """Return the samples in a file before a step; a damaged file does not stop training."""
    if not path.is_file() or path.stat().st_size == 0:
        return []
    samples: list[dict[str, Any]] = []
    try:
        for place, values in objects(path):
            sample = Fields(values, place)
            if sample.whole("step") < step:
                samples.append({"step": sample.whole("step"), "text": sample.text("text")})
    except UserError as fault:
        print(f"{fault} The rest of it is replaced.", file=sys.stderr)
    return samples
