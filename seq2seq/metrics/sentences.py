"""Rule-based sentence splitting for English, German, Chinese and Japanese, without knowing the language.

A line break always ends a sentence. Chinese and Japanese sentence-final punctuation also ends a sentence; closing
quotes and brackets after it belong to the sentence. Latin sentence-final punctuation ends a sentence if a space and a
possible sentence start follow, unless the punctuation belongs to an abbreviation, an initial or a number. Ambiguous
cases, as after ``5 p.m.``, are not split. Punctuation between spaces marks tokenized text, which is often lower-cased,
so it ends a sentence even before a lower-case word.
"""

import re

_OPENING = "\"'([{“„‚‘«‹»›"
_END = re.compile(
    # Chinese or Japanese sentence-final punctuation, with closing quotes and brackets after it.
    "(?P<wide>[。！？；｡][。！？；｡…!?]*[”’」』）》】〕〉)\\]]*)"
    # Half-width punctuation between Chinese or Japanese characters.
    "|(?P<typed>[!?]+(?=[\u3041-\u30ff\u3400-\u9fff]))"
    # Latin sentence-final punctuation. The quote after it may be “ or ‘, which close quotations in German.
    "|(?P<stop>[.!?…]+)[\"'”’»›“‘«‹)\\]}]*(?=\\s)"
)
# Closing quotes and brackets after sentence-final punctuation in tokenized text.
_CLOSING_TOKEN = re.compile(r"\s(?:''|-rrb-|[”’»)\]]|(?P<straight>\"))(?=\s|$)", re.IGNORECASE)
_STOP_BEFORE, _STOP_AFTER = re.compile(r"(?:^|\s)[.!?…]\s$"), re.compile(r"\s[.!?…]")
_SEPARATOR = re.compile(r"<(?:q|n|/?s|/?t)>")
_WORD = re.compile(r"[^\W_]+")
# Commas and the Japanese quotative particle continue the sentence after a quotation.
_GOES_ON = re.compile("[，、,]|と|って")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_CLOSING = '”’」』）》】〕〉)]"'

_ABBREVIATIONS = frozenset(
    """
    adm al approx bros bspw bzw ca capt cf col cpl dept dipl dr evtl exkl fr gen ggf gov hon hr ing inkl jr lt maj
    messrs mr mrs ms mt prof rep rev sen sgt sog sr st vgl vs zzgl
    """.split()
)
_BEFORE_NUMBERS = frozenset(
    """
    abb abs apr art aug bd ch dec dez eq feb fig figs jan jul jun kap max min nov no nos nr oct okt pp sec sep sept str
    tab tel vol
    """.split()
)
_AFTER_ORDINALS = frozenset(
    """
    januar februar märz april mai juni juli august september oktober november dezember jahrhundert jahrhunderts
    """.split()
)
_SPEAKER = re.compile(r"\s*[^\s:：][^:：。！？!?]{0,39}(?::(?:\s|$)|：)")
LIKE_A_CHAT = 0.5
"""A document is a chat if more than this fraction of its lines begin with a speaker's name and a colon."""


def units(document: str) -> list[str]:
    """Return the units for extraction: the turns (lines) of a chat, or the sentences of any other document."""
    return lines(document) if is_chat(document) else sentences(document)


def lines(text: str) -> list[str]:
    """Return the non-blank lines of a text, stripped."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_chat(document: str) -> bool:
    """Return whether a document has several lines, most of which begin with a speaker's name and a colon."""
    turns = lines(document)
    return len(turns) > 1 and sum(bool(_SPEAKER.match(line)) for line in turns) > LIKE_A_CHAT * len(turns)


def separated(text: str) -> str:
    """Replace the sentence tags of summarization corpora by line breaks.

    The tags are ``<q>`` and ``<n>`` between sentences, and ``<s>``, ``</s>``, ``<t>`` and ``</t>`` around them.
    """
    return _SEPARATOR.sub("\n", text) if "<" in text else text


def sentences(text: str) -> list[str]:
    """Split a text into stripped sentences, which together contain all its non-space characters in order."""
    return [sentence for line in lines(text) for sentence in _of_line(line)]


def _of_line(line: str) -> list[str]:
    """Split a line in linear time."""
    cut, start, first = [], 0, _past_spaces(line, 0)
    quotes, counted = 0, 0  # number of straight quotes in line[start:counted]
    ahead = _WORD.search(line)
    for match in _END.finditer(line):
        end = match.end()
        quotes, counted = quotes + line.count('"', counted, end), max(counted, end)
        if match["wide"]:
            # A straight quote is closing if one is open.
            end += line[end : end + 1] == '"' and quotes % 2
            is_end = not (line[end - 1] in _CLOSING and _GOES_ON.match(line, end))
        elif match["typed"]:
            is_end = True
        else:
            if ahead and ahead.start() < end:
                ahead = _WORD.search(line, end)
            following = ahead[0] if ahead else ""
            is_token = _is_token(line, start, match.start("stop"), match.end())
            is_end = bool(following and (is_token or not following[0].islower())) and not (
                match["stop"] == "." and _is_inside(line, first, match.start(), following)
            )
            closing = _CLOSING_TOKEN.match(line, end) if is_token else None
            if closing and (not closing["straight"] or quotes % 2):
                end = closing.end()
        if is_end and line[start:end].strip():
            cut.append(line[start:end].strip())
            start, first = end, _past_spaces(line, end)
            quotes, counted = 0, end
    rest = line[start:].strip()
    return [*cut, rest] if rest else cut


def _past_spaces(line: str, place: int) -> int:
    """Return the index of the first non-space character at or after `place`."""
    while place < len(line) and line[place].isspace():
        place += 1
    return place


def _is_token(line: str, start: int, begin: int, end: int) -> bool:
    """Return whether the punctuation line[begin:end] is a separate token and not part of an ellipsis.

    `start` is the start of the sentence.
    """
    is_ellipsis = line[begin:end].strip(".…") == "" and line[begin:end] != "."
    is_alone = begin > start and line[begin - 1].isspace() and not is_ellipsis
    return (
        is_alone and not _STOP_BEFORE.search(line[max(start, begin - 3) : begin]) and not _STOP_AFTER.match(line, end)
    )


def _is_inside(line: str, first: int, begin: int, following: str) -> bool:
    """Return whether the full stop at index `begin` belongs to the word before it, so it need not end the sentence.

    `first` is the start of the sentence's first word, and `following` is the word after the full stop.
    """
    last = begin
    while last > first and line[last - 1].isspace():
        last -= 1
    place = last
    while place > first and not line[place - 1].isspace():
        place -= 1
    word = line[place:last].lstrip(_OPENING)
    lower = word.lower()
    if word.isdecimal():  # a list number at the start, or a German ordinal
        return place == first or (len(word) <= 2 and following.lower() in _AFTER_ORDINALS)
    is_initial = len(word) == 1 and lower != word.upper() and lower != "i"
    if is_initial or lower in _ABBREVIATIONS or _DOTTED.fullmatch(word):
        return True
    return lower in _BEFORE_NUMBERS and following[:1].isdecimal()
