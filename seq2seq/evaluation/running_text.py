"""Evaluates a language model on running text: its loss, and properties of its samples.

Losses are exact; sample statistics depend on the sampling options recorded in the recipe.
"""

import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.formats.jsonl import objects
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.evaluation.evaluate import Results
from seq2seq.evaluation.output_facts import output_facts
from seq2seq.evaluation.recipe import recipe_of
from seq2seq.evaluation.sample_statistics import variety
from seq2seq.evaluation.test_set import TestSet
from seq2seq.evaluation.text_loss import carried, windowed
from seq2seq.files.typed_values import Fields
from seq2seq.models.language_model import LanguageModel
from seq2seq.plugin.report_blocks import BITS, Cell, Figure, Html, Prediction, Quoted, Section, Table
from seq2seq.report.html.page import text
from seq2seq.report.key_figures import bootstrapped
from seq2seq.report.language import Say
from seq2seq.report.report import Likelihood, Report
from seq2seq.report.verdict import drawn

WINDOWS = 500
"""Maximum number of random windows."""
SAMPLES_FILE = "samples.jsonl"
"""File in the run folder that contains the samples of each validation."""
FEW_DOCUMENTS, SAMPLES = 10, 1_000
"""Minimum number of documents for a confidence interval, and number of bootstrap samples for it."""
_IDEOGRAPHS = r"\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Punctuation belongs to the adjacent word, in Chinese as in English.
_WORD = re.compile(rf"[^\w\s]*[{_IDEOGRAPHS}][^\w\s]*|[^\s{_IDEOGRAPHS}]+|\n")


@dataclass(frozen=True)
class RunningText:
    """A test set of running text, for a language model.

    Args:
        tested: The text, in the chunks produced by its reader.
        train: Training text to compare samples with; None if unknown.
        count: Number of samples to generate.
        window: Length of the random windows, in pieces.
        run: Run folder that contains the samples generated during training, or None.
    """

    tested: TestSet
    train: Sequence[Example] | None = None
    count: int = 20
    window: int = 256
    run: Path | None = None
    samples: ClassVar[int] = 0
    """Always 0, because there are no scores to resample."""

    def measure(self, model: LanguageModel, decoding: Decoding, *, seed: int, shown: int) -> Results:
        """Return the loss of the text, and samples without a prompt."""
        if self.count:
            model.require_plain(decoding)  # fail before reading a long text
        target = model.tokenizers.target
        ids = [token for example in self.tested.examples for token in target.encode(example.target)]
        texts = documents(self.tested.examples)
        begin = time.monotonic()
        losses = carried(model.network, ids, target, model.begin)
        seconds = time.monotonic() - begin
        likelihood = _likelihood(losses, ids, target.end, texts, ids.count(target.unknown))
        bits = _bits(losses, ids, target.end, texts, seed)
        sections = [_windows(model, ids, likelihood, bits, self.window, seed)]
        outputs = model.decode([""], decoding, count=self.count)[0] if self.count else []
        if outputs:
            learned = None if self.train is None else documents(self.train)
            sections.append(variety(outputs, texts, learned))
            sections.append(_shown("Samples", [output.text for output in outputs[:shown]]))
        if self.run is not None and (along := _along(self.run / SAMPLES_FILE, shown)):
            sections.append(along)
        predictions = tuple(_prediction(number, output) for number, output in enumerate(outputs))
        recipe = {
            **recipe_of(model, self.tested, decoding, seed=seed, samples=self.samples),
            "decoding": {"method": decoding.method(), "samples": self.count},
            "loss": {
                "tokens_per_second": round(len(ids) / max(1e-9, seconds)),
                "window": self.window,
                "window_seed": seed,
            },
        }
        draft = Report(
            title="",
            task=model.task.name,
            data=self.tested.name,
            notes=(),
            recipe=recipe,
            scores=(),
            likelihood=likelihood,
            outputs=output_facts(predictions),
            buckets=(),
            predictions=predictions,
            sections=sections,
            examples=drawn(predictions, seed, by="log probability per token") if shown else None,
        )
        return Results(draft)


def _likelihood(
    losses: NDArray[np.float32], ids: Sequence[int], end: int, texts: Sequence[str], unknown: int
) -> Likelihood:
    """Return the total loss and its explanation, from the nats of each token; `end` is the end token's id."""
    characters, ends = sum(map(len, texts)), ids.count(end)
    return Likelihood(
        float(losses.sum(dtype=np.float64)),
        ends,
        len(ids),
        characters,
        sum(len(_WORD.findall(text)) for text in texts),
        f"Negative log probability of {characters:,} characters in {len(ids):,} tokens (the model's pieces, line "
        f"breaks and {ends:,} ends of documents), each predicted from the whole text before it, with the state "
        "carried. Words are separated by spaces; each Chinese character with adjacent punctuation counts as a word, "
        "and so does each line break, like the end of a sentence in published perplexities per word. Only losses per "
        f"character and per word can be compared across vocabularies.{_unknown(unknown)}",
    )


def _bits(losses: NDArray[np.float32], ids: Sequence[int], end: int, texts: Sequence[str], seed: int) -> Figure:
    """Return the bits per character, with a bootstrap confidence interval if there are enough documents."""
    characters = np.array([float(len(text)) for text in texts])
    value = float(losses.sum(dtype=np.float64)) / max(1.0, characters.sum()) / math.log(2)
    starts = [0, *(place + 1 for place, token in enumerate(ids) if token == end)][: len(texts)]
    low: float | None = None
    high: float | None = None
    if len(starts) == len(texts) >= FEW_DOCUMENTS:
        nats = np.add.reduceat(losses.astype(np.float64), starts)
        low, high = bootstrapped(nats / math.log(2), characters, seed=seed, samples=SAMPLES)
    return Figure(BITS, value, low, high, unit="bits", higher_is_better=False, most=None)


def _unknown(count: int) -> str:
    """Return a note on unknown pieces; '' if there are none."""
    if not count:
        return ""
    return (
        f" {count:,} of the tokens are unknown: the model predicts that an unknown piece follows, but not which one, "
        "so losses per character and per word are too low."
    )


def _windows(
    model: LanguageModel, ids: Sequence[int], likelihood: Likelihood, bits: Figure, window: int, seed: int
) -> Section:
    """Return a section comparing the loss with carried state and in random windows, with the bits per character."""
    rows: list[list[Cell]] = []
    per_character = len(ids) / max(1, likelihood.characters)

    def add(name: str, nats: float) -> None:
        character = nats * per_character
        rows.append([name, f"{nats:.4f}", f"{math.exp(min(nats, 700)):.3f}", f"{character:.4f}"])
        rows[-1].append(f"{character / math.log(2):.4f}")

    add("state carried", likelihood.nats / max(1, likelihood.tokens))
    if len(ids) > 1:
        number = max(1, min(WINDOWS, 4 * len(ids) // window))
        losses = windowed(model.network, ids, model.tokenizers.target, window=window, count=number, seed=seed)
        add(f"{number:,} random windows of {losses.shape[1]:,} tokens", float(losses.mean(dtype=np.float64)))
    table = Table(["read", "nats per token", "perplexity per token", "nats per character", "bits per character"], rows)
    note = (
        "Each window is read with only the preceding piece as context, the way models with a limited context are "
        "measured. The loss per character is the loss per token times the number of tokens per character in the "
        "whole text."
    )
    return Section("State carried and random windows", [table, note], [bits])


def documents(examples: Sequence[Example]) -> list[str]:
    """Join the chunks of a text into documents; a text without end tokens is one document."""
    collected: list[list[str]] = []
    is_open = False
    for example in examples:
        if not is_open:
            collected.append([])
        collected[-1].append(plain(example.target))
        is_open = isinstance(example.target, str)  # only the last chunk of a document contains the end token
    return ["".join(chunks) for chunks in collected]


def _shown(title: str, texts: Sequence[str], names: Sequence[str] = ()) -> Section:
    """Return a section of named texts; in HTML their line breaks are kept."""
    blocks: list[str | Html] = []
    for number, written in enumerate(texts):
        name = names[number] if names else f"Sample {number + 1}"
        blocks += [Html(partial(_sample, name, written), name), Html("", Quoted(written))]
    return Section(title, blocks)


def _sample(name: str, words: str, say: Say) -> str:
    """Return a named text as HTML."""
    return f'<p>{text(say(name))}</p><pre style="white-space: pre-wrap">{text(words)}</pre>'


def _along(path: Path, shown: int) -> Section | None:
    """Return the samples of some validations: the first, the last, and others at even intervals between them."""
    if not path.is_file() or path.stat().st_size == 0 or shown < 1:
        return None
    written = [Fields(values, place) for place, values in objects(path)]
    places = sorted({round(place) for place in np.linspace(0, len(written) - 1, min(len(written), max(2, shown)))})
    chosen = [written[place] for place in places]
    names = [f"Step {sample.whole('step'):,}" for sample in chosen]
    return _shown("Samples during training", [sample.text("text") for sample in chosen], names)


def _prediction(number: int, output: Output) -> Prediction:
    return Prediction(
        index=number,
        source="",
        hypothesis=output.text,
        references=("",),
        score=output.score,
        log_probability=output.log_probability,
        reference_log_probability=0.0,
        reference_tokens=0,
        reference_characters=0,
        pieces=output.pieces,
    )
