"""Decode pieces one at a time, in constant memory; `Tokenizer.decode` decodes a whole text."""

from collections.abc import Sequence

from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.utf8 import LONGEST

REPLACEMENT = "\ufffd"


class IncrementalText:
    """Decodes the text that each piece adds.

    A character that is spelled in byte pieces is decoded when its last byte is added; invalid bytes become U+FFFD.

    Args:
        target: The tokenizer.
        before: Pieces to continue from; empty for a new text.
        words: Spellings of the ids above the vocabulary; see `Tokenizer.decode`.
        spans: The text of each mask; see `Tokenizer.decode`.
    """

    def __init__(
        self, target: Tokenizer, before: Sequence[int] = (), words: Sequence[str] = (), spans: Sequence[str] = ()
    ) -> None:
        self._target, self._words, self._spans = target, words, spans
        self._marks = frozenset(target.own_marks)
        self._is_begin = not before or before[-1] in self._marks
        self._bytes = b""

    def add(self, token: int) -> str:
        """Return the text that a piece adds; '' if more bytes of a character are missing."""
        target, is_begin = self._target, self._is_begin
        self._is_begin = token in self._marks
        if target.is_byte(token):
            self._bytes += target.surfaces[token]
            return self._characters(is_over=False)
        text = self.end()
        if target.is_mask(token):
            added = target.span(token, self._spans)
        elif token >= target.vocabulary_size:
            added = target.written(self._words[token - target.vocabulary_size])
        else:
            added = target.surfaces[token].decode("utf-8")
        return text + (added.removeprefix(" ") if is_begin and target.has_prefix and not self._is_begin else added)

    def end(self) -> str:
        """Return the text of an incomplete character at the end."""
        return self._characters(is_over=True)

    def _characters(self, is_over: bool) -> str:
        """Return the characters of the bytes so far, except for an incomplete one if `is_over` is false."""
        characters = []
        while self._bytes:
            for size in range(1, min(LONGEST, len(self._bytes)) + 1):
                try:
                    characters.append(self._bytes[:size].decode("utf-8"))
                except UnicodeDecodeError as fault:
                    if size == len(self._bytes) and "unexpected end" in fault.reason and not is_over:
                        return "".join(characters)
                    continue
                self._bytes = self._bytes[size:]
                break
            else:
                characters.append(REPLACEMENT)
                self._bytes = self._bytes[1:]
        return "".join(characters)


class Stops:
    """Ends a text before the first occurrence of a (non-empty) stop string.

    Attributes:
        is_over: Whether a stop string has occurred.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""
        self.is_over = False

    def add(self, text: str) -> str:
        """Add text and return what can be shown now, holding back an ending that may begin a stop string."""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self.is_over = True
            shown, self._held = self._held[: min(places)], ""
            return shown
        longest = min(max((len(stop) for stop in self._stops), default=1) - 1, len(self._held))
        kept = next(
            (
                size
                for size in range(longest, 0, -1)
                if any(stop.startswith(self._held[-size:]) for stop in self._stops)
            ),
            0,
        )
        shown, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return shown

    def end(self) -> str:
        """Return the text held back so far."""
        shown, self._held = self._held, ""
        return shown
