"""Formats an output's attention and copying as HTML.

A short source is drawn as a table of weights. A long source is shown as running text, shaded by the attention of one
output word at a time. The user selects the word with the pointer, a tap or the arrow keys. This needs only CSS, no
script.

Shapes: ``S`` source pieces, ``T`` output pieces.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seq2seq.report.html.page import empty, text

STYLE = """
details { margin-top: 10px; }
summary { cursor: pointer; color: var(--series-0); font-size: 0.9rem; }
.heat { margin-top: 8px; font-size: 0.8rem; }
.heat th { font-weight: 400; padding: 1px 6px; white-space: pre; text-align: right; }
.heat thead th { vertical-align: bottom; text-align: left; padding: 2px 0; }
.heat thead th span { writing-mode: vertical-rl; }
.heat td {
  width: 22px; min-width: 22px; height: 22px; border: 1px solid var(--card); border-radius: 4px;
  background: color-mix(in srgb, var(--heat) calc(var(--w, 0) * 1%), var(--soft));
}
.reading { margin-top: 8px; }
.words {
  position: sticky; top: 0; background: var(--card); border-bottom: 1px solid var(--line); padding: 6px 0;
  max-height: 40vh; overflow-y: auto; line-height: 2; overflow-wrap: anywhere;
}
.words input { position: absolute; opacity: 0; pointer-events: none; }
.words label { cursor: pointer; border-radius: 4px; padding: 4px 1px; }
.words .all { font-size: 0.86rem; color: var(--muted); border: 1px solid var(--line); padding: 2px 8px; }
.words label:hover, .words input:checked + label { background: var(--mark); color: var(--ink); }
.words input:checked + label { text-decoration: underline; text-underline-offset: 4px; }
.words input:focus-visible + label { outline: 2px solid var(--series-0); }
.read { margin: 10px 0 0; line-height: 1.9; overflow-wrap: anywhere; }
.read span {
  --v: var(--h, var(--c, var(--a, 0))); border-radius: 3px;
  background: color-mix(in srgb, var(--heat) calc(var(--v) * 0.5%), transparent);
  box-shadow: 0 calc(var(--v) * 0.03px) 0 var(--heat);
}
.reading:has(.words label:hover) .read span { --h: 0; }
.reading:has(.words .word:checked) .read span { --c: 0; }
.copied span {
  --v: var(--k, 0); border-radius: 3px; text-underline-offset: 3px;
  background: color-mix(in srgb, var(--series-1) calc(var(--v) * 0.4%), transparent);
}
.copied .most { text-decoration: underline; text-decoration-color: var(--series-1); text-decoration-thickness: 2px; }
"""
SHORT_SOURCE = 60
"""Maximum source length in pieces for a table."""
FAINT = 0.02
"""Minimum weight that is drawn."""
COPIED_NOTE = (
    "The stronger the colour of a piece, the larger the share of its probability that came from copying the "
    "source; underlined above one half."
)
_BYTE = re.compile(r"<0x([0-9A-F]{2})>")
_BREAKS = ("<line>", "<turn>")


@dataclass(frozen=True)
class Reading:
    """An output and its attention.

    Args:
        source: [S], source pieces.
        output: [T], output pieces.
        weights: [T][S], attention weights.
    """

    source: Sequence[str]
    output: Sequence[str]
    weights: Sequence[Sequence[float]]


def legend(reading: Reading) -> str:
    """Return a one-line legend for `drawn`."""
    if len(reading.source) <= SHORT_SOURCE:
        return "rows are output pieces, columns source pieces; full colour is weight 1"
    return "choose a word of the output: the stronger the colour of a source piece, the more that word attended to it"


def drawn(reading: Reading, name: str, say: Callable[[str], str] = str) -> str:
    """Return the attention as HTML: a table for a short source, shaded text otherwise; `name` prefixes element ids."""
    return table(reading) if len(reading.source) <= SHORT_SOURCE else shaded(reading, name, say)


def table(reading: Reading) -> str:
    """Return a table with output pieces as rows and source pieces as columns."""
    head = "".join(f"<th><span>{piece(name)}</span></th>" for name in spelled(reading.source))
    rows = []
    for name, weights in zip(spelled(reading.output), reading.weights, strict=False):
        cells = "".join(
            f'<td style="--w:{100 * weight:.0f}" title="{weight:.2f}"></td>' if weight >= FAINT else "<td></td>"
            for weight in weights
        )
        rows.append(f"<tr><th>{piece(name)}</th>{cells}</tr>")
    return (
        f'<div class="wide"><table class="heat"><thead><tr><td style="background:none"></td>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def shaded(reading: Reading, name: str, say: Callable[[str], str] = str) -> str:
    """Return the selectable output words, and the source shaded by the attention of the selected word.

    Until a word is selected, the shades show the total attention of the output, relative to the most attended piece.
    """
    source, output = spelled(reading.source), spelled(reading.output)
    whole = text(say("whole output"))
    words = [f'<input type="radio" name="{name}" id="{name}" checked><label class="all" for="{name}">{whole}</label>']
    rules = []
    for number, (word, weights) in enumerate(zip(output, reading.weights, strict=False)):
        place = f"{name}-{number}"
        words.append(
            f'{" " if word.startswith("▁") else ""}<input type="radio" class="word" name="{name}" id="{place}">'
            f'<label for="{place}" title="{_most(source, weights)}">{_inline(word) or "␣"}</label>'
        )
        for level, pieces in _levels(weights).items():
            chosen = f":is({','.join(f'.s{place}' for place in pieces)})"
            rules.append(f".reading:has(#{place}:checked) .{name}{chosen}{{--c:{level}}}")
            rules.append(f".reading:has(#{place}+label:hover) .{name}{chosen}{{--h:{level}}}")
    totals = [sum(weights) for weights in zip(*reading.weights, strict=True)]
    most = max(totals, default=0.0) or 1.0
    spans = []
    for number, (source_piece, total) in enumerate(zip(source, totals, strict=False)):
        space = " " if source_piece.startswith("▁") else ""
        share = 100 * total / most
        style = f' style="--a:{share:.0f}"' if share >= 1 else ""
        end = "<br>" if source_piece in _BREAKS else ""
        spans.append(f'{space}<span class="{name} s{number}"{style}>{_inline(source_piece)}</span>{end}')
    return (
        f'<div class="reading"><div class="words" role="radiogroup" aria-label="{text(say("Words of the output"))}">'
        f'{"".join(words)}</div><p class="read">{"".join(spans)}</p><style>{"".join(rules)}</style></div>'
    )


def copied(pieces: Sequence[str], shares: Sequence[float], say: Callable[[str], str] = str) -> str:
    """Return an output's pieces, each shaded by the fraction of its probability that came from copying."""
    parts = []
    for name, share in zip(spelled(pieces), shares, strict=False):
        if name in _BREAKS:
            parts.append("<br>")
            continue
        space = " " if name.startswith("▁") and parts else ""
        kind = ' class="most"' if share > 0.5 else ""
        parts.append(f'{space}<span{kind} style="--k:{100 * share:.0f}" title="{share:.2f}">{_inline(name)}</span>')
    return f'<span class="copied">{"".join(parts)}</span>' if parts else empty(say)


def piece(name: str) -> str:
    """Return a piece for a heading; a piece of only spaces is shown as ␣."""
    return text(name.replace("\u2581", "␣") if name.strip("\u2581") == "" else name.replace("\u2581", ""))


def spelled(pieces: Sequence[str]) -> list[str]:
    """Decode byte pieces: the first byte becomes the character, and each further byte becomes a dot."""
    shown = list(pieces)
    place = 0
    while place < len(shown):
        for length in (1, 2, 3, 4):
            matches = [_BYTE.fullmatch(name) for name in pieces[place : place + length]]
            try:
                character = bytes(int(match[1], 16) for match in matches if match).decode("utf-8")
            except UnicodeDecodeError:
                continue
            if character and all(matches) and len(matches) == length:
                shown[place : place + length] = [character, *"·" * (length - 1)]
                place += length - 1
            break
        place += 1
    return shown


def _inline(name: str) -> str:
    return "⏎" if name in _BREAKS else ":" if name == "<speaker>" else text(name.replace("\u2581", " ").strip())


def _levels(weights: Sequence[float]) -> dict[int, list[int]]:
    """Group source pieces by shade, in steps of 10 %, to limit the number of CSS rules.

    Shades are relative to the most attended piece, because in a long source no weight is close to 1.
    """
    levels: dict[int, list[int]] = {}
    most = max(weights, default=0.0) or 1.0
    for number, weight in enumerate(weights):
        if level := round(10 * weight / most) * 10:
            levels.setdefault(level, []).append(number)
    return levels


def _most(source: Sequence[str], weights: Sequence[float]) -> str:
    """Return the three most attended pieces and their weights as text, for accessibility."""
    order = sorted(range(len(weights)), key=lambda number: -weights[number])[:3]
    return ", ".join(f"{_inline(source[number]) or '␣'} {weights[number]:.2f}" for number in order)
