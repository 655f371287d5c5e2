"""Base of the recipes in ``data/``, which download and write files only once and report errors in one sentence."""

import argparse
import hashlib
import http.client
import sys
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_files import write_atomically

TIMEOUT_S = 60


def fetch(address: str, path: Path) -> None:
    """Download a file unless it exists; an interrupted download leaves no file behind.

    Raises:
        WorldError: If the download fails; the message names the URL, so the user can get the file in another way.
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
    """Write a file unless it already has this content, and return whether it was written."""
    if path.exists() and path.read_bytes() == content:
        return False
    write_atomically(path, lambda file: file.write(content))
    return True


def joined(lines: Iterable[str]) -> bytes:
    """Encode lines as a UTF-8 text file, with a line feed after each."""
    return "".join(line + "\n" for line in lines).encode("utf-8")


def checksum(content: bytes) -> str:
    """Return the SHA-256 of some content in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def run(prepare: Callable[[], None]) -> int:
    """Run a recipe as a command, printing errors.

    Returns:
        Exit code: 0, 2 after a user error, 1 after an external failure.
    """
    try:
        prepare()
    except (UserError, WorldError) as fault:
        print(fault, file=sys.stderr)
        return 2 if isinstance(fault, UserError) else 1
    return 0


def write_split(path: Path, content: bytes, checksums: Mapping[str, str]) -> bool:
    """Write a split unless it already has this content; print a note if it is not the measured one.

    Args:
        path: Path of the file, named after the split.
        content: New content.
        checksums: SHA-256 of the splits that the scores in docs/results.md were measured on.

    Returns:
        Whether the file was written.
    """
    if path.stem in checksums and checksum(content) != checksums[path.stem]:
        print(f"note: {path.stem} differs from the one that docs/results.md was measured on", file=sys.stderr)
    return write_once(path, content)


@dataclass(frozen=True)
class FileSet:
    """Files of a corpus in one format; each may be gzipped, with ``.gz`` appended.

    Args:
        needed: Relative paths of the required files.
        optional: Relative paths of files that are used if they exist.
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ", ".join(self.needed)

    def variants(self) -> list[str]:
        """Return all file names, gzipped ones first."""
        names = (*self.needed, *self.optional)
        return [*(f"{name}.gz" for name in names), *names]

    def paths(self, folder: Path) -> dict[str, Path]:
        """Return the path of each file in a folder by name; empty if a required file is missing."""
        paths = {name.removesuffix(".gz"): folder / name for name in self.variants() if (folder / name).is_file()}
        return paths if paths.keys() >= set(self.needed) else {}


@dataclass(frozen=True)
class RawFiles:
    """Original files of a corpus.

    Args:
        title: Usual name of the corpus.
        sets: Accepted formats, in order of preference; the last is the authors' own.
        address: URL of the authors' files, with ``{name}`` for the file name; '' if they cannot be downloaded.
    """

    title: str
    sets: Sequence[FileSet]
    address: str = ""

    def obtain(self, raw: Path, given: Path | None, is_download: bool) -> tuple[int, dict[str, Path]]:
        """Copy or download the files into ``raw/`` if needed.

        Returns:
            Index of the format, and path of each file by name.

        Raises:
            UserError: If the files cannot be obtained.
        """
        if given is not None:
            self._copy(given, raw)
        elif is_download and not any(files.paths(raw) for files in self.sets):
            for name in self.sets[-1].needed:
                fetch(self.address.format(name=name), raw / name)
        for number, files in enumerate(self.sets):
            if paths := files.paths(raw):
                return number, paths
        ways = "give --from FOLDER with your copy" + (", or --download" if self.address else "")
        raise UserError(f"{raw} contains no {self.title} yet: {ways}.")

    def _copy(self, given: Path, raw: Path) -> None:
        if not given.is_dir():
            raise UserError(f"There is no folder {given}: --from must name the folder with the files of {self.title}.")
        paths = next((paths for files in self.sets if (paths := files.paths(given))), None)
        if paths is None:
            lacks = "has neither" if len(self.sets) > 1 else "does not have"
            wanted = " nor ".join(map(str, self.sets))
            raise UserError(f"{given} {lacks} {wanted} (each may be gzipped, with .gz after its name).")
        copied = {str(path.relative_to(given)): path for path in paths.values()}
        for name in {name for files in self.sets for name in files.variants()} - copied.keys():
            (raw / name).unlink(missing_ok=True)
        for name, path in copied.items():
            write_once(raw / name, path.read_bytes())


def command(
    files: RawFiles,
    folder: Path,
    arguments: Sequence[str] | None,
    prepare: Callable[[Path, Path | None, bool], None],
) -> int:
    """Run a recipe as a command; the corpus is given by the user or downloaded.

    Args:
        files: Original files.
        folder: Default folder of ``raw/`` and ``processed/``.
        arguments: Command line; None takes that of the process.
        prepare: Function that writes the corpus. Its arguments are `folder`, the user's folder or None, and whether to
            download.

    Returns:
        See `run`.
    """
    parser = argparse.ArgumentParser(description=f"Prepare {files.title}.", allow_abbrev=False)
    names = " or ".join(map(str, files.sets))
    parser.add_argument(
        "--from", dest="given", type=Path, metavar="FOLDER", help=f"folder with {names}; .gz may follow"
    )
    if files.address:
        parser.add_argument("--download", action="store_true", help="download the authors' files (untested)")
    parser.add_argument("--to", type=Path, default=folder, metavar="FOLDER", help="where raw/ and processed/ go")
    options = parser.parse_args(arguments)
    return run(lambda: prepare(options.to, options.given, getattr(options, "download", False)))
