"""Charts as inline SVG, without any library: lines (learning curves) and bars (scores by length).

Colours, fonts and dark mode come from the page by CSS classes (`STYLE`). The drawings are narrow, so that their letters
stay readable on a telephone; a wide page puts two side by side.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

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
"""
LETTER_SIZE, LETTER_WIDTH = 12.5, 0.62
"""Size of the letters in pixels, as in `STYLE`, and their width for each pixel of it, a little blank included."""
MARKED = 40
"""A line with at most so many points shows each of them."""


@dataclass(frozen=True)
class Line:
    """One line of a chart.

    Args:
        name: For the legend.
        points: Pairs (x, y); those that are no finite numbers are left out.
    """

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Bar:
    """One bar of a chart.

    Args:
        label: Below it.
        value: Its height; from 0.
        low: Lower end of its interval; None draws none.
        high: Upper end.
    """

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Labels:
    """The words of a chart.

    Args:
        identity: A name without blanks, of its own in the page.
        title: What is shown; read out to those who cannot see it.
        description: What there is to see, in a sentence.
        x: What runs to the right, with its unit.
        y: What runs upwards, with its unit.
    """

    identity: str
    title: str
    description: str
    x: str
    y: str


@dataclass(frozen=True)
class Frame:
    """Where numbers lie in a drawing.

    Args:
        left: Smallest x.
        right: Largest x.
        bottom: Smallest y.
        top: Largest y.
    """

    left: float
    right: float
    bottom: float
    top: float

    def x(self, value: float) -> float:
        """Return the place of an x."""
        share = (value - self.left) / (self.right - self.left)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)

    def y(self, value: float) -> float:
        """Return the place of a y."""
        share = (value - self.bottom) / (self.top - self.bottom)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)


def line_chart(labels: Labels, lines: Sequence[Line]) -> str:
    """Return a chart of lines; empty if there is nothing to draw.

    Args:
        labels: Its words.
        lines: At most two.
    """
    drawn = [Line(one.name, [point for point in one.points if all(map(math.isfinite, point))]) for one in lines]
    drawn = [one for one in drawn if one.points]
    if not drawn:
        return ""
    xs = [x for one in drawn for x, _ in one.points]
    ys = [y for one in drawn for _, y in one.points]
    x_ticks, y_ticks = ticks(min(xs), max(xs)), ticks(min(ys), max(ys))
    frame = Frame(min(xs[0], *xs, x_ticks[0]), max(*xs, x_ticks[-1]), y_ticks[0], y_ticks[-1])
    body = [_y_axis(frame, y_ticks)]
    for tick in x_ticks:
        body.append(f'<text x="{frame.x(tick)}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">{number(tick)}</text>')
    for place, one in enumerate(drawn):
        points = " ".join(f"{frame.x(x)},{frame.y(y)}" for x, y in one.points)
        body.append(f'<polyline class="line series-{place}" points="{points}"/>')
        if len(one.points) <= MARKED:
            body += [
                f'<circle class="series-{place}" cx="{frame.x(x)}" cy="{frame.y(y)}" r="3"/>' for x, y in one.points
            ]
    if len(drawn) > 1:
        end = WIDTH - RIGHT
        for place, one in reversed(list(enumerate(drawn))):
            start = end - 7 * len(one.name) - 22
            body.append(f'<line class="line series-{place}" x1="{start}" x2="{start + 16}" y1="14" y2="14"/>')
            body.append(f'<text class="name" x="{start + 21}" y="18">{escape(one.name)}</text>')
            end = start - 14
    return _drawing(labels, body)


def bar_chart(labels: Labels, bars: Sequence[Bar]) -> str:
    """Return a chart of bars with their intervals; empty if there is nothing to draw."""
    finite = [bar for bar in bars if math.isfinite(bar.value)]
    if not finite:
        return ""
    highs = [bar.high for bar in finite if bar.high is not None]
    y_ticks = ticks(0.0, max([bar.value for bar in finite] + highs + [1e-9]))
    frame = Frame(0, len(finite), 0, y_ticks[-1])
    body = [_y_axis(frame, y_ticks)]
    # Many bars with long labels: the letters shrink before they run into each other.
    room = (frame.x(1) - frame.x(0)) / (LETTER_WIDTH * max(1, *(len(bar.label) for bar in finite)))
    small = f' style="font-size: {room:.1f}px"' if room < LETTER_SIZE else ""
    for place, bar in enumerate(finite):
        middle, top = frame.x(place + 0.5), frame.y(bar.value)
        half = round(min(26.0, (frame.x(1) - frame.x(0)) * 0.36), 1)
        body.append(
            f'<rect class="series-0" x="{middle - half:.1f}" y="{top}" width="{2 * half:.1f}" '
            f'height="{max(0.0, frame.y(0) - top):.1f}" rx="2">'
            f"<title>{escape(bar.label)}: {bar.value:.2f}</title></rect>"
        )
        if bar.low is not None and bar.high is not None:
            low, high = frame.y(bar.low), frame.y(bar.high)
            path = f"M{middle} {low}V{high}M{middle - 4} {low}h8M{middle - 4} {high}h8"
            body.append(f'<path class="whisker" fill="none" d="{path}"/>')
        body.append(
            f'<text x="{middle}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle"{small}>{escape(bar.label)}</text>'
        )
    return _drawing(labels, body)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers (steps of 1, 2 or 5 times a power of ten) from at most `low` to at least `high`.

    Args:
        low: Smallest value shown.
        high: Largest value shown.
        most: Largest number of steps.
    """
    if not high > low:
        low, high = (low - abs(low) / 2, high + abs(high) / 2) if low else (0.0, 1.0)
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * factor for factor in (1, 2, 5, 10, 20) if math.ceil((high - low) / (power * factor)) <= most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [place * step for place in range(first, last + 1)]


def number(value: float) -> str:
    """Return a tick's label."""
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
