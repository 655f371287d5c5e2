"""Corpus metrics with signatures and bootstrap intervals: BLEU, chrF and TER by sacrebleu.

A metric computes each sentence's sufficient statistics (match counts, lengths), and a score from any sum of them. So a
bootstrap sample is one matrix product of resampling counts with statistics, for every metric alike, and seeded.

References are grouped by sentence: ``references[i]`` are all references of sentence ``i``. sacrebleu expects the
transpose and checks neither nesting nor lengths, which scores a truncated corpus 100; both are checked here.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from seq2seq.amounts import amount
from seq2seq.errors import UserError
from seq2seq.metrics.script_tokenizer import BY_SCRIPT, ScriptTokenizer, has_character_words

CONFIDENCE = 0.95
"""Share of the bootstrap samples inside an interval."""
CHINESE = ("zh", "cmn", "yue", "zho")
JAPANESE = ("ja", "jpn")


@dataclass(frozen=True)
class Score:
    """One number with its recipe.

    Attributes:
        name: The metric's name.
        value: The score over the corpus.
        low: Lower end of the bootstrap interval; None without one.
        high: Upper end.
        signature: Everything that changes the number.
        unit: Unit of the number.
        higher_is_better: Its direction.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    signature: str
    unit: str = "points of 100"
    higher_is_better: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the score as a JSON-able dictionary."""
        return asdict(self)


class Metric(ABC):
    """A corpus metric that is a function of summed sentence statistics."""

    name: str
    unit: str = "points of 100"
    higher_is_better: ClassVar[bool] = True

    @abstractmethod
    def statistics(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return [sentences, numbers], the sufficient statistics of each sentence."""

    @abstractmethod
    def from_statistics(self, sums: NDArray[np.float64]) -> float:
        """Return the score of summed statistics."""

    @abstractmethod
    def signature(self) -> str:
        """Return everything that changes the number, known once something was scored."""

    def note(self) -> str:
        """Return what a reader of the last score must know besides its signature; may be empty."""
        return ""

    def score(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> float:
        """Return the score of a corpus.

        Raises:
            UserError: If there is nothing to score, lengths differ, or references are not nested by sentence.
        """
        return self.from_statistics(self.statistics(hypotheses, references).sum(0))

    def sentences(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """Return the score of each sentence as if it were a corpus."""
        return [self.from_statistics(row) for row in self.statistics(hypotheses, references)]

    def report(
        self, hypotheses: Sequence[str], references: Sequence[Sequence[str]], *, seed: int = 12345, samples: int = 1000
    ) -> Score:
        """Return the score with its bootstrap interval (Koehn 2004); 0 samples give none."""
        statistics = self.statistics(hypotheses, references)
        value = self.from_statistics(statistics.sum(0))
        low = high = None
        signature = self.signature()
        if samples:
            low, high = interval(self.resampled(statistics, resamples(len(statistics), samples, seed)))
            signature += f"|bs:{samples}|seed:{seed}"
        return Score(self.name, value, low, high, signature, self.unit, self.higher_is_better)

    def resampled(self, statistics: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of each resample.

        Args:
            statistics: [sentences, numbers].
            counts: [samples, sentences], how often each sentence is drawn.
        """
        return np.array([self.from_statistics(row) for row in counts @ statistics])


def resamples(sentences: int, samples: int, seed: int) -> NDArray[np.float64]:
    """Return [samples, sentences]: how often each bootstrap sample draws each sentence."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(sentences, np.full(sentences, 1 / sentences), size=samples).astype(np.float64)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the ends of the middle 95 % of the values of bootstrap samples."""
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail]).tolist()
    return low, high


def checked(hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> None:
    """Refuse inputs that cannot be scored.

    Raises:
        UserError: If so; names the mismatch.
    """
    if isinstance(hypotheses, str) or any(isinstance(one, str) for one in references):
        raise UserError("Outputs are a list of texts and references a list of lists, one inner list per output.")
    if len(hypotheses) != len(references):
        raise UserError(f"{amount(len(hypotheses), 'output')} came with references for {len(references):,}.")
    if not hypotheses:
        raise UserError("There is nothing to score: the list of outputs is empty.")
    if not all(references):
        place = next(number for number, one in enumerate(references, 1) if not one)
        raise UserError(f"Sentence {place:,} has no reference.")


class SacrebleuMetric(Metric):
    """Shared by the three metrics of sacrebleu."""

    scorer: BLEU | CHRF | TER

    def statistics(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return sacrebleu's own statistics of each sentence."""
        checked(hypotheses, references)
        return _statistics(self.scorer, hypotheses, references)

    def from_statistics(self, sums: NDArray[np.float64]) -> float:
        """Return sacrebleu's score of summed statistics."""
        numbers = sums.tolist()
        if not isinstance(self.scorer, TER):
            numbers = [round(number) for number in numbers]
        return float(self.scorer._compute_score_from_stats(numbers).score)

    def signature(self) -> str:
        """Return sacrebleu's own signature."""
        return f"{self.name}|{self.scorer.get_signature()}"


class Bleu(SacrebleuMetric):
    """BLEU (Papineni et al. 2002).

    Args:
        tokenize: sacrebleu's tokenizer: '13a' for most languages, 'zh' for Chinese, 'char' for scripts without spaces;
            or 'script', which chooses by the script of each text (`seq2seq.metrics.script_tokenizer`).
        order: Length of the longest n-gram.
    """

    name = "BLEU"
    scorer: BLEU

    def __init__(self, tokenize: str = "13a", order: int = 4) -> None:
        self.tokenize = tokenize
        is_by_script = tokenize == BY_SCRIPT
        # `force`: sacrebleu's advice about tokenized text goes to stderr and names neither file nor system.
        self.scorer, self.sentence_scorer = (
            # A sentence shorter than four words has no 4-grams: it is scored by the orders that it has.
            BLEU(
                tokenize="none" if is_by_script else tokenize,
                max_ngram_order=order,
                effective_order=is_sentence,
                force=True,
            )
            for is_sentence in (False, True)
        )
        if is_by_script:
            self.scorer.tokenizer = ScriptTokenizer()

    def word_counts(self, texts: Iterable[str]) -> list[int]:
        """Return the number of words of each text; punctuation marks are words."""
        return [len(self.scorer._preprocess_segment(text).split()) for text in texts]

    def tokenizers(self) -> str:
        """Return the tokenizer; with 'script' those used so far, as in ``13a+zh``."""
        return str(self.scorer.tokenizer.signature())

    def signature(self) -> str:
        """Return sacrebleu's own signature; with 'script' it names the tokenizers used so far."""
        self.scorer.tokenizer_signature = self.tokenizers()
        return super().signature()

    def sentences(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """Return the BLEU of each sentence, by the orders that it has."""
        rows = self.statistics(hypotheses, references).astype(int).tolist()
        return [float(self.sentence_scorer._compute_score_from_stats(row).score) for row in rows]


class ChrF(SacrebleuMetric):
    """chrF (Popovic 2015): character n-grams, so the same for every script."""

    name = "chrF"

    def __init__(self) -> None:
        self.scorer = CHRF()


class Ter(SacrebleuMetric):
    """TER (Snover et al. 2006): edits per reference word; for Chinese per character.

    Args:
        asian: Whether to split Chinese and Japanese into characters; None: only if a reference has such characters.
    """

    name = "TER"
    higher_is_better = False
    UNITS: ClassVar[tuple[str, str]] = "edits per 100 words", "edits per 100 characters"

    def __init__(self, asian: bool | None = False) -> None:
        self.asian = asian
        self.scorers = TER(), TER(normalized=True, asian_support=True)
        self.scorer = self.scorers[bool(asian)]
        self._used = [bool(asian)]
        self.unit = self.UNITS[bool(asian)]

    def statistics(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return sacrebleu's own statistics of each sentence."""
        if self.asian is not None:
            return super().statistics(hypotheses, references)
        checked(hypotheses, references)
        is_asian = np.array([any(map(has_character_words, one)) for one in references])
        found = np.zeros((len(hypotheses), 2))
        self._used = [kind for kind in (False, True) if (is_asian == kind).any()]
        for kind in self._used:
            rows: list[int] = np.flatnonzero(is_asian == kind).tolist()
            chosen = [hypotheses[row] for row in rows], [references[row] for row in rows]
            found[rows] = _statistics(self.scorers[kind], *chosen)
        self.unit = self.UNITS[self._used[0]] if len(self._used) == 1 else "edits per 100 words or characters"
        return found

    def signature(self) -> str:
        """Return sacrebleu's own signature; fields that differ between sentences have both values."""
        fields = [str(self.scorers[kind].get_signature()).split("|") for kind in self._used]
        joined = [
            "+".join([one[0], *(other.partition(":")[2] for other in one[1:] if other != one[0])])
            for one in zip(*fields, strict=True)
        ]
        return "|".join([self.name, *joined])


def bleu_for(language: str) -> Bleu:
    """Return BLEU with the tokenizer that a target language needs.

    Args:
        language: ISO code such as 'zh' or 'de'; with '' (unknown, or several languages) each text is tokenized by its
            script.
    """
    code = _code(language)
    if not code:
        return Bleu(BY_SCRIPT)
    if code in CHINESE:
        return Bleu("zh")
    # sacrebleu's tokenizers for these are extras; characters need no word boundaries.
    return Bleu("char" if code in (*JAPANESE, "ko", "th", "lo", "km", "my", "kor") else "13a")


def ter_for(language: str) -> Ter:
    """Return TER by characters for Chinese and Japanese, and by words for the others.

    Args:
        language: See :func:`bleu_for`.
    """
    code = _code(language)
    return Ter(asian=code in (*CHINESE, *JAPANESE) if code else None)


def _code(language: str) -> str:
    """Return the language of a code with a region or a script, such as zh-CN."""
    return language.lower().split("-")[0].split("_")[0]


def _statistics(
    scorer: BLEU | CHRF | TER, hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.float64]:
    most = max(map(len, references))
    # If a sentence has fewer references than others, sacrebleu takes None.
    streams = [[one[place] if place < len(one) else None for one in references] for place in range(most)]
    found = scorer._extract_corpus_statistics(hypotheses, streams)  # type: ignore[arg-type]
    return np.array(found, dtype=np.float64)
