r"""Characters in a terminal: which of them it would obey instead of showing them, and how wide the others are.

Whatever a user types, a file holds or a model writes can hold control characters: an escape sequence moves the cursor,
changes the title or the palette, or has the terminal type an answer. All of these begin with a control character (C0,
or C1 with its 8-bit forms of CSI and OSC), so that without these nothing of them is left but plain text. Characters are
replaced one by one, so that a text may come in parts.
"""

import unicodedata

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}  # ESC is shown as ␛
_KEPT = {ord("\n"): "\n", ord("\t"): " "}
# Overrides of the direction of writing reach to the end of the line, over what we print behind the text.
_DIRECTIONS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
_HARMLESS: dict[int, str] = (
    _PICTURES
    | dict.fromkeys(range(0x80, 0xA0), "\ufffd")
    | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
    | dict.fromkeys(_DIRECTIONS, "")
    | dict.fromkeys(range(0xE0000, 0xE0080), "")  # tags: a text that nobody sees
    | _BREAKS
    | _KEPT
)


def harmless(text: str) -> str:
    """Return a text that a terminal only shows.

    Control characters become their pictures (Unicode 2400-2421) or U+FFFD, tabs blanks, line breaks of all kinds
    newlines; marks that turn the direction of writing, and tags, vanish.
    """
    return text.translate(_HARMLESS)


def in_line(text: str) -> str:
    """Return a harmless text in one line."""
    return " ".join(harmless(text).split("\n"))


def width(text: str) -> int:
    """Return how many columns a harmless text takes: Chinese characters two, marks above others none."""
    return sum(_width(one) for one in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, columns: int) -> str:
    """Return a text cut or filled with blanks so that it takes so many columns."""
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    shown = ""
    for one in text:
        if width(shown + one) > columns - 1:
            break
        shown += one
    return shown + "…" + " " * (columns - 1 - width(shown))
