"""Text files as documents: folders of files, whole files, and large files in blocks."""

from collections.abc import Iterator
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.text_lines import bounded_text, ended_lines, lines


def documents(folder: Path) -> list[Path]:
    """Return the paths of the ``.txt`` files in a folder, sorted by name and excluding hidden files.

    Raises:
        UserError: If there are none (names other files), or if the folder cannot be read.
    """
    try:
        names = sorted(child.name for child in folder.iterdir() if not child.name.startswith("."))
    except OSError as fault:
        raise UserError(f"The folder {folder} could not be read: {fault.strerror}.") from fault
    paths = [folder / name for name in names if name.endswith(".txt") and not (folder / name).is_dir()]
    if not paths:
        there = f"It contains: {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}." if names else "It is empty."
        raise UserError(f"The folder {folder} contains no document: a file NAME.txt. {there}")
    return paths


def blocks(path: Path, characters: int) -> Iterator[tuple[int, str]]:
    """Yield blocks of whole lines of a text file, each with the number of its first line.

    Args:
        path: Path of the file.
        characters: Minimum number of characters at which a block ends.

    Raises:
        UserError: See `ended_lines`.
    """
    part: list[str] = []
    size, first, number = 0, 1, 0
    for number, line in enumerate(ended_lines(path), start=1):
        part.append(line)
        size += len(line)
        if size >= characters:
            yield first, "".join(part)
            part, size, first = [], 0, number + 1
    if part:
        yield first, "".join(part)


def document(path: Path) -> str:
    r"""Return a text file as one string, with ``\n`` between lines but not at the end; '' for an empty file.

    Raises:
        UserError: If it is missing, a folder, not UTF-8 (names the line), or too long.
    """
    if path.is_file() and path.stat().st_size == 0:
        return ""
    return "\n".join(bounded_text(lines(path), str(path)))


def matched(sources: Path, targets: Path) -> list[tuple[Path, Path]]:
    """Pair the documents of two folders by name.

    Raises:
        UserError: If documents have no counterpart; the message names the first and gives their number.
    """
    ours, theirs = ({path.name: path for path in documents(folder)} for folder in (sources, targets))
    faults = []
    for given, other, folder in ((ours, theirs, targets), (theirs, ours, sources)):
        if alone := [name for name in given if name not in other]:
            more = f" (and {len(alone) - 1:,} more like it)" if len(alone) > 1 else ""
            faults.append(f"{given[alone[0]]} has no counterpart {folder / alone[0]}{more}")
    if faults:
        raise UserError(f"{', and '.join(faults)}: the two folders need files of the same names.")
    return [(path, theirs[name]) for name, path in ours.items()]
