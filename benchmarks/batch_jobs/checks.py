"""Checks the outputs of a batch job: as many as sources, in their order, with their ids, and none twice."""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.batch_jobs.input_folder import identifier


class WrongOutputError(Exception):
    """An output is missing, doubled, or at the wrong place; the message says where."""


def output_of(path: Path, inputs: Path, outputs: Path) -> Path:
    """Return the path of the output for an input file."""
    return outputs / path.relative_to(inputs).with_name(path.name.removesuffix(".gz"))


def require_all(paths: Sequence[Path], inputs: Path, outputs: Path) -> int:
    """Check the outputs of all files beside their inputs; return their number.

    Args:
        paths: The input files, in the order of the ids.
        inputs: Their folder.
        outputs: The folder of the outputs.

    Raises:
        WrongOutputError: If one is not as it should be.
    """
    done = 0
    for path in paths:
        output = output_of(path, inputs, outputs)
        if not output.is_file():
            raise WrongOutputError(f"{output} is missing.")
        given, written = list(_rows(path)), list(_rows(output))
        if len(given) != len(written):
            raise WrongOutputError(f"{output} has {len(written):,} outputs for {len(given):,} sources.")
        for number, (source, result) in enumerate(zip(given, written, strict=True), start=done):
            _require(source, result, number, f"{output}, output {number - done + 1}")
        done += len(given)
    return done


def different(paths: Sequence[Path], inputs: Path, left: Path, right: Path) -> list[str]:
    """Return the names of the outputs that are not byte for byte equal in two folders."""
    names = [output_of(path, inputs, Path()) for path in paths]
    return [str(name) for name in names if (left / name).read_bytes() != (right / name).read_bytes()]


def _require(source: dict[str, object], result: dict[str, object], number: int, place: str) -> None:
    if "id" in source:
        if result.get("id") != identifier(number):
            raise WrongOutputError(f"{place} has the id {result.get('id')}, not {identifier(number)}.")
        if result.get("source") != source["source"]:
            raise WrongOutputError(f"{place} does not have the source of its input.")
        if result.get("error") is not None:
            raise WrongOutputError(f"{place} failed: {result['error']}")
    output = result["output"]
    # Models may answer a text with nothing, but nothing with a text only if outputs have moved.
    if not isinstance(output, str) or (output and not source["source"]):
        raise WrongOutputError(f"{place} is {output!r} for the source {source['source']!r}.")


def _rows(path: Path) -> Iterator[dict[str, object]]:
    """Yield the sources of an input file, or the outputs of an output file; lines of text have no ids."""
    if path.suffix == ".parquet":
        import pyarrow.parquet as pq

        yield from pq.read_table(path).to_pylist()
        return
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in content.decode("utf-8").split("\n")[:-1]:
        yield json.loads(line) if ".jsonl" in path.suffixes else {"source": line, "output": line}
