"""The text of pieces that arrive one by one: earlier text is never revisited.

`Tokenizer.decode` takes a text as a whole. Here each piece adds its own characters, so a text of any length takes
constant memory, and time proportional to its length.
"""

from collections.abc import Sequence

from seq2seq.tokenization.tokenizer import Tokenizer

REPLACEMENT = "\ufffd"
_LONGEST = 4  # bytes of a character


class IncrementalText:
    """Returns the text that each further piece adds.

    If the tokenizer spells a character in bytes, its text comes with the last of them; invalid bytes become U+FFFD.

    Args:
        target: The tokenizer.
        before: Pieces to continue from; none starts a text.
        words: The unknown words of the source, which ids above the vocabulary stand for; see `Tokenizer.decode`.
    """

    def __init__(self, target: Tokenizer, before: Sequence[int] = (), words: Sequence[str] = ()) -> None:
        self._target, self._words = target, words
        self._marks = frozenset(target.own_marks)
        self._is_begin = not before or before[-1] in self._marks
        self._bytes = b""

    def add(self, token: int) -> str:
        """Return the text that a piece adds, '' while more bytes of a character are missing."""
        target, is_begin = self._target, self._is_begin
        self._is_begin = token in self._marks
        if target.is_byte(token):
            self._bytes += target.surfaces[token]
            return self._characters(is_over=False)
        text = self.end()
        if token >= target.vocabulary_size:
            said = target.written(self._words[token - target.vocabulary_size])
        else:
            said = target.surfaces[token].decode("utf-8")
        return text + (said.removeprefix(" ") if is_begin and target.has_prefix and not self._is_begin else said)

    def end(self) -> str:
        """Return the text for an incomplete character, at the end."""
        return self._characters(is_over=True)

    def _characters(self, is_over: bool) -> str:
        """Return the characters of the bytes so far, except for the beginning of one that may still be completed."""
        found = []
        while self._bytes:
            for size in range(1, min(_LONGEST, len(self._bytes)) + 1):
                try:
                    found.append(self._bytes[:size].decode("utf-8"))
                except UnicodeDecodeError as fault:
                    if size == len(self._bytes) and "unexpected end" in fault.reason and not is_over:
                        return "".join(found)
                    continue
                self._bytes = self._bytes[size:]
                break
            else:
                found.append(REPLACEMENT)
                self._bytes = self._bytes[1:]
        return "".join(found)


class Stops:
    """Ends a text where it contains one of some strings, which is then cut off.

    Args:
        stops: The strings, none of them empty.

    Attributes:
        is_over: Whether one of them has occurred.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""
        self.is_over = False

    def add(self, text: str) -> str:
        """Return the text that can be shown after a further part: all but a possible beginning of a stop."""
        self._held += text
        places = [place for stop in self._stops if (place := self._held.find(stop)) >= 0]
        if places:
            self.is_over = True
            said, self._held = self._held[: min(places)], ""
            return said
        longest = min(max((len(stop) for stop in self._stops), default=1) - 1, len(self._held))
        kept = next(
            (
                size
                for size in range(longest, 0, -1)
                if any(stop.startswith(self._held[-size:]) for stop in self._stops)
            ),
            0,
        )
        said, self._held = self._held[: len(self._held) - kept], self._held[len(self._held) - kept :]
        return said

    def end(self) -> str:
        """Return the text held back, at the end."""
        said, self._held = self._held, ""
        return said
