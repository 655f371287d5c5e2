"""Summarization sections of a report: extractive baselines, precision and recall, composition."""

from collections.abc import Sequence
from dataclasses import replace

from seq2seq.metrics.rouge import KINDS, REFERENCES
from seq2seq.metrics.sentences import sentences, separated
from seq2seq.plugin import Cell, Figure, Prediction, Rouge, Section, Table
from seq2seq_summarization.composition import (
    NOVEL_SIZES,
    REPEATED_SIZES,
    Composition,
    composition,
    length_ratio,
)
from seq2seq_summarization.extractive_baselines import NEIGHBOURS, ORACLE_SENTENCES

COPIED = "words copied from the document"
"""Name of a key figure."""


def sections(predictions: Sequence[Prediction]) -> list[Section]:
    """Return the sections for at least one prediction.

    Raises:
        UserError: If there are no predictions.
    """
    predictions = [
        replace(
            prediction,
            hypothesis=separated(prediction.hypothesis),
            references=tuple(map(separated, prediction.references)),
        )
        for prediction in predictions
    ]
    return [beside_neighbours(predictions), precision_and_recall(predictions), made_of(predictions)]


def beside_neighbours(predictions: Sequence[Prediction]) -> Section:
    """Return the ROUGE scores of the model and of extractive baselines."""
    documents = [prediction.source for prediction in predictions]
    references = [prediction.references for prediction in predictions]
    systems = {"this model": [prediction.hypothesis for prediction in predictions]}
    systems |= {name: extract(documents, references) for name, extract in NEIGHBOURS.items()}
    metrics = [Rouge(kind) for kind in KINDS]
    rows: list[list[Cell]] = []
    for name, summaries in systems.items():
        length = composition(summaries, documents).mean_words
        rows.append([name, *(metric.score(summaries, references) for metric in metrics), length])
    return Section(
        "Compared with simple baselines",
        [
            "Lead and longest take whole sentences of the source (of a chat its turns), each as a line; the random "
            "sentence is drawn with a fixed seed. The oracle knows the references: it picks up to "
            f"{ORACLE_SENTENCES} sentences, one at a time, that raise ROUGE-1 and ROUGE-2 most, and shows roughly "
            "how well copying whole sentences could score.",
            Table(["system", *(metric.name for metric in metrics), "words each"], rows, "Mean F1, in points of 100."),
        ],
    )


def precision_and_recall(predictions: Sequence[Prediction]) -> Section:
    """Return ROUGE precision, recall and F1; with several references, for the best one and for their mean."""
    hypotheses = [prediction.hypothesis for prediction in predictions]
    references = [prediction.references for prediction in predictions]
    rows: list[list[Cell]] = []
    ways = REFERENCES if any(len(texts) > 1 for texts in references) else REFERENCES[:1]
    for metric in (Rouge(kind, references=way) for way in ways for kind in KINDS):
        name = metric.name if metric.references == REFERENCES[0] else f"{metric.name}, mean of references"
        rows.append([name, *metric.parts(metric.statistics(hypotheses, references))])
    caption = "Superfluous words lower precision, missing words lower recall."
    if len(ways) > 1:
        caption += " With several references the one with the best F1 counts, except in rows of their mean."
    return Section("Precision and recall", [Table(["metric", "precision", "recall", "F1"], rows, caption)])


def made_of(predictions: Sequence[Prediction]) -> Section:
    """Return the composition of outputs and references."""
    sources = [prediction.source for prediction in predictions]
    references = [prediction.references for prediction in predictions]
    hypotheses = [prediction.hypothesis for prediction in predictions]
    every = [text for texts in references for text in texts]
    ratio = length_ratio(hypotheses, references)
    of_outputs = composition(hypotheses, sources)
    of_references = composition(
        every, [source for source, texts in zip(sources, references, strict=True) for _ in texts]
    )
    columns = (
        _column(hypotheses, of_outputs, "none" if ratio is None else f"{ratio:.3f}"),
        _column(every, of_references, "1.000" if ratio is not None else "none"),
    )
    figures = []
    if of_outputs.copied.whole and of_references.copied.whole:
        share = 100 * of_outputs.copied.part / of_outputs.copied.whole
        beside = f"references: {of_references.copied}"
        figures.append(Figure(COPIED, share, unit="%", higher_is_better=None, beside=beside))
    names = [
        "words each",
        "sentences each",
        "length to the references",
        "copied words",
        *(f"novel {_grams(size)}" for size in NOVEL_SIZES),
        *(f"repeated {_grams(size)}" for size in REPEATED_SIZES),
    ]
    return Section(
        "What the summaries are made of",
        [
            "Words are split as for ROUGE, without stemming; in Chinese they are characters. Sentences are split as "
            "for ROUGE-Lsum. Copied words occur in the source. Novel n-grams (runs of n words) do not; each counts "
            "once per summary. Repeated n-grams occurred earlier in the same summary.",
            Table(["what", "outputs", "references"], [list(row) for row in zip(names, *columns, strict=True)]),
        ],
        figures,
    )


def _column(texts: Sequence[str], composition: Composition, ratio: str) -> list[Cell]:
    cut = sum(len(sentences(text)) for text in texts)
    return [
        f"{composition.mean_words:.1f}",
        f"{cut / len(texts):.1f} ({cut:,} in all)",
        ratio,
        str(composition.copied),
        *map(str, (*composition.novel, *composition.repeated)),
    ]


def _grams(size: int) -> str:
    return "words" if size == 1 else f"{size}-grams"
