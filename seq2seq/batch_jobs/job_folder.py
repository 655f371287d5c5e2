"""The output folder of a batch job: outputs, and in ``_job`` what is needed to resume.

``_job/manifest.json`` says which model and options the outputs are of, and after the end how many sources there were;
``_job/files.jsonl`` has a line for each finished file, with checksums and counts; ``_job/parts/FILE/NUMBER`` is a
finished shard, with its counts and checksums in the first line. Every file is written whole or not at all, so a job
that is killed at any time loses only shards in progress.
"""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from seq2seq import __version__
from seq2seq.batch_jobs.identity import sha256
from seq2seq.batch_jobs.inputs import ROWS, InputFile
from seq2seq.batch_jobs.shards import Result, Shard
from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.atomic_folders import tidy
from seq2seq.files.parsing import parse_json, read_json
from seq2seq.files.typed_values import Fields

JOB, MANIFEST, FILES, PARTS, LOCK = "_job", "manifest.json", "files.jsonl", "parts", "lock"
FAILURES = ".failures.jsonl"
"""Suffix of the file that lists the sources that failed, beside an output file."""


@dataclass(frozen=True)
class Finished:
    """A finished file, as `FILES` records it.

    Args:
        file: Relative path of the output.
        sources: Number of sources.
        failed: Number of sources that failed.
        cut: Number of sources that were longer than the model reads.
        input_sha256: Checksum of the input file.
        output_sha256: Checksum of the output file.
    """

    file: str
    sources: int
    failed: int
    cut: int
    input_sha256: str
    output_sha256: str


class JobFolder:
    """The output folder of a job.

    Args:
        path: Its path; it is created if it does not exist.
        identity: Verb, model and options, as JSON.

    Attributes:
        finished: The finished files by name.
    """

    def __init__(self, path: Path, identity: Mapping[str, Any]) -> None:
        self.path, self.identity = path, dict(identity)
        self.job = path / JOB
        self.finished: dict[str, Finished] = {}

    @contextmanager
    def opened(self, files: list[InputFile]) -> Iterator[None]:
        """Begin or resume the job, alone.

        Raises:
            UserError: If the folder belongs to another job or another process, or has files that would be overwritten.
        """
        if self.path.exists() and not self.path.is_dir():
            raise UserError(f"{self.path} is a file, but --output of several workers is a folder: name another.")
        if not (self.job / MANIFEST).is_file():
            there = [file.name for file in files if (self.path / file.name).exists()]
            if there:
                raise UserError(
                    f"{self.path / there[0]} exists already and would be overwritten: name another folder for --output."
                )
        self.job.mkdir(parents=True, exist_ok=True)
        with (self.job / LOCK).open("ab") as lock:
            try:
                fcntl.flock(lock.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as fault:
                raise UserError(f"Another process is working on {self.path}: wait for its end.") from fault
            except OSError:
                pass  # a file system without locks
            if (self.job / MANIFEST).is_file() and self._has_outputs():
                self._require_same()
            else:
                self._write_manifest({})
            self._read_finished()
            self._tidy(files)
            yield

    def is_finished(self, file: InputFile) -> bool:
        """Return whether the output of a file is complete, and neither it nor the input has changed since."""
        known = self.finished.get(file.name)
        output = self.path / file.name
        return (
            known is not None
            and output.is_file()
            and sha256(output) == known.output_sha256
            and sha256(file.path) == known.input_sha256
        )

    def part(self, shard: Shard) -> Path:
        """Return the path of a shard's outputs."""
        return self.job / PARTS / shard.file / f"{shard.number:06}"

    def result(self, shard: Shard) -> Result | None:
        """Return the counts of a finished shard, without its outputs; None if it is not finished."""
        path = self.part(shard)
        if not path.is_file():
            return None
        head, _, payload = path.read_bytes().partition(b"\n")
        described = json.loads(head)
        if described["digest"] != shard.digest or hashlib.sha256(payload).hexdigest() != described["sha256"]:
            return None
        return Result.of(described, b"")

    def put(self, shard: Shard, result: Result) -> None:
        """Keep the outputs of a shard.

        Raises:
            WorldError: If outputs are missing, or if the disk is full.
        """
        if result.count != shard.count:
            raise WorldError(f"{shard}: {result.count:,} of {shard.count:,} sources have an output.")
        checksum = hashlib.sha256(result.payload).hexdigest()
        head = json.dumps({**result.head, "digest": shard.digest, "sha256": checksum}, ensure_ascii=False).encode()
        write_atomically(self.part(shard), lambda file: file.write(head + b"\n" + result.payload))

    def assemble(self, file: InputFile, parts: int, sources: int, names: list[str]) -> Finished:
        """Join the shards of a file to its output.

        Args:
            file: The input file.
            parts: Number of its shards.
            sources: Number of its sources.
            names: Names of the columns that are added to a table.

        Raises:
            WorldError: If a shard is missing or damaged, or if the disk is full.
        """
        folder = self.job / PARTS / file.name
        paths = [folder / f"{number:06}" for number in range(parts)]
        heads = [self._head(path) for path in paths]
        if sum(head.count for head in heads) != sources:
            raise WorldError(f"{folder}: the shards have not as many sources as {file.path}: remove them and repeat.")
        failures = [failure for head in heads for failure in head.failures]
        listed = self.path / f"{file.name}{FAILURES}"
        if failures:
            rows = (json.dumps({"place": f"{file.path}:{n}", "error": why}, ensure_ascii=False) for n, why in failures)
            content = "".join(row + "\n" for row in rows).encode()
            write_atomically(listed, lambda output: output.write(content))
        else:
            listed.unlink(missing_ok=True)
        if file.kind == ROWS:
            from seq2seq.batch_jobs.parquet import write_with_outputs

            write_atomically(
                self.path / file.name, lambda output: write_with_outputs(file.path, _rows(paths), names, output)
            )
        else:
            write_atomically(self.path / file.name, lambda output: _join(paths, output))
        done = Finished(
            file.name,
            sources,
            len(failures),
            sum(head.cut for head in heads),
            sha256(file.path),
            sha256(self.path / file.name),
        )
        with (self.job / FILES).open("ab") as log:
            log.write(json.dumps(asdict(done), ensure_ascii=False).encode() + b"\n")
            log.flush()
            os.fsync(log.fileno())
        self.finished[file.name] = done
        shutil.rmtree(folder, ignore_errors=True)
        return done

    def close(self, totals: Mapping[str, int]) -> None:
        """Record the end of the job."""
        shutil.rmtree(self.job / PARTS, ignore_errors=True)
        self._write_manifest({"finished": dict(totals)})

    def _has_outputs(self) -> bool:
        return (self.job / FILES).exists() or any(path.is_file() for path in (self.job / PARTS).rglob("[0-9]*"))

    def _tidy(self, files: list[InputFile]) -> None:
        """Remove the unfinished files of jobs that were killed while they joined shards."""
        names: dict[Path, list[str]] = {self.job: [MANIFEST]}
        for file in files:
            path = self.path / file.name
            names.setdefault(path.parent, []).extend((path.name, f"{path.name}{FAILURES}"))
        for parent, outputs in names.items():
            tidy(parent, outputs)

    def _head(self, path: Path) -> Result:
        """Return the counts of a shard, whose outputs are checked.

        Raises:
            WorldError: If it is damaged.
        """
        try:
            head, _, payload = path.read_bytes().partition(b"\n")
            described = json.loads(head)
            if hashlib.sha256(payload).hexdigest() == described["sha256"]:
                return Result.of(described, b"")
        except (OSError, ValueError, KeyError):
            pass  # reported below, as a wrong checksum is
        raise WorldError(f"{path} is missing or damaged: run the command again, which decodes this shard again.")

    def _write_manifest(self, more: Mapping[str, Any]) -> None:
        described = {"format": 1, **self.identity, "seq2seq": __version__, **more}
        content = json.dumps(described, ensure_ascii=False, indent=1).encode() + b"\n"
        write_atomically(self.job / MANIFEST, lambda file: file.write(content))

    def _require_same(self) -> None:
        """Check that the job in the folder is this one.

        Raises:
            UserError: If it has another verb, model or option; the message names the first difference.
        """
        place = self.job / MANIFEST
        before = Fields(read_json(place), str(place))
        start = f"{self.path} has outputs of another job"
        advice = "name another folder for --output, or remove this one."
        for name in ("verb", "model"):
            if before.text(name) != self.identity[name]:
                shown = f"{before.text(name)[:12]}, now {self.identity[name][:12]}"
                raise UserError(f"{start}: its {name} was {shown}; {advice}")
        earlier, now = before.section("options").values, self.identity["options"]
        for name in sorted({*earlier, *now}):
            if earlier.get(name) != json.loads(json.dumps(now.get(name))):
                was, is_now = (f"{values[name]}" if name in values else "not given" for values in (earlier, now))
                raise UserError(f"{start}: --{name} was {was}, now {is_now}; {advice}")

    def _read_finished(self) -> None:
        path = self.job / FILES
        if not path.is_file():
            return
        content = path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:  # a kill cut the last line off; the next one must not continue it
            write_atomically(path, lambda file: file.write(whole))
        for line in whole.decode("utf-8").splitlines():
            done = Fields(parse_json(line, str(path)), str(path)).build(Finished)
            self.finished[done.file] = done


def _payloads(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        yield path.read_bytes().partition(b"\n")[2]


def _join(paths: list[Path], file: IO[bytes]) -> None:
    for payload in _payloads(paths):
        file.write(payload)


def _rows(paths: list[Path]) -> Iterator[dict[str, object]]:
    for payload in _payloads(paths):
        for line in payload.split(b"\n")[:-1]:
            yield json.loads(line)
