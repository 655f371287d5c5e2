"""Recipes for documents with summaries: corpus formats, and disjoint splits."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from seq2seq.corpus.example import plain
from seq2seq.corpus.formats.jsonl import objects
from seq2seq.corpus.formats.tables import rows
from seq2seq.corpus.normalization import comparable
from seq2seq.corpus.reader import Reader, field_text
from seq2seq.errors import UserError
from seq2seq.files.parsing import MIB, json_value
from seq2seq.files.text_lines import lines
from seq2seq.recipes.recipe import FileSet, RawFiles, checksum, command, joined, write_split
from seq2seq.recipes.splits import report

# A document that is in two splits is dropped from the first one in this order.
SPLITS = ("train", "choose", "valid", "test")
_READER = Reader()

Record = Mapping[str, object]


class Document(NamedTuple):
    """Text with its summary, and all reference summaries if there are several."""

    source: str
    target: str
    references: tuple[str, ...] = ()
    identity: str = ""


def unchanged(record: Record, place: str) -> Record:
    """Return a record that already has the keys ``source``, ``target`` and optionally ``refs`` and ``id``."""
    return record


@dataclass(frozen=True)
class Form:
    """Format of a corpus.

    Args:
        files: File name of each split: ``.jsonl``, ``.json`` (one list) or ``.tsv`` (no header); the file may be
            gzipped, with ``.gz`` appended.
        uniform: Function that takes a record and its ``FILE:LINE``, and returns a record with the keys listed in
            `unchanged`.
    """

    files: Mapping[str, str]
    uniform: Callable[[Record, str], Record] = unchanged


LIST_BYTES = 1024 * MIB
"""Maximum length of a line in a JSON file, which may hold a whole corpus."""
OURS = {"train": "train.jsonl", "valid": "valid.jsonl", "test": "test.jsonl"}


@dataclass(frozen=True)
class Corpus:
    """Corpus of a recipe.

    Args:
        title: Usual name of the corpus.
        authors: Format distributed by the authors; files named as in ``OURS`` are accepted too.
        ours: Function that converts each record of the files named as in ``OURS``.
        needed: Required splits; other splits are prepared if given.
        held_out: Number of training documents in the split ``choose``.
        address: URL of the authors' files, with ``{name}`` for the file name; '' if none.
        checksums: SHA-256 of the processed splits that the scores in docs/results.md were measured on.
    """

    title: str
    authors: Form
    ours: Callable[[Record, str], Record] = unchanged
    needed: tuple[str, ...] = ("train", "valid", "test")
    held_out: int = 0
    address: str = ""
    checksums: Mapping[str, str] = field(default_factory=dict)

    @property
    def forms(self) -> tuple[Form, Form]:
        """Accepted formats, in order of preference."""
        return Form(OURS, self.ours), self.authors

    @property
    def raw(self) -> RawFiles:
        """The original files."""
        sets = []
        for form in self.forms:
            needed = tuple(form.files[split] for split in self.needed)
            sets.append(FileSet(needed, tuple(name for name in form.files.values() if name not in needed)))
        return RawFiles(self.title, sets, self.address)


def records(path: Path) -> Iterator[tuple[str, Record]]:
    """Yield the records of a file with their locations; table columns are named '1', '2', ...

    Raises:
        UserError: If the file is damaged, or if a JSON file holds no list of objects.
    """
    kind = Path(path.name.removesuffix(".gz")).suffix
    if kind == ".jsonl":
        yield from objects(path)
    elif kind == ".tsv":
        yield from rows(path, "\t", ("1", "2"))
    else:
        try:
            values = json_value("\n".join(lines(path, LIST_BYTES)))
        except ValueError as fault:
            raise UserError(f"{path}: not JSON ({fault}).") from fault
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise UserError(f"{path}: a JSON list of objects like [{{...}}, ...] is needed.")
        for number, value in enumerate(values, start=1):
            yield f"{path}, item {number}", value


def documents(path: Path, form: Form) -> list[Document]:
    """Return the documents of a file in Unicode NFC, with runs of spaces replaced by one and line breaks kept."""
    read = []
    for place, record in records(path):
        uniform = form.uniform(record, place)
        example = _READER.record(uniform, place)
        identity = field_text(uniform, "id", place) if "id" in uniform else ""
        read.append(Document(plain(example.source), plain(example.target), example.references, identity))
    return read


def _key(document: Document) -> str:
    return comparable(document.source) or document.source


def hold_out(train: Sequence[Document], count: int) -> list[Document]:
    """Choose distinct training documents by a hash of each id, or of the source if there is no id.

    Raises:
        UserError: If the training set has fewer than twice `count` distinct documents.
    """
    different = {_key(document): document for document in reversed(train)}
    if len(different) < 2 * count:
        raise UserError(f"train has {len(different):,} different documents: too few to hold {count:,} of them out.")

    def digest(document: Document) -> str:
        return checksum((document.identity or document.source).encode("utf-8"))

    return sorted(different.values(), key=digest)[:count]


def apart(divided: Mapping[str, Sequence[Document]]) -> dict[str, list[Document]]:
    """Drop documents that a later split also contains, comparing only letters and numbers."""
    seen: set[str] = set()
    kept: dict[str, list[Document]] = {}
    for split in (split for split in reversed(SPLITS) if split in divided):
        keys = [_key(document) for document in divided[split]]
        kept[split] = [document for key, document in zip(keys, divided[split], strict=True) if key not in seen]
        seen.update(keys)
    return {split: kept[split] for split in SPLITS if split in kept}


def write_documents(folder: Path, divided: Mapping[str, Sequence[Document]], checksums: Mapping[str, str]) -> int:
    """Write one JSONL file per split, remove files of other splits, and return the number of changed files."""
    changed = 0
    for split, members in divided.items():
        rows_of_split = (
            {"id": identity, "source": source, "target": target, "refs": references}
            for source, target, references, identity in members
        )
        content = joined(
            json.dumps({key: value for key, value in row.items() if value}, ensure_ascii=False) for row in rows_of_split
        )
        changed += write_split(folder / f"{split}.jsonl", content, checksums)
    for split in set(SPLITS) - set(divided):
        (folder / f"{split}.jsonl").unlink(missing_ok=True)
    return changed


def prepare(corpus: Corpus, folder: Path, given: Path | None, is_download: bool) -> None:
    """Write ``raw/`` and ``processed/``, and report dropped documents.

    Raises:
        UserError: If a file is missing or damaged, or if a split would be empty.
    """
    number, files = corpus.raw.obtain(folder / "raw", given, is_download)
    form = corpus.forms[number]
    paths = {split: files[name] for split, name in form.files.items() if name in files}
    read = {split: documents(paths[split], form) for split in SPLITS if split in paths}
    filled = {
        split: [document for document in members if document.source and document.target]
        for split, members in read.items()
    }
    divided = apart(filled)
    dropped = {
        f"{split}: {count:,} {why}": count
        for split in read
        for count, why in (
            (len(read[split]) - len(filled[split]), "without a text or a summary"),
            (len(filled[split]) - len(divided[split]), "whose text is in a later split too"),
        )
    }
    if corpus.held_out:
        rest = len(divided["train"]) - corpus.held_out
        divided = apart({**divided, "choose": hold_out(divided["train"], corpus.held_out)})
        count = rest - len(divided["train"])
        dropped[f"train: {count:,} more whose text is in choose too"] = count
    for split, members in divided.items():
        if not members:
            raise UserError(f"{paths[split]} contains no document of its own, so {split} would be empty.")
    changed = write_documents(folder / "processed", divided, corpus.checksums)
    for what in (what for what, count in dropped.items() if count):
        print(f"dropped from {what}")
    report(folder / "processed", divided, "documents", changed)


def main(corpus: Corpus, folder: Path, arguments: Sequence[str] | None) -> int:
    """Run a recipe as a command; see `recipe.command`."""
    return command(corpus.raw, folder, arguments, partial(prepare, corpus))
