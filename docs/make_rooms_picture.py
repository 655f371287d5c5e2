"""Draw the picture of ``docs/overview.md`` from the imports of the code: ``docs/make_rooms_picture.py [--check]``.

Each box is a folder of ``seq2seq`` with the first sentence of its docstring, drawn above all folders that it imports
from. Redundant lines are omitted. ``--check`` writes nothing; it exits with 1 if the picture is out of date.
"""

import ast
import re
import sys
import textwrap
from collections.abc import Mapping
from html import escape
from itertools import pairwise
from pathlib import Path

from tests.test_layers import DOOR, imported, imports_within, modules, room_of

ROOT = Path(__file__).parents[1]
PICTURE = Path(__file__).parent / "pictures" / "rooms.svg"
FONT = "Helvetica, Arial, sans-serif"
WIDTH, BOX, HEIGHT, STEP, GAP, MARGIN = 960, 164, 58, 94, 10, 12
"""In pixels: width of the picture and of a box, box height, distance of floors, minimum gap between boxes, margin."""
LANE = 14
"""Width in pixels reserved for a line that crosses a floor."""
GROUND, PLUGINS = "seq2seq/*.py", "tasks"
SWEEPS = 24
Node = str | tuple[str, str, int]
"""The name of a box, or the point where a line (from, to) crosses a floor."""
Links = Mapping[str, set[str]]


def links() -> dict[str, set[str]]:
    """Return the folders that each folder imports from, with subfolders as part of their parent, without the ground."""

    def folder(name: str) -> str:
        return room_of(name).partition("/")[0]

    imports: dict[str, set[str]] = {}
    for name, targets in imports_within(ROOT / "seq2seq", "seq2seq").items():
        if name not in DOOR:
            imports.setdefault(folder(name), set()).update(map(folder, targets))
    imports[PLUGINS] = {
        dotted.split(".")[1]
        for path in modules(ROOT / PLUGINS).values()
        for dotted in imported(path)
        if dotted.startswith("seq2seq.")
    }
    imports.pop("", None)
    return {name: (targets & imports.keys()) - {name} for name, targets in imports.items()}


def floors(imports: Links) -> dict[str, int]:
    """Return the floor of each folder, 1 above the highest folder that it imports from.

    Raises:
        SystemExit: If imports are circular.
    """
    floor: dict[str, int] = {}
    while len(floor) < len(imports):
        ready = [name for name in imports if name not in floor and imports[name] <= floor.keys()]
        if not ready:
            raise SystemExit(f"folders import one another: {', '.join(sorted(imports.keys() - floor.keys()))}")
        floor |= {name: 1 + max((floor[target] for target in imports[name]), default=0) for name in ready}
    return floor


def direct(imports: Links) -> list[tuple[str, str]]:
    """Return the imports that no longer path of imports implies (the transitive reduction)."""

    def below(name: str) -> set[str]:
        return set().union(*({target} | below(target) for target in imports[name]))

    return [
        (name, target)
        for name in sorted(imports)
        for target in sorted(imports[name])
        if not any(target in below(other) for other in imports[name] - {target})
    ]


class Layout:
    """Layered layout of boxes and lines (after Sugiyama, Tagawa & Toda 1981).

    A line that crosses a floor gets its own lane there. Sweeps up and down sort each floor by the mean position of the
    neighbours; the order with the fewest crossings is kept.

    Args:
        imports: The folders that each folder imports from.
    """

    def __init__(self, imports: Links) -> None:
        self.floor = floors(imports)
        self.top = max(self.floor.values())
        self.rows: list[list[Node]] = [
            [name for name in sorted(imports) if self.floor[name] == n + 1] for n in range(self.top)
        ]
        self.lines: list[list[Node]] = []
        for upper, lower in direct(imports):
            line: list[Node] = [upper]
            for floor in range(self.floor[upper] - 1, self.floor[lower], -1):
                line.append((upper, lower, floor))
                self.rows[floor - 1].append(line[-1])
            self.lines.append([*line, lower])
        self.steps = [step for line in self.lines for step in pairwise(line)]
        self._order()
        self.x = self._spread()

    def _order(self) -> None:
        best, fewest = [list(row) for row in self.rows], self._crossings()
        for sweep in range(SWEEPS):
            numbers = range(1, self.top) if sweep % 2 == 0 else range(self.top - 2, -1, -1)
            for number in numbers:
                place = {node: position / len(row) for row in self.rows for position, node in enumerate(row, 1)}
                mean = {node: self._mean(node, place, downwards=sweep % 2 == 0) for node in self.rows[number]}
                self.rows[number].sort(key=mean.__getitem__)
            if self._crossings() < fewest:
                best, fewest = [list(row) for row in self.rows], self._crossings()
        self.rows = best

    def _mean(self, node: Node, place: Mapping[Node, float], *, downwards: bool) -> float:
        ends = (
            [low for high, low in self.steps if high == node]
            if downwards
            else [high for high, low in self.steps if low == node]
        )
        return sum(place[end] for end in ends) / len(ends) if ends else place[node]

    def _crossings(self) -> int:
        place = {node: position for row in self.rows for position, node in enumerate(row)}
        count = 0
        for row in self.rows:
            within = [(place[high], place[low]) for high, low in self.steps if low in row]
            count += sum(a < c and b > d for a, b in within for c, d in within)
        return count

    def _spread(self) -> dict[Node, float]:
        """Return the centre of each box and lane, pulled towards its neighbours without changing the order of rows."""
        place: dict[Node, float] = {}
        for row in self.rows:
            total = sum(self.width(node) for node in row) + GAP * (len(row) - 1)
            left = (WIDTH - total) / 2
            for node in row:
                place[node] = left + self.width(node) / 2
                left += self.width(node) + GAP
        for sweep in range(SWEEPS):
            for row in self.rows if sweep % 2 == 0 else reversed(self.rows):
                self._pull(row, place)
        left = min(x - self.width(node) / 2 for node, x in place.items())
        right = max(x + self.width(node) / 2 for node, x in place.items())
        return {node: x + (WIDTH - left - right) / 2 for node, x in place.items()}

    def _pull(self, row: list[Node], place: dict[Node, float]) -> None:
        wanted = {}
        for node in row:
            ends = [b if a == node else a for a, b in self.steps if node in (a, b)]
            wanted[node] = sum(place[end] for end in ends) / len(ends) if ends else place[node]
        for backwards in (False, True):
            edge = WIDTH - MARGIN if backwards else float(MARGIN)
            for node in reversed(row) if backwards else row:
                half = self.width(node) / 2
                place[node] = min(wanted[node], edge - half) if backwards else max(wanted[node], edge + half)
                wanted[node] = place[node]
                edge = place[node] - half - GAP if backwards else place[node] + half + GAP

    def floor_of(self, node: Node) -> int:
        """Return the floor of a box or a lane."""
        return self.floor[node] if isinstance(node, str) else node[2]

    @staticmethod
    def width(node: Node) -> int:
        """Return the width of a box or a lane."""
        return BOX if isinstance(node, str) else LANE

    def y(self, floor: int) -> int:
        """Return the upper edge of a floor's boxes."""
        return MARGIN + (self.top - floor) * STEP


def about(folder: Path) -> str:
    """Return the first sentence of a package's docstring, without full stop and code."""
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return re.split(r"\.(?:\s|$)|: ``", docstring)[0]


def box(name: str, text: str, left: float, top: float, width: float, colour: str) -> str:
    """Return a box with a name and up to two lines of text."""
    middle = left + width / 2
    lines = textwrap.wrap(text, int(width / 5.6), max_lines=2, placeholder=" …")
    shown = [
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{HEIGHT}" rx="6" '
        f'fill="{colour}" stroke="#57606a"/>',
        f'<text x="{middle:.0f}" y="{top + 19:.0f}" font-size="14" font-weight="bold">{escape(name)}</text>',
    ]
    shown += [
        f'<text x="{middle:.0f}" y="{top + 35 + 14 * number:.0f}" font-size="11" fill="#424a53">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]
    return "\n".join(shown)


def curve(start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return the path of a line from one point down to another, vertical at both ends."""
    (left, top), (right, bottom) = start, end
    bend = (bottom - top) / 2
    return f"M{left:.0f} {top:.0f}C{left:.0f} {top + bend:.0f} {right:.0f} {bottom - bend:.0f} {right:.0f} {bottom:.0f}"


def picture() -> str:
    """Return the picture as SVG."""
    layout = Layout(links())
    height = layout.y(0) + HEIGHT + MARGIN
    parts = []
    for line in layout.lines:
        path = []
        for upper, lower in pairwise(line):
            top = layout.y(layout.floor_of(lower))
            start = layout.x[upper], layout.y(layout.floor_of(upper)) + HEIGHT
            path.append(curve(start, (layout.x[lower], top)))
            if not isinstance(lower, str):
                path.append(f"M{layout.x[lower]:.0f} {top}V{top + HEIGHT}")
        parts.append(f'<path d="{"".join(path)}" fill="none" stroke="#8c959f"/>')
    for row in layout.rows:
        for node in row:
            if isinstance(node, str):
                text = (
                    "plugins: four tasks and their sample corpora"
                    if node == PLUGINS
                    else about(ROOT / "seq2seq" / node)
                )
                colour = "#fff8c5" if node == PLUGINS else "#ddf4ff"
                parts.append(box(node, text, layout.x[node] - BOX / 2, layout.y(layout.floor[node]), BOX, colour))
    names = sorted(path.stem for path in (ROOT / "seq2seq").glob("*.py") if path.stem not in DOOR)
    text = ", ".join(names) + ": every folder may import them"
    parts.append(box(GROUND, text, MARGIN, layout.y(0), WIDTH - 2 * MARGIN, "#eaeef2"))
    lines = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="{FONT}" text-anchor="middle">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n{lines}\n</svg>\n'
    )


def main(arguments: list[str]) -> int:
    """Write or check the picture."""
    drawn = picture()
    if arguments == ["--check"]:
        fresh = PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == drawn
        print("the picture of the folders is fresh" if fresh else f"draw {PICTURE.name} again: python {sys.argv[0]}")
        return 0 if fresh else 1
    PICTURE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
