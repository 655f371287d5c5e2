"""A model applied to shards: the outputs of one process, and a sentence for each source that fails."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.batch_jobs.inputs import InputFile
from seq2seq.batch_jobs.shard_worker import Columns
from seq2seq.batch_jobs.shards import Shard, cut
from seq2seq.cli import main
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError
from tests.seq2seq.batch_jobs.conftest import objects, sources, worker

Captured = pytest.CaptureFixture[str]


def shards(path: Path, content: str, lines: int = 1) -> list[Shard]:
    path.write_text(content, encoding="utf-8")
    return list(cut(InputFile(path, path.name), Reader(), lines))


@pytest.mark.parametrize(
    "options",
    [(), ("--scores", "--alignments"), ("--nbest", "2"), ("--json",), ("--sample", "--seed", "3"), ("--prefix", "大")],
    ids=" ".join,
)
def test_joined_shards_are_what_one_process_prints(
    options: tuple[str, ...], translator: Path, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "a.txt"
    several = shards(path, "\n".join(sources(17)))
    assert len(several) == 4
    applied = [worker(str(translator), *options).apply(shard) for shard in several]
    assert main(["translate", str(translator), str(path), *options]) == 0
    assert b"".join(result.payload for result in applied).decode() == capsys.readouterr().out
    assert [result.count for result in applied] == [shard.count for shard in several]


def test_objects_keep_their_fields(translator: Path, tmp_path: Path) -> None:
    several = shards(tmp_path / "a.jsonl", objects(sources(7)))
    options = ("--scores", "--nbest", "2", "--alignments", "--output_field", "zh")
    rows = [
        json.loads(line)
        for shard in several
        for line in worker(str(translator), *options).apply(shard).payload.splitlines()
    ]
    assert [row["id"] for row in rows] == [f"n{number}" for number in range(7)]
    assert all(row["zh"] == row["outputs"][0]["output"] and row["score"] == row["outputs"][0]["score"] for row in rows)
    assert rows[0]["zh"] == ""
    assert isinstance(rows[1]["alignments"], list)


def test_a_source_that_fails_is_reported_and_the_others_go_on(translator: Path, tmp_path: Path) -> None:
    lines = [*objects(sources(3)).splitlines(), '{"text": "no source"}', "{", *objects(sources(2)).splitlines()]
    first, second = shards(tmp_path / "a.jsonl", "\n".join(lines))
    whole = worker(str(translator))
    results = [whole.apply(first), whole.apply(second)]
    rows = [json.loads(line) for result in results for line in result.payload.splitlines()]
    assert [number for result in results for number, _ in result.failures] == [4, 5]
    assert [row["output"] is None for row in rows] == [False, False, False, True, True, False, False]
    assert rows[3]["text"] == "no source"
    assert "a.jsonl:4: there is no 'source'" in rows[3]["error"] or "'source'" in rows[3]["error"]
    assert "not JSON" in rows[4]["error"]


def _decode(texts: Sequence[str | Example], numbers: Sequence[int]) -> list[list[Output]]:
    """Return the sources; one source cannot be decoded, and alone neither."""
    if "bad" in texts:
        raise ValueError("a weight is not finite")
    return [
        [Output(f"{number} {text}", 0.0, 0.0, (), (), lost=text == "long")]
        for number, text in zip(numbers, texts, strict=True)
    ]


def test_an_error_of_a_batch_is_narrowed_down_to_its_source(translator: Path, tmp_path: Path) -> None:
    odd = replace(worker(str(translator)), decode=_decode)
    (shard,) = shards(tmp_path / "a.txt", "a\nbad\nlong\n")
    result = odd.apply(shard)
    assert result.payload == b"0 a\n\n2 long\n"
    assert result.failures == [(2, "ValueError: a weight is not finite")]
    assert result.cut == 1


def test_if_all_sources_fail_the_job_stops(translator: Path, tmp_path: Path) -> None:
    odd = replace(worker(str(translator)), decode=_decode)
    (shard,) = shards(tmp_path / "a.txt", "bad\nbad\n")
    with pytest.raises(UserError, match=r"a\.txt, sources 1 to 2: all of them failed; the first one: ValueError: a w"):
        odd.apply(shard)


def test_a_field_is_not_overwritten(translator: Path, tmp_path: Path) -> None:
    (shard,) = shards(tmp_path / "a.jsonl", '{"source": "a", "output": "b"}\n')
    with pytest.raises(UserError, match=r"a\.jsonl:1 has a field 'output' already: name the output's with --output_fi"):
        worker(str(translator)).apply(shard)


def test_names_of_columns() -> None:
    assert Columns().names == ["output", "error"]
    assert Columns("zh", scores=True, nbest=True).names == ["zh", "score", "outputs", "error"]
