"""Writes attention to its own file: an interactive HTML page, or an SVG heat map for print."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seq2seq.report.html.attention_table import COPIED_NOTE, FAINT, STYLE, Reading, copied, drawn, spelled
from seq2seq.report.html.page import empty, page, text

PICTURES = (".html", ".svg")
MOST = 50
"""Maximum number of outputs in one file, to keep browsers fast."""
CELL, FONT, HEAD_ROWS, LONGEST = 16, 12, 40, 24
"""Cell and font size in pixels; rows between repeated column names; maximum characters of a name."""
SVG_STYLE = (
    ":root{color-scheme:light dark}text{font:12px system-ui,sans-serif;fill:#1b2430}.title{font-weight:600}"
    "rect{fill:#0f6f8c}.page{fill:#fff}.band{fill:#eef1f4}"
    "@media(prefers-color-scheme:dark){text{fill:#e4e9ee}rect{fill:#4fb7d6}.page{fill:#191f26}.band{fill:#222a32}}"
)


@dataclass(frozen=True)
class Picture:
    """An output to draw: title (such as the input's position), attention, and the copied fraction of each piece."""

    title: str
    reading: Reading
    copied: Sequence[float] = ()


def picture_file(path: Path, pictures: Sequence[Picture], total: int) -> str:
    """Return the content of an HTML or SVG file, with a note if `total` exceeds the number of pictures."""
    note = f"Only the first {len(pictures):,} of {total:,} outputs are drawn." if total > len(pictures) else ""
    return svg(pictures, note) if path.suffix == ".svg" else html(pictures, note)


def html(pictures: Sequence[Picture], note: str = "") -> str:
    """Return a page of outputs and their sources, shaded by attention."""
    parts = [
        "<header><h1>Which source pieces each word attended to</h1><p>Point at a word of the output, tap it, or use "
        "the arrow keys: the stronger the colour of a source piece and the thicker the line below it, the more this "
        "word attended to it. A short source is the header of a table instead, in which full colour is weight "
        "1.</p></header>"
    ]
    if note:
        parts.append(f'<p class="note">{text(note)}</p>')
    for number, picture in enumerate(pictures):
        body = drawn(picture.reading, f"a{number}") if picture.reading.output and picture.reading.source else empty()
        if picture.copied:
            body += (
                f"<h3>Copied from the source</h3>{copied(picture.reading.output, picture.copied)}<p>{COPIED_NOTE}</p>"
            )
        parts.append(f"<section><h2>{text(picture.title)}</h2>{body}</section>")
    return page("Attention", STYLE, "".join(parts))


def svg(pictures: Sequence[Picture], note: str = "") -> str:
    """Return an SVG of heat maps, one below the other, with source pieces as rows and output pieces as columns."""
    parts: list[str] = []
    y, width = 8, 0
    if note:
        parts.append(f'<text x="8" y="{y + FONT}">{text(note)}</text>')
        y += 2 * CELL
    for picture in pictures:
        drawing, bottom, right = _map(picture, y)
        parts.append(drawing)
        y, width = bottom + 2 * CELL, max(width, right)
    width = max(width, 480)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" viewBox="0 0 {width} {y}">'
        f'<style>{SVG_STYLE}</style><rect class="page" width="{width}" height="{y}"/>{"".join(parts)}</svg>\n'
    )


def _map(picture: Picture, top: int) -> tuple[str, int, int]:
    """Return a heat map with its lower and right edges."""
    source, output = (
        [_name(name) for name in spelled(side)] for side in (picture.reading.source, picture.reading.output)
    )
    parts = [f'<text class="title" x="8" y="{top + FONT}">{text(picture.title)}</text>']
    left = 16 + max((_width(name) for name in source), default=0)
    high = 8 + max((_width(name) for name in output), default=0)
    right = left + CELL * len(output) + high // 2 + 8
    y = top + CELL
    for row, name in enumerate(source):
        if row % HEAD_ROWS == 0:
            y += high
            for column, heading in enumerate(output):
                x = left + CELL * column + CELL - 4
                parts.append(f'<text x="{x}" y="{y - 5}" transform="rotate(-60 {x} {y - 5})">{text(heading)}</text>')
        if row % 2 == 0:
            parts.append(f'<rect class="band" x="{left}" y="{y}" width="{CELL * len(output)}" height="{CELL}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + FONT}" text-anchor="end">{text(name)}</text>')
        for column, weights in enumerate(picture.reading.weights):
            if weights[row] >= FAINT:
                hint = text(f"{name} → {output[column]}: {weights[row]:.2f}")
                parts.append(
                    f'<rect x="{left + CELL * column}" y="{y}" width="{CELL - 1}" height="{CELL - 1}" '
                    f'opacity="{weights[row]:.2f}"><title>{hint}</title></rect>'
                )
        y += CELL
    return "".join(parts), y, max(right, 16 + _width(picture.title))


def _name(piece: str) -> str:
    shown = piece.replace("\u2581", " ").strip() or "␣"
    return shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…"


def _width(name: str) -> int:
    """Return the approximate width of a name in pixels."""
    return sum(13 if character >= "\u2e80" else 7 for character in name)
