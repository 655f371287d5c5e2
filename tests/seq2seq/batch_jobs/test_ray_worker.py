"""What travels to the machines of a Ray cluster: models and files by their contents, which needs no Ray."""

from pathlib import Path

from seq2seq.batch_jobs.command import load_worker
from seq2seq.batch_jobs.ray_worker import portable, written
from seq2seq.batch_jobs.shards import Shard
from tests.seq2seq.batch_jobs.conftest import parsed

SHARD = Shard("a", "a", "lines", 0, 0, 2, '[[1, "the big dog eats", ""], [2, "大狗吃书", ""]]'.encode())


def test_models_and_files_travel(translator: Path, tmp_path: Path) -> None:
    (tmp_path / "banned.txt").write_text("bird\n书\n", encoding="utf-8")
    (tmp_path / "glossary.tsv").write_text("dog\tbird\n", encoding="utf-8")
    files = ["--banned_file", str(tmp_path / "banned.txt"), "--glossary", str(tmp_path / "glossary.tsv")]
    for words in ([], files[2:], files[:2]):
        here = parsed(str(translator), *words)
        there, carried = portable(here)
        assert str(tmp_path) not in str(vars(there))
        assert str(translator) not in str(vars(there))
        assert sorted(carried) == sorted(["model", *(name.removeprefix("--") for name in words[::2])])
        folder = tmp_path / f"machine{len(carried)}{len(words)}"
        moved = written(there, carried, folder)
        assert load_worker(moved).apply(SHARD) == load_worker(here).apply(SHARD)
        assert moved.glossary is None or Path(moved.glossary).name == "glossary.tsv"  # its suffix says what it is
    plain, _ = portable(parsed(str(translator)))
    assert plain.glossary is None
