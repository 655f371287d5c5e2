"""Attention of an output, drawn with the characters of a terminal: the source, shaded, and a table.

With colour, the stronger a piece's background, the more attention it got; without, the higher the bar below it. Only
pieces with clearly more than an even share of the attention are marked: attention is never quite zero, so the rest
carries no information.

Shapes: ``S`` source pieces, ``T`` output pieces.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seq2seq.repl.screen import SHADES, Screen
from seq2seq.report.html.attention_table import FAINT, spelled
from seq2seq.safe_text import fitted, in_line, width

BARS = " ▁▂▃▄▅▆▇█"
MARGIN = "       │ "
OWN = "» "
"""Precedes the model's own turns."""
NAME_COLUMNS = 16
MOST_READ = 3
"""Pieces of the source named for each piece of the output."""
ABOVE_EVEN = 1.5
"""A piece is marked if its weight is more than this times an even share of the attention, or more than one half."""
ROOM = 3
"""Rows of the window kept for the note about omissions, the next prompt and the one after it."""


@dataclass(frozen=True)
class OutputAttention:
    """An output and its attention.

    Args:
        source: The source's pieces, S of them, special ids in angle brackets.
        output: The output's pieces, T of them.
        weights: [T][S], attention of each output piece to each source piece.
        copied: [T], the share of each piece's probability that comes from copying; empty without copying.
    """

    source: Sequence[str]
    output: Sequence[str]
    weights: Sequence[Sequence[float]]
    copied: Sequence[float] = ()


def drawing(attention: OutputAttention, screen: Screen, *, is_whole: bool = False) -> str:
    """Return the drawing: first the attention of the whole output, then the most attended words for each of its words.

    Args:
        attention: The output and its attention.
        screen: The screen.
        is_whole: Whether to show all of it, even if it does not fit the window. Otherwise lines and turns without a
            mark are cut to one line each, and what is still too much is omitted, with a note.
    """
    text, table = list(_text(attention, screen)), list(_table(attention, screen))
    room = max(6, screen.rows - ROOM)
    if is_whole or len(text) + 1 + len(table) <= room:
        return "\n".join([*text, "", *table])
    text = list(_text(attention, screen, is_short=True))
    kept = text[-max(room // 2, room - 1 - len(table)) :]
    rows = table[: room - 1 - len(kept)]
    note = f"… {len(text) - len(kept) + len(table) - len(rows)} lines left out; /why all shows everything"
    if len(text) == len(kept) and len(table) == len(rows):
        note = "… shortened; /why all shows everything"
    return "\n".join([*kept, "", *rows, screen.styled(note, "note")])


def threshold(pieces: int) -> float:
    """Return the weight above which a piece is marked.

    Args:
        pieces: Pieces of the source.
    """
    return min(0.5, ABOVE_EVEN / max(1, pieces))


def _text(attention: OutputAttention, screen: Screen, *, is_short: bool = False) -> Iterator[str]:
    """Yield the source's lines and turns, each with its share of the attention.

    Args:
        attention: The output and its attention.
        screen: The screen.
        is_short: Whether to cut lines and turns without a mark to one line.
    """
    shares = [sum(column) / len(attention.output) for column in zip(*attention.weights, strict=True)]
    most = max(shares, default=0.0) or 1.0
    least = threshold(len(shares))
    parts = [share / most if share > least else 0.0 for share in shares]
    shown = spelled(attention.source)
    begin = 0
    ends = [place + 1 for place, piece in enumerate(attention.source) if piece in ("<line>", "<turn>")]
    for end in [*ends, len(shown)]:
        if begin == end:
            continue
        cells: list[tuple[str, float]] = []
        for place in range(begin, end):
            text = _inline(shown[place], place == begin)
            is_first = not cells or cells[-1][0] == OWN
            cells.append((text.lstrip() if is_first and text != OWN else text, parts[place]))
        share = f"{100 * sum(shares[begin:end]):4.0f} % │ "
        lines = list(_wrapped(cells, max(20, screen.columns - width(MARGIN) - 1)))
        if is_short and len(lines) > 1 and not any(parts[begin:end]):
            *others, (last, part) = lines[0]
            lines = [[*others, (fitted(f"{last}  ", width(last)), part)]]
        for line in lines:
            yield share + "".join(screen.shaded(text, _level(part, SHADES)) for text, part in line)
            share = MARGIN
            bars = "".join(BARS[_level(part, len(BARS))] * width(text) for text, part in line).rstrip()
            if bars and not screen.has_colour:
                yield MARGIN + bars
        begin = end


def _table(attention: OutputAttention, screen: Screen) -> Iterator[str]:
    """Yield a row for each word of the output, with the words of the source that were read most for it.

    The weight of a source word is the sum over its pieces; an output word has the mean over its own.
    """
    source, output = spelled(attention.source), spelled(attention.output)
    read, written = words(source), words(output)
    names = [_joined(output[begin:end]) for begin, end in written]
    sources = [_joined(source[begin:end]) for begin, end in read]
    left = min(NAME_COLUMNS, max(map(width, names)))
    right = min(NAME_COLUMNS, max(map(width, sources)))
    least = threshold(len(read))
    for name, (first, last) in zip(names, written, strict=True):
        rows, shares = attention.weights[first:last], attention.copied[first:last]
        if not rows:  # beyond the known weights
            continue
        weights = [sum(sum(row[begin:end]) for row in rows) / len(rows) for begin, end in read]
        share = sum(shares) / len(shares) if shares else 0.0
        note = f"  copied {share:.2f}" if share >= FAINT else ""
        fitting = max(1, (screen.columns - 1 - left - len(" ← ") - len(note) + 2) // (right + 2 + len(" 0.00  ")))
        order = sorted(range(len(read)), key=lambda place: -weights[place])[: min(MOST_READ, fitting)]
        cells = [
            screen.shaded(f" {fitted(sources[place], right)} ", _level(weights[place], SHADES))
            + f" {weights[place]:.2f}"
            for place in order
            if weights[place] > least
        ]
        yield f"{fitted(name, left)} ← {'  '.join(cells) or 'nothing in particular'}{note}".rstrip()


def words(pieces: Sequence[str]) -> list[tuple[int, int]]:
    """Return the begin and end of each word of spelled pieces; a Chinese piece and a punctuation mark are words.

    Args:
        pieces: Pieces, as `heat.spelled` returns them.
    """
    starts, last = [], ""
    for place, piece in enumerate(pieces):
        if piece == "·" and place:  # a further byte of the character before
            continue
        if not (_is_inside(piece[:1]) and _is_inside(last, "▁")):
            starts.append(place)
        last = piece[-1:]
    return list(zip(starts, [*starts[1:], len(pieces)], strict=True)) if starts else []


def _is_inside(character: str, others: str = "") -> bool:
    """Return whether a character can be inside a word of letters and digits."""
    return bool(character) and (character in others or (character.isalnum() and width(character) < 2))


def _wrapped(cells: Sequence[tuple[str, float]], columns: int) -> Iterator[list[tuple[str, float]]]:
    """Yield cells line by line; a cell that is wider than a line is cut."""
    line: list[tuple[str, float]] = []
    used = 0
    for text, part in cells:
        if used + width(text) > columns and line:
            yield line
            line, used, text = [], 0, text.lstrip()
        text = fitted(text, columns) if width(text) > columns else text
        line.append((text, part))
        used += width(text)
    if line:
        yield line


def _level(part: float, levels: int) -> int:
    return min(levels - 1, round(part * (levels - 1)))


def _inline(piece: str, is_first: bool) -> str:
    """Return a piece as shown in the text."""
    if piece in ("<line>", "<turn>"):
        return ""
    if piece == "<speaker>":
        return OWN if is_first else ": "
    return in_line(piece.replace("\u2581", " "))


def _joined(pieces: Sequence[str]) -> str:
    """Return the pieces of a word as shown in the table."""
    if pieces[0] in ("<line>", "<turn>", "<speaker>"):
        return OWN.strip() if pieces[0] == "<speaker>" else "⏎"
    word = "".join(piece for piece in pieces if piece != "·")
    return in_line(word.replace("\u2581", " ")).strip() or "␣"
