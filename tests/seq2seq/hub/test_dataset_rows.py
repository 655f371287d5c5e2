"""Datasets of the Hub: converted once to JSONL, from which a model is trained as from any file."""

import json
from pathlib import Path

import pytest

from seq2seq.cli import main
from seq2seq.errors import UserError, WorldError
from seq2seq.hub.dataset_rows import flat, local

PAIRS = [{"translation": {"en": f"a {number}", "zh": f"猫{number}"}, "id": number} for number in range(60)]


@pytest.fixture
def dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the form of a dataset's repository, and a cache of one's own."""
    pytest.importorskip("datasets", reason="datasets is not installed")
    folder = tmp_path / "pairs"
    folder.mkdir()
    for split in ("train", "test"):
        rows = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in PAIRS)
        (folder / f"{split}.jsonl").write_text(rows, encoding="utf-8")
    monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path / "hf")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_a_path_stays_as_it_is() -> None:
    assert local("data/a.tsv") == "data/a.tsv"


def test_nested_fields_become_keys() -> None:
    assert flat(PAIRS[0]) == {"en": "a 0", "zh": "猫0", "id": 0}


def test_a_dataset_is_converted_once(dataset: Path, tmp_path: Path) -> None:
    path = Path(local(f"hf:{dataset}:train", tmp_path / "converted"))
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert rows == [flat(row) for row in PAIRS]
    (dataset / "train.jsonl").unlink()
    assert Path(local(f"hf:{dataset}:train", tmp_path / "converted")) == path


@pytest.mark.slow
def test_a_model_is_trained_on_it(dataset: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--data.train", f"hf:{dataset}:train", "--data.validation", f"hf:{dataset}:test"]
    words += ["--data.reader.source_field", "en", "--data.reader.target_field", "zh", "-c", "size/tiny"]
    words += ["--data.tokenizer.vocabulary_size", "300", "--trainer.max_steps", "2", "--run_dir", str(tmp_path / "run")]
    assert main(["fit", "translation", *words]) == 0
    assert (tmp_path / "run" / "bundle" / "config.json").is_file()


@pytest.mark.slow
def test_faults_are_one_sentence(
    dataset: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UserError, match=rf"hf:{dataset}:dev could not be loaded: Unknown split \"dev\""):
        local(f"hf:{dataset}:dev", tmp_path)
    monkeypatch.setattr("datasets.config.HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(WorldError, match=r"hf:me/none:train could not be downloaded: .* Is the machine offline\?"):
        local("hf:me/none:train", tmp_path)


@pytest.mark.parametrize("name", ["hf:one", "hf:a:b:c:d", "hf::train", "hf:a:"])
def test_another_form_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=rf"{name} is no dataset of the Hub: give hf:NAME:SPLIT, or hf:NAME:CONFIG:SP"):
        local(name, tmp_path)


def test_without_the_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "datasets", None)
    with pytest.raises(UserError, match=r"hf:a:train is a dataset of the Hub, which needs datasets: pip install data"):
        local("hf:a:train", tmp_path)
