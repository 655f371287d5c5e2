"""Basis of the recipes in ``data/``: files are downloaded and written once, and errors are one sentence."""

import argparse
import hashlib
import http.client
import re
import sys
import unicodedata
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_files import write_atomically

TIMEOUT_S = 60
_NO_LETTER = re.compile(r"[\W_]+")


def fetch(address: str, path: Path) -> None:
    """Download a file unless it exists; an interrupted download leaves nothing behind.

    Raises:
        WorldError: If the address cannot be read; names it, so that the file can be obtained in another way.
    """
    if path.exists():
        return
    print(f"fetching {address}", file=sys.stderr)
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
            content = answer.read()
    except (OSError, http.client.HTTPException) as fault:
        cause = getattr(fault, "reason", fault)
        raise WorldError(
            f"{address} could not be fetched ({cause}). "
            "Download it in another way, put it into a folder and give --from FOLDER."
        ) from fault
    write_once(path, content)


def write_once(path: Path, content: bytes) -> bool:
    """Write a file unless it already has this content; return whether it was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    write_atomically(path, lambda file: file.write(content))
    return True


def joined(lines: Iterable[str]) -> bytes:
    """Return the content of a text file: UTF-8, each line ended by a line feed."""
    return "".join(line + "\n" for line in lines).encode("utf-8")


def checksum(content: bytes) -> str:
    """Return the SHA-256 of some content in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def share_of(name: str) -> float:
    """Return the hash of a name as a number in [0, 1), for splits without random numbers."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:8], "big") / 2**64


def comparable(text: str) -> str:
    """Return a key for comparing texts: letters and numbers, without case, spaces and punctuation."""
    if text.isascii():
        return _NO_LETTER.sub("", text).lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")


def run(prepare: Callable[[], None]) -> int:
    """Run a recipe as a command.

    Returns:
        The exit code: 0, 2 after a mistake of the user, 1 after an external failure; the error is printed.
    """
    try:
        prepare()
    except (UserError, WorldError) as fault:
        print(fault, file=sys.stderr)
        return 2 if isinstance(fault, UserError) else 1
    return 0


def command(
    title: str,
    names: str,
    folder: Path,
    arguments: Sequence[str] | None,
    prepare: Callable[[Path, Path | None, bool], None],
    *,
    has_download: bool,
) -> int:
    """Run the recipe of a corpus that the user has as files, or that can be downloaded, as a command.

    Args:
        title: The usual name of the corpus.
        names: The files that the user's folder may hold.
        folder: Folder of ``raw/`` and ``processed/``, unless the user names another.
        arguments: The command line; None takes that of the process.
        prepare: Writes the corpus, given that folder, the user's folder (or None), and whether to download.
        has_download: Whether the files can be downloaded.

    Returns:
        See `run`.
    """
    parser = argparse.ArgumentParser(description=f"Prepare {title}.", allow_abbrev=False)
    parser.add_argument(
        "--from", dest="given", type=Path, metavar="FOLDER", help=f"folder with {names}; .gz may follow"
    )
    if has_download:
        parser.add_argument("--download", action="store_true", help="download the authors' files (untested)")
    parser.add_argument("--to", type=Path, default=folder, metavar="FOLDER", help="where raw/ and processed/ go")
    options = parser.parse_args(arguments)
    return run(lambda: prepare(options.to, options.given, getattr(options, "download", False)))
