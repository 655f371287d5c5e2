"""R-Drop compared with PyTorch's own divergence: values, gradients, and what it changes in training."""

from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.network.pointer import plain_mixture
from seq2seq.run_setup.training_options import ModelOptions
from seq2seq.training import loss as loss_module
from seq2seq.training.loss import LossSum, cross_entropy, plain_cross_entropy, sequence_loss
from seq2seq.training.rdrop import divergence, pairing
from tests.seq2seq.trained import here, load

__all__ = ["here"]


def both_divergences(logits: torch.Tensor) -> torch.Tensor:
    """Return the mean of both divergences between rows 2 p and 2 p + 1, summed over p, by PyTorch's functions."""
    first, second = torch.log_softmax(logits, -1).view(-1, 2, logits.shape[1]).unbind(1)
    forward = functional.kl_div(second, first, reduction="sum", log_target=True)
    backward = functional.kl_div(first, second, reduction="sum", log_target=True)
    return (forward + backward) / 2


@settings(max_examples=30, deadline=None)
@given(
    pieces=st.integers(1, 20),
    vocabulary=st.integers(2, 30),
    smoothing=st.sampled_from([0.0, 0.1]),
    weight=st.sampled_from([0.5, 5.0]),
    rows=st.integers(1, 50),
)
def test_equals_the_library_in_any_chunking(
    pieces: int, vocabulary: int, smoothing: float, weight: float, rows: int
) -> None:
    torch.manual_seed(pieces * 100 + vocabulary)
    states = torch.randn(2 * pieces, 5, dtype=torch.float64, requires_grad=True)
    matrix = torch.randn(vocabulary, 5, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(vocabulary, dtype=torch.float64, requires_grad=True)
    leaves = (states, matrix, bias)
    target = torch.randint(0, vocabulary, (pieces,)).repeat_interleave(2)
    logits = states @ matrix.T + bias
    expected = functional.cross_entropy(logits, target, label_smoothing=smoothing, reduction="sum")
    expected = expected + weight * both_divergences(logits)
    wanted = torch.autograd.grad(expected, leaves)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loss_module, "CHUNK_BYTES", rows * 4 * vocabulary)
        total, nll = cross_entropy(states, matrix, bias, target, smoothing, rdrop_weight=weight)
        with torch.no_grad():
            without_gradients, _ = cross_entropy(states, matrix, bias, target, smoothing, rdrop_weight=weight)
    torch.testing.assert_close(total, expected)
    torch.testing.assert_close(without_gradients, expected)
    torch.testing.assert_close(nll, functional.cross_entropy(logits, target, reduction="sum"))
    torch.testing.assert_close(torch.autograd.grad(total, leaves), wanted)
    plain, _ = plain_cross_entropy(states, matrix, bias, target, smoothing, rdrop_weight=weight)
    torch.testing.assert_close(plain, expected, check_dtype=False, rtol=1e-5, atol=1e-5)


def test_impossible_pieces_give_no_nan() -> None:
    logits = torch.randn(4, 6, requires_grad=True)
    copies = torch.tensor([[1, 7], [1, 7], [2, 0], [2, 0]])  # two ids beyond the vocabulary, of which one is copied
    weights = torch.softmax(torch.randn(4, 2), -1)
    scores = plain_mixture(logits, torch.zeros(4, 1), weights, copies, 2)
    assert torch.isinf(scores).any()
    total = divergence(scores)
    total.backward()  # type: ignore[no-untyped-call]
    assert total > 0
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


@settings(max_examples=20, deadline=None)
@given(copying=st.booleans(), is_dropping=st.booleans(), seed=st.integers(0, 1000))
def test_the_loss_of_a_doubled_batch(copying: bool, is_dropping: bool, seed: int) -> None:
    """Its cross-entropy is the mean of both passes; without dropout they agree, and nothing is added."""
    torch.manual_seed(seed)
    options = NetworkOptions(8, 8, copying=copying, dropout=0.3 if is_dropping else 0.0)
    network = Network(options, 12, 12, 11, 11)
    source, lengths = torch.tensor([[1, 4, 4], [5, 9, 11]]), torch.tensor([3, 2])
    target = torch.tensor([[1, 2, 3, 4], [5, 6, 11, 11]])

    def loss(times: int, weight: float) -> LossSum:
        torch.manual_seed(seed)
        memory = network.encode(source.repeat(times, 1), lengths.repeat(times))
        wanted = target.repeat(times, 1)
        return sequence_loss(network, memory, network(memory, wanted), wanted, 0.1, rdrop_weight=weight)

    doubled, light, heavy = loss(2, 0.0), loss(2, 1e-9), loss(2, 3.0)
    assert (doubled.tokens, heavy.tokens) == (12, 6)
    torch.testing.assert_close(light.total, doubled.total / 2)
    torch.testing.assert_close(heavy.nll, doubled.nll / 2)
    if is_dropping:
        assert heavy.total > light.total + 1e-3
    else:
        torch.testing.assert_close(heavy.total, loss(1, 0.0).total)


def test_pairing_puts_both_passes_together() -> None:
    assert pairing(6, torch.device("cpu")).tolist() == [0, 3, 1, 4, 2, 5]


def test_a_negative_weight_is_refused() -> None:
    with pytest.raises(UserError, match=r"model.rdrop_weight is -1, but it must not be negative"):
        ModelOptions(rdrop_weight=-1)


@pytest.mark.parametrize("more", [[], ["--model.network.copying", "true"], ["--data.alignment.files", "auto"]])
@pytest.mark.parametrize("dropout", ["0", "0.3"])
def test_a_run_changes_only_if_there_is_dropout(here: Path, dropout: str, more: list[str]) -> None:
    typed = ["reversing", "--size_defaults", "false", "--data.batches.max_tokens", "100", "--trainer.max_steps", "3"]
    typed += ["--model.network.hidden_size", "16", "--model.network.embedding_size", "8", *more]
    typed += ["--model.network.dropout", dropout, "--trainer.accelerator", "cpu", "--model.optimizer.name", "sgd"]
    typed += ["--model.optimizer.learning_rate", "1", "--model.schedule.warmup_steps", "0"]
    assert fit.main([*typed, "--run_dir", "plain"]) == 0
    assert fit.main([*typed, "--run_dir", "drawn_together", "--model.rdrop_weight", "5"]) == 0
    plain, changed = (load(here / name)["state_dict"] for name in ("plain", "drawn_together"))
    assert all(torch.isfinite(tensor).all() for tensor in changed.values())
    is_same = all(torch.allclose(plain[name], changed[name], rtol=1e-3, atol=1e-4) for name in plain)
    assert is_same == (dropout == "0")
