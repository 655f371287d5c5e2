"""Words with their forms, noun phrases, random draws, and a registry of sentence templates.

A template (`Pattern`) is a function that draws fillers and returns an English sentence and its only Chinese
translation. `Draw` records all fillers, and `seq2seq_samples.translation.sample` holds out pairs of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from random import Random
from typing import TypeVar

from seq2seq_samples.translation.numerals import counted, english

VOWELS = "aeiou"


@dataclass(frozen=True)
class Word:
    """A word or fixed phrase with the same meaning in both languages."""

    en: str
    zh: str

    @property
    def key(self) -> str:
        """The name of the word as a filler."""
        return f"{self.en}={self.zh}"


@dataclass(frozen=True)
class Noun(Word):
    """A countable noun; `measure` is the Chinese measure word that follows a number."""

    measure: str
    plural: str


@dataclass(frozen=True)
class Mass(Word):
    """An uncountable noun, counted in containers or units: a cup of tea, 一杯茶."""

    vessel: str
    vessels: str
    measure: str


@dataclass(frozen=True)
class Adjective(Word):
    """An adjective: `zh` is its stem (贵), `attribute` precedes a noun (很贵的), `more` is the English comparative."""

    attribute: str
    more: str
    most: str


@dataclass(frozen=True)
class Verb(Word):
    """A verb phrase whose first word is inflected.

    Attributes:
        past: Simple past, as in "she bought".
        participle: Past participle, as in "she has bought".
    """

    past: str
    participle: str

    @property
    def third(self) -> str:
        """The third person singular: buys, watches television, carries."""
        head, rest = split(self.en)
        if head.endswith("y") and head[-2] not in VOWELS:
            return f"{head[:-1]}ies{rest}"
        return f"{head}es{rest}" if head.endswith(("s", "x", "ch", "sh", "o")) else f"{head}s{rest}"

    @property
    def ing(self) -> str:
        """The present participle: buying, making dinner, swimming."""
        head, rest = split(self.en)
        if head in DOUBLING:
            return f"{head}{head[-1]}ing{rest}"
        silent = head.endswith("e") and not head.endswith("ee")
        return f"{head[:-1] if silent else head}ing{rest}"


@dataclass(frozen=True)
class Person(Word):
    """A noun or pronoun for people, used as a subject or object.

    Attributes:
        form: Agreement of the verb: 'I', 'he' or 'they'.
        object_en: Object form, as in "to me".
        pronoun: Corresponding pronoun (she, 她).
        owner: Possessive of that pronoun (her, 她的).
    """

    form: str
    object_en: str
    pronoun: Word
    owner: Word

    @property
    def be(self) -> str:
        """The present of "to be"."""
        return {"I": "am", "he": "is", "they": "are"}[self.form]

    @property
    def was(self) -> str:
        """The past of "to be"."""
        return "were" if self.form == "they" else "was"

    @property
    def have(self) -> str:
        """The present of "to have"."""
        return "has" if self.form == "he" else "have"

    @property
    def do(self) -> str:
        """The present of the auxiliary "to do"."""
        return "does" if self.form == "he" else "do"

    def present(self, verb: Verb) -> str:
        """Return the present tense of a verb that agrees with this subject."""
        return verb.third if self.form == "he" else verb.en


DOUBLING = frozenset("swim run cut get put sit shop jog plan chat".split())


def split(phrase: str) -> tuple[str, str]:
    """Return the first word, and the rest with its leading space."""
    head, blank, rest = phrase.partition(" ")
    return head, blank + rest


def plural_of(noun: str) -> str:
    """Return the regular plural of a noun."""
    if noun.endswith("y") and noun[-2] not in VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def a(phrase: str) -> str:
    """Put the indefinite article before a phrase: "a" or "an"."""
    return f"{'an' if phrase[0] in VOWELS and not phrase.startswith(('uni', 'use', 'one')) else 'a'} {phrase}"


def past_of(verb: str) -> str:
    """Return the regular past tense of a verb."""
    if verb.endswith("y") and verb[-2] not in VOWELS:
        return f"{verb[:-1]}ied"
    if verb in DOUBLING:
        return f"{verb}{verb[-1]}ed"
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"


W = TypeVar("W", bound=Word)


@dataclass
class Draw:
    """Draws and records the fillers of one sentence.

    Attributes:
        random: Random number generator.
        fillers: Keys of the drawn fillers.
        words: Chinese words drawn from the lexicon.
        is_small: Whether the sentence is in lower case, as if casually typed.
    """

    random: Random
    fillers: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    is_small: bool = False

    def pick(self, choices: Sequence[W], *taken: Word) -> W:
        """Draw a word other than those in `taken`."""
        word = self.random.choice(choices)
        while word in taken:
            word = self.random.choice(choices)
        self.fillers.append(word.key)
        self.words.append(word.zh)
        if isinstance(word, Noun | Mass):
            self.words.append(word.measure)
        return word

    def number(self, low: int, high: int, step: int = 1) -> int:
        """Draw a number from `low` to `high`; its thousands, its hundreds and the rest are separate fillers."""
        number = self.random.randrange(low, high + 1, step)
        parts = ((number // 1000, "000"), (number // 100 % 10, "00"), (number % 100, ""))
        self.fillers += [f"{part}{unit}" for part, unit in parts if part]
        return number

    def several(self, noun: Noun, low: int = 2, high: int = 10) -> Word:
        """Draw an amount of a countable noun: three books, 三本书."""
        number = self.number(low, high)
        return Word(f"{english(number)} {noun.plural}", f"{counted(number)}{noun.measure}{noun.zh}")

    def portions(self, mass: Mass) -> Word:
        """Draw an amount of an uncountable noun: two cups of tea, 两杯茶."""
        number = self.number(1, 6)
        vessel = a(mass.vessel) if number == 1 else f"{english(number)} {mass.vessels}"
        return Word(f"{vessel} of {mass.en}", f"{counted(number)}{mass.measure}{mass.zh}")


def one(noun: Noun, adjective: Adjective | None = None) -> Word:
    """Return an indefinite noun phrase: a red book, 一本红色的书."""
    en, zh = (f"{adjective.en} {noun.en}", adjective.attribute) if adjective else (noun.en, "")
    return Word(a(en), f"一{noun.measure}{zh}{noun.zh}")


def this(noun: Noun) -> Word:
    """Return a noun phrase with "this": this book, 这本书."""
    return Word(f"this {noun.en}", f"这{noun.measure}{noun.zh}")


def that(noun: Noun) -> Word:
    """Return a noun phrase with "that": that book, 那本书."""
    return Word(f"that {noun.en}", f"那{noun.measure}{noun.zh}")


Pattern = Callable[[Draw], tuple[str, str]]
PATTERNS: dict[str, Pattern] = {}
CASUAL = 0.3
"""Fraction of everyday sentences without final punctuation, as if casually typed; half of these are in lower case."""


def pattern(function: Pattern) -> Pattern:
    """Register a function as a template."""
    PATTERNS[function.__name__] = function
    return function


def chatty(function: Pattern) -> Pattern:
    """Register a function as a template; some of its sentences look casually typed."""

    @wraps(function)
    def written(draw: Draw) -> tuple[str, str]:
        en, zh = function(draw)
        if draw.random.random() >= CASUAL:
            return en, zh
        draw.is_small = draw.random.random() < 0.5
        return en.rstrip(".?"), zh.rstrip("。？")

    PATTERNS[function.__name__] = written
    return function


def capital(sentence: str) -> str:
    """Capitalise the first letter."""
    return sentence[0].upper() + sentence[1:]


def amount(number: int, unit: Word) -> Word:
    """Return a number with its unit, in words: three hundred and five yuan, 三百零五元."""
    return Word(f"{english(number)} {unit.en}", f"{counted(number)}{unit.zh}")
