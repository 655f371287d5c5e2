"""What is found before PyTorch is imported: numbers, machines, files, folders."""

import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.request import Request, plan, ready
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.starting_model import StartingModel
from tests.seq2seq.reversing import write_corpus
from tests.seq2seq.trained import environment, here

__all__ = ["here"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            "--model.optimizer.learning_rate inf",
            "learning_rate' must be a number, but 'inf' was given.",
        ),
        ("--stopping.min_delta nan", "Option 'stopping.min_delta' must be a number, but 'nan' was given."),
        ("--model.coverage.loss_weight .inf", "Option 'model.coverage.loss_weight' is inf, but it must be a finite"),
        ("--trainer.max_epochs 99999999999999999999", "Option 'trainer.max_epochs' must be less than 1e+18 in size"),
        (
            "--data.batches.max_tokens -9999999999999999999",
            "'data.batches.max_tokens' must be less than 1e+18 in",
        ),
        ("--threads 100000", "threads is 100000, but this machine has "),
        ("--trainer.devices 100000", "trainer.devices is 100000, but this machine has "),
        ("--trainer.num_nodes 2", "trainer.num_nodes is 2, but the rank of this machine is unknown"),
        ("--data.workers 100000", "data.workers is 100000, but each is a separate process: give at most 256"),
        ("--data.seed -5", "data.seed is -5, but it must be at least 0 and below 2**32."),
        (
            "--model.network.encoder_layers 1000000",
            "encoder_layers is 1000000, but a network that can be",
        ),
        ("--model.network.hidden_size 100000", "hidden_size is 100000, but a network that can be trained has at most"),
        ("stray --threads 1", "'stray' belongs to no option: an option is written --NAME VALUE."),
        ("a.tsv --threads 1", "'a.tsv' belongs to no option: name training files with --data.train FILE"),
        (f"{'a' * 5000} --threads 1", "belongs to no option: an option is written --NAME VALUE."),
        ("--train a.tsv", "There is no option 'train': name training files with --data.train."),
        ("--data.train nowhere.tsv", "No file nowhere.tsv."),
        ("--data.train a.tsv", "data.validation names no files, but data.train does"),
        ("--data.train a.tsv --data.validation b.en", "b.en: a corpus in one file is .tsv, .csv or .jsonl"),
        ("--data.train a.tsv --data.validation a.tsv --data.reader.source_field sorce", "no column 'sorce'"),
        ("--data.train a.tsv --data.validation latin.tsv", "latin.tsv"),
        ("--data.tokenizer.source_model nowhere.model", "No tokenizer model nowhere.model."),
        ("--data.tokenizer.source_model a.tsv", "a.tsv is not a sentencepiece model, or is damaged."),
        ("--data.tokenizer.target_model a.model", "with data.tokenizer.joint both sides use data.tokenizer.source"),
        ("--data.tokenizer.model bpe --data.tokenizer.vocabulary_size 100", "but 256 pieces are the bytes"),
        ("--run_dir used", "The run folder used is not empty (a.txt): choose another folder with --run_dir."),
        ("--run_dir a.tsv", "a.tsv is a file, but a run needs a folder: choose another one with --run_dir."),
    ],
)
def test_mistakes_are_found_at_once(here: Path, options: str, sentence: str) -> None:
    """All of them by the light pass alone, and nothing is left behind."""
    train, _ = write_corpus(here)
    (here / "a.tsv").write_bytes(Path(train.strip("[]")).read_bytes())
    (here / "b.en").write_text("a\n", encoding="utf-8")
    (here / "latin.tsv").write_bytes("source\ttarget\nfür\tx\n".encode("latin-1"))
    (here / "used").mkdir()
    (here / "used" / "a.txt").touch()
    before = sorted(here.iterdir())
    with pytest.raises(UserError) as refusal:
        fit.main(["reversing", *options.split()])
    assert sentence in str(refusal.value)
    assert sorted(here.iterdir()) == before


def test_a_run_that_continues_has_a_copy_of_the_given_tokenizer(here: Path, toy_tokenizers: Tokenizers) -> None:
    toy_tokenizers.source.save(here / "given.model")
    typed = ["reversing", "--data.tokenizer.source_model", "given.model", "--run_dir", "run"]
    start = ready(typed, StartingModel.read)
    assert start is not None
    (here / "run").mkdir()
    (here / "run" / "config.yaml").write_text(start.plan.yaml(""), encoding="utf-8")
    (here / "given.model").unlink()
    assert ready(["--run_dir", "run", "--resume"], StartingModel.read) is not None
    with pytest.raises(UserError, match=r"No tokenizer model given\.model"):
        ready([*typed[:-1], "new"], StartingModel.read)


def test_a_limit_of_the_cache_that_is_no_size_is_found_at_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEQ2SEQ_CACHE_SIZE", "much")
    with pytest.raises(UserError, match="SEQ2SEQ_CACHE_SIZE is 'much'"):
        ready(["reversing"], StartingModel.read)


def test_a_folder_that_is_in_use_is_found_before_the_text_is_counted(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    train, validation = write_corpus(here)
    (here / "used").mkdir()
    (here / "used" / "a.txt").touch()
    with pytest.raises(UserError, match="The run folder used is not empty"):
        fit.main(["reversing", "--data.train", train, "--data.validation", validation, "--run_dir", "used"])
    assert "Counting the training text" not in capsys.readouterr().err


def test_a_mistake_imports_neither_torch_nor_lightning(tmp_path: Path) -> None:
    code = (
        "import sys; from seq2seq.cli import main; codes = [main(words.split()) for words in sys.argv[1:]];"
        "assert set(codes) == {2}, codes; print(*sorted({'torch', 'lightning', 'numpy'} & set(sys.modules)))"
    )
    words = (
        "fit reversin",
        "fit reversing --model.network.hiden_size 8",
        "fit reversing --trainer.max_epochs few",
        "fit reversing --data.train nowhere.tsv",
        "fit reversing --model.network.tied_embeddings all --data.tokenizer.joint false",
        "fit reversing --stopping.monitor metric --model.validation.decode_every 0",
        "fit --run_dir nowhere --resume",
        "validate nowhere",
        "average nowhere",
        "export nowhere place",
        "info nowhere",
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
    assert done.stderr.count("\n") == len(words)


@pytest.mark.usefixtures("here")
def test_options_of_classes_are_left_to_the_full_parser() -> None:
    typed = ["--trainer.callbacks+=nowhere.Nothing", "--trainer.callbacks.kind", "memory", "--trainer.logger.x=3"]
    made = plan(registry.load("reversing"), Request.parse("fit", ["reversing", *typed, "--threads", "3"]), None)
    assert made.config.threads == 3
    assert made.config.trainer.callbacks is None
    assert made.arguments[-6:-2] == typed


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("--data.train a.en a.zh", ["--data.train", '["a.en", "a.zh"]']),
        ("--data.train a.tsv", ["--data.train", "a.tsv"]),
        ("--data.train a.tsv --threads 1 --data.train b.tsv", ["--threads", "1", "--data.train", '["a.tsv", "b.tsv"]']),
        ("--data.train [a.en, a.zh] --data.train b.tsv", ["--data.train", '["a.en", "a.zh", "b.tsv"]']),
        ("--freeze encoder,decoder output", ["--freeze", '["encoder", "decoder", "output"]']),
        ("--data.mixture.weights 1 0.5", ["--data.mixture.weights", "[1, 0.5]"]),
        ("--data.mixture.weights 2", ["--data.mixture.weights", "[2]"]),
        ("--data.mixture.weights [2]", ["--data.mixture.weights", "[2]"]),
        ("--data.mixture.tags bt", ["--data.mixture.tags", '["bt"]']),
        ("--data.mixture.tags EMPTY bt", ["--data.mixture.tags", '["", "bt"]']),
        ("--data.mixture.tags=[a,b]", ["--data.mixture.tags=[a,b]"]),
    ],
)
def test_values_of_an_option_are_joined(typed: str, joined: list[str]) -> None:
    words = [word.replace("EMPTY", "") for word in typed.split()]
    assert Request.parse("fit", words).options == joined
