"""Draw the characters and things of a tale, which stay the same after their first mention.

A character is a name and a kind, such as Mila the fox. A checksum assigns each such pair to one split, so no character
occurs in two splits, although names and kinds may.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random

from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.generation.lexicon import CLASSES, NAMES, VILLAGES
from seq2seq_samples.generation.lexicon_zh import ANIMALS
from seq2seq_samples.generation.wording import words

_PRONOUNS = {
    "female": {"he": "she", "him": "her", "his": "her", "self": "herself"},
    "male": {"he": "he", "him": "him", "his": "his", "self": "himself"},
}


@dataclass(frozen=True)
class Value:
    """A remembered value in all its forms; the key '' is the base form."""

    forms: Mapping[str, str]

    @property
    def text(self) -> str:
        """The base form."""
        return self.forms[""]


@dataclass
class Cast:
    """Draws and stores the characters and things of a tale.

    Attributes:
        random: Random number generator.
        language: 'en' or 'zh'.
        split: Split of the characters.
        kinds: Possible kinds of each character, by slot.
        values: Drawn values, by slot.
    """

    random: Random
    language: str
    split: str
    kinds: Mapping[str, tuple[str, ...]]
    values: dict[str, Value] = field(default_factory=dict)

    def value(self, slot: str) -> Value:
        """Return the value of a slot such as 'hero' or 'place2', drawn at the first call.

        Raises:
            ValueError: If the slot is neither a character nor a class of the lexicon.
        """
        if slot not in self.values:
            self.values[slot] = self._character(slot) if slot in self.kinds else self._word(slot)
        return self.values[slot]

    @property
    def characters(self) -> tuple[tuple[str, str], ...]:
        """Name and kind of every character drawn so far."""
        return tuple((value.text, value.forms["kind"]) for slot, value in self.values.items() if slot in self.kinds)

    def _character(self, slot: str) -> Value:
        taken = {value.text for value in self.values.values()}
        while True:
            gender = self.random.choice(sorted(_PRONOUNS))
            name = "".join(self.random.choice(part.split()) for part in NAMES[self.language][gender])
            kind = self.random.choice(self.kinds[slot])
            if name not in taken and split_of_character(name, kind) == self.split:
                break
        if self.language == "en":
            return Value({"": name, "kind": kind, "pos": f"{name}'s", **_PRONOUNS[gender]})
        is_animal = kind in {animal for group in ANIMALS for animal in words("zh", group)}
        return Value({"": name, "kind": kind, "ta": "它" if is_animal else "她" if gender == "female" else "他"})

    def _word(self, slot: str) -> Value:
        kind = re.sub("[0-9]", "", slot)
        if kind == "village":
            return Value({"": "".join(self.random.choice(part.split()) for part in VILLAGES[self.language])})
        taken = {value.forms.get("whole") for value in self.values.values()}
        word = self.random.choice([word for word in words(self.language, kind) if word not in taken])
        measure, colon, noun = word.partition(":")
        if not colon:
            return Value({"": word, "whole": word})
        return Value({"": noun, "one": f"一{measure}{noun}", "that": f"那{measure}{noun}", "whole": word})


def split_of_character(name: str, kind: str) -> str:
    """Return the split of a character: 'train', 'validation' or 'test'."""
    return split_of(f"{name} {kind}")


def kinds_of(language: str, text: str) -> tuple[str, ...]:
    """Return the kinds listed in a plot, after expanding classes of the lexicon."""
    return tuple(kind for part in text.split("|") for kind in CLASSES[language].get(part, part).split("|"))
