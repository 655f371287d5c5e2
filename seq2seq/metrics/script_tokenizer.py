"""Tokenizes text for BLEU by its script, for corpora of unknown or mixed languages.

sacrebleu's ``13a`` tokenizes text in a script with spaces between words. Its ``zh`` tokenizes text with Chinese
characters or full-width punctuation, including any Latin words. Kana, Hangul, Thai, Lao, Burmese and Khmer are split
into characters, as in `seq2seq.metrics.sacrebleu_metrics.bleu_for`. An English corpus scores exactly as with ``13a``,
and a Chinese corpus exactly as with ``zh``.
"""

import re

from sacrebleu.tokenizers.tokenizer_13a import Tokenizer13a
from sacrebleu.tokenizers.tokenizer_base import BaseTokenizer
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

BY_SCRIPT = "script"
"""Name of the tokenizer."""

# Chinese characters, bopomofo, CJK punctuation and full-width forms. sacrebleu's list for ``zh`` also contains curly
# quotes, dashes and dingbats, which English text may contain.
_CHINESE = re.compile(
    "[\u2e80-\u303f\u3100-\u312f\u31a0-\u31ef\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
)
_KANA = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_SINGLE = re.compile(
    f"([{_KANA}\uac00-\ud7a3\u0e01-\u0e4e\u0e81-\u0ecf\u0edc-\u0edf\u1000-\u103f\u1050-\u108f\u1780-\u17dd])"
)
_CHARACTER_WORDS = re.compile(f"{_CHINESE.pattern[:-1]}{_KANA}]")


class ScriptTokenizer(BaseTokenizer):
    """Tokenizes each text by its script; see the module docstring."""

    def __init__(self) -> None:
        self._latin = Tokenizer13a()  # type: ignore[no-untyped-call]
        self._chinese = TokenizerZh()  # type: ignore[no-untyped-call]
        self._used: set[str] = set()

    def __call__(self, line: str) -> str:
        """Return the words of a text, separated by spaces."""
        spaced = _SINGLE.sub(r" \1 ", line)
        if spaced != line:
            self._used |= {"zh", "char"}
            return str(self._chinese(spaced))
        if _CHINESE.search(line):
            self._used.add("zh")
            return str(self._chinese(line))
        if line.strip():
            self._used.add("13a")
        return str(self._latin(line))

    def signature(self) -> str:
        """Return the tokenizers used so far: ``13a``, ``zh``, or several as in ``13a+zh``."""
        return "+".join(name for name in ("13a", "zh", "char") if name in self._used) or "13a"


def has_character_words(text: str) -> bool:
    """Return whether a text contains Chinese or Japanese characters, which count as words in TER."""
    return bool(_CHARACTER_WORDS.search(text))
