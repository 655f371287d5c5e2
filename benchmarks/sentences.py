"""Draw sentences of the project at random, for a reader who judges its English.

    python -m benchmarks.sentences [--seed 1] [--count 200]

The sentences come from docstrings, comments, messages and the English pages, each sentence equally likely. They are
printed with their kind and file, but without context.
"""

import argparse
import ast
import io
import random
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("seq2seq", "tasks", "data", "benchmarks", "docs")
PAGES = ("README.md", "CONTRIBUTING.md")
LEFT_OUT = ("document.md", "cli.md")
"""The owner's document, and a page generated from docstrings."""
SHORTEST = 4
"""Minimum number of words in a sentence."""
RAISED = ("UserError", "WorldError", "OptionError", "require", "announce", "print", "warn")
"""Functions and classes whose text arguments are messages."""
_BOUNDARY = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*])")
_PARAGRAPH = re.compile(r"\n\s*\n|\n\s*(?=[-*] )|\n\s*(?=\w+: )|\n(?=\d+\. )")


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text that are not too short."""
    for paragraph in _PARAGRAPH.split(text):
        if not paragraph.strip().startswith(("|", "#", "<")):
            for sentence in _BOUNDARY.split(" ".join(paragraph.split())):
                if len(sentence.split()) >= SHORTEST:
                    yield sentence


def docstrings(tree: ast.AST) -> Iterator[str]:
    """Yield docstrings, those of constants included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield node.value.value


def comments(code: str) -> Iterator[str]:
    """Yield comments; consecutive lines are one comment."""
    found: list[str] = []
    last = -1
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT and not token.string.startswith(("#!", "# noqa", "# type")):
            text = token.string.lstrip("# ")
            if token.start[0] == last + 1:
                found[-1] += f" {text}"
            else:
                found.append(text)
            last = token.start[0]
    yield from found


def messages(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of messages, with their variable parts as code in braces."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in RAISED:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
                elif isinstance(argument, ast.JoinedStr):
                    yield "".join(
                        str(part.value) if isinstance(part, ast.Constant) else ast.unparse(part)[2:-1]
                        for part in argument.values
                    )


def drawn(count: int, seed: int) -> list[tuple[str, str, str]]:
    """Return the kind, file and text of sentences drawn without replacement."""
    found: set[tuple[str, str, str]] = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            code, name = path.read_text(encoding="utf-8"), path.relative_to(ROOT).as_posix()
            tree = ast.parse(code)
            for kind, texts in (
                ("docstring", docstrings(tree)),
                ("comment", comments(code)),
                ("message", messages(tree)),
            ):
                found.update((kind, name, sentence) for text in texts for sentence in sentences(text))
    for page in (*(ROOT / name for name in PAGES), *(ROOT / "docs").glob("*.md")):
        if page.name not in LEFT_OUT and not page.name.endswith(".zh.md"):
            text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
            found.update(("page", page.relative_to(ROOT).as_posix(), sentence) for sentence in sentences(text))
    return random.Random(seed).sample(sorted(found), count)


def main() -> None:
    """Print the sentences."""
    parser = argparse.ArgumentParser(description="Draw sentences of the project at random.", allow_abbrev=False)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200, help="number of sentences")
    arguments = parser.parse_args()
    for number, (kind, name, sentence) in enumerate(drawn(arguments.count, arguments.seed), 1):
        print(f"{number}. [{kind} {name}] {sentence}")


if __name__ == "__main__":
    main()
