"""Measures what fine-tuning makes a model forget: scores on an old test set of the starting model and the new one."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from seq2seq.amounts import amount
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.evaluation.pairs import decoded, likelihoods, texts_of
from seq2seq.files.atomic_files import write_atomically
from seq2seq.metrics.metric import Score
from seq2seq.metrics.scored_texts import ScoredTexts
from seq2seq.models import bundle
from seq2seq.models.bundle_config import StoredScore
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.progress import Progress

FILE = "forgetting.json"
"""Name of the file with the result in the run folder."""


@dataclass(frozen=True)
class Forgetting:
    """Results of two models on one test set.

    Args:
        files: The test set.
        examples: Number of its examples.
        models: Paths of the starting model and the new one.
        before: Scores of the starting model; the last is the loss of the references.
        after: Scores of the new model, in the same order.
    """

    files: tuple[str, ...]
    examples: int
    models: tuple[str, str]
    before: tuple[Score, ...]
    after: tuple[Score, ...]

    def lines(self) -> list[str]:
        """Return the result as a table."""
        rows = [("", "before", "after", "change")]
        for old, new in zip(self.before, self.after, strict=True):
            rows.append((old.name, _shown(old), _shown(new), f"{new.value - old.value:+.2f}"))
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        table = ["  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in rows]
        title = f"Old test set {' '.join(self.files)} ({amount(self.examples, 'example')}):"
        return [title, *(f"  {row}" for row in table)]

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON-serializable values."""
        sides = {"before": self.before, "after": self.after}
        return {
            "files": list(self.files),
            "examples": self.examples,
            **{
                name: {"model": model, "scores": [vars(score) for score in scores]}
                for model, (name, scores) in zip(self.models, sides.items(), strict=True)
            },
        }

    def stored(self) -> tuple[StoredScore, ...]:
        """Return the scores for the model card."""
        sides = (("before fine-tuning", self.before), ("after fine-tuning", self.after))
        return tuple(
            StoredScore(score.name, score.value, score.signature, f"old test set, {when}")
            for when, scores in sides
            for score in scores
        )


def measure(
    base: str, new: Path, files: Sequence[str], fields: Reader, report: Callable[[str], None] = lambda text: None
) -> Forgetting:
    """Evaluate the starting model and the new one on a test set, each with its own decoding options.

    Args:
        base: The starting model, as named by ``--init_from``.
        new: The folder of the new model, as the user named it.
        files: The test set.
        fields: Reader whose field names describe the files.
        report: Called with a description of each step.

    Raises:
        UserError: If a model or the test set cannot be read.
    """
    results, count = [], 0
    for name in (base, str(new)):
        model = load(name)
        reader = replace(model.bundle.config.reader, source_field=fields.source_field, target_field=fields.target_field)
        examples = list(reader.read([Path(file) for file in files]))
        if not any(plain(example.target).strip() for example in examples):
            raise UserError(f"--old_test {files[-1]} contains only blank lines: there is nothing to score.")
        report(f"Evaluating {name} on the old test set ...")
        results.append(_scores(model, examples))
        count = len(examples)
    return Forgetting(tuple(files), count, (base, str(new)), *results)


def save(result: Forgetting, run: Path, model: Path) -> None:
    """Write the result into the run folder and into the model card."""
    text = json.dumps(result.to_json(), ensure_ascii=False, indent=2) + "\n"
    write_atomically(run / FILE, lambda file: file.write(text.encode("utf-8")))
    loaded = bundle.load(model)
    training = loaded.config.training
    config = replace(loaded.config, training=replace(training, scores=(*training.scores, *result.stored())))
    bundle.save(model, loaded.torch_network, config, loaded.tokenizers)


def _scores(model: LoadedModel, examples: Sequence[Example]) -> tuple[Score, ...]:
    """Return the task's metrics and the loss of the references."""
    progress = Progress()
    scores: list[Score] = []
    if isinstance(model, LanguageModel):
        likely = model.score([example.target for example in examples])
    else:
        assert isinstance(model, SourceModel)
        likely = likelihoods(model, examples)

        def show(done: int) -> None:
            if progress.is_due:
                progress.write(f"{done:,} of {amount(len(examples), 'example')}")

        outputs = decoded(model, examples, model.decoding, show)
        hypotheses, _ = ScoredTexts().prepared([output.text for output in outputs], "Outputs")
        references, _ = ScoredTexts().prepared_references(list(map(texts_of, examples)), "References")
        method = model.decoding.method()
        for metric in model.task.metrics(model.reader):
            score = metric.report(hypotheses, references)
            scores.append(replace(score, signature=f"{score.signature}|{method}"))
    progress.end()
    # Models with different tokenizers can be compared by characters, but not by tokens.
    characters = sum(pair.characters for pair in likely)
    bits = math.fsum(-pair.log_probability for pair in likely) / math.log(2) / max(1, characters)
    unit = "bits per character"
    return (*scores, Score(unit, bits, None, None, "of the references", unit, higher_is_better=False))


def _shown(score: Score) -> str:
    interval = "" if score.low is None or score.high is None else f" [{score.low:.2f}, {score.high:.2f}]"
    return f"{score.value:.2f}{interval}"
