"""Characters of a user's text that the model has never seen: reported once."""

import unicodedata

from seq2seq.corpus.example import Mark, Text
from seq2seq.tokenization.tokenizer import Tokenizer

SHOWN = 5
"""Largest number of characters in a note."""


class UnknownCharacters:
    """Collects characters without a piece in the vocabulary; they are encoded as bytes, or as unknown.

    A tokenizer has pieces for all characters of its training data, unless its `character_coverage` is below 1.

    Args:
        tokenizer: The tokenizer.
    """

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.found: dict[str, None] = {}  # in the order of the texts
        self.first = ""
        self._is_known: dict[str, bool] = {}

    def add(self, text: Text, place: str = "") -> None:
        """Check a text.

        Args:
            text: The model's input, normalised.
            place: Its origin.
        """
        parts = [text] if isinstance(text, str) else [part for part in text if not isinstance(part, Mark)]
        for character in "".join(parts):  # marks have pieces of their own
            if character not in self._is_known:
                self._is_known[character] = self._known(character)
            if not self._is_known[character]:
                self.first = self.first or place
                self.found[character] = None

    def sentence(self) -> str:
        """Return the sentence that lists them; '' if all are known."""
        if not self.found:
            return ""
        named = ", ".join(list(self.found)[:SHOWN]) + (", …" if len(self.found) > SHOWN else "")
        place = f" (first at {self.first})" if self.first else ""
        if len(self.found) == 1:
            return f"The model has never seen the character {named}{place}: its meaning is lost."
        return f"The model has never seen {len(self.found):,} of the characters, {named}{place}: their meaning is lost."

    def _known(self, character: str) -> bool:
        # A mark that joins a letter is a piece of its own only next to one; spaces and line breaks are always known.
        if not character.strip() or unicodedata.combining(character):
            return True
        tokenizer = self.tokenizer
        return not any(token == tokenizer.unknown or tokenizer.is_byte(token) for token in tokenizer.encode(character))
