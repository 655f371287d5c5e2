"""Training on running text: carried state, bit-exact resuming, and options."""

import csv
import json
import math
from pathlib import Path

import pytest
import torch

from seq2seq import cli
from seq2seq.batching.options import StreamOptions
from seq2seq.batching.text_windows import stream_loader
from seq2seq.commands import fit
from seq2seq.commands.fit import predict
from seq2seq.errors import UserError
from seq2seq.models.language_model import LanguageModel
from seq2seq.plugin.registry import load as load_task
from seq2seq.runs.lightning_cli import Application
from tests.seq2seq.trained import accident, differences, load
from tests.tasks.seq2seq_generation.texts import TINY, characters, documents_of

# Everything that is random or half done: dropout of every kind, random windows, accumulation with validations in its
# middle, moving average.
EVERYTHING = [
    *TINY,
    *("--trainer.max_epochs", "2"),
    *("--trainer.accumulate_grad_batches", "2"),
    *("--trainer.val_check_interval", "0.5"),
    *("--data.streams.count", "8"),
    *("--data.streams.window", "60"),
    *("--data.streams.random_windows", "true"),
    *("--model.optimizer.ema_decay", "0.9"),
    *("--model.network.dropout", "0.3"),
    *("--model.network.variational", "true"),
    *("--model.network.recurrent_dropout", "0.2"),
    *("--model.network.embedding_dropout", "0.1"),
    *("--model.network.target_word_dropout", "0.1"),
    *("--model.scheduled_sampling.probability", "0.2"),
    *("--model.scheduled_sampling.ramp_steps", "4"),
    *("--model.activation.size_weight", "2"),
    *("--model.activation.change_weight", "1"),
]


@pytest.fixture(scope="session")
def whole(place: Path) -> Path:
    """A run that was not interrupted."""
    assert fit.main(["generation", *EVERYTHING, *characters(place), "--run_dir", str(place / "whole")]) == 0
    return place / "whole"


@pytest.mark.parametrize(
    "when",
    [
        pytest.param({"batch": 1}, marks=pytest.mark.slow),
        pytest.param({"batch": 3}, marks=pytest.mark.slow),
        {"batch": 4},  # at the beginning of an accumulation, in the middle of an epoch
        {"validation": 1, "validation_batch": 0},
    ],
)
def test_an_error_anywhere_costs_nothing(whole: Path, place: Path, tmp_path: Path, when: dict[str, int]) -> None:
    run = str(tmp_path / "broken")
    options = [*EVERYTHING, *characters(place), "--run_dir", run, *accident(**when, signal=0)]
    with pytest.raises(RuntimeError, match="an accident"):
        fit.main(["generation", *options])
    assert fit.main(["generation", "--run_dir", run, "--resume", "--trainer.callbacks", "null"]) == 0
    assert differences(whole, tmp_path / "broken") == []


def test_the_carried_state_is_in_the_checkpoint(whole: Path) -> None:
    carried = load(whole)["callbacks"]["CarriedState"]
    assert carried["hidden"].shape == (1, 8, 16)
    assert carried["hidden"].abs().sum() > 0


def test_a_contiguous_run_reads_its_text_to_the_byte(characterwise: LanguageModel) -> None:
    from tests.tasks.seq2seq_generation.texts import RUNNING

    ids = characterwise.tokenizers.target.encode(RUNNING)
    assert len(ids) == len(RUNNING)
    assert characterwise.tokenizers.target.decode(ids) == RUNNING


def test_validation_is_monitored_bits_per_character(documents: Path) -> None:
    with (documents / "metrics.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "validation"]
    assert float(rows[-1]["bits_per_character"]) > 0
    scores = json.loads((documents / "bundle" / "config.json").read_text(encoding="utf-8"))["training"]["scores"]
    assert {score["name"] for score in scores} == {"loss", "perplexity", "bits_per_character"}
    assert "state carried" in next(one["signature"] for one in scores if one["name"] == "bits_per_character")
    assert (documents / "checkpoints" / "best.ckpt").is_file()


def test_the_defaults_of_the_task_hold_and_can_be_changed(documents: Path) -> None:
    config = json.loads((documents / "bundle" / "config.json").read_text(encoding="utf-8"))
    assert config["network"]["encoder"] == "none"
    weights = load(documents, "best")["state_dict"]
    assert not [name for name in weights if "encoder" in name or "source" in name]


def test_a_task_has_a_source_or_none(tmp_path: Path) -> None:
    run = ["--run_dir", str(tmp_path / "run"), "--data.cache_dir", str(tmp_path / "cache")]
    source = ["--model.network.encoder", "flat", "--model.network.bridge", "dense"]
    with pytest.raises(UserError, match=r"encoder is 'flat', but the task 'generation' has no source: set it to none"):
        fit.main(["generation", *TINY, *source, *documents_of(tmp_path), *run])
    none = [*("--model.network.encoder", "none"), *("--model.network.attention", "none")]
    none += ["--model.network.bridge", "zero"]
    with pytest.raises(UserError, match=r"the task 'translation' has sources to read: choose flat or hierarchical"):
        fit.main(["translation", *TINY, *none, "-c", "size/tiny", *run])
    with pytest.raises(UserError, match=r"joint is false, but running text has no source .*set it to true"):
        fit.main(["generation", "--data.tokenizer.joint", "false", *run])
    with pytest.raises(UserError, match=r"There is no option 'data.batches.max_tokens'"):
        fit.main(["generation", "--data.batches.max_tokens", "100", *run])


def test_activations_cost_what_they_say() -> None:
    from seq2seq.run_setup.training_options import ActivationOptions
    from seq2seq.training.loss import activation_loss

    top = torch.tensor([[[1.0, 3.0], [2.0, 3.0], [9.0, 9.0]], [[0.0, 2.0], [0.0, 0.0], [1.0, 1.0]]])
    is_token = torch.tensor([[True, True, False], [True, True, True]])
    size = (1 + 9) / 2 + (4 + 9) / 2 + 4 / 2 + 0 + 1
    change = 1 / 2 + 4 / 2 + 1
    found = activation_loss(top, is_token, ActivationOptions(size_weight=2.0, change_weight=3.0))
    assert float(found) == pytest.approx(2 * size + 3 * change)
    for name in ("size_weight", "change_weight"):
        with pytest.raises(UserError, match=rf"activation.{name} is -1, but it must not be negative"):
            ActivationOptions(**{name: -1})


def test_lightnings_own_verbs(contiguous: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.main(["validate", str(contiguous)]) == 0
    validated = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert cli.main(["test", str(contiguous)]) == 0
    tested = dict(line.split("\t") for line in capsys.readouterr().out.splitlines())
    assert tested["test_bits_per_character"] == validated["val_bits_per_character"]  # the same file
    nats = float(tested["test_loss"])
    assert float(tested["test_bits_per_character"]) == pytest.approx(nats / math.log(2), rel=1e-4)  # one piece each
    with pytest.raises(UserError, match=r"Running text has no outputs to predict: type seq2seq generate RUN --prompt"):
        predict.main([str(contiguous)])


def test_a_batch_is_described_by_its_text(contiguous: Path, place: Path) -> None:
    data = Application(load_task("generation"), ["--config", str(contiguous / "config.yaml")]).data(
        contiguous / "tokenizer"
    )
    data.prepare_data()
    data.setup("fit")
    loader = stream_loader(data.stores["train"], data.tokenizers.target, StreamOptions(2, 9), seed=1, begin=1)
    assert data.described(next(iter(loader)))[0] == {"text": "Line 0:\n "}


def test_the_card_says_how_to_use_it(documents: Path) -> None:
    card = (documents / "bundle" / "README.md").read_text(encoding="utf-8")
    assert "An LSTM language model" in card
    assert "| Architecture | LSTM (1 layer), hidden size 16 |" in card
    assert 'print(model.generate("..."))' in card
    assert "encoder" not in card
