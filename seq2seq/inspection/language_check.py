"""Texts that are not in the language of the others, or not in the one that a file's name promises.

Scripts are told apart by Unicode. Languages of one script are told apart by py3langid, if it is installed (the extra
``serve``), in texts long enough for it.
"""

import importlib.util
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from seq2seq.corpus.languages import LANGUAGES
from seq2seq.inspection.side_statistics import Tally

FEWEST_LETTERS, LONG_TEXT = 3, 40
"""Minimum number of letters for telling the script, and of characters for telling the language."""
MOST_CLASSIFIED = 500
SURE, UNLIKELY = 0.95, 0.02
"""Probabilities above which a text is in a language, and below which it is not."""
MIXED = 0.3
"""Fraction of texts in other scripts above which a side has no one script."""
OTHERS_SHARE, OTHERS_COUNT = 0.005, 2
"""Fewer texts than these in another language are within the error of the classifier."""
_GROUPS = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "BOPOMOFO": "CJK"}
_NAMES = {"CJK": "Chinese characters"}
_OF_LANGUAGE = {**dict.fromkeys(("zh", "yue", "wuu", "lzh", "cmn", "ja"), "CJK"), "ko": "HANGUL", "el": "GREEK"}
_OF_LANGUAGE |= {**dict.fromkeys(("ru", "uk", "bg", "be", "mk"), "CYRILLIC"), "he": "HEBREW", "th": "THAI"}
_OF_LANGUAGE |= {**dict.fromkeys(("ar", "fa", "ur"), "ARABIC"), "hi": "DEVANAGARI"}
_LATIN = ("en", "de", "fr", "es", "pt", "it", "nl", "cs", "pl", "sv", "da", "fi", "tr", "vi", "id")
_OF_LANGUAGE |= dict.fromkeys(_LATIN, "LATIN")


@lru_cache(maxsize=1 << 16)
def _script(letter: str) -> str:
    first = unicodedata.name(letter, "").split(" ")[0].removeprefix("FULLWIDTH").removeprefix("HALFWIDTH") or "LATIN"
    return _GROUPS.get(first, first)


def script_of(text: str) -> str:
    """Return the script of most letters of a text, by its name in Unicode; '' if it has few letters.

    A Chinese character counts for three letters, because words in Latin letters are longer.
    """
    counts: Counter[str] = Counter()
    for letter in filter(str.isalpha, text):
        script = _script(letter)
        counts[script] += 3 if script == "CJK" else 1
    return counts.most_common(1)[0][0] if counts.total() >= FEWEST_LETTERS else ""


def findings(sample: Sequence[tuple[str, str]], things: str, expected: str = "") -> tuple[str, list[str]]:
    """Return the language of some texts, or '' if it is not known, and sentences on those in another.

    Args:
        sample: Texts with their places.
        things: Their name in plural.
        expected: Language of the texts by the name of their file; '' if unknown.
    """
    scripts = [(place, text, script) for place, text in sample if (script := script_of(text))]
    if not scripts:
        return "", []
    counts = Counter(script for _, _, script in scripts)
    usual = counts.most_common(1)[0][0]
    wanted = _OF_LANGUAGE.get(expected, "")
    if wanted and wanted != usual:
        return "", [
            f"Most {things} are in {_named(usual)}, but the name of the file or of the field promises '{expected}'."
        ]
    others = len(scripts) - counts[usual]
    if others > MIXED * len(scripts):
        shares = ", ".join(f"{_named(name)} {count / len(scripts):.0%}" for name, count in counts.most_common(3))
        return "", [f"The {things} are in several scripts: {shares}."]
    language, sentences = "zh" if usual == "CJK" else "", list[str]()
    if others:
        first = next(place for place, _, script in scripts if script != usual)
        of = f"{others:,} of {len(scripts):,} {things}" + ("" if len(sample) < 1000 else " in a sample")
        verb = "is" if others == 1 else "are"
        sentences.append(f"{of} {verb} not in {_named(usual)} as the others are (first at {first}).")
    if usual in ("LATIN", "CYRILLIC") and importlib.util.find_spec("py3langid"):
        language, more = _by_words(
            [(place, text) for place, text, script in scripts if script == usual], things, expected
        )
        sentences += more
    return language or expected, sentences


def _by_words(sample: Sequence[tuple[str, str]], things: str, expected: str) -> tuple[str, list[str]]:
    from seq2seq.server.translation.language_detection import by_words

    long = [(place, text) for place, text in sample if len(text) >= LONG_TEXT][:MOST_CLASSIFIED]
    if not long:
        return "", []
    codes = sorted(code for code in LANGUAGES if len(code) == 2)
    rated = [(place, by_words(codes, text)) for place, text in long]
    best = Counter(max(weights, key=lambda code: weights[code]) for _, weights in rated)
    usual = best.most_common(1)[0][0]
    if expected and expected != usual and best[usual] > len(long) / 2 and best[expected] < len(long) / 4:
        return usual, [
            f"Most {things} seem to be in '{usual}', but the name of the file or of the field promises '{expected}'."
        ]
    usual = expected if best.get(expected) else usual
    other, named = Tally(), Counter[str]()
    for place, weights in rated:
        code = max(weights, key=lambda one: weights[one])
        if code != usual and weights[code] >= SURE and weights[usual] <= UNLIKELY:
            other.add(place)
            named[code] += 1
    if other.count < max(OTHERS_COUNT, OTHERS_SHARE * len(long)):
        return usual, []
    codes_shown = ", ".join(f"'{code}'" for code, _ in named.most_common(3))
    return usual, [
        f"{other.count:,} of {len(long):,} {things} of {LONG_TEXT} characters or more seem to be in another language "
        f"than '{usual}': {codes_shown} (first at {other.first})."
    ]


def _named(script: str) -> str:
    return _NAMES.get(script, f"{script.title()} letters")
