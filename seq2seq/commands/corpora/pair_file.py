"""A file of training pairs that grows chunk by chunk, so that an interrupted command continues where it stopped."""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from seq2seq.errors import UserError

CHUNK = 512
"""Number of pairs that are decoded and saved at a time."""
Item = TypeVar("Item")


@dataclass(frozen=True)
class PairFile:
    """A file that receives pairs: a table with a heading, or JSONL.

    Args:
        path: The unfinished file.
        fields: Names of the source and of the target.
        given: Which of both the command was given, and does not decode: 0 the source, 1 the target.
        is_table: Whether it is a table (.tsv); if not, JSONL.
    """

    path: Path
    fields: tuple[str, str]
    given: int
    is_table: bool = True

    @property
    def heading(self) -> list[str]:
        """The lines before the pairs."""
        return ["\t".join(self.fields) + "\n"] if self.is_table else []

    def line(self, given: str, decoded: str) -> str:
        """Return the line of a pair."""
        pair = (given, decoded) if self.given == 0 else (decoded, given)
        if self.is_table:
            return "\t".join(map(self._stored, pair)) + "\n"
        return json.dumps(dict(zip(self.fields, pair, strict=True)), ensure_ascii=False) + "\n"

    def _stored(self, text: str) -> str:
        """Return a text as it is read from the file."""
        return cell(text) if self.is_table else text

    def fill(
        self,
        chunks: Callable[[], Iterable[list[Item]]],
        text: Callable[[Item], str],
        decode: Callable[[list[Item], int], Sequence[str]],
        progress: Callable[[int], None],
    ) -> int:
        """Append the pairs that the file lacks, and return the number of all pairs.

        Args:
            chunks: Returns what is decoded, in chunks of `CHUNK`.
            text: Returns the given text of an item.
            decode: Returns the outputs for a chunk, whose first item has the given index.
            progress: Called with the number of pairs.

        Raises:
            UserError: If the file is not the beginning of the pairs.
        """
        done, count = self._done(self._stored(text(item)) for chunk in chunks() for item in chunk), 0
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("ab") as file:
            if not file.tell():
                file.write("".join(self.heading).encode())
            for chunk in chunks():
                if count >= done:
                    outputs = decode(chunk, count)
                    lines = (self.line(text(item), output) for item, output in zip(chunk, outputs, strict=True))
                    file.write("".join(lines).encode())
                    file.flush()
                    os.fsync(file.fileno())
                count += len(chunk)
                progress(count)
        return count

    def _done(self, wanted: Iterator[str]) -> int:
        """Return the number of pairs in whole chunks of an earlier call, and cut off the rest.

        Raises:
            UserError: If the file contains anything else.
        """
        if not self.path.exists():
            return 0
        lines = self.path.read_bytes().splitlines(keepends=True)
        whole, first = [line for line in lines if line.endswith(b"\n")], len(self.heading)
        count = max(0, len(whole) - first) // CHUNK * CHUNK
        begun = whole[first : first + count]
        is_ours = whole[:first] == [line.encode() for line in self.heading][: len(whole)]
        if not is_ours or any(self._given(line) != next(wanted, None) for line in begun):
            raise UserError(f"{self.path} is not the beginning of these pairs: remove it to start again.")
        with self.path.open("rb+") as file:
            file.truncate(sum(map(len, whole[: first + count])) if count else 0)
        return count

    def _given(self, line: bytes) -> str | None:
        """Return the given text of a line; None if it is no pair."""
        text = line.decode("utf-8", "replace").rstrip("\n")
        if self.is_table:
            return text.split("\t")[self.given] if text.count("\t") == 1 else None
        try:
            pair = json.loads(text)
        except ValueError:
            return None
        return pair.get(self.fields[self.given]) if isinstance(pair, dict) else None


def cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return " ".join(text.replace("\t", " ").replace("\r", " ").split("\n")).strip()


def chunked(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield items in chunks of `CHUNK`."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def fingerprint(description: object, files: Iterable[Path]) -> str:
    """Return a short hash of everything that determines the pairs: JSON-able values, and the contents of files."""
    total = hashlib.sha256(json.dumps(description, sort_keys=True).encode())
    for path in files:
        with path.open("rb") as file:
            total.update(hashlib.file_digest(file, "sha256").digest())
    return total.hexdigest()[:8]
