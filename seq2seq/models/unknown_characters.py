"""Detection of characters in a user's text that are not in the vocabulary."""

import unicodedata
from collections.abc import Iterable

from seq2seq.corpus.example import Mark, Text
from seq2seq.tokenization.tokenizer import Tokenizer

SHOWN = 5
"""Maximum number of characters listed in a note."""


class UnknownCharacters:
    """Collects characters that are encoded as bytes or as the unknown piece.

    Characters of the training data always have pieces, unless `character_coverage` is below 1.

    Args:
        tokenizer: The tokenizer of the texts.
        ignored: Characters that are not collected.
    """

    def __init__(self, tokenizer: Tokenizer, ignored: Iterable[str] = ()) -> None:
        self.tokenizer = tokenizer
        self.characters: dict[str, None] = {}  # in order of occurrence
        self.first = ""
        self._is_known = dict.fromkeys(ignored, True)

    def add(self, text: Text, place: str = "") -> None:
        """Check a normalised text; the note quotes `place`, the text's location."""
        parts = [text] if isinstance(text, str) else [part for part in text if not isinstance(part, Mark)]
        for character in "".join(parts):  # special tokens are always known
            if character not in self._is_known:
                self._is_known[character] = self._known(character)
            if not self._is_known[character]:
                self.first = self.first or place
                self.characters[character] = None

    def sentence(self) -> str:
        """Return a note that lists the unknown characters; '' if there are none."""
        if not self.characters:
            return ""
        count = len(self.characters)
        named = ", ".join(list(self.characters)[:SHOWN]) + (", …" if count > SHOWN else "")
        place = f" (first at {self.first})" if self.first else ""
        if count == 1:
            return f"The model has never seen the character {named}{place}: its meaning is lost."
        return f"The model has never seen {count:,} of the characters, {named}{place}: their meaning is lost."

    def _known(self, character: str) -> bool:
        # A combining mark may be in the vocabulary only as part of a piece that includes its base letter. Whitespace is
        # always known.
        if not character.strip() or unicodedata.combining(character):
            return True
        tokenizer = self.tokenizer
        return not any(token == tokenizer.unknown or tokenizer.is_byte(token) for token in tokenizer.encode(character))
