"""Texts that are not conversations with a turn per line, although each of their lines could be one.

Training would not fail on them: times, keys and half sentences would become part of the turns.
"""

import re
import statistics
from itertools import pairwise

from seq2seq.corpus.formats.form import NEARLY_ALL, Head

MOST = 0.5
"""Minimum fraction of lines with the pattern of a form whose records have several lines."""
FEW_LINES, MANY_LINES = 4, 20
"""Minimum numbers of lines for a regular pattern not to be chance."""
WRAPPED_WIDTH, WRAPPED_SLACK = (38, 130), 16
"""Range of the width of broken lines in characters, and how much shorter than the longest nearly all of them are."""
HEADINGS = 0.15
"""Minimum fraction of lines with nothing but a name and a colon, in a play."""
SIGNS, CODE_SIGNS, INDENTED, MARKED = 0.2, 0.04, 0.3, 0.3
"""Minimum fractions: of digits and signs among all characters, and of signs alone; of indented lines; of lines with
Markdown. Conversations have few signs and no indented lines; logs, code and tables exceed one of these."""
PARAGRAPH = 400
"""Median length of lines in characters from which they are paragraphs; a Chinese character counts for three."""
_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?"
_DAY = r"\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}日?"
# A turn may begin with a time ("7:30 is fine."), so a time stamp also needs a day, brackets or a name.
_STAMPED = re.compile(
    rf"[\u200e\u200f\s]*(?:\[(?:{_DAY}[,T]?\s*)?{_CLOCK}\]|{_DAY}(?:,?\s+|T)(?:上午|下午)?{_CLOCK}(?!\d)|"
    rf"{_CLOCK}\s+<[^<>\s]+>\s)"
)
_NUMBERED = re.compile(r"\s*(\d{1,6})[.):]?\s")
_CODE = re.compile(r".*[;{}]\s*$|\s*(?:#include|import \w|from \w+ import|def \w+\(|class \w+[:(]|return\b|</?\w+)")
_WORD = re.compile(r"\s*[A-Za-z\u00c0-\u024f0-9_'-]+\s*")
_RECORD = re.compile(r"[!-~]{12,}")
_KEY = re.compile(r"\s*[\w.-]+\s*=\s*\S")
_HEADING = re.compile(r"\s*[^:：]{1,30}[:：]\s*")
_WIDE = re.compile("[\u3040-\u9fff]")
_SIGN = re.compile(r"[{}=\\|`$%+&]")
_DIGIT = re.compile(r"\d")
_MARKED = re.compile(r"\s*(?:#{1,6} |```|\||[-*+] |\d+\. |>)")
_PAGE = re.compile(r"#{1,6} |```")
_MAIL = re.compile(r"(?:From|To|Cc|Subject|Date|Received|Reply-To|Return-Path|Message-I[dD]|MIME-Version|X-[\w-]+): \S")
_PATCH = ("diff -", "--- a/", "index: ")
_MARKUP = ("<?xml", "<!doctype", "<html")


def near_miss(head: Head) -> str:
    """Return what a text looks like instead of conversations, as part of a sentence; '' if nothing else is likely."""
    lines = head.lines
    first = lines[0].strip().lower() if lines else ""
    if first.startswith(_MARKUP) and len(lines) > 1 and head.share(lambda line: line.lstrip().startswith("<")) >= MOST:
        return "XML or HTML"
    if head.matches(_STAMPED.match, MOST):
        return "a chat export or log with times before its lines"
    if sum(map(bool, map(_MAIL.match, lines[:10]))) >= 3:
        return "an e-mail"
    if first.startswith(_PATCH):
        return "a patch"
    if len(lines) < FEW_LINES:
        return ""
    if _counts(lines):
        return "a numbered list"
    if separator := _separator(lines):
        return f"a table with '{separator}' between its columns"
    if head.matches(_KEY.match):
        return "options with keys and values"
    if head.matches(_HEADING.fullmatch, HEADINGS):
        return "a play with names on lines of their own"
    if statistics.median(map(_length, lines)) >= PARAGRAPH:
        return "running text with a paragraph in each line"
    if len(lines) < MANY_LINES:
        return ""
    if head.matches(_CODE.match, MOST):
        return "the code of a program"
    if head.matches(_WORD.fullmatch):
        return "a list of words"
    if head.matches(_RECORD.fullmatch):
        return "records without spaces"
    if _is_wrapped(head.all_lines):
        return "running text broken into lines"
    if head.share(_MARKED.match) >= MARKED and any(map(_PAGE.match, lines)):
        return "a page in Markdown"
    if head.share(lambda line: line[:1] in (" ", "\t")) >= INDENTED:
        return "code or other indented text"
    characters = sum(len(line) - line.count(" ") for line in lines)
    signs, digits = (sum(len(pattern.findall(line)) for line in lines) for pattern in (_SIGN, _DIGIT))
    if signs >= CODE_SIGNS * characters or signs + digits >= SIGNS * characters:
        return "numbers, signs or code rather than sentences"
    return ""


def _length(line: str) -> int:
    return len(line) + (0 if line.isascii() else 2 * len(_WIDE.findall(line)))


def _counts(lines: list[str]) -> bool:
    """Return whether nearly all lines begin with a number, one more than that of the line before."""
    numbers = [int(match[1]) if (match := _NUMBERED.match(line)) else None for line in lines]
    steps = sum(
        earlier is not None and later is not None and later == earlier + 1 for earlier, later in pairwise(numbers)
    )
    return steps >= NEARLY_ALL * (len(lines) - 1)


def _separator(lines: list[str]) -> str:
    """Return the character that divides nearly all lines into the same number of columns, without spaces around it.

    Commas in sentences are followed by spaces.
    """
    for separator in ("|", ";", ",", ":"):
        pattern = re.compile(rf"(?<=\S){re.escape(separator)}(?=[^\s{re.escape(separator)}])")
        counts = [len(pattern.findall(line)) for line in lines]
        usual = max(set(counts), key=counts.count)
        is_tight = sum(line.count(separator) == count for line, count in zip(lines, counts, strict=True))
        if (
            usual >= (3 if separator == ":" else 1)
            and counts.count(usual) >= NEARLY_ALL * len(lines)
            and is_tight >= NEARLY_ALL * len(lines)
        ):
            return separator
    return ""


def _is_wrapped(lines: list[str]) -> bool:
    """Return whether lines that another one follows nearly all reach a common width, and rarely end a sentence."""
    followed = [line.rstrip() for line, after in pairwise(lines) if line.strip() and after.strip()]
    if len(followed) < MANY_LINES:
        return False
    lengths = sorted(map(len, followed))
    width = lengths[int(0.98 * (len(lengths) - 1))]
    if not WRAPPED_WIDTH[0] <= width <= WRAPPED_WIDTH[1]:
        return False
    reaching = sum(width - WRAPPED_SLACK <= length <= width + WRAPPED_SLACK for length in lengths)
    ended = sum(line.endswith((".", "!", "?", "。", "！", "？", "…", '"', "”", ")")) for line in followed)
    return reaching >= 0.8 * len(followed) and ended <= MOST * len(followed)
