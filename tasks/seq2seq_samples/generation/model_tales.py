"""Measure known words and memorised runs in tales that a model generates."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from seq2seq.corpus.languages import language_of_script
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions
from seq2seq.metrics.longest_copies import Source
from seq2seq_samples.generation.grammar import Tale
from seq2seq_samples.generation.tales import words_in, words_of

if TYPE_CHECKING:
    from seq2seq.models.language_model import LanguageModel


@dataclass(frozen=True)
class ModelTales:
    """A model's tales in one language.

    Attributes:
        texts: The tales.
        words: Number of English words or Chinese characters.
        known: Number of these that occur in the training tales of the language.
        copied: Longest run of characters that occurs in a training tale.
    """

    texts: Sequence[str]
    words: int
    known: int
    copied: str

    @property
    def percent(self) -> float:
        """Percentage of known words; 0 without words."""
        return 100 * self.known / self.words if self.words else 0.0


def compare(texts: Sequence[str], train: Sequence[Tale]) -> dict[str, ModelTales]:
    """Compare a model's texts with the training tales of their language.

    English words in a Chinese text, and Chinese characters in an English one, count as unknown.

    Returns:
        Results by language, including languages without texts.
    """
    results = {}
    for language, script in (("en", ""), ("zh", "zh")):
        learned = [tale for tale in train if tale.language == language]
        vocabulary = set(chain.from_iterable(map(words_of, learned)))
        mine = [text for text in texts if language_of_script([text]) == script]
        words = [word for text in mine for words in words_in(text).values() for word in words]
        copied = Source([tale.text for tale in learned]).longest_run(mine).text if mine else ""
        results[language] = ModelTales(mine, len(words), sum(word in vocabulary for word in words), copied)
    return results


def sampled(model: "LanguageModel", count: int, drawing: SamplingOptions) -> list[str]:
    """Return `count` tales that a model generates without a prompt."""
    return [output.text for output in model.decode([""], Decoding(model.search, drawing, count=count))[0]]
