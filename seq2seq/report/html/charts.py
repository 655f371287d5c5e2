"""Line and bar charts as inline SVG, without any library.

Colours, fonts and dark mode come from the page through CSS classes (`STYLE`). The charts are narrow, so their text is
readable on a phone; a wide page shows two side by side.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

WIDTH, HEIGHT = 480, 290
LEFT, RIGHT, TOP, BOTTOM = 58, 22, 34, 44
STYLE = """
svg.plot { width: 100%; height: auto; display: block; font-family: inherit; font-size: 12.5px; }
svg.plot text { fill: var(--muted); }
svg.plot text.name { fill: var(--ink); }
svg.plot .grid { stroke: var(--line); stroke-width: 1; }
svg.plot .axis { stroke: var(--muted); stroke-width: 1; }
svg.plot .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
svg.plot .series-0 { stroke: var(--series-0); }
svg.plot .series-1 { stroke: var(--series-1); }
svg.plot circle.series-0, svg.plot rect.series-0 { fill: var(--series-0); }
svg.plot circle.series-1, svg.plot rect.series-1 { fill: var(--series-1); }
svg.plot .whisker { stroke: var(--ink); stroke-width: 1.5; }
svg.plot .best { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 4 3; }
svg.plot .zone { fill: transparent; }
svg.plot .tip { visibility: hidden; pointer-events: none; }
svg.plot .hit:hover .tip { visibility: visible; }
svg.plot .tip rect { fill: var(--card); stroke: var(--line); }
svg.plot .tip text { fill: var(--ink); font-size: 12.5px; font-variant-numeric: tabular-nums; }
svg.plot .tip line { stroke: var(--muted); stroke-width: 1; }
"""
LETTER_SIZE, LETTER_WIDTH = 12.5, 0.62
"""Font size in pixels, as in `STYLE`, and letter width per pixel of font size, spacing included."""
HITS = 160
"""Maximum number of hover targets in a chart, to keep the page small."""
MARKED = 40
"""A line with at most this number of points is drawn with a dot at each point."""


@dataclass(frozen=True)
class Line:
    """A line: its name in the legend and its points (x, y). Only finite points are drawn."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Mark:
    """A labelled position on the horizontal axis."""

    x: float
    name: str


@dataclass(frozen=True)
class Bar:
    """A bar from 0 to its value, optionally with the ends of its interval."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Labels:
    """The text of a chart; `identity` is an element id, unique in the page."""

    identity: str
    title: str
    description: str
    x: str
    y: str


@dataclass(frozen=True)
class Frame:
    """Mapping from values to pixel positions, given the smallest and largest x and y."""

    left: float
    right: float
    bottom: float
    top: float

    def x(self, value: float) -> float:
        """Return the horizontal pixel position of a value."""
        share = (value - self.left) / (self.right - self.left)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the vertical pixel position of a value."""
        share = (value - self.bottom) / (self.top - self.bottom)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def line_chart(labels: Labels, lines: Sequence[Line], mark: Mark | None = None) -> str:
    """Return a chart of at most two lines, with values shown on hover; '' if there is nothing to draw.

    A mark outside the range of the lines is not drawn.
    """
    drawn = [Line(line.name, [point for point in line.points if all(map(math.isfinite, point))]) for line in lines]
    drawn = [line for line in drawn if line.points]
    if not drawn:
        return ""
    xs = [x for line in drawn for x, _ in line.points]
    ys = [y for line in drawn for _, y in line.points]
    x_ticks, y_ticks = ticks(min(xs), max(xs)), ticks(min(ys), max(ys))
    frame = Frame(min(*xs, x_ticks[0]), max(*xs, x_ticks[-1]), y_ticks[0], y_ticks[-1])
    body = [_y_axis(frame, y_ticks)]
    for tick in x_ticks:
        body.append(f'<text x="{frame.x(tick)}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{number(tick)}</text>')
    for place, line in enumerate(drawn):
        points = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in line.points)
        body.append(f'<polyline class="line series-{place}" points="{points}"/>')
        if len(line.points) <= MARKED:
            body += [
                f'<circle class="series-{place}" cx="{frame.x(x)}" cy="{frame.y(y)}" r="3"/>' for x, y in line.points
            ]
    if len(drawn) > 1:
        end = WIDTH - RIGHT
        for place, line in reversed(list(enumerate(drawn))):
            start = end - 7 * len(line.name) - 22
            body.append(f'<line class="line series-{place}" x1="{start}" x2="{start + 16}" y1="14" y2="14"/>')
            body.append(f'<text class="name" x="{start + 21}" y="18">{escape(line.name)}</text>')
            end = start - 14
    if mark and min(xs) <= mark.x <= max(xs):
        body.append(_marked(frame, mark))
    body += _hits(frame, labels, drawn)
    return _drawing(labels, body)


def _marked(frame: Frame, mark: Mark) -> str:
    """Return a dashed vertical line with its label on the side with more room."""
    x, y = frame.x(mark.x), HEIGHT - BOTTOM - 8
    anchor, place = ("end", x - 6) if x > WIDTH / 2 else ("start", x + 6)
    return (
        f'<line class="best" x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text class="name" x="{place:.1f}" y="{y}" text-anchor="{anchor}">{escape(mark.name)}</text>'
    )


def _hits(frame: Frame, labels: Labels, lines: Sequence[Line]) -> list[str]:
    """Return a hover strip for each x, showing the values at x."""
    xs = sorted({x for line in lines for x, _ in line.points})
    if len(xs) > HITS:
        xs = sorted({xs[round(place * (len(xs) - 1) / (HITS - 1))] for place in range(HITS)})
    values = [dict(line.points) for line in lines]
    edges = [frame.left, *((before + after) / 2 for before, after in pairwise(xs)), frame.right]
    strips = []
    for x, (start, end) in zip(xs, pairwise(edges), strict=True):
        there = [(place, of[x]) for place, of in enumerate(values) if x in of]
        rows = [f"{number(x)} {labels.x}", *(f"{lines[place].name}: {value:.4g}" for place, value in there)]
        dots = "".join(
            f'<circle class="series-{place}" cx="{frame.x(x)}" cy="{frame.y(value)}" r="4"/>' for place, value in there
        )
        cross = f'<line x1="{frame.x(x)}" x2="{frame.x(x)}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>{dots}'
        zone = (
            f'<rect class="zone" x="{frame.x(start)}" y="{TOP}" width="{max(0.1, frame.x(end) - frame.x(start)):.1f}" '
            f'height="{HEIGHT - TOP - BOTTOM}"/>'
        )
        strips.append(f'<g class="hit">{zone}<g class="tip">{cross}{_tip(frame.x(x), TOP + 4, rows)}</g></g>')
    return strips


def _tip(x: float, y: float, rows: Sequence[str]) -> str:
    """Return a tooltip next to a point, inside the chart."""
    width = round(max(_length(row) for row in rows) + 14, 1)
    height = 17 * len(rows) + 8
    left = x + 10 if x + 10 + width <= WIDTH else max(0.0, x - 10 - width)
    lines = "".join(
        f'<text x="{left + 7:.1f}" y="{y + 17 * place + 17:.1f}">{escape(row)}</text>' for place, row in enumerate(rows)
    )
    return f'<rect x="{left:.1f}" y="{y:.1f}" width="{width}" height="{height}" rx="5"/>{lines}'


def _length(row: str) -> float:
    """Return the approximate width of a text in pixels."""
    return sum(LETTER_SIZE if character >= "\u2e80" else LETTER_SIZE * LETTER_WIDTH for character in row)


def bar_chart(labels: Labels, bars: Sequence[Bar]) -> str:
    """Return a chart of bars with their intervals; '' if there is nothing to draw."""
    finite = [bar for bar in bars if math.isfinite(bar.value)]
    if not finite:
        return ""
    highs = [bar.high for bar in finite if bar.high is not None]
    y_ticks = ticks(0.0, max([bar.value for bar in finite] + highs + [1e-9]))
    frame = Frame(0, len(finite), 0, y_ticks[-1])
    body = [_y_axis(frame, y_ticks)]
    # Shrink the font so long labels of many bars do not overlap.
    room = (frame.x(1) - frame.x(0)) / (LETTER_WIDTH * max(1, *(len(bar.label) for bar in finite)))
    small = f' style="font-size: {room:.1f}px"' if room < LETTER_SIZE else ""
    for place, bar in enumerate(finite):
        middle, top = frame.x(place + 0.5), frame.y(bar.value)
        half = round(min(26.0, (frame.x(1) - frame.x(0)) * 0.36), 1)
        body.append(
            f'<rect class="series-0" x="{middle - half:.1f}" y="{top}" width="{2 * half:.1f}" '
            f'height="{max(0.0, frame.y(0) - top):.1f}" rx="2"/>'
        )
        if bar.low is not None and bar.high is not None:
            low, high = frame.y(bar.low), frame.y(bar.high)
            path = f"M{middle} {low}V{high}M{middle - 4} {low}h8M{middle - 4} {high}h8"
            body.append(f'<path class="whisker" fill="none" d="{path}"/>')
        body.append(
            f'<text x="{middle}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle"{small}>{escape(bar.label)}</text>'
        )
    body += [_bar_hit(frame, place, bar) for place, bar in enumerate(finite)]  # on top of all bars
    return _drawing(labels, body)


def _bar_hit(frame: Frame, place: int, bar: Bar) -> str:
    """Return a hover strip showing the value of a bar."""
    rows = [bar.label, f"{bar.value:.2f}"]
    if bar.low is not None and bar.high is not None:
        rows.append(f"{bar.low:.2f}–{bar.high:.2f}")
    left, right = frame.x(place), frame.x(place + 1)
    zone = f'<rect class="zone" x="{left}" y="{TOP}" width="{right - left:.1f}" height="{HEIGHT - TOP - BOTTOM}"/>'
    return f'<g class="hit">{zone}<g class="tip">{_tip((left + right) / 2, TOP + 4, rows)}</g></g>'


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return at most `most` + 1 ticks that enclose two values; the step is 1, 2 or 5 times a power of ten."""
    if not high > low:
        low, high = (low - abs(low) / 2, high + abs(high) / 2) if low else (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if math.ceil((high - low) / (power * factor)) <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, last + 1)]


def number(value: float) -> str:
    """Format a tick label."""
    if abs(value) >= 1e6:
        return f"{value / 1e6:g}M"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{round(value, 10):g}"


def _y_axis(frame: Frame, y_ticks: Sequence[float]) -> str:
    parts = []
    for tick in y_ticks:
        y = frame.y(tick)
        kind = "axis" if tick == y_ticks[0] else "grid"
        parts.append(f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{number(tick)}</text>')
    return "".join(parts)


def _drawing(labels: Labels, body: Sequence[str]) -> str:
    name = escape(labels.identity)
    middle = (LEFT + WIDTH - RIGHT) / 2
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(labels.title)}</title>'
        f'<desc id="{name}-desc">{escape(labels.description)}</desc>'
        f'{"".join(body)}<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(labels.x)}</text>'
        f'<text x="6" y="18">{escape(labels.y)}</text></svg>'
    )
