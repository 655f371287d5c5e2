"""Tests of finding configs by name, in a checkout, in an installed package and in a plugin."""

import importlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.plugin import config_files


def write(folder: Path, names: Sequence[str]) -> None:
    for name in names:
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("seed_everything: 1\n", encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the package appears to be installed, beside an unrelated ``configs`` folder."""
    monkeypatch.setattr(config_files, "PACKAGE", tmp_path / "seq2seq")
    write(tmp_path / "seq2seq" / "configs", ["defaults", "size/tiny"])
    write(tmp_path / "configs", ["size/foreign"])
    return tmp_path


def test_an_existing_path_comes_first(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    write(site, ["size/tiny"])
    assert config_files.find("size/tiny.yaml") == Path("size/tiny.yaml")


def test_an_installed_package_carries_its_configs_and_reads_no_stranger_s(site: Path) -> None:
    assert list(config_files.available()) == ["defaults", "size/tiny"]
    assert (
        config_files.find("size/tiny") == config_files.find("size/tiny.yaml") == site / "seq2seq/configs/size/tiny.yaml"
    )


def test_a_checkout_s_configs_beat_the_packaged_ones(site: Path) -> None:
    (site / "pyproject.toml").touch()
    write(site / "configs", ["size/tiny"])
    assert config_files.find("size/tiny") == site / "configs/size/tiny.yaml"
    assert config_files.find("defaults") == site / "seq2seq/configs/defaults.yaml"


def test_a_task_s_configs_come_last(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = site / "dates_with_configs.py"
    module.write_text("from seq2seq.plugin import Task\n\nclass Dates(Task):\n    name = 'dates'\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))
    task = importlib.import_module("dates_with_configs").Dates()
    assert config_files.sample_settings(task) is None
    write(site / "configs", ["sample", "defaults"])
    assert config_files.find("sample", task) == config_files.sample_settings(task) == site / "configs/sample.yaml"
    assert config_files.find("defaults", task) == site / "seq2seq/configs/defaults.yaml"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("size/tinny", "neither a file nor the name of a config. Did you mean 'size/tiny'\\?"),
        ("tiny", "Did you mean 'size/tiny'\\?"),
        ("nothing/like/it", "of a config. Configs with a name: defaults, size/tiny.$"),
        ("size", "neither a file"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest(site: Path, typed: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        config_files.find(typed)


def test_a_folder_is_no_config(site: Path) -> None:
    with pytest.raises(UserError, match="is a folder, no config"):
        config_files.find(str(site))


def test_this_checkout_has_its_configs() -> None:
    assert config_files.folders()[0] == Path(config_files.__file__).parents[2] / "configs"
