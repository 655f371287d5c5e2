"""Token store: the pieces and texts of a corpus in a memory-mapped folder that is built once.

A store appears atomically: it is written to a temporary folder and then renamed. It is reused while its fingerprint
(file contents, reader, tokenizers, filters, version) stays the same. The texts are stored for subword sampling, which
segments them anew in each epoch, and for reports.
"""

import fcntl
import json
import os
import shutil
import weakref
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from seq2seq.amounts import amount
from seq2seq.batching.fingerprint import FORMAT, packed, packed_references, unpacked
from seq2seq.batching.mapped_columns import Column, ColumnWriter
from seq2seq.corpus.example import Example, Text, plain
from seq2seq.corpus.filters import FilterReport, Filters
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import READER, Reader
from seq2seq.corpus.truncation import Truncation
from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_folders import beside, in_use, put_in_place, sync, tidy
from seq2seq.files.parsing import read_json
from seq2seq.files.typed_values import Fields
from seq2seq.progress import Progress
from seq2seq.tokenization.tokenizer import Tokenizers

META = "store.json"


class TokenStore:
    """Opened token store. It is pickled as its path, and safe to use in forked workers.

    Args:
        folder: Folder created by `build`.

    Attributes:
        folder: Path of the folder.
        fingerprint: Hash of the store's inputs.
        report: Numbers of pairs dropped by the filters.
        truncation: Limit on source pieces, and number of sources that exceeded it.
        corpora: Number of pairs of each corpus; the pairs are in the order of the corpora.
        is_aligned: Whether pairs may have links.

    Raises:
        UserError: If there is no store, or if it is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        meta = _meta(self.folder)
        if meta is None:
            raise UserError(f"{self.folder} contains no token store.")
        _hold(self, self.folder / META)
        self.fingerprint = str(meta["fingerprint"])
        self.report = FilterReport.from_json(meta["report"])
        self.truncation = Truncation.from_json(meta["truncation"])
        self._source = Column(self.folder, "source", meta["source_type"])
        self._target = Column(self.folder, "target", meta["target_type"])
        self._source_text = Column(self.folder, "source_text", np.uint8)
        self._target_text = Column(self.folder, "target_text", np.uint8)
        self._references = Column(self.folder, "references", np.uint8)
        self.is_aligned = bool(meta.get("aligned", False))
        self._links = Column(self.folder, "links", np.int32) if self.is_aligned else None
        # Stores of a single corpus do not name it.
        self.corpora: tuple[int, ...] = tuple(meta.get("corpora", (len(self),)))

    def __len__(self) -> int:
        return len(self._source)

    def __reduce__(self) -> tuple[type[Self], tuple[Path]]:
        return type(self), (self.folder,)

    def source(self, number: int) -> NDArray[np.integer[Any]]:
        """Return the source ids of a pair, [S]; uint16 or uint32, without start and end tokens."""
        return self._source[number]

    def target(self, number: int) -> NDArray[np.integer[Any]]:
        """Return the target ids of a pair, [T]; uint16 or uint32, without start and end tokens."""
        return self._target[number]

    @property
    def running_pieces(self) -> int:
        """Total number of target pieces."""
        return self._target.total

    def running(self, start: int, end: int) -> NDArray[np.integer[Any]]:
        """Return a range of the concatenated target ids."""
        return self._target.values(start, end)

    def source_text(self, number: int) -> Text:
        """Return the normalized source text of a pair."""
        return unpacked(self._source_text[number].tobytes())

    def target_text(self, number: int) -> Text:
        """Return the normalized target text of a pair."""
        return unpacked(self._target_text[number].tobytes())

    def references(self, number: int) -> tuple[str, ...]:
        """Return the references of a pair, or its target if the corpus has no references."""
        stored = self._references[number].tobytes()
        return tuple(json.loads(stored)) if stored else (plain(self.target_text(number)),)

    def links(self, number: int) -> NDArray[np.int32]:
        """Return the links of a pair, [L, 4]; see `corpus.example.Example`."""
        stored = np.zeros(0, np.int32) if self._links is None else self._links[number]
        return stored.reshape(-1, 4)

    def lengths(self, numbers: NDArray[Any]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return the numbers of source and target pieces of some pairs."""
        return self._source.lengths(numbers), self._target.lengths(numbers)

    @property
    def source_lengths(self) -> NDArray[np.int32]:
        """Number of source pieces of each pair; uses 4 bytes per pair, computed at each call."""
        return self._source.lengths(np.arange(len(self)))

    @property
    def target_lengths(self) -> NDArray[np.int32]:
        """Number of target pieces of each pair; uses 4 bytes per pair, computed at each call."""
        return self._target.lengths(np.arange(len(self)))

    @classmethod
    def build(
        cls,
        examples: Iterable[Example],
        tokenizers: Tokenizers,
        folder: Path,
        *,
        fingerprint: str,
        filters: FilterOptions | None = None,
        reader: Reader = READER,
        is_aligned: bool = False,
    ) -> Self:
        """Open the store, or build it if it has another fingerprint. Safe for concurrent processes.

        Args:
            examples: Examples of the corpus; read once, or not at all if the store exists.
            tokenizers: Tokenizers for both sides.
            folder: Path of the store; an older store there is replaced.
            fingerprint: See `fingerprint.fingerprint`.
            filters: Filters of the pairs, applied before truncation; None drops only empty pairs.
            reader: Decides which pieces of an overlong source are kept. The text is kept whole.
            is_aligned: Whether to store the links of the examples.

        Raises:
            UserError: If no pair remains, or if the examples cannot be read.
            WorldError: If the store cannot be written (disk full); no files remain.
        """
        folder = Path(folder)
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            lock = FileLock(folder.with_name(folder.name + ".lock"))
            lock.acquire()
        except OSError as fault:
            raise WorldError(f"The token store {folder} cannot be made: {fault.strerror}.") from fault
        try:
            meta = _meta(folder)
            if meta is None or meta["fingerprint"] != fingerprint or meta["format"] != FORMAT:
                passed = Filters(filters or FilterOptions())
                _Builder(folder, tokenizers, passed, reader, fingerprint, is_aligned=is_aligned).build(examples)
            with suppress(OSError):  # on a read-only disk the last use is not recorded
                os.utime(folder / META)
            return cls(folder)
        finally:
            lock.release()


class _Builder:
    """Writes a store to a temporary folder, and moves it into place when complete."""

    def __init__(
        self,
        folder: Path,
        tokenizers: Tokenizers,
        filters: Filters,
        reader: Reader,
        fingerprint: str,
        *,
        is_aligned: bool,
    ) -> None:
        self.folder, self.part = folder, beside(folder, "new")
        self.tokenizers, self.filters, self.fingerprint = tokenizers, filters, fingerprint
        self.reader, self.truncation = reader, Truncation(reader.max_source_pieces)
        self.types = [_narrowest(side.vocabulary_size) for side in (tokenizers.source, tokenizers.target)]
        self.columns: list[ColumnWriter] = []
        self.corpora: list[int] = []
        self.is_aligned = is_aligned

    def build(self, examples: Iterable[Example]) -> None:
        """Write the store; remove it on any failure."""
        try:
            self._start()
            with in_use(self.part):
                self._write(examples)
        except BaseException:
            # Also on Ctrl-C, because no incomplete store may remain.
            for column in self.columns:
                column.abandon()
            shutil.rmtree(self.part, ignore_errors=True)
            raise

    def _start(self) -> None:
        try:
            tidy(self.folder.parent, [self.folder.name])
            self.part.mkdir(mode=0o700)
            names = ["source", "target", "source_text", "target_text", "references"]
            names += ["links"] if self.is_aligned else []
            self.columns = [ColumnWriter(self.part, name) for name in names]
        except OSError as fault:
            raise self._failure(fault) from fault

    def _write(self, examples: Iterable[Example]) -> None:
        progress = _BuildProgress(f"Building {self.folder}")
        for example in examples:
            pair = self.reader.masked_pair(example.source, example.target)
            source = self.tokenizers.source.encode(pair.source)
            read = self.reader.shortened(source, self.tokenizers.source.marks)
            target = self.tokenizers.target.encode(pair.masked_target(self.tokenizers.source.masks_in(read)))
            self.corpora += [0] * (example.corpus + 1 - len(self.corpora))
            if self.filters.keep(example, len(source), len(target)):
                self._append(example, len(source), read, target)
                self.corpora[example.corpus] += 1
            progress.advance()
        progress.end()
        if self.filters.report.kept == 0:
            raise UserError(f"No pair is left to use. {self.filters.report.sentence()}")
        self._finish()

    def _append(self, example: Example, length: int, source: list[int], target: list[int]) -> None:
        self.truncation.count(length, length - len(source), example.place)
        texts = [packed(example.source), packed(example.target), packed_references(example.references)]
        try:
            self.columns[0].append(np.array(source, self.types[0]).tobytes(), len(source))
            self.columns[1].append(np.array(target, self.types[1]).tobytes(), len(target))
            for column, text in zip(self.columns[2:5], texts, strict=True):
                column.append(text, len(text))
            if self.is_aligned:
                links = np.array(example.links, np.int32)
                self.columns[5].append(links.tobytes(), links.size)
        except OSError as fault:
            raise self._failure(fault) from fault

    def _finish(self) -> None:
        meta = {
            "format": FORMAT,
            "fingerprint": self.fingerprint,
            "source_type": self.types[0],
            "target_type": self.types[1],
            "report": self.filters.report.to_json(),
            "truncation": self.truncation.to_json(),
            **({"corpora": self.corpora} if len(self.corpora) > 1 else {}),
            **({"aligned": True} if self.is_aligned else {}),
        }
        try:
            for column in self.columns:
                column.finish()
            with (self.part / META).open("w", encoding="utf-8") as file:
                json.dump(meta, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            sync(self.part)
            put_in_place(self.part, self.folder)
        except OSError as fault:
            raise self._failure(fault) from fault

    def _failure(self, fault: OSError) -> WorldError:
        return WorldError(
            f"The token store {self.folder} could not be written after {amount(self.filters.report.read, 'pair')}: "
            f"{fault.strerror}. No partial files remain; free some space or choose another folder."
        )


class _BuildProgress(Progress):
    """Shows the number of pairs read and the speed if a build takes long."""

    def __init__(self, what: str) -> None:
        super().__init__(after_s=2.0)
        self._what, self._done = what, 0

    def advance(self) -> None:
        self._done += 1
        if self._done % 256 == 0 and self.is_due:
            rate = self._done / self.seconds
            self.write(f"{self._what}: {amount(self._done, 'pair')}", f"{rate:,.0f} a second")


def _meta(folder: Path) -> dict[str, Any] | None:
    try:
        meta = Fields(read_json(folder / META), str(folder / META))
        meta.whole("format")
        meta.text("fingerprint")
        for side in ("source", "target"):
            meta.get(f"{side}_type", Literal["uint16", "uint32"])
        for name, kind in (("report", FilterReport), ("truncation", Truncation)):
            meta.section(name).build(kind)
        meta.get("corpora", list[int], [])
        meta.get("aligned", bool, False)
    except UserError:
        # A missing store is treated like an unusable one.
        return None
    return meta.values


def _hold(store: TokenStore, meta: Path) -> None:
    """Lock a store against removal from the cache while the object exists, in this process or a forked worker."""
    descriptor = os.open(meta, os.O_RDONLY)
    weakref.finalize(store, os.close, descriptor)
    with suppress(OSError):  # without file locks, the cache relies on the time of last use
        # A process that checks whether the store is in use locks it briefly, so this call may wait.
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def _narrowest(vocabulary: int) -> str:
    return "uint16" if vocabulary <= 1 << 16 else "uint32"
