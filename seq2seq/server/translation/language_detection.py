"""Detection of a text's language, among the languages that the served models translate from.

Scripts tell Chinese, Russian or Greek from English. Languages of one script are told apart by the models themselves:
each translates the beginning of the text, and the model whose output has the highest probability per piece, compared
with what is usual for it on its own language (`seq2seq.models.introduction`), is the one that knows the language.

No other language is ever reported, and a text in none of them gets the most similar one, perhaps with low confidence.
A detector with tables of its own for a hundred languages would tell more languages apart than the models can translate.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.models.introduction import sureness
from seq2seq.server.scheduler import Job, Scheduler
from seq2seq.server.served_models import UNDETERMINED, ServedModel, primary

READ = 200
"""Number of characters from which a language is detected."""
SHARE = 0.5
"""Least fraction of a text's letters that are of a language's script."""
LEAST_SPREAD = 0.1
"""Least standard deviation of a model's confidence; some models are nearly always certain."""
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


async def detected(scheduler: Scheduler, models: Sequence[ServedModel], text: str) -> list[Detected]:
    """Return the languages that a text may be in, the likeliest first.

    Args:
        scheduler: Decodes.
        models: Models that read a text; only their source languages are considered.
        text: The text.
    """
    languages = {model.source_language: model for model in reversed(models)}
    shares = by_script(list(languages), text[: 10 * READ])
    likely = [language for language, share in shares.items() if share >= SHARE]
    if len(likely) < 2:
        ranked = sorted(shares.items(), key=lambda pair: -pair[1])
        return [Detected(language, _percent(share)) for language, share in ranked if share > 0] or [
            Detected(models[0].source_language, 0.0)
        ]
    beginning = text.strip()[:READ]
    sure = {language: await _sureness(scheduler, languages[language], beginning) for language in likely}
    best = max(sure.values())
    weights = {language: math.exp(max(-50.0, value - best)) for language, value in sure.items()}
    total = sum(weights.values())
    rated = [Detected(name, _percent(weight / total * shares[name])) for name, weight in weights.items()]
    return sorted(rated, key=lambda one: -one.confidence)


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


async def _sureness(scheduler: Scheduler, model: ServedModel, text: str) -> float:
    """Return how many standard deviations a model's confidence is above its usual one."""
    search = replace(of_sources(model.decoding.search), beam_size=1, groups=1, n_best=1)
    (output,) = await scheduler.decode(model.name, Job(text, Decoding(search)))
    usual = model.loaded.bundle.config.introduction
    if usual.score_mean is None or usual.score_spread is None:
        return sureness(output) / LEAST_SPREAD
    return (sureness(output) - usual.score_mean) / max(usual.score_spread, LEAST_SPREAD)


def _percent(share: float) -> float:
    return round(100 * share, 1)
