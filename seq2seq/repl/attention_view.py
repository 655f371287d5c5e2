"""Draws the attention of an output in a terminal: the shaded source and a table.

Attention is shown by background colour, or by bars below the pieces on a terminal without colour. Only pieces with
clearly more than uniform attention are marked, because attention is never exactly zero.

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
"""Prefix of the model's own turns."""
NAME_COLUMNS = 16
MOST_READ = 3
"""Maximum number of source words listed for each output word."""
ABOVE_EVEN = 1.5
"""A piece is marked if its weight exceeds this multiple of uniform attention, or if it exceeds one half."""
ROOM = 3
"""Number of window rows reserved for the note on omissions and the next two prompts."""


@dataclass(frozen=True)
class OutputAttention:
    """An output and its attention.

    Args:
        source: [S], source pieces, with special tokens in angle brackets.
        output: [T], output pieces.
        weights: [T][S], attention weights.
        copied: [T], fraction of each piece's probability that comes from copying; empty without copying.
    """

    source: Sequence[str]
    output: Sequence[str]
    weights: Sequence[Sequence[float]]
    copied: Sequence[float] = ()


def drawing(attention: OutputAttention, screen: Screen, *, is_whole: bool = False) -> str:
    """Return the attention of the whole output, followed by the most attended source words of each output word.

    Unless `is_whole`, a drawing that does not fit into the window is shortened: lines and turns without a mark are
    truncated to one line each, and excess lines are replaced by a note.
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
    """Return the weight above which a piece is marked, given the number of source pieces."""
    return min(0.5, ABOVE_EVEN / max(1, pieces))


def _text(attention: OutputAttention, screen: Screen, *, is_short: bool = False) -> Iterator[str]:
    """Yield the source's lines and turns, each with its percentage of the attention.

    If `is_short`, lines and turns without a mark are truncated to one line.
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
    """Yield a row for each output word, with its most attended source words.

    Weights are summed over the pieces of a source word, and averaged over the pieces of an output word.
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
        if not rows:  # no weights
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
    """Return the indices (begin, end) of each word in `pieces`, which must come from `spelled`.

    Each Chinese piece and each punctuation mark is a word.
    """
    starts, last = [], ""
    for place, piece in enumerate(pieces):
        if piece == "·" and place:  # another byte of the previous character
            continue
        if not (_is_inside(piece[:1]) and _is_inside(last, "▁")):
            starts.append(place)
        last = piece[-1:]
    return list(zip(starts, [*starts[1:], len(pieces)], strict=True)) if starts else []


def _is_inside(character: str, others: str = "") -> bool:
    """Return whether a character may continue a word."""
    return bool(character) and (character in others or (character.isalnum() and width(character) < 2))


def _wrapped(cells: Sequence[tuple[str, float]], columns: int) -> Iterator[list[tuple[str, float]]]:
    """Wrap cells into lines, truncating cells that are wider than a line."""
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
    """Return a piece as shown in the source text."""
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
