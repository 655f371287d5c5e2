"""The text of pieces that come one by one, for as long as they come: nothing that was said is looked at again.

`Tokenizer.decode` takes a text as a whole. Here each piece adds its own characters, so that a text of any length takes
the memory of its last character. A property test holds both together.
"""

from collections.abc import Sequence

from seq2seq.tokenizer import Tokenizer

REPLACEMENT = "\ufffd"
_LONGEST = 4  # bytes of a character


class Spelling:
    """Says what each further piece adds to a text.

    Where the tokenizer spells a character in bytes, its text comes with the last of them; bytes that can be none become
    U+FFFD.

    Args:
        target: The tokenizer.
        before: Pieces that the text goes on from; none begins a text.
    """

    def __init__(self, target: Tokenizer, before: Sequence[int] = ()) -> None:
        self._surfaces = target.surfaces
        self._has_prefix = target.has_prefix
        self._pieces = target.vocabulary_size - len(target.own_marks)
        self._is_byte = target.is_byte
        self._is_begin = not before or before[-1] >= self._pieces
        self._bytes = b""

    def add(self, token: int) -> str:
        """Return what a piece adds, '' where it waits for more bytes of a character."""
        if self._is_byte(token):
            self._is_begin = False
            self._bytes += self._surfaces[token]
            return self._characters(is_over=False)
        text = self.end()
        said = self._surfaces[token].decode("utf-8")
        if token >= self._pieces:
            self._is_begin = True
            return text + said
        if self._is_begin and self._has_prefix:
            said = said.removeprefix(" ")
        self._is_begin = False
        return text + said

    def end(self) -> str:
        """Return what waited for more bytes, when none come."""
        return self._characters(is_over=True)

    def _characters(self, is_over: bool) -> str:
        """Return the characters of the bytes that have come, but for the beginning of one that may still be whole."""
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
    """Ends a text where it says one of some strings, which is then no part of it.

    Args:
        stops: The strings, none of them empty.

    Attributes:
        is_over: Whether one of them was said.
    """

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""
        self.is_over = False

    def add(self, text: str) -> str:
        """Return what can be said of a text so far and a further part: not what may be the beginning of a stop."""
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
        """Return what was held back, when nothing comes any more."""
        said, self._held = self._held, ""
        return said
