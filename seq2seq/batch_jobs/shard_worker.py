"""Applies a model to shards: outputs in the order of the sources, and a sentence for each source that fails."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from seq2seq.batch_jobs.inputs import LINES, ROWS, Record
from seq2seq.batch_jobs.shards import Result, Shard, size_by
from seq2seq.command_line.lines import chunked
from seq2seq.command_line.outputs import Form
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError

Decode = Callable[[Sequence[str | Example], Sequence[int]], list[list[Output]]]
"""Returns the outputs of sources with given indices, which with the seed determine samples."""
EMPTY = Output("", 0.0, 0.0, (), ())
"""Output of a source that failed."""
ERROR = "error"
"""Field of an object or a row that says why its source failed."""


@dataclass(frozen=True)
class Columns:
    """Names of what is added to an object or a row.

    Args:
        output: Name for the best output.
        scores: Whether to add ``score``.
        alignments: Whether to add ``alignments``.
        nbest: Whether to add ``outputs``, all outputs with their scores.
    """

    output: str = "output"
    scores: bool = False
    alignments: bool = False
    nbest: bool = False

    @property
    def names(self) -> list[str]:
        """All names."""
        more = {"score": self.scores, "alignments": self.alignments, "outputs": self.nbest, ERROR: True}
        return [self.output, *(name for name, is_wanted in more.items() if is_wanted)]

    def values(self, outputs: Sequence[Output]) -> dict[str, object]:
        """Return the values for the outputs of a source."""
        best = outputs[0]
        values: dict[str, object] = {self.output: best.text}
        if self.scores:
            values["score"] = round(best.score, 4)
        if self.alignments:
            values["alignments"] = best.alignments()
        if self.nbest:
            values["outputs"] = [{"output": one.text, "score": round(one.score, 4)} for one in outputs]
        return values


@dataclass(frozen=True)
class ShardWorker:
    """Applies a model to shards.

    Args:
        decode: Returns the outputs of sources with given indices in their file.
        reader: Converts objects and rows to sources.
        form: Format of the lines for text files.
        columns: What is added to objects and rows.
    """

    decode: Decode
    reader: Reader
    form: Form
    columns: Columns

    def apply(self, shard: Shard) -> Result:
        """Decode a shard.

        Raises:
            UserError: If all of several sources fail, or if an object has a field of the output's name already.
        """
        payload: list[bytes] = []
        failures: list[tuple[int, str]] = []
        cut = index = 0
        for records in chunked(shard.records(), size_by(self.reader)):
            sources = [self._source(record, shard) for record in records]
            # The index of a source, and so its sample, does not depend on sources before it that fail.
            numbered = [
                (source, shard.first + place)
                for place, source in enumerate(sources, start=index)
                if not isinstance(source, Failure)
            ]
            decoded = iter(self._outputs([source for source, _ in numbered], [number for _, number in numbered]))
            for record, source in zip(records, sources, strict=True):
                outputs = source if isinstance(source, Failure) else next(decoded)
                if isinstance(outputs, Failure):
                    failures.append((record.number, outputs.cause))
                else:
                    cut += outputs[0].lost > 0
                payload.append(self._written(shard, record, shard.first + index, outputs))
                index += 1
        if len(failures) == index > 1:
            raise UserError(f"{shard}: all of them failed; the first one: {failures[0][1]}")
        return Result(index, failures, cut, b"".join(payload))

    def _source(self, record: Record, shard: Shard) -> "str | Example | Failure":
        if record.fault or record.value is None:
            return Failure(record.fault)
        if isinstance(record.value, str):
            return record.value
        try:
            return Example(self.reader.source_of(record.value, f"{shard.path}:{record.number}"), "")
        except UserError as fault:
            return Failure(str(fault))

    def _outputs(self, sources: Sequence[str | Example], numbers: Sequence[int]) -> "list[list[Output] | Failure]":
        """Decode sources together; if that fails, each alone, so that only those that cannot be decoded fail."""
        try:
            return list(self.decode(sources, numbers)) if sources else []
        except Exception:
            # Whatever the cause, it is reported with the sources that it concerns.
            return [self._alone(source, number) for source, number in zip(sources, numbers, strict=True)]

    def _alone(self, source: str | Example, number: int) -> "list[Output] | Failure":
        try:
            return self.decode([source], [number])[0]
        except Exception as fault:
            kind = "" if isinstance(fault, UserError) else f"{type(fault).__name__}: "
            return Failure(f"{kind}{fault}")

    def _written(self, shard: Shard, record: Record, index: int, outputs: "list[Output] | Failure") -> bytes:
        """Return the lines for a source."""
        if shard.kind == LINES:
            shown = [EMPTY] if isinstance(outputs, Failure) else outputs
            place = f"{shard.path}:{record.number}"
            return "".join(self.form.line(index, place, output) + "\n" for output in shown).encode()
        fields = record.value if isinstance(record.value, dict) and shard.kind != ROWS else {}
        for name in self.columns.names:
            if name in fields and name != ERROR:
                raise UserError(
                    f"{shard.path}:{record.number} has a field '{name}' already: name the output's with --output_field."
                )
        if isinstance(outputs, Failure):
            added: dict[str, object] = {self.columns.output: None, ERROR: outputs.cause}
        else:
            added = self.columns.values(outputs)
        return json.dumps({**fields, **added}, ensure_ascii=False).encode() + b"\n"


@dataclass(frozen=True)
class Failure:
    """Why a source has no output."""

    cause: str
