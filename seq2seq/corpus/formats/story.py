"""Stories of CNN and DailyMail: an article with ``@highlight`` before each sentence of its summary, one file each."""

from pathlib import Path

from seq2seq.corpus.formats.documents import document
from seq2seq.corpus.formats.form import PAIRS, Form, Head, Placed, Reading, Settings
from seq2seq.errors import UserError

HIGHLIGHT, SUFFIX = "@highlight", ".story"


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file has highlights after an article."""
    lines = [line.strip() for line in head.all_lines if line.strip()]
    return bool(lines) and lines[0] != HIGHLIGHT and HIGHLIGHT in lines


def stories(folder: Path) -> list[Path]:
    """Return the stories in a folder, sorted by name; empty if there are none."""
    names = sorted(child.name for child in folder.iterdir() if child.name.endswith(SUFFIX))
    return [folder / name for name in names if not name.startswith(".") and (folder / name).is_file()]


def read(path: Path, settings: Settings, _reading: Reading) -> Placed:
    """Yield the article of a story with its highlights, one per line.

    Raises:
        UserError: If it has no highlights.
    """
    blocks = [block.strip() for block in "\n".join(map(str.strip, document(path).split("\n"))).split("\n\n")]
    filled = [block for block in blocks if block]
    first = filled.index(HIGHLIGHT) if HIGHLIGHT in filled else -1
    if first < 0:
        raise UserError(f"{path} contains no line {HIGHLIGHT}, which begins the summary of a story.")
    highlights = [block for block in filled[first:] if block != HIGHLIGHT]
    yield str(path), {settings.source_field: "\n".join(filled[:first]), settings.target_field: "\n".join(highlights)}


STORY = Form(
    "story", "a story of CNN/DailyMail", PAIRS, matches, read, f"an article, and {HIGHLIGHT} before each summary line"
)
