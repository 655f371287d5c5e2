"""Draw the picture of ``docs/chat.md``: ``python docs/make_chat_picture.py MODEL``.

The picture shows a real session in a pseudo-terminal. MODEL is a dialogue model trained on the sample corpus.
"""

import os
import re
import sys
import tempfile
from html import escape
from pathlib import Path

from seq2seq.safe_text import width
from tests.seq2seq.repl.terminal import CTRL_D, ENTER, Terminal, seq2seq

PICTURE = Path(__file__).parent / "pictures" / "chat.svg"
COLUMNS = 96
TYPED = (
    "Hello, I am your new neighbour, my name is Willa.",
    "I come from Madrid.",
    "I have a cat.",
    "What is my name, do you remember?",
    "/why",
    "/set sample true",
    "/retry",
)
CELL, LINE, FONT = 8.4, 19, 14
"""Column width, line height and font size, in pixels."""
INK = {"1;32": "#3fb950", "2": "#8b949e", "31": "#f85149", "1": "#e6edf3", "32": "#3fb950"}
"""Colours for the styles of `seq2seq.repl.screen` on a dark background."""
_TOKEN = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|([\r\n\x08])|([^\x1b\r\n\x08\x07]+)|.", re.DOTALL)


class Page:
    """The lines of a terminal, as lists of characters with their styles."""

    def __init__(self) -> None:
        self.lines: list[list[tuple[str, str]]] = [[]]
        self.column = 0

    def show(self, output: str) -> None:
        """Interpret the output of the plain keyboard like a terminal."""
        style = ""
        for numbers, letter, move, text in _TOKEN.findall(output):
            if letter == "m":
                style = "" if numbers in ("", "0") else numbers
            elif letter == "K":
                del self.lines[-1][self.column :]
            elif move == "\n":
                self.lines.append([])
                self.column = 0
            elif move == "\r":
                self.column = 0
            elif move == "\x08":
                self.column -= 1
            for character in text:
                line = self.lines[-1]
                line[self.column : self.column + 1] = [(character, style)]
                self.column += 1

    def svg(self) -> str:
        """Return the picture as SVG."""
        lines = self.lines if self.lines[-1] else self.lines[:-1]
        height, wide = LINE * len(lines) + 30, CELL * COLUMNS + 30
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {height}" role="img" '
            f'aria-label="A session of seq2seq chat">'
            f"<style>text{{font:{FONT}px ui-monospace,Menlo,Consolas,'Noto Sans Mono CJK SC',monospace}}</style>"
            f'<rect width="{wide:.0f}" height="{height}" rx="8" fill="#0d1117"/>'
        ]
        for number, line in enumerate(lines):
            parts += self._runs(line, 15, 30 + LINE * number)
        return "".join(parts) + "</svg>\n"

    def _runs(self, line: list[tuple[str, str]], left: float, y: float) -> list[str]:
        parts: list[str] = []
        place = 0
        while line:
            style = line[0][1]
            length = next((at for at, (_, other) in enumerate(line) if other != style), len(line))
            text = "".join(character for character, _ in line[:length])
            line = line[length:]
            x, taken = left + CELL * place, width(text)
            place += taken
            ink = INK.get(style, "#e6edf3")
            if colours := re.fullmatch(r"48;5;(\d+);38;5;(\d+)", style):
                parts.append(
                    f'<rect x="{x:.1f}" y="{y - FONT}" width="{CELL * taken:.1f}" height="{LINE}" '
                    f'fill="{colour(int(colours[1]))}"/>'
                )
                ink = "#ffffff" if colours[2] == "15" else "#000000"
            bold = ' font-weight="600"' if style.startswith("1") else ""
            if text.strip():
                shown = escape(text).replace(" ", "\u00a0")
                where = f'x="{x:.1f}" y="{y}" textLength="{CELL * taken:.1f}"'
                parts.append(f'<text {where} fill="{ink}"{bold}>{shown}</text>')
        return parts


def colour(number: int) -> str:
    """Return a colour of xterm's 6 x 6 x 6 cube in hexadecimal."""
    levels = (0, 95, 135, 175, 215, 255)
    place = number - 16
    return "#" + "".join(f"{levels[place // step % 6]:02x}" for step in (36, 6, 1))


def main(model: str) -> None:
    """Run the session and draw it."""
    environment = {**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": tempfile.mkdtemp()}
    environment.pop("NO_COLOR", None)
    # The plain keyboard uses few control sequences, which `Page` can interpret.
    command = seq2seq("chat", model, "--beam_size", "1", "--no_history", without="prompt_toolkit")
    with Terminal(command, environment, Path.cwd(), columns=COLUMNS) as terminal:
        terminal.wait("> ")
        for line in TYPED:
            terminal.type(line + ENTER)
            terminal.wait("turns] > ")
        terminal.type(CTRL_D)
        terminal.end()
        page = Page()
        page.show(terminal.output.decode().replace(model, "runs/talk"))
    PICTURE.write_text(page.svg(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
