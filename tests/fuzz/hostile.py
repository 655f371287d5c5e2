"""Values that no program expects, as Python objects, texts and whole files."""

import random
from collections.abc import Callable, Sequence
from typing import Any

ESCAPES = ("\x1b]0;fuzzed\x07", "\x1b[2J\x1b[31m", "\x9b31m", "\x9d0;fuzzed\x9c", "\x00", "\x7f", "\r", "\x08\x08")
BIDI = ("\u202e", "\u2066", "\u202a\u202c", "\u2069")
ODD = (
    "",
    " ",
    "\t",
    "\u2028",
    "\x85",
    "\ufeff",
    "\ufffd",
    "\u3000",
    "e\u0301",
    "👩‍👩‍👧",
    "\U000e0041",
    "ﷺ",
    "中文。",
    "－１",
)
WORDS = (
    "the",
    "cat",
    "reads",
    "two",
    "books",
    "in",
    "Beijing",
    "today",
    "这",
    "那",
    "大狗",
    "吃",
    "三本书",
    "北京",
    "3",
    "0.5",
)
MARKUP = (
    "<s>",
    "</s>",
    "<unk>",
    "⁇",
    "▁",
    "|||",
    "<q>",
    "@@ ",
    "__eou__",
    "===",
    "%s",
    "{0}",
    "$(id)",
    "`id`",
    "../..",
)
NUMBERS: Sequence[int | float] = (
    *(0, 1, 2, 3, -1, 7, 255, 65_536, 10**6, 10**12, 2**31, 2**32, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 10**400),
    *(0.0, 0.5, -0.5, 1.5, 1e300, -1e300, 1e-300, float("inf"), float("-inf"), float("nan")),
)
TYPED = (
    *("0", "1", "-1", "2", "3", "0.5", "-0.5", "1e300", "1e-300", "nan", "inf", "-inf", "1_000", "0x10", "1e3", "٣"),
    *("9223372036854775807", "9223372036854775808", "1" + "0" * 30, "1" * 5000, "1e999", "+5", "1.0", "--", "-", ""),
    *(
        "true",
        "false",
        "null",
        "None",
        "[]",
        "{}",
        "[1,2]",
        "[[[]]]",
        "{a: b}",
        "a=b",
        "a,b",
        "'",
        '"',
        "!!int 3",
        "&a *a",
    ),
    *("~", "*", "?", "@x", "%", "#", ":", "- a", "cuda", "cpu", "auto", "mps", "en", "zh", "BLEU", "ROUGE"),
)
NUMERALS = ("0", "1", "2", "-1", "0.5", "--", "nan", "inf", "1e999", "9223372036854775808", "1" + "0" * 30)
"""What is typed where a number is meant."""


def text(draw: random.Random, most: int = 12) -> str:
    """Return a line of words with a few surprises among them."""
    parts = []
    for _ in range(draw.randint(0, most)):
        kind = draw.random()
        pool = WORDS if kind < 0.75 else draw.choice((ESCAPES, BIDI, ODD, MARKUP))
        parts.append(draw.choice(pool))
    line = draw.choice((" ", "")).join(parts)
    return line * draw.choice((1, 1, 1, 1, 1, 1, 30, 400)) if draw.random() < 0.1 else line


def value(draw: random.Random, depth: int = 0) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return a value for JSON or YAML, of any type."""
    kinds: list[Callable[[], Any]] = [
        lambda: None,
        lambda: draw.random() < 0.5,
        lambda: draw.choice(NUMBERS),
        lambda: text(draw),
        lambda: draw.choice(TYPED),
        lambda: "x" * 10_000,
        lambda: deep(draw.choice((60, 70, 2000)), draw.random() < 0.5),
    ]
    if depth < 3:
        kinds += [
            lambda: [value(draw, depth + 1) for _ in range(draw.randint(0, 4))],
            lambda: {text(draw, 2): value(draw, depth + 1) for _ in range(draw.randint(0, 4))},
        ] * 2
    return draw.choice(kinds)()


def deep(levels: int, is_list: bool) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Return lists or mappings inside one another."""
    found: Any = 1
    for _ in range(levels):
        found = [found] if is_list else {"a": found}
    return found


def argument(draw: random.Random) -> str:
    """Return a value that may be typed for an option; no NUL, which no command line can hold."""
    found = draw.choice(TYPED) if draw.random() < 0.7 else text(draw, 4)
    return found.replace("\x00", "")[:20_000]


def content(draw: random.Random) -> bytes:
    """Return a file of text, in any encoding, that ends its lines in any way."""
    lines = [text(draw) for _ in range(draw.choice((0, 1, 2, 5, 30)))]
    if draw.random() < 0.04:
        lines.append("x" * draw.choice((20_000, 1_100_000, 3_000_000)))
    end = draw.choice(("\n", "\n", "\n", "\r\n", "\r", "\u2028", "\n\n", ""))
    joined = end.join(lines) + draw.choice(("\n", ""))
    encoding = draw.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "gbk", "latin-1", "utf-32"))
    made = joined.encode(encoding, "replace")
    if draw.random() < 0.1:
        made += draw.randbytes(draw.choice((1, 20, 3000)))
    return made
