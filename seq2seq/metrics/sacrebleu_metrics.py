"""BLEU, chrF and TER by sacrebleu.

sacrebleu expects references transposed and checks neither nesting nor lengths, so a truncated corpus could score 100.
These metrics check both.
"""

from collections.abc import Iterable, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF
from sacrebleu.metrics.ter import TER

from seq2seq.metrics.metric import Metric, checked
from seq2seq.metrics.script_tokenizer import BY_SCRIPT, ScriptTokenizer, has_character_words

CHINESE = ("zh", "cmn", "yue", "zho")
JAPANESE = ("ja", "jpn")


class SacrebleuMetric(Metric):
    """Base class of the sacrebleu metrics."""

    scorer: BLEU | CHRF | TER

    def statistics(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return sacrebleu's statistics of each sentence."""
        checked(hypotheses, references)
        return _statistics(self.scorer, hypotheses, references)

    def from_statistics(self, sums: NDArray[np.float64]) -> float:
        """Return sacrebleu's score computed from summed statistics."""
        numbers = sums.tolist()
        if not isinstance(self.scorer, TER):
            numbers = [round(number) for number in numbers]
        return float(self.scorer._compute_score_from_stats(numbers).score)

    def signature(self) -> str:
        """Return sacrebleu's signature."""
        return f"{self.name}|{self.scorer.get_signature()}"


class Bleu(SacrebleuMetric):
    """BLEU (Papineni et al. 2002).

    Args:
        tokenize: sacrebleu's tokenizer: '13a' for most languages, 'zh' for Chinese, 'char' for scripts without spaces;
            or 'script' to choose by the script of each text (`seq2seq.metrics.script_tokenizer`).
        order: Maximum n-gram length.
    """

    name = "BLEU"
    scorer: BLEU

    def __init__(self, tokenize: str = "13a", order: int = 4) -> None:
        self.tokenize = tokenize
        is_by_script = tokenize == BY_SCRIPT
        # `force` disables sacrebleu's warning about tokenized text, because it names neither the file nor the system.
        self.scorer, self.sentence_scorer = (
            # A sentence shorter than four words has no 4-grams, so only its lower orders are scored.
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
        """Return the number of words of each text, counting punctuation marks."""
        return [len(self.scorer._preprocess_segment(text).split()) for text in texts]

    def tokenizers(self) -> str:
        """Return the tokenizer's name; for 'script', the tokenizers used so far, such as ``13a+zh``."""
        return str(self.scorer.tokenizer.signature())

    def signature(self) -> str:
        """Return sacrebleu's signature; with 'script' it lists the tokenizers used so far."""
        self.scorer.tokenizer_signature = self.tokenizers()
        return super().signature()

    def sentences(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """Return the BLEU of each sentence, with effective n-gram order."""
        rows = self.statistics(hypotheses, references).astype(int).tolist()
        return [float(self.sentence_scorer._compute_score_from_stats(row).score) for row in rows]


class ChrF(SacrebleuMetric):
    """chrF (Popovic 2015): F-score of character n-grams, which needs no tokenizer."""

    name = "chrF"

    def __init__(self) -> None:
        self.scorer = CHRF()


class Ter(SacrebleuMetric):
    """TER (Snover et al. 2006): edits per reference word, or per character for Chinese and Japanese.

    Args:
        asian: Whether to split Chinese and Japanese into characters; None decides by the references of each sentence.
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
        """Return sacrebleu's statistics of each sentence."""
        if self.asian is not None:
            return super().statistics(hypotheses, references)
        checked(hypotheses, references)
        is_asian = np.array([any(map(has_character_words, texts)) for texts in references])
        statistics = np.zeros((len(hypotheses), 2))
        self._used = [kind for kind in (False, True) if (is_asian == kind).any()]
        for kind in self._used:
            rows: list[int] = np.flatnonzero(is_asian == kind).tolist()
            chosen = [hypotheses[row] for row in rows], [references[row] for row in rows]
            statistics[rows] = _statistics(self.scorers[kind], *chosen)
        self.unit = self.UNITS[self._used[0]] if len(self._used) == 1 else "edits per 100 words or characters"
        return statistics

    def signature(self) -> str:
        """Return sacrebleu's signature; fields that differ between sentences contain both values."""
        fields = [str(self.scorers[kind].get_signature()).split("|") for kind in self._used]
        joined = [
            "+".join([values[0], *(value.partition(":")[2] for value in values[1:] if value != values[0])])
            for values in zip(*fields, strict=True)
        ]
        return "|".join([self.name, *joined])


def bleu_for(language: str) -> Bleu:
    """Return BLEU with the tokenizer for a language, an ISO code such as 'zh'.

    With '' (unknown or mixed languages), each text is tokenized by its script.
    """
    code = _code(language)
    if not code:
        return Bleu(BY_SCRIPT)
    if code in CHINESE:
        return Bleu("zh")
    # sacrebleu's tokenizers for these languages are optional dependencies, so split into characters.
    return Bleu("char" if code in (*JAPANESE, "ko", "th", "lo", "km", "my", "kor") else "13a")


def ter_for(language: str) -> Ter:
    """Return TER, by characters for Chinese and Japanese and by words for other languages; see `bleu_for`."""
    code = _code(language)
    return Ter(asian=code in (*CHINESE, *JAPANESE) if code else None)


def _code(language: str) -> str:
    """Return a language code without region or script: zh for zh-CN."""
    return language.lower().split("-")[0].split("_")[0]


def _statistics(
    scorer: BLEU | CHRF | TER, hypotheses: Sequence[str], references: Sequence[Sequence[str]]
) -> NDArray[np.float64]:
    most = max(map(len, references))
    # sacrebleu expects None for missing references of a sentence.
    streams = [[texts[place] if place < len(texts) else None for texts in references] for place in range(most)]
    statistics = scorer._extract_corpus_statistics(hypotheses, streams)  # type: ignore[arg-type]
    return np.array(statistics, dtype=np.float64)
