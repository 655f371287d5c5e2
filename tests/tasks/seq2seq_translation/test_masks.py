"""Training with masks, and using such a model, by the commands themselves."""

import json
import random
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.web_model import described
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle import find, read_config
from seq2seq.models.source_model import SourceModel
from tests.seq2seq.text_files import written
from tests.seq2seq.trained import differences, fork, settle

OPTIONS = [
    *("--size_defaults", "false"),
    *("--data.batches.max_tokens", "400"),
    *("--model.network.embedding_size", "8"),
    *("--model.network.hidden_size", "8"),
    *("--model.validation.sentences", "4"),
    *("--model.validation.beam_size", "2"),
    *("--trainer.max_steps", "2"),
    *("--trainer.accelerator", "cpu"),
]
VOCABULARY = ["--data.tokenizer.vocabulary_size", "330"]
MASKS = ["--data.reader.masks", "true"]
Captured = pytest.CaptureFixture[str]


def table(name: str, count: int) -> Path:
    """Write pairs with placeholders."""
    draw = random.Random(name)
    words = {"the dog": "狗", "the cat": "猫", "a bird": "鸟"}
    rows = ["source\ttarget"]
    for _ in range(count):
        one, span = draw.choice(list(words)), draw.choice(["%s", "{name}", "<b>", "https://a.org/x", "5 km"])
        rows.append(f"{one} sees {span} today\t今天{words[one]}看见{span}。")
    return written(Path(name), "\n".join(rows) + "\n")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a corpus."""
    settle(tmp_path, monkeypatch)
    for name, count in (("train", 150), ("valid", 20), ("test", 10)):
        table(f"{name}.tsv", count)
    return tmp_path


def fit(run: str, *options: str) -> None:
    data = ["--data.train", "train.tsv", "--data.validation", "valid.tsv", "--data.test", "test.tsv"]
    assert cli.main(["fit", "translation", "--run_dir", run, *data, *OPTIONS, *options]) == 0


def loaded(run: str) -> SourceModel:
    model = seq2seq.load(run)
    assert isinstance(model, SourceModel)
    return model


@pytest.mark.slow
def test_lines_and_catalogues_are_translated_with_masks(capsys: Captured) -> None:
    fit("run", *VOCABULARY, *MASKS)
    assert read_config(find("run")).reader.masks
    tokenizer = loaded("run").tokenizers.source
    assert all("%" not in tokenizer.spelling(number) for number in range(tokenizer.vocabulary_size))
    capsys.readouterr()
    lines = ["the dog sees {number} today", "", "%(a)s <i>the cat</i> %d 7.5 km/h", "狗看见{x}"]
    source = written(Path("lines.txt"), "\n".join(lines) + "\n")
    assert cli.main(["translate", "run", str(source)]) == 0
    captured = capsys.readouterr()
    outputs = captured.out.splitlines()
    assert "missing in the outputs" not in captured.err
    for output, wanted in zip(
        outputs, (["{number}"], [], ["%(a)s", "<i>", "</i>", "%d", "7.5 km/h"], ["{x}"]), strict=True
    ):
        assert all(output.count(span) == 1 for span in wanted)
    assert outputs == [seq2seq.load("run").translate(line) for line in lines]
    catalogue = written(
        Path("test.po"), 'msgid ""\nmsgstr "Language: zh_CN\\n"\n\nmsgid "the dog sees %s"\nmsgstr ""\n'
    )
    assert cli.main(["translate", "run", str(catalogue), "-o", "out.po"]) == 0
    assert capsys.readouterr().err == "test.po: 1 of 1 text translated.\n"
    assert Path("out.po").read_text(encoding="utf-8").count("%s") == 2


def test_a_short_limit_loses_placeholders_and_says_so(capsys: Captured) -> None:
    fit("run", *VOCABULARY, *MASKS)
    capsys.readouterr()
    written(Path("lines.txt"), "{a} {b} {c}\n")
    options = ["--max_length", "1", "--beam_size", "1", "--json"]
    assert cli.main(["translate", "run", "lines.txt", *options]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["lost"]) >= 2
    assert "placeholders of the sources missing in the outputs (first {" in captured.err
    assert "at lines.txt:1)." in captured.err


@pytest.mark.slow
def test_other_commands_read_masks(capsys: Captured) -> None:
    fit("run", *VOCABULARY, *MASKS, "--data.batches.sampling_alpha", "0.1")
    for typed in (["evaluate", "run", "--samples", "0"], ["inspect", "test.tsv", "--model", "run"]):
        assert cli.main(typed) == 0
    capsys.readouterr()
    written(Path("source.txt"), "the dog sees {x}\n")
    written(Path("target.txt"), "狗看见{x}\n")
    assert cli.main(["score", "run", "source.txt", "target.txt"]) == 0
    assert capsys.readouterr().out.strip()
    assert cli.main(["export", "run", "onnx", "--format", "onnx", "--precision", "float32"]) == 0
    assert loaded("onnx").translate("the cat sees {x}") == loaded("run").translate("the cat sees {x}")
    capsys.readouterr()
    write_onnx(Path("exact"), bundle.load(Path("run")), "float32", ())
    with pytest.raises(UserError, match="The model reads placeholders as masks, which a page in a browser cannot do"):
        described(bundle.load(Path("exact")), {})


@pytest.mark.slow
def test_a_run_that_starts_from_a_model_without_masks_adds_them(capsys: Captured) -> None:
    fit("plain", *VOCABULARY)
    before = loaded("plain")
    assert before.tokenizers.source.masks == ()
    capsys.readouterr()
    fit("next", "--init_from", "plain", *MASKS)
    size = before.tokenizers.source.vocabulary_size
    error = capsys.readouterr().err
    assert f"{size:,} of {size + 8:,} pieces carried over; 8 pieces initialized at random" in error
    assert loaded("next").decode(["the dog sees {x}"])[0][0].text.count("{x}") == 1
    fit("third", "--init_from", "next")
    assert read_config(find("third")).reader.masks
    assert loaded("third").tokenizers.source.masks == loaded("next").tokenizers.source.masks
    fit("fourth", "--init_from", "next", "--data.reader.masks", "false")
    assert not loaded("fourth").tokenizers.source.masks_in(loaded("fourth").sources.encoded(["{x}"])[0].ids)


def test_models_of_running_text_have_no_masks(capsys: Captured) -> None:
    written(Path("text.txt"), "the dog\n" * 200)
    options = ["--data.train", "text.txt", "--data.validation", "text.txt", "--run_dir", "run", *MASKS]
    assert cli.main(["fit", "generation", *options]) == 2
    assert "data.reader.masks and data.reader.max_source_pieces are about sources" in capsys.readouterr().err


@pytest.mark.slow
def test_a_run_with_masks_resumes_exactly(here: Path) -> None:
    data = ["--data.train", "train.tsv", "--data.validation", "valid.tsv", "--model.network.copying", "true"]
    typed = ["fit", "translation", *data, *OPTIONS, *VOCABULARY, *MASKS, "--data.batches.sampling_alpha", "0.1"]
    whole = fork(here, *typed, "--run_dir", "whole", "--trainer.max_steps", "6")
    part = fork(here, *typed, "--run_dir", "part", "--trainer.max_steps", "3")
    rest = fork(here, "fit", "--run_dir", "part", "--resume", "--trainer.max_steps", "6")
    assert [done.returncode for done in (whole, part, rest)] == [0, 0, 0], rest.stderr
    assert differences(here / "whole", here / "part") == []
