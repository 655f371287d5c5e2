"""Functions that corpus recipes share."""

from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.errors import UserError, WorldError
from seq2seq.recipes import recipe


def test_fetched_once_and_nothing_left_of_a_failed_download(tmp_path: Path) -> None:
    origin = tmp_path / "origin.txt"
    origin.write_text("a\n", encoding="utf-8")
    recipe.fetch(origin.as_uri(), tmp_path / "raw" / "copy.txt")
    origin.write_text("b\n", encoding="utf-8")
    recipe.fetch(origin.as_uri(), tmp_path / "raw" / "copy.txt")
    assert (tmp_path / "raw" / "copy.txt").read_text(encoding="utf-8") == "a\n"
    with pytest.raises(WorldError, match=r"missing.txt could not be fetched .* give --from FOLDER"):
        recipe.fetch((tmp_path / "missing.txt").as_uri(), tmp_path / "raw" / "other.txt")
    assert [path.name for path in (tmp_path / "raw").iterdir()] == ["copy.txt"]


def test_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    def raising(fault: Exception) -> Callable[[], None]:
        def prepare() -> None:
            raise fault

        return prepare

    assert recipe.run(lambda: None) == 0
    assert recipe.run(raising(UserError("yours"))) == 2
    assert recipe.run(raising(WorldError("the world's"))) == 1
    assert capsys.readouterr().err == "yours\nthe world's\n"


def test_written_only_when_different(tmp_path: Path) -> None:
    path = tmp_path / "new" / "text"
    assert recipe.write_once(path, recipe.joined(["a", "ü"]))
    assert not recipe.write_once(path, b"a\n\xc3\xbc\n")
    assert recipe.write_once(path, b"b\n")
    assert [child.name for child in path.parent.iterdir()] == ["text"]
    assert recipe.checksum(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
