"""Detects UTF-8, UTF-16 and UTF-32 in text files, and guesses other encodings for messages.

Windows programs call UTF-16 "Unicode". Other encodings are only suggested in messages, because they cannot be
identified with certainty.
"""

import re

HEAD_BYTES = 4096
"""Number of bytes at the start of a file from which the encoding is detected."""
MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
"""Byte order marks, longer ones first."""
MOST_CONTROL = 0.02
"""Maximum fraction of control characters in text."""
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_COMMON = re.compile("[\t\n\r -~\u00a0-\u024f\u2010-\u2027\u3000-\u303f\u3041-\u30ff\u4e00-\u9fff\uff00-\uff5e]")
"""Characters of Latin, Chinese and Japanese text. (GBK text that is read as UTF-16 becomes Hangul, which is not in this
set.)"""


def encoding_of(head: bytes) -> str:
    """Return the encoding of a text: 'utf-8', 'utf-16', 'utf-16-le', 'utf-16-be' or 'utf-32'.

    Args:
        head: Beginning of the text, of which `HEAD_BYTES` bytes are read. It may end within a character.
    """
    for mark, name in MARKS.items():
        if head.startswith(mark):
            return name
    head = head[:HEAD_BYTES]
    if b"\x00" not in head or len(head) < 4:
        return "utf-8"
    # In UTF-16, every second byte of Latin text is zero; in Chinese text, at least one byte per line break is.
    zeros = head[::2].count(0) / len(head[::2]), head[1::2].count(0) / len(head[1::2])
    if head.count(0) > 1 and max(zeros) > 0.4 and min(zeros) < 0.1:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    for name in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(name, "replace")
        if len(_COMMON.findall(text)) >= 0.95 * len(text) and not _is_utf8(head):
            return name
    return "utf-8"


def _is_utf8(head: bytes) -> bool:
    """Return whether bytes are UTF-8, possibly with an incomplete last character."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as fault:
        return fault.start >= len(head) - 3 and len(head) == HEAD_BYTES
    return True


def advice(text: bytes) -> str:
    """Return advice for text that is not UTF-8: either a command to convert it, or to use a text file instead."""
    control = len(_CONTROL.findall(text[:HEAD_BYTES]))
    if encoding_of(text) == "utf-8" and control > max(1, MOST_CONTROL * len(text[:HEAD_BYTES])):
        return "This does not look like text. Save documents of a word processor as plain text (UTF-8)."
    return f"Convert it, for example with {conversion(text)}."


def conversion(text: bytes) -> str:
    """Return a command that probably converts a text to UTF-8.

    In GB18030, bytes above 127 come in pairs; in Western European encodings they rarely do.
    """
    name = encoding_of(text)
    if name == "utf-8":
        high = sum(byte > 127 for byte in text)
        pairs = len(re.findall(rb"[\x81-\xfe][\xa1-\xfe]", text))
        name = "GB18030" if 2 * pairs > 0.8 * high else "LATIN1"
    return f"iconv -f {name.upper()} -t UTF-8"
