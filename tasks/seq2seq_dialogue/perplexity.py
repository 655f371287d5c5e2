"""Perplexity of the reference replies, per piece and per word, with and without the end token."""

import math
from collections.abc import Sequence

import numpy as np

from seq2seq.plugin import Bleu, Cell, Prediction, Section, Table
from seq2seq_dialogue.intervals import Estimate, bootstrapped

TITLE = "Perplexity of the reference replies"


def section(predictions: Sequence[Prediction], tokenize: str, *, seed: int, samples: int) -> Section:
    """Return the table of perplexities, with bootstrap intervals if `samples` is positive.

    `tokenize` is the BLEU tokenizer that splits words.
    """
    nats = np.array([-prediction.reference_log_probability for prediction in predictions])
    ends = np.array([-prediction.reference_end_log_probability for prediction in predictions])
    tokens = np.array([float(prediction.reference_tokens) for prediction in predictions])
    bleu = Bleu(tokenize)
    words = np.array(bleu.word_counts(prediction.references[0] for prediction in predictions), dtype=np.float64)
    cut = bleu.tokenizers()
    word = "word" if cut == "13a" else "character or word"
    ways = {
        "token, the end counts": (nats, tokens),
        "token, without the end": (nats - ends, tokens - 1),
        f"{word}, the end counts": (nats, words + 1),
        f"{word}, without the end": (nats - ends, words),
    }
    rows: list[list[Cell]] = []
    for name, (part, whole) in ways.items():
        if whole.sum():
            nats_each = bootstrapped(part, whole, seed=seed, samples=samples)
            rows.append([name, *_perplexity(nats_each).cells(), f"{nats_each.value:.4f}"])
    return Section(
        TITLE,
        [
            Table(["per", "perplexity", "95% interval", "nats"], rows),
            f"Tokens are the model's pieces. Words are split as for BLEU ({cut}): punctuation marks and Chinese "
            "characters are words. If the end counts, each reply has one more token or word, with its loss; "
            "publications often do not say which they report. Only values per word can be compared across "
            "vocabularies. Intervals are bootstrapped over replies.",
        ],
    )


def _perplexity(nats: Estimate) -> Estimate:
    if nats.low is None or nats.high is None:
        return Estimate(_exp(nats.value))
    return Estimate(_exp(nats.value), _exp(nats.low), _exp(nats.high))


def _exp(nats: float) -> float:
    return math.exp(min(nats, 700.0))
