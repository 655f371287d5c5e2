"""Training on conversations: exact resuming, and reverse models."""

from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.corpus.example import Example
from seq2seq.models.bundle import find, read_config
from tests.seq2seq.decoded import source_model
from tests.seq2seq.trained import differences, settle
from tests.tasks.seq2seq_dialogue.conftest import written

ENTRY_POINT = "[seq2seq.tasks]\ndialogue = seq2seq_dialogue:Dialogue\n"
OPTIONS = [
    *("--data.tokenizer.vocabulary_size", "320"),
    *("--data.batches.max_tokens", "400"),
    *("--data.batches.sampling_alpha", "0.1"),
    *("--data.reader.max_source_pieces", "30"),
    *("--model.network.embedding_size", "12"),
    *("--model.network.hidden_size", "16"),
    *("--model.validation.sentences", "4"),
    *("--model.validation.beam_size", "1"),
]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with conversations to train on."""
    settle(tmp_path, monkeypatch)
    for seed, name in enumerate(("train", "valid", "test")):
        written(tmp_path / f"{name}.jsonl", 12, seed)
    return tmp_path


def fit(run: str, *options: str) -> int:
    data = ["--data.train", "[train.jsonl]", "--data.validation", "[valid.jsonl]", "--data.test", "[test.jsonl]"]
    return cli.main(["fit", "dialogue", "--run_dir", run, *data, *OPTIONS, *options])


@pytest.mark.parametrize("reverse", [pytest.param("false", marks=pytest.mark.slow), "true"])
def test_a_run_on_conversations_resumes_exactly(here: Path, capsys: pytest.CaptureFixture[str], reverse: str) -> None:
    assert fit("whole", "--trainer.max_epochs", "2", "--data.reverse", reverse) == 0
    assert fit("parts", "--trainer.max_epochs", "1", "--data.reverse", reverse) == 0
    assert cli.main(["fit", "--run_dir", "parts", "--resume", "--trainer.max_epochs", "2"]) == 0
    found = differences(here / "whole", here / "parts")
    assert not [one for one in found if "max_epochs" not in one]
    # The source of a reverse model is one reply, which is short.
    is_cut = "sources were cut to 30 pieces (first at train.jsonl:" in capsys.readouterr().err
    assert is_cut == (reverse == "false")
    assert read_config(find("whole")).reader.reverse == (reverse == "true")


def test_a_model_of_the_reverse_scores_and_does_not_reply(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit("reverse-whole", "--trainer.max_epochs", "1", "--data.reverse", "true") == 0
    capsys.readouterr()
    assert cli.main(["evaluate", "reverse-whole", "--split", "test", "--samples", "0", "--sentences", "3"]) == 0
    assert "dialogue" in capsys.readouterr().out.lower()
    model = source_model("reverse-whole")
    example = next(iter(model.reader.read([here / "test.jsonl"])))
    assert isinstance(example, Example)
    assert model.score([example], [example])[0].tokens > 1
    assert cli.main(["chat", "reverse-whole", "-p", "hello"]) == 2
    assert (
        "reverse-whole was trained with --data.reverse true: it predicts inputs from outputs" in capsys.readouterr().err
    )


def test_an_export_is_trained_on_and_what_it_is_read_as_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    minutes = [f"30/12/2023, 21:{minute:02} - {('Ann', 'Bo')[minute % 2]}: " for minute in range(60)]
    said = [f"{minute}{('the old dog', '猫看见了鸟')[place % 3 == 0]} {place}" for place, minute in enumerate(minutes)]
    (here / "chat.txt").write_text("\n".join([*said, f"{minutes[-1]}<Media omitted>"]), "utf-8")
    options = ["--data.train", "chat.txt", "--data.reader.replier", "Bo", "--trainer.max_epochs", "1"]
    assert fit("export", *options) == 0
    told = capsys.readouterr().err
    assert (
        "data.train: chat.txt is read as a WhatsApp export: 1 conversation, 60 turns, at most 60 in one; left out: 1 "
        "media message."
    ) in told
    # The form of the training files is not expected of other files.
    assert cli.main(["evaluate", "export", "--data", "chat.txt", "--samples", "0", "--sentences", "3"]) == 0
    assert "chat.txt is read as a WhatsApp export" in capsys.readouterr().err
    assert cli.main(["evaluate", "export", "--data", "chat.txt", "--form", "openai"]) == 2
    assert "chat.txt:1: not JSON" in capsys.readouterr().err
    assert cli.main(["evaluate", "export", "--form", "openai"]) == 2
    assert "--form belongs to --data FILE." in capsys.readouterr().err
    assert cli.main(["evaluate", "export", "--data", "chat.txt", "--form", "opena"]) == 2
    assert "data.reader.form is 'opena', which does not exist. Did you mean 'openai'?" in capsys.readouterr().err


def test_an_export_of_another_task_is_refused_before_training(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = [f"30/12/2023, 21:{minute:02} - {('Ann', 'Bo')[minute % 2]}: Tea?" for minute in range(60)]
    (here / "chat.txt").write_text("\n".join(said), "utf-8")
    data = ["--data.train", "chat.txt", "--data.validation", "chat.txt"]
    assert cli.main(["fit", "translation", "--run_dir", "refused", *data]) == 2
    assert "chat.txt is a WhatsApp export, which has conversations, but this task reads" in capsys.readouterr().err
    assert not (here / "refused").exists()
