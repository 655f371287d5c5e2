"""Evaluation of language models of running text: loss of a text, and properties of samples.

Losses are exact; statistics of samples depend on the sampling options, which the recipe records.
"""

import math
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.formats.jsonl import objects
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.decoding.text_loss import carried, windowed
from seq2seq.evaluation.pairs import curves, recipe_of
from seq2seq.evaluation.test_set import TestSet
from seq2seq.files.typed_values import Fields
from seq2seq.metrics.longest_copies import Source
from seq2seq.metrics.rouge import words
from seq2seq.models.language_model import LanguageModel
from seq2seq.options import require
from seq2seq.plugin.report_blocks import BITS, Cell, Figure, Html, Prediction, Quoted, Section, Table
from seq2seq.report.error_summary import repeats
from seq2seq.report.figures import bootstrapped, measured
from seq2seq.report.html.page import text
from seq2seq.report.report import Likelihood, OutputFacts, Report
from seq2seq.report.verdict import drawn, verdict
from seq2seq.report.words.language import Say

WINDOWS = 500
"""Random windows that are read, fewer for a short text."""
TRAIN_CHARACTERS = 50_000_000
"""Characters of the training text that are searched for copied runs."""
SAMPLES_FILE = "samples.jsonl"
"""In a run folder: samples written at each validation."""
DISTINCT, COPIED = "different pairs of words", "longest copied run"
"""Names of figures of samples."""
LIKELY = "log probability per token"
"""Criterion for ranking samples, which have no references."""
FEW_DOCUMENTS, SAMPLES = 10, 1_000
"""Fewer documents get no interval; and the number of bootstrap samples."""
_IDEOGRAPHS = r"\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Punctuation is part of the adjacent word, in Chinese as in English.
_WORD = re.compile(rf"[^\w\s]*[{_IDEOGRAPHS}][^\w\s]*|[^\s{_IDEOGRAPHS}]+|\n")


def evaluate_text(
    model: LanguageModel,
    tested: TestSet,
    decoding: Decoding | None = None,
    *,
    train: Sequence[Example] | None = None,
    seed: int = 12345,
    count: int = 20,
    shown: int = 5,
    window: int = 256,
    run: Path | None = None,
    command: str = "",
) -> Report:
    """Evaluate a model on a text.

    Args:
        model: The model.
        tested: The text, in chunks as its reader makes them.
        decoding: Decoding options of the samples; by default the model's own.
        train: The training text, to compare samples with; None if unknown.
        seed: Seed of windows; samples have that of their sampling options.
        count: Number of samples to write.
        shown: Samples that are shown.
        window: Pieces of random windows.
        run: The run folder that has the learning curves; None without one.
        command: The command that repeats this, for the report.

    Raises:
        UserError: If a number is negative, or the options cannot be used for samples.
    """
    require(seed >= 0, f"seed is {seed}, but it must not be negative.")
    decoding = decoding or model.decoding
    if count:
        model.require_plain(decoding)  # before a long text is read
    target = model.tokenizers.target
    ids = [token for example in tested.examples for token in target.encode(example.target)]
    texts = documents(tested.examples)
    characters = sum(map(len, texts))
    begin = time.monotonic()
    losses = carried(model.network, ids, target, model.begin)
    seconds = time.monotonic() - begin
    ends = ids.count(target.end)
    likelihood = Likelihood(
        float(losses.sum(dtype=np.float64)),
        ends,
        len(ids),
        characters,
        sum(len(_WORD.findall(text)) for text in texts),
        f"Negative log probability of {characters:,} characters in {len(ids):,} tokens (the model's pieces, line "
        f"breaks and {ends:,} ends of documents), each predicted from everything before it, with the state carried. "
        "Words are separated by spaces; each Chinese character with adjacent punctuation is one, and so is each line "
        "break, like the end of a sentence in published perplexities per word. Only losses per "
        f"character and per word compare between vocabularies.{_unknown(ids.count(target.unknown))}",
    )
    outputs = _written(model, decoding, count)
    recipe = {
        **recipe_of(model, tested, decoding, None, seed=seed, samples=0, command=command),
        "decoding": {"method": decoding.method(), "samples": count},
        "loss": {"tokens_per_second": round(len(ids) / max(1e-9, seconds)), "window": window, "window_seed": seed},
    }
    sections = [_windows(model, ids, characters, likelihood, window, seed)]
    if outputs:
        sections += [_variety(outputs, texts, train), _shown("Samples", [one.text for one in outputs[:shown]])]
    if run is not None and (along := _along(run / SAMPLES_FILE, shown)):
        sections.append(along)
    predictions = [_prediction(number, one) for number, one in enumerate(outputs)]
    sections[0] = replace(sections[0], figures=[_bits(losses, ids, target.end, texts, seed)])
    figures = tuple(model.task.key_figures(measured((), sections, likelihood, (), seed=seed, samples=0)))
    return Report(
        title=f"{model.task.name.capitalize()}: {tested.name}",
        task=model.task.name,
        data=tested.name,
        notes=(tested.note,) if tested.note else (),
        recipe=recipe,
        scores=(),
        likelihood=likelihood,
        outputs=OutputFacts(
            sum(not one.text.strip() for one in outputs),
            sum(repeats(one.pieces) for one in outputs),
            sum(len(one.text) for one in outputs),
            0,
        ),
        buckets=(),
        predictions=tuple(predictions),
        curves=curves(run / "metrics.csv") if run else None,
        sections=sections,
        figures=figures,
        verdict=verdict(figures),
        examples=drawn(predictions, seed, by=LIKELY) if shown else None,
    )


def _bits(losses: NDArray[np.float32], ids: Sequence[int], end: int, texts: Sequence[str], seed: int) -> Figure:
    """Return the bits per character, with a bootstrap interval over documents if there are enough.

    Args:
        losses: [tokens], nats of each.
        ids: The tokens.
        end: The id of a document's end.
        texts: The documents.
        seed: Seed of the bootstrap.
    """
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
    """Return the note about unknown pieces; '' if there are none."""
    if not count:
        return ""
    return (
        f" {count:,} of the tokens are unknown: the model predicts that an unknown piece comes, but not which, so "
        "losses per character and per word are too low."
    )


def _windows(
    model: LanguageModel, ids: Sequence[int], characters: int, likelihood: Likelihood, window: int, seed: int
) -> Section:
    """Return the losses with the state carried and in random windows, side by side."""
    rows: list[list[Cell]] = []
    per_character = len(ids) / max(1, characters)

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
        "Each window is read with only the previous piece as context, as models with a limited context are measured. "
        "Losses per character are those per token times the tokens per character of the whole text."
    )
    return Section("State carried and random windows", [table, note])


def _written(model: LanguageModel, decoding: Decoding, count: int) -> list[Output]:
    """Return samples without a prompt."""
    return model.samples([""], decoding, count=count)[0] if count else []


def documents(examples: Sequence[Example]) -> list[str]:
    """Return the documents of a text that comes in chunks; one if it has no ends."""
    found: list[list[str]] = []
    is_open = False
    for example in examples:
        if not is_open:
            found.append([])
        found[-1].append(plain(example.target))
        is_open = isinstance(example.target, str)  # the last chunk of a document has its end
    return ["".join(chunks) for chunks in found]


def _variety(outputs: Sequence[Output], texts: Sequence[str], train: Sequence[Example] | None) -> Section:
    """Return statistics of samples: repetition and variety beside the reference text, new words and copied runs."""
    samples = [one.text for one in outputs]
    spoken, read = [words(one) for one in samples], [words(one) for one in texts]
    size = min(sum(map(len, spoken)), sum(map(len, read)))
    # on equally many words, since distinct-n falls with their number
    spoken, read = _first(spoken, size), _first(read, size)
    rows: list[list[Cell]] = [["words", f"{size:,}", f"{size:,}"]]
    for length in (1, 2, 3):
        rows.append(
            [
                f"distinct-{length} (of 100 {length}-grams)",
                _share(_distinct(spoken, length)),
                _share(_distinct(read, length)),
            ]
        )
    rows.append(["repeated runs of 4 words, of 100", _share(_repeated(spoken, 4)), _share(_repeated(read, 4))])
    pairs, read_pairs = _distinct(spoken, 2), _distinct(read, 2)
    beside = f"reference text: {_share(read_pairs)}"
    figures = [Figure(DISTINCT, pairs, unit="of 100", higher_is_better=None, beside=beside, digits=1)]
    blocks: list[str | Table] = []
    if train is not None:
        learnt = _bounded(train)
        known = set(words("\n".join(learnt)))
        rows.append(
            ["words known from the training text, of 100", _share(_known(spoken, known)), _share(_known(read, known))]
        )
        source = Source(learnt)
        found, natural = source.longest_run(samples), source.longest_run(_first(texts, sum(map(len, samples))))
        figures.append(
            Figure(
                COPIED,
                len(found.text),
                unit="characters",
                higher_is_better=None,
                most=None,
                beside=f"reference text: {len(natural.text):,}",
                digits=0,
            )
        )
        rows.append(["longest run copied from the training text, characters", len(found.text), len(natural.text)])
        if found.text:
            blocks.append(f"Copied, in sample {found.sample + 1}: “{found.text}”")
        if sum(map(len, learnt)) < sum(len(plain(one.target)) for one in train):
            blocks.append(f"Only the first {TRAIN_CHARACTERS:,} characters of the training text were searched.")
    table = Table(["what", "samples", "reference text"], [[str(cell) for cell in row] for row in rows])
    note = (
        f"{len(samples):,} samples beside an equal amount of the reference text. Words are those of ROUGE: in lower "
        "case, "
        "without punctuation, Chinese by character. Runs do not span samples."
    )
    return Section("Samples beside the reference text", [table, note, *blocks], figures)


def _bounded(train: Sequence[Example]) -> list[str]:
    """Return the documents of the training text, up to `TRAIN_CHARACTERS`."""
    return _first(documents(train), TRAIN_CHARACTERS)


Cut = TypeVar("Cut", str, tuple[str, ...])


def _first(texts: Sequence[Cut], size: int) -> list[Cut]:
    """Return the first of some texts, or of their words, up to a number of characters or words in all."""
    found = []
    for one in texts:
        if size <= 0:
            break
        found.append(one[:size])
        size -= len(one)
    return found


def _runs(spoken: Sequence[Sequence[str]], length: int) -> list[list[tuple[str, ...]]]:
    return [[tuple(one[place : place + length]) for place in range(len(one) - length + 1)] for one in spoken]


def _distinct(spoken: Sequence[Sequence[str]], length: int) -> float:
    """Return distinct runs per 100 runs."""
    found = [run for runs in _runs(spoken, length) for run in runs]
    return 100 * len(set(found)) / max(1, len(found))


def _repeated(spoken: Sequence[Sequence[str]], length: int) -> float:
    """Return the runs per 100 that occurred earlier in the same text."""
    runs = _runs(spoken, length)
    again = sum(sum(times - 1 for times in Counter(one).values()) for one in runs)
    return 100 * again / max(1, sum(map(len, runs)))


def _known(spoken: Sequence[Sequence[str]], known: set[str]) -> float:
    """Return the known words per 100 words."""
    said = [word for one in spoken for word in one]
    return 100 * sum(word in known for word in said) / max(1, len(said))


def _share(value: float) -> str:
    return f"{value:.1f}"


def _shown(title: str, texts: Sequence[str], names: Sequence[str] = ()) -> Section:
    """Return texts with their line breaks; in the forms without HTML, each after a paragraph with its name."""
    blocks: list[str | Html] = []
    for number, written in enumerate(texts):
        name = names[number] if names else f"Sample {number + 1}"
        blocks += [Html(partial(_sample, name, written), name), Html("", Quoted(written))]
    return Section(title, blocks)


def _sample(name: str, words: str, say: Say) -> str:
    """Return a text as HTML, with its name."""
    return f'<p>{text(say(name))}</p><pre style="white-space: pre-wrap">{text(words)}</pre>'


def _along(path: Path, shown: int) -> Section | None:
    """Return samples written during training: of some validations, evenly over the run, with the first and the last."""
    if not path.is_file() or path.stat().st_size == 0 or shown < 1:
        return None
    found = [Fields(values, place) for place, values in objects(path)]
    places = sorted({round(place) for place in np.linspace(0, len(found) - 1, min(len(found), max(2, shown)))})
    chosen = [found[place] for place in places]
    names = [f"Step {one.whole('step'):,}" for one in chosen]
    return _shown("Samples along training", [one.text("text") for one in chosen], names)


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
