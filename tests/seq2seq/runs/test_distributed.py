"""Two gloo processes train like one: same gradients, same weights, each validation sentence once."""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn.functional import pad

from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.loss import sequence_loss
from tests.seq2seq.trained import curves, launch, load

TORCHRUN = ("-m", "torch.distributed.run", "--nproc_per_node", "2", "--standalone", "-m", "seq2seq.cli")
TWO = ["--trainer.devices", "2", "--trainer.strategy", "ddp"]  # torchrun's number, which it need not be told


def doubled(batches: list[dict[str, Any]], name: str, padding: int) -> Tensor:
    """Return the rows of all batches as one padded tensor."""
    longest = max(batch[name].shape[1] for batch in batches)
    return torch.cat([pad(batch[name], (0, longest - batch[name].shape[1]), value=padding) for batch in batches])


@pytest.mark.slow
@pytest.mark.parametrize("accumulate", [1, 2])
def test_gradients_are_those_of_the_one_big_batch(tmp_path: Path, accumulate: int) -> None:
    options = [
        *("--model.network.dropout", "0", "--trainer.accumulate_grad_batches", str(accumulate)),
        *("--trainer.callbacks", "tests.seq2seq.trained.Gradients", "--run_dir", "run"),
        *("--data.alignment.files", "auto", "--model.alignment_weight", "0.5"),
    ]
    done = launch(tmp_path, "fit", "reversing", *options, *TWO, tool=TORCHRUN)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "run"
    found = [torch.load(tmp_path / f"gradients-{rank}.pt", weights_only=True) for rank in range(2)]
    batches = [batch for one in found for batch in one["batches"]]
    tokens = [int(batch["target_lengths"].sum()) for batch in batches]
    assert len(batches) == 2 * accumulate
    assert len(set(tokens)) > 1
    assert {batch["step_tokens"] for batch in batches} == {sum(tokens)}

    tokenizer = Tokenizers.load(tmp_path / "run" / "tokenizer").target
    size, padding = tokenizer.vocabulary_size, tokenizer.padding
    network = Network(NetworkOptions(embedding_size=8, hidden_size=16, dropout=0.0), size, size, padding, padding)
    network.load_state_dict({name.removeprefix("network."): one for name, one in found[0]["weights"].items()})
    lengths = torch.cat([batch["source_lengths"] for batch in batches])
    memory = network.encode(doubled(batches, "source", padding), lengths)
    decoded = network(memory, doubled(batches, "target_input", padding))
    starts = torch.tensor([len(batch["source"]) for batch in batches]).cumsum(0).tolist()
    parts = [
        batch["links"] + torch.tensor([start - len(batch["source"]), 0, 0])
        for batch, start in zip(batches, starts, strict=True)
    ]
    links = torch.cat(parts)
    assert len(links) > 2 * len(lengths)
    target = doubled(batches, "target", padding)
    sums = sequence_loss(network, memory, decoded, target, 0.1, alignment_weight=0.5, links=links)
    assert sums.tokens == sum(tokens)
    torch.autograd.backward(sums.total / sums.tokens)
    for name, parameter in network.named_parameters():
        assert parameter.grad is not None
        for one in found:
            assert torch.allclose(one["gradients"][f"network.{name}"], parameter.grad, atol=1e-7, rtol=1e-4), name


@pytest.mark.slow
def test_two_processes_validate_every_sentence_once_and_resume(tmp_path: Path) -> None:
    done = launch(tmp_path, "fit", "reversing", "--run_dir", "run", "--trainer.max_epochs", "2", tool=TORCHRUN)
    assert done.returncode == 0, done.stderr
    alone = launch(tmp_path, "validate", "run", "--trainer.devices", "1", "--trainer.strategy", "auto")
    printed = dict(line.split("\t") for line in alone.stdout.splitlines())
    best = load(tmp_path / "run", "best")["scores"]
    assert float(printed["val_loss"]) == pytest.approx(best["val_loss"], rel=1e-5)
    assert float(printed["val_bleu"]) == pytest.approx(best["val_bleu"], abs=1e-4)
    before = curves(tmp_path / "run")
    more = ["--run_dir", "run", "--resume", "--trainer.max_epochs", "3"]
    resumed = launch(tmp_path, "fit", *more, tool=TORCHRUN)
    assert resumed.returncode == 0, resumed.stderr
    after = curves(tmp_path / "run")
    assert after[: len(before)] == before
    assert len(after) > len(before)
