"""Shards: whole chunks of a file, in order, that lose nothing on their way to a worker."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.batch_jobs.inputs import InputFile
from seq2seq.batch_jobs.shards import Result, Shard, cut
from seq2seq.command_line.inputs import Inputs
from seq2seq.corpus.reader import Reader
from tests.properties import examples
from tests.seq2seq.batch_jobs.conftest import CHUNK


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shards") / "a.txt"


@examples(60)
@given(
    texts=st.lists(st.text(st.characters(exclude_characters="\n\r\ufeff\x00", codec="utf-8"), max_size=9), min_size=1),
    lines=st.integers(1, 30),
)
def test_shards_are_whole_chunks_of_all_lines(place: Path, texts: list[str], lines: int) -> None:
    place.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("seq2seq.command_line.lines.CHUNK_LINES", CHUNK)
        shards = list(cut(InputFile(place, "a.txt"), Reader(), lines))
        chunks = [[source.text for source in chunk] for chunk in Inputs([str(place)], Reader())]
    assert [record.value for shard in shards for record in shard.records()] == texts
    assert [shard.number for shard in shards] == list(range(len(shards)))
    borders = {sum(map(len, chunks[:number])) for number in range(len(chunks) + 1)}
    for shard in shards:
        assert {shard.first, shard.first + shard.count} <= borders
        assert shard.count >= lines or shard is shards[-1]


def test_a_shard_s_digest_depends_on_all_that_its_outputs_do() -> None:
    shards = [
        Shard("a", "in/a", "lines", 0, 0, 1, b'[[1, "x", ""]]'),
        Shard("a", "in/a", "lines", 0, 0, 1, b'[[1, "y", ""]]'),
        Shard("a", "in/a", "objects", 0, 0, 1, b'[[1, "x", ""]]'),
        Shard("a", "in/a", "lines", 0, 5, 1, b'[[1, "x", ""]]'),
        Shard("a", "in/b", "lines", 0, 0, 1, b'[[1, "x", ""]]'),
    ]
    assert len({shard.digest for shard in shards}) == len(shards)
    assert str(shards[3]) == "in/a, sources 6 to 6"
    again = Shard(**json.loads(json.dumps(shards[0].head)), content=shards[0].content)
    assert again == shards[0]


def test_a_result_survives_json() -> None:
    result = Result(3, [(2, "why")], 1, b"x")
    assert Result.of(json.loads(json.dumps(result.head)), b"x") == result
