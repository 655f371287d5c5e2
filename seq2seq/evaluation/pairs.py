"""Evaluates a model on sources with references: decodes, scores, and chooses the examples to show."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.truncation import Truncation
from seq2seq.decoding.left_to_right import StepCallback
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.decoding.output import Output, PairScore
from seq2seq.evaluation.evaluate import Results
from seq2seq.evaluation.output_facts import by_length, chosen, output_facts
from seq2seq.evaluation.recipe import identity, recipe_of
from seq2seq.evaluation.test_set import TestSet
from seq2seq.metrics.sacrebleu_metrics import ChrF
from seq2seq.metrics.scored_texts import ScoredTexts, tokenized_note
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.report import Likelihood, Report
from seq2seq.report.verdict import drawn

CHUNK = 256
"""Number of examples per call of the model: enough for full batches, few enough for regular progress updates."""
ATTENTION_CELLS = 60_000
"""Maximum number of cells of an attention matrix in the report; larger ones would be unreadable."""


@dataclass(frozen=True)
class Pairs:
    """A test set of sources with references.

    Args:
        tested: The examples.
        scored: Normalisation of outputs and references for scoring and for the report.
        samples: Number of bootstrap samples; 0 omits confidence intervals.
        reverse: Reverse model for ranking candidates, if the decoding needs one.
        progress: Called with the number of examples decoded so far.
        watch: Called with the progress of the current search; see `beam_search`.
    """

    tested: TestSet
    scored: ScoredTexts = field(default_factory=ScoredTexts)
    samples: int = 1000
    reverse: SourceModel | None = None
    progress: Callable[[int], None] = lambda done: None
    watch: StepCallback | None = None

    def measure(self, model: SourceModel, decoding: Decoding, *, seed: int, shown: int) -> Results:
        """Return the model's outputs, their scores, and the losses of the references."""
        examples, scored = self.tested.examples, self.scored
        options = replace(decoding, search=replace(of_sources(decoding.search), n_best=1), count=1)
        begin = time.monotonic()
        outputs = decoded(model, examples, options, self.progress, self.reverse, self.watch)
        seconds = time.monotonic() - begin
        likely = likelihoods(model, examples)
        hypotheses, of_outputs = scored.prepared([output.text for output in outputs], "Outputs")
        references, of_references = scored.prepared_references(
            [texts_of(example) for example in examples], "References"
        )
        chrf = ChrF().sentences(hypotheses, references)
        rows = zip(examples, outputs, likely, hypotheses, references, chrf, strict=True)
        predictions = [_prediction(index, *row) for index, row in enumerate(rows)]
        worst, typical, best = chosen(predictions, shown)
        three = drawn(predictions, seed) if shown else None
        numbers = [number for _, number in three.rows()] if three else []
        numbers = list(dict.fromkeys([*numbers, *worst, *typical, *best]))
        attend = partial(with_attention, model, examples, outputs)
        metrics = model.task.metrics(model.reader)
        notes = [truncation_note(model, examples, outputs), of_outputs, of_references]
        if any(metric.name == "BLEU" for metric in metrics):
            notes.append(tokenized_note({"this model": hypotheses}, references))
        fused = model.language_model
        recipe = {
            **recipe_of(model, self.tested, options, seed=seed, samples=self.samples),
            "reverse": identity(self.reverse) if self.reverse else None,
            "language_model": {**identity(fused), "weight": f"{model.language_weight:g}"} if fused else None,
            "scored_texts": scored.recipe(),
            "decoding": {
                "method": options.method(),
                "seconds": round(seconds, 2),
                "sentences_per_second": round(len(outputs) / max(1e-9, seconds), 2),
            },
        }
        draft = Report(
            title="",
            task=model.task.name,
            data=self.tested.name,
            notes=tuple(notes),
            recipe=recipe,
            scores=tuple(metric.report(hypotheses, references, seed=seed, samples=self.samples) for metric in metrics),
            likelihood=Likelihood(
                math.fsum(-pair.log_probability for pair in likely),
                len(likely),
                sum(pair.tokens for pair in likely),
                sum(pair.characters for pair in likely),
            ),
            outputs=output_facts(predictions),
            buckets=tuple(by_length(metrics[0], predictions, seed=seed, samples=self.samples)),
            predictions=tuple(attend(predictions, numbers)),
            worst=worst,
            typical=typical,
            best=best,
            examples=three,
        )
        return Results(draft, attend)


def texts_of(example: Example) -> tuple[str, ...]:
    """Return the references of an example, or its target if it lists none."""
    return example.references or (plain(example.target),)


def decoded(
    model: SourceModel,
    examples: Sequence[Example],
    decoding: Decoding,
    progress: Callable[[int], None],
    reverse: SourceModel | None = None,
    watch: StepCallback | None = None,
) -> list[Output]:
    """Return the best output for each example."""
    best: dict[int, Output] = {}
    for rows in _chunks(examples):
        # Sampling depends on the example's index, not on the order of decoding.
        sources = [examples[row] for row in rows]
        outputs = model.decode(sources, decoding, reverse=reverse, numbers=rows, split=False, watch=watch)
        for row, candidates in zip(rows, outputs, strict=True):
            best[row] = candidates[0]
        progress(len(best))
    return [best[row] for row in range(len(examples))]


def truncation_note(model: SourceModel, examples: Sequence[Example], outputs: Sequence[Output]) -> str:
    """Return a note on truncated sources; '' if none was truncated."""
    truncation = Truncation(model.reader.max_source_pieces)
    for example, output in zip(examples, outputs, strict=True):
        truncation.count(len(output.source_pieces) + output.lost, output.lost, example.place)
    return truncation.sentence()


def likelihoods(model: SourceModel, examples: Sequence[Example]) -> list[PairScore]:
    """Return the log probabilities of the examples' targets."""
    scores: dict[int, PairScore] = {}
    for rows in _chunks(examples):
        pairs = [examples[row] for row in rows]
        scores.update(zip(rows, model.score(pairs, pairs), strict=True))
    return [scores[row] for row in range(len(examples))]


def with_attention(
    model: SourceModel,
    examples: Sequence[Example],
    outputs: Sequence[Output],
    predictions: Sequence[Prediction],
    numbers: Sequence[int],
) -> list[Prediction]:
    """Return all predictions, with attention and copied fractions added at the indices `numbers`.

    The attention is recomputed for these outputs, so it need not be stored for all outputs during decoding.
    """
    result = list(predictions)
    aligned = model.aligned([examples[number] for number in numbers], [outputs[number] for number in numbers])
    for number, output in zip(numbers, aligned, strict=True):
        weights = output.attention
        result[number] = replace(result[number], copied=output.copied)
        if weights is not None and weights.size <= ATTENTION_CELLS:
            rows = tuple(tuple(row) for row in weights.tolist()[: len(output.pieces)])
            result[number] = replace(result[number], attention=rows)
    return result


def _prediction(
    index: int,
    example: Example,
    output: Output,
    likely: PairScore,
    hypothesis: str,
    references: Sequence[str],
    chrf: float,
) -> Prediction:
    return Prediction(
        index=index,
        source=plain(example.source),
        hypothesis=hypothesis,
        references=tuple(references),
        score=output.score,
        log_probability=output.log_probability,
        reference_log_probability=likely.log_probability,
        reference_tokens=likely.tokens,
        reference_characters=likely.characters,
        pieces=output.pieces,
        source_pieces=output.source_pieces,
        chrf=chrf,
        place=example.place,
        reference_end_log_probability=likely.end_log_probability,
    )


def _chunks(examples: Sequence[Example]) -> Iterator[list[int]]:
    """Yield chunks of indices of examples of similar length.

    The longest examples come first, so if memory is too small, it runs out at the start.
    """
    order = sorted(range(len(examples)), key=lambda row: -len(plain(examples[row].source)))
    for start in range(0, len(order), CHUNK):
        yield order[start : start + CHUNK]
