"""A batch job from start to end: cuts files into shards, has them decoded, and joins their outputs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from seq2seq.batch_jobs.inputs import ROWS, InputFile
from seq2seq.batch_jobs.job_folder import JobFolder
from seq2seq.batch_jobs.job_progress import JobProgress
from seq2seq.batch_jobs.shards import Result, Shard, cut
from seq2seq.corpus.reader import Reader
from seq2seq.errors import WorldError


class Workers(Protocol):
    """Decodes shards, on one machine or several."""

    @property
    def lost(self) -> list[Shard]:
        """Shards that were left out because their workers were killed again and again."""

    def results(self, shards: Iterator[Shard]) -> Iterator[tuple[Shard, Result]]:
        """Decode shards and yield their results, in any order."""


@dataclass
class _State:
    """What is known of a file in work.

    Attributes:
        stamp: Size and time of the file before it was read.
        parts: Number of finished shards.
        sources: Number of sources read.
        expected: Number of shards; None until the file is read to its end.
    """

    stamp: tuple[int, int]
    parts: int = 0
    sources: int = 0
    expected: int | None = None


@dataclass
class Job:
    """A batch job.

    Args:
        files: The input files.
        reader: Says which columns of a table are needed.
        folder: Where the outputs go.
        workers: Decode the shards.
        columns: Names of the columns that are added to a table.
        shard_lines: Number of sources in a shard.
        progress: Shows how far it is.
    """

    files: Sequence[InputFile]
    reader: Reader
    folder: JobFolder
    workers: Workers
    columns: list[str]
    shard_lines: int
    progress: JobProgress
    _states: dict[str, _State] = field(default_factory=dict, init=False)
    _files: dict[str, InputFile] = field(default_factory=dict, init=False)

    def run(self) -> dict[str, int]:
        """Run or resume the job.

        Returns:
            Numbers of ``files``, ``sources``, those that ``failed``, and those that were ``cut``, being too long.

        Raises:
            UserError: If a file is damaged or of another format, or if the folder belongs to another job.
            WorldError: If shards were left out, if a file changed meanwhile, or if the disk is full.
        """
        self._files = {file.name: file for file in self.files}
        for file in self.files:
            if file.kind == ROWS:
                from seq2seq.batch_jobs.parquet import require_new

                require_new(file.path, self.columns)
        with self.folder.opened(list(self.files)):
            try:
                self.progress.begin(sum(file.count() for file in self.files))
                for shard, result in self.workers.results(self._shards()):
                    self.folder.put(shard, result)
                    self.progress.add(shard.count)
                    self._count(shard)
            finally:
                self.progress.end()
            if self.workers.lost:
                names = "; ".join(map(str, self.workers.lost[:3]))
                raise WorldError(
                    f"{len(self.workers.lost)} shards were left out because their workers were killed, perhaps for "
                    f"lack of memory: {names}. Everything else is kept; repeat the command with fewer workers."
                )
            done = [self.folder.finished[file.name] for file in self.files]
            totals = {
                "files": len(done),
                "sources": sum(one.sources for one in done),
                "failed": sum(one.failed for one in done),
                "cut": sum(one.cut for one in done),
            }
            self.folder.close(totals)
        return totals

    def _shards(self) -> Iterator[Shard]:
        """Yield the shards that have no result yet."""
        for file in self.files:
            if self.folder.is_finished(file):
                self.progress.skip(self.folder.finished[file.name].sources)
                continue
            state = self._states[file.name] = _State(_stamp(file))
            number = -1
            for shard in cut(file, self.reader, self.shard_lines):
                number = shard.number
                state.sources += shard.count
                if self.folder.result(shard) is None:
                    yield shard
                else:
                    self.progress.skip(shard.count)
                    self._count(shard)
            state.expected = number + 1
            self._finish_if_complete(file)

    def _count(self, shard: Shard) -> None:
        self._states[shard.file].parts += 1
        self._finish_if_complete(self._files[shard.file])

    def _finish_if_complete(self, file: InputFile) -> None:
        state = self._states[file.name]
        if state.parts == state.expected:
            if _stamp(file) != state.stamp:
                raise WorldError(f"{file.path} changed while it was read: repeat the command.")
            self.folder.assemble(file, state.parts, state.sources, self.columns)
            del self._states[file.name]


def _stamp(file: InputFile) -> tuple[int, int]:
    status = file.path.stat()
    return status.st_size, status.st_mtime_ns
