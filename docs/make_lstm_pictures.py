"""Draw the pictures of ``docs/lstm.md`` and ``docs/lstm.zh.md``: ``python docs/make_lstm_pictures.py [--check]``.

Writes two pictures in two languages as SVG to ``docs/pictures``. ``--check`` writes nothing; it exits with 1 if a
picture is out of date.
"""

import sys
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "pictures"
FONT = "Helvetica, Arial, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

LABELS: dict[str, dict[str, str]] = {
    "en": {
        "forget": "forget gate",
        "input": "input gate",
        "candidate": "candidate",
        "output": "output gate",
        "path": "cell state: the additive path of the gradient",
        "cell_title": "One step of the LSTM cell",
        "decoder_title": "The network: attention follows the decoder's first layer",
        "source": "source pieces",
        "target": "target pieces so far",
        "embedding": "embedding",
        "ahead": "LSTM →",
        "back": "← LSTM",
        "states": "states: keys, values",
        "attention": "attention",
        "query": "query",
        "context": "context",
        "bridge": "bridge: where all layers start",
        "first": "LSTM layer 1",
        "upper": "LSTM layers 2 … L",
        "readout": "readout: tanh",
        "softmax": "output layer: softmax",
        "next": "next piece",
        "feeding_a": "input feeding",
        "feeding_b": "(option: a loop)",
    },
    "zh": {
        "forget": "遗忘门",
        "input": "输入门",
        "candidate": "候选值",
        "output": "输出门",
        "path": "细胞状态：梯度走的加法通路",
        "cell_title": "LSTM 单元的一步",
        "decoder_title": "整个网络：注意力位于解码器第一层之后",
        "source": "源语言子词",
        "target": "已有的目标子词",
        "embedding": "词嵌入",
        "ahead": "LSTM →",
        "back": "← LSTM",
        "states": "状态：键与值",
        "attention": "注意力",
        "query": "查询",
        "context": "上下文",
        "bridge": "桥：各层的初始状态",
        "first": "LSTM 第 1 层",
        "upper": "LSTM 第 2 … L 层",
        "readout": "读出层：tanh",
        "softmax": "输出层：softmax",
        "next": "下一个子词",
        "feeding_a": "输入馈送",
        "feeding_b": "（可选：要循环）",
    },
}

BLUE, GREEN, ORANGE, PURPLE, GREY = "#dbe9fb", "#ddf3df", "#fdebcf", "#eadffa", "#eef0f2"
INK, CELL = "#24292f", "#b3261e"
TILDE_C = "C̃"


def symbol(letter: str, index: str) -> str:
    """Return the markup of an italic letter with a subscript."""
    if letter != TILDE_C:
        return f'<tspan font-style="italic">{letter}</tspan><tspan font-size="70%" dy="4">{index}</tspan>'
    # Many fonts misplace a combining tilde, so a separate tilde is drawn above the letter.
    return (
        '<tspan font-style="italic">C</tspan><tspan dx="-9" dy="-9">~</tspan>'
        f'<tspan font-size="70%" dy="13">{index}</tspan>'
    )


class Picture:
    """An SVG picture to which shapes are added."""

    def __init__(self, width: int, height: int, title: str) -> None:
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
            f'role="img" font-family="{FONT}" font-size="14" fill="{INK}">',
            f"<title>{escape(title)}</title>",
            # Without a white background, the lines would be dark on dark in dark mode.
            f'<rect width="{width}" height="{height}" rx="8" fill="#ffffff"/>',
        ]
        for name, colour in (("tip", INK), ("celltip", CELL)):
            self.parts.append(
                f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
                f'orient="auto"><path d="M0 0 10 5 0 10z" fill="{colour}"/></marker>'
            )

    def text(self, x: int, y: int, words: str, size: int = 14, anchor: str = "middle", colour: str = INK) -> None:
        """Write markup at an anchor point on its baseline."""
        self.parts.append(
            f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{words}</text>'
        )

    def box(self, x: int, y: int, width: int, height: int, colour: str, lines: list[str]) -> None:
        """Draw a box, given its centre, with one or two lines of markup in it."""
        self.parts.append(
            f'<rect x="{x - width // 2}" y="{y - height // 2}" width="{width}" height="{height}" rx="7" '
            f'fill="{colour}" stroke="{INK}"/>'
        )
        for row, words in enumerate(lines):
            self.text(x, y + 5 + (2 * row - len(lines) + 1) * 10, words, 15 if row == 0 else 13)

    def operation(self, x: int, y: int, sign: str) -> None:
        """Draw a circle with a sign in it."""
        self.parts.append(f'<circle cx="{x}" cy="{y}" r="13" fill="#ffffff" stroke="{INK}"/>')
        self.text(x, y + 6, sign, 18)

    def line(self, points: str, *, tip: bool = True, style: str = "") -> None:
        """Draw a line through ``x,y`` points, with an arrow tip at its end."""
        cell = style == "cell"
        colour, width = (CELL, 3) if cell else (INK, 1.4)
        end = f' marker-end="url(#{"celltip" if cell else "tip"})"' if tip else ""
        dash = ' stroke-dasharray="5 4"' if style == "dashed" else ""
        self.parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}{end}/>'
        )

    def svg(self) -> str:
        """Return the picture as SVG."""
        return "\n".join([*self.parts, "</svg>"]) + "\n"


def cell(words: dict[str, str]) -> str:
    """Draw the cell with its gates."""
    picture = Picture(760, 390, words["cell_title"])
    picture.text(400, 40, escape(words["path"]), 13, colour=CELL)
    picture.line("70,80 690,80", style="cell")
    picture.text(38, 86, symbol("C", "t−1"), 17)
    picture.text(716, 86, symbol("C", "t"), 17)

    picture.line("70,320 524,320", tip=False)
    picture.text(38, 326, symbol("h", "t−1"), 17)
    picture.line("104,352 104,320", tip=False)
    picture.text(104, 374, symbol("x", "t"), 17)
    for x, name, colour, letter, function in (
        (190, "forget", GREEN, "f", "σ"),
        (300, "input", BLUE, "i", "σ"),
        (412, "candidate", ORANGE, TILDE_C, "tanh"),
        (524, "output", PURPLE, "o", "σ"),
    ):
        picture.line(f"{x},320 {x},273")
        picture.box(
            x,
            244,
            104,
            56,
            colour,
            [f'{symbol(letter, "t")}<tspan dy="-4">&#160;= {function}(·)</tspan>', escape(words[name])],
        )
    picture.line("190,216 190,94")
    picture.line("300,216 300,160 342,160")
    picture.line("412,216 412,160 370,160")
    picture.line("356,147 356,94")
    picture.line("614,80 614,112")
    picture.box(614, 130, 64, 34, GREY, ["tanh"])
    picture.line("614,147 614,176")
    picture.line("524,216 524,190 600,190")
    picture.line("614,203 614,320 690,320")
    picture.text(716, 326, symbol("h", "t"), 17)
    picture.operation(190, 80, "×")
    picture.operation(356, 160, "×")
    picture.operation(356, 80, "+")
    picture.operation(614, 190, "×")
    return picture.svg()


def network(words: dict[str, str]) -> str:
    """Draw encoder, attention and decoder."""
    picture = Picture(860, 470, words["decoder_title"])
    label = {name: escape(value) for name, value in words.items()}

    picture.text(140, 452, label["source"])
    picture.line("140,436 140,414")
    picture.box(140, 394, 190, 36, GREY, [label["embedding"]])
    picture.line("90,376 90,350")
    picture.line("190,376 190,350")
    picture.box(90, 330, 92, 36, BLUE, [label["ahead"]])
    picture.box(190, 330, 92, 36, BLUE, [label["back"]])
    picture.line("90,312 90,278")
    picture.line("190,312 190,278")
    picture.box(140, 258, 190, 36, BLUE, [label["states"]])

    picture.line("235,258 331,258")
    picture.box(400, 266, 132, 60, ORANGE, [label["attention"]])
    picture.line("530,266 469,266")
    picture.text(499, 258, label["query"], 12)
    picture.line("400,236 400,116 529,116")
    picture.line("400,180 529,180")
    picture.text(392, 152, label["context"], 12, "end")

    picture.line("236,330 500,330 500,288 529,288", style="dashed")
    picture.text(380, 349, label["bridge"], 12)

    picture.text(620, 452, label["target"])
    picture.line("620,436 620,414")
    picture.box(620, 394, 180, 36, GREY, [label["embedding"]])
    picture.line("620,376 620,307")
    picture.box(620, 277, 180, 58, GREEN, [label["first"]])
    picture.line("620,248 620,202")
    picture.box(620, 180, 180, 40, GREEN, [label["upper"]])
    picture.line("620,160 620,138")
    picture.box(620, 116, 180, 40, GREEN, [label["readout"]])
    picture.line("620,96 620,78")
    picture.box(620, 58, 180, 36, PURPLE, [label["softmax"]])
    picture.line("620,40 620,27")
    picture.text(620, 16, label["next"])

    picture.line("710,116 750,116 750,277 711,277", style="dashed")
    picture.text(758, 190, label["feeding_a"], 12, "start")
    picture.text(758, 206, label["feeding_b"], 12, "start")
    return picture.svg()


def pictures() -> dict[Path, str]:
    """Return the pictures by file."""
    return {
        FOLDER / f"{name}.{language}.svg": draw(words)
        for language, words in LABELS.items()
        for name, draw in (("lstm_cell", cell), ("lstm_network", network))
    }


def main(arguments: list[str]) -> int:
    """Write or check the pictures."""
    if arguments not in ([], ["--check"]):
        print(f"unknown arguments {' '.join(arguments)}: give none, or --check", file=sys.stderr)
        return 2
    stale = []
    for path, svg in pictures().items():
        if arguments:
            if not path.is_file() or path.read_text(encoding="utf-8") != svg:
                stale.append(f"{path} is not what docs/make_lstm_pictures.py draws: run it")
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(svg, encoding="utf-8", newline="\n")
    if stale:
        print("\n".join(stale), file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
