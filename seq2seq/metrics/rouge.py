r"""ROUGE (Lin 2004) for every script: the library `rouge-score` with a multilingual tokenizer.

The library's tokenizer drops everything except a-z and 0-9, so identical Chinese texts score 0, and ``Größe`` equals
``Gräße``. `words` tokenizes any script and gives exactly the library's scores on ASCII text, with and without stemming.
Texts are lower-cased and normalised to NFC, so composed and decomposed umlauts are equal.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import porter

from seq2seq import __version__
from seq2seq.errors import UserError
from seq2seq.metrics.metric import Metric, checked
from seq2seq.metrics.sentences import sentences, separated

KINDS = ("1", "2", "L", "Lsum")
"""Unigrams, bigrams, longest common subsequence, and its variant by sentence ("summary level")."""
REFERENCES = ("max", "mean")
SPLITS = ("lines", "sentences")
SHORTEST_STEMMED = 4
"""Minimum length in characters of a stemmed word, as in the library."""

# Scripts without spaces between words: bopomofo, kana, Han, Thai, Lao, Burmese and Khmer (the last four without
# digits).
_UNSPACED = (
    "\u3005-\u3007\u3021-\u3029\u3031-\u303c\u3041-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
    "\u0e01-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17dd"
)
# Characters to remove: joiners and soft hyphens inside words, variation selectors, and keycaps.
_SHAPING = re.compile("[\u00ad\u034f\u200c\u200d\u2060\u20e3\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_ASCII_WORD = re.compile("[a-z0-9]+")


# The library's own class, for identical stems.
_STEMMER = porter.PorterStemmer()


@cache
def _word() -> "re.Pattern[str]":
    """Return the regular expression of a word; made on first use, because it lists all combining marks."""
    # The omitted planes contain only variation selectors.
    codes = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"]
    runs = ([code for _, code in run] for _, run in groupby(enumerate(codes), lambda pair: pair[1] - pair[0]))
    marks = "".join(f"{chr(run[0])}-{chr(run[-1])}" for run in runs)
    return re.compile(
        rf"(?=[^\W_])[{_UNSPACED}][{marks}]*"  # one character of a script without spaces
        rf"|(?:(?![{_UNSPACED}])[^\W_][{marks}]*)+"  # a run of letters and digits of other scripts
    )


@lru_cache(maxsize=1 << 14)
def words(text: str, stemming: bool = False) -> tuple[str, ...]:
    """Split a text into words.

    A word is a run of letters, digits and their combining marks (``3pm`` is one word, ``don't`` and ``snake_case`` are
    two each), or a single character of a script without spaces between words: Han, kana, Thai, Lao, Burmese, Khmer.
    Korean is split at spaces. Punctuation, symbols and emoji are dropped.

    Args:
        text: Any text.
        stemming: Whether to stem (Porter 1980, as in NLTK) words of at least four characters. The rules are for
            English, so only ASCII words are stemmed; the language is not checked.
    """
    if text.isascii():
        tokens = _ASCII_WORD.findall(text.lower())
    else:
        # Lower-casing may decompose a character: İ becomes i with a combining dot above.
        lower = unicodedata.normalize("NFC", unicodedata.normalize("NFC", _SHAPING.sub("", text)).lower())
        tokens = _word().findall(lower)
    return tuple(map(_stem, tokens)) if stemming else tuple(tokens)


@lru_cache(maxsize=1 << 16)
def _stem(word: str) -> str:
    return str(_STEMMER.stem(word)) if len(word) >= SHORTEST_STEMMED and word.isascii() else word


class _Tokenizer:
    """Adapts `words` to the library's interface, in which the tokenizer does the stemming."""

    def __init__(self, stemming: bool) -> None:
        self.stemming = stemming

    def tokenize(self, text: str) -> tuple[str, ...]:
        """Return the words of a text."""
        return words(text, self.stemming)


class Rouge(Metric):
    r"""Mean ROUGE F1 over all texts.

    A text without words scores 0, even if its reference has no words either. ``Lsum`` compares each sentence of a
    reference with all sentences of the text; a published "ROUGE-L" score of summaries is often ROUGE-Lsum.

    Args:
        kind: '1', '2', 'L' or 'Lsum'.
        stemming: Whether to compare stems of English words; see `words`.
        references: How to combine several references: 'max' takes the one with the best F1, separately for each kind;
            'mean' averages precision, recall and F1.
        split: How to find the sentences for Lsum: 'lines' treats each line as a sentence, like the library; 'sentences'
            also splits lines into sentences (`seq2seq.metrics.sentences`), as is usual for published scores. Both treat
            tags such as ``<q>`` (`seq2seq.metrics.sentences.separated`) as line breaks.

    Raises:
        UserError: If an argument is not one of these values.
    """

    def __init__(self, kind: str, *, stemming: bool = True, references: str = "max", split: str = "sentences") -> None:
        if kind not in KINDS:
            raise UserError(f"There is no ROUGE-{kind} here. Choose from: {', '.join(KINDS)}.")
        if references not in REFERENCES:
            raise UserError(
                f"Several references give the 'max' or the 'mean' of their scores, but references is '{references}'."
            )
        if split not in SPLITS:
            raise UserError(f"Lsum takes 'lines' or 'sentences' for sentences, but split is '{split}'.")
        self.split = split
        self.name = f"ROUGE-{kind}"
        self.kind = kind
        self.stemming = stemming
        self.references = references
        self._type = f"rouge{kind}"
        self._scorer = RougeScorer([self._type], tokenizer=_Tokenizer(stemming))
        self._counts: frozenset[int] = frozenset()
        self._found = [0, 0]

    def statistics(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return [sentences, 4]: precision, recall, F1, and the constant 1, which counts texts in sums.

        Raises:
            UserError: If there is nothing to score, if lengths differ, or if references are not nested by sentence.
        """
        checked(hypotheses, references)
        self._counts = frozenset(map(len, references))
        self._found = [0, 0]
        return np.array([[*self._text(*pair), 1.0] for pair in zip(hypotheses, references, strict=True)])

    def note(self) -> str:
        """For Lsum, return a note on the numbers of sentences in the texts scored last; '' for the other kinds."""
        if self.kind != "Lsum":
            return ""
        where = "line breaks" if self.split == "lines" else "line breaks and full stops"
        return (
            f"{self.name} found {self._found[0]:,} sentences in the outputs and {self._found[1]:,} in the references "
            f"({where} end them)."
        )

    def from_statistics(self, sums: NDArray[np.float64]) -> float:
        """Return the mean F1, on a scale of 0 to 100."""
        return self.parts(sums)[2]

    def parts(self, statistics: NDArray[np.float64]) -> tuple[float, float, float]:
        """Return mean precision, recall and F1, on a scale of 0 to 100, for one or more rows of `statistics`."""
        precision, recall, f1, count = statistics.reshape(-1, 4).sum(0).tolist()
        return 100 * precision / count, 100 * recall / count, 100 * f1 / count

    def signature(self) -> str:
        """Return everything that affects the score; the number of references is known only after scoring."""
        count = "var" if len(self._counts) > 1 else next(map(str, self._counts), "?")
        fields = [
            self.name,
            f"nrefs:{count}",
            f"refs:{self.references}",
            "tok:unicode",
            f"stem:{'yes' if self.stemming else 'no'}",
            *([f"split:{self.split}"] if self.kind == "Lsum" else []),
            f"lib:rouge-score-{version('rouge-score')}",
            f"version:{__version__}",
        ]
        return "|".join(fields)

    def _text(self, hypothesis: str, references: Sequence[str]) -> tuple[float, float, float]:
        """Return precision, recall and F1 of one text, on a scale of 0 to 1."""
        hypothesis, *references = map(separated, (hypothesis, *references))
        if self.kind == "Lsum":
            cut = [self._sentences(text) for text in (hypothesis, *references)]
            self._found[0] += len(cut[0])
            self._found[1] += sum(map(len, cut[1:]))
            hypothesis, *references = map("\n".join, cut)
        scores = [self._scorer.score(reference, hypothesis)[self._type] for reference in references]
        if self.references == "max":
            best = max(scores, key=lambda score: score.fmeasure)
            return best.precision, best.recall, best.fmeasure
        precision, recall, f1 = np.mean(scores, axis=0).tolist()
        return precision, recall, f1

    def _sentences(self, text: str) -> list[str]:
        return sentences(text) if self.split == "sentences" else [line for line in text.split("\n") if line.strip()]
