"""Find fillers in sentences by their words instead of their names.

Names are not enough, because "in Tokyo" and "Tokyo" are two fillers with the same word, and a template with a fixed
"bought" draws no verb at all.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from seq2seq_samples.engine.values import MONTHS
from seq2seq_samples.translation import lexicon
from seq2seq_samples.translation.grammar import Noun, Verb
from seq2seq_samples.translation.numerals import chinese, counted, english

WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|\d+")
# Too frequent to be part of a combination.
FUNCTION_WORDS = frozenset(
    "the a an in at on by to of my your his her our their i me and who that this it was is".split()
)


def words(sentence: str) -> list[str]:
    """Return the lower-case words of an English sentence."""
    return WORD.findall(sentence.lower())


@cache
def bases() -> dict[str, str]:
    """Return the base form of each inflected form in the lexicon: bought -> buy, geese -> goose."""
    entries = [entry for table in vars(lexicon).values() if isinstance(table, list) for entry in table]
    forms: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry, Noun):
            forms.setdefault(entry.plural.lower(), entry.en.lower())
        elif isinstance(entry, Verb):
            for form in (entry.past, entry.participle, entry.third, entry.ing):
                forms.setdefault(form.split()[0], entry.en.split()[0])
    return forms


def base_words(sentence: str) -> frozenset[str]:
    """Return the base forms of the words of an English text; "Tom's" counts as "tom"."""
    return frozenset(_base(word) for word in words(sentence))


@cache
def _base(word: str) -> str:
    stem = word.removesuffix("'s")
    return bases().get(stem, stem)


def surface(filler: str) -> tuple[frozenset[str], str]:
    """Return the base forms of a filler's English words, and its Chinese text.

    Hours and minutes are found only in Chinese, because English words are ambiguous ("a quarter to four" is hour 3).
    """
    if "=" in filler:
        en, zh = filler.split("=")
        return base_words(en) - FUNCTION_WORDS or base_words(en), zh
    if filler in MONTHS:
        return base_words(filler), f"{MONTHS.index(filler) + 1}月"
    if filler.startswith("year "):
        return base_words(filler[5:]), f"{filler[5:]}年"
    if filler.startswith("day "):
        return base_words(filler[4:]), f"{filler[4:]}日"
    if filler.endswith(" o'clock"):
        return frozenset(), f"{counted(int(filler.split()[0]))}点"
    if filler.startswith("minute "):
        return frozenset(), _minute(int(filler[7:]))
    number = int(filler)
    return base_words(english(number)), chinese(number)


def _minute(minute: int) -> str:
    quarters = {0: "点", 15: "一刻", 30: "点半", 45: "三刻"}
    return quarters.get(minute, f"{'零' if minute < 10 else ''}{chinese(minute)}分")


class Texts:
    """An index of sentence pairs for finding fillers.

    Args:
        sentences: English and Chinese text of each pair.
    """

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        self._chinese: list[str] = []
        self._having: dict[str, set[int]] = defaultdict(set)
        self._writing: dict[str, set[int]] = defaultdict(set)
        self._forms: set[str] = set()
        for place, (en, zh) in enumerate(sentences):
            self._chinese.append(zh)
            self._forms.update(words(en))
            for word in base_words(en):
                self._having[word].add(place)
            for character in zh:
                self._writing[character].add(place)
        self._found: dict[str, tuple[set[int], set[int]]] = {}

    def know(self, en: str, zh: str) -> bool:
        """Return whether every English word (in exactly this form) and every Chinese character occurs."""
        return self._forms.issuperset(words(en)) and self._writing.keys() >= set(zh)

    def join(self, pair: tuple[str, str]) -> bool:
        """Return whether both fillers occur in one sentence, as English words in any form or as Chinese text."""
        (en, zh), (other_en, other_zh) = self._places(pair[0]), self._places(pair[1])
        return bool(en & other_en) or bool(zh & other_zh)

    def _places(self, filler: str) -> tuple[set[int], set[int]]:
        if filler not in self._found:
            en, zh = surface(filler)
            having = [self._having.get(word, set()) for word in sorted(en)]
            # Search only the few sentences that contain all its characters.
            writing = set.intersection(*(self._writing.get(character, set()) for character in sorted(set(zh))))
            places = {place for place in writing if zh in self._chinese[place]}
            self._found[filler] = (set.intersection(*having) if having else set(), places)
        return self._found[filler]
