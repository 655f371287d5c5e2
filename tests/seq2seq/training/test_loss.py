"""The chunked loss compared with PyTorch's own: values and gradients."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.training import loss as loss_module
from seq2seq.training.loss import LossSum, alignment_loss, cross_entropy, plain_cross_entropy, sequence_loss


@settings(max_examples=30, deadline=None)
@given(
    pieces=st.integers(1, 40),
    vocabulary=st.integers(2, 30),
    smoothing=st.sampled_from([0.0, 0.1, 0.5]),
    rows=st.integers(1, 50),
)
def test_equals_the_library_in_any_chunking(pieces: int, vocabulary: int, smoothing: float, rows: int) -> None:
    torch.manual_seed(pieces * 100 + vocabulary)
    states = torch.randn(pieces, 5, dtype=torch.float64, requires_grad=True)
    weight = torch.randn(vocabulary, 5, dtype=torch.float64, requires_grad=True)
    bias = torch.randn(vocabulary, dtype=torch.float64, requires_grad=True)
    target = torch.randint(0, vocabulary, (pieces,))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loss_module, "CHUNK_BYTES", rows * 4 * vocabulary)
        total, nll = cross_entropy(states, weight, bias, target, smoothing)
        (3 * total).backward()  # type: ignore[no-untyped-call]
    ours = [tensor.grad.clone() for tensor in (states, weight, bias) if tensor.grad is not None]
    for tensor in (states, weight, bias):
        tensor.grad = None
    logits = states @ weight.T + bias
    expected = functional.cross_entropy(logits, target, label_smoothing=smoothing, reduction="sum")
    (3 * expected).backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(total, expected)
    torch.testing.assert_close(nll, functional.cross_entropy(logits, target, reduction="sum"))
    assert len(ours) == 3
    for mine, tensor in zip(ours, (states, weight, bias), strict=True):
        torch.testing.assert_close(mine, tensor.grad)


@pytest.mark.parametrize("precision", [torch.bfloat16, torch.float16])
def test_low_precision_stays_near(precision: torch.dtype) -> None:
    torch.manual_seed(1)
    states, bias = torch.randn(20, 8), torch.randn(11)
    weight = torch.randn(11, 8, requires_grad=True)
    target = torch.randint(0, 11, (20,))
    total, nll = cross_entropy(states, weight, bias, target, 0.1)
    total.backward()  # type: ignore[no-untyped-call]
    assert weight.grad is not None
    gradient, weight.grad = weight.grad, None
    with torch.autocast("cpu", precision):
        low_total, low_nll = cross_entropy(states, weight, bias, target, 0.1)
    low_total.backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close((low_total, low_nll), (total, nll), rtol=0.02, atol=0.1)
    torch.testing.assert_close(weight.grad, gradient, rtol=0.1, atol=0.1)


def test_float16_keeps_small_gradients() -> None:
    """A piece that is sure has gradients below 6e-8, the smallest number of float16."""
    torch.manual_seed(2)
    weight = torch.randn(40, 8, requires_grad=True)
    states, target = 4 * weight.detach()[:5], torch.arange(5)
    with torch.autocast("cpu", torch.float16):
        total, _ = cross_entropy(states, weight, torch.zeros(40), target, 0.0)
    total.backward()  # type: ignore[no-untyped-call]
    found = weight.grad
    weight.grad = None
    total, _ = cross_entropy(states, weight, torch.zeros(40), target, 0.0)
    total.backward()  # type: ignore[no-untyped-call]
    assert found is not None
    assert weight.grad is not None
    small = (weight.grad != 0) & (weight.grad.abs() < 6e-8)
    assert small.any()
    assert (found[small] != 0).all()


def test_the_plain_path_agrees() -> None:
    torch.manual_seed(1)
    states, weight, bias = torch.randn(20, 8), torch.randn(11, 8), torch.randn(11)
    target = torch.randint(0, 11, (20,))
    expected = cross_entropy(states, weight, bias, target, 0.1)
    torch.testing.assert_close(plain_cross_entropy(states, weight, bias, target, 0.1), expected)


def test_padding_counts_nowhere() -> None:
    torch.manual_seed(1)
    network = Network(NetworkOptions(embedding_size=8, hidden_size=8, copying=True), 12, 12, 11, 11).eval()
    target = torch.tensor([[1, 2, 3, 4], [5, 11, 11, 11]])
    source, lengths = torch.tensor([[1, 4, 4], [5, 9, 11]]), torch.tensor([3, 2])

    def loss(rows: slice, width: int) -> LossSum:
        memory = network.encode(source[rows], lengths[rows])
        wanted = target[rows, :width]
        return sequence_loss(network, memory, network(memory, wanted), wanted, 0.1, coverage_weight=0.3)

    both, first, second = loss(slice(0, 2), 4), loss(slice(0, 1), 4), loss(slice(1, 2), 1)
    assert (both.tokens, first.tokens, second.tokens) == (5, 4, 1)
    torch.testing.assert_close(both.total, first.total + second.total)
    torch.testing.assert_close(both.nll, first.nll + second.nll)
    assert not both.nll.requires_grad


def test_validation_computes_no_gradient() -> None:
    states, weight, bias = torch.randn(20, 8), torch.randn(11, 8), torch.randn(11)
    with torch.no_grad():
        total, _ = cross_entropy(states, weight, bias, torch.randint(0, 11, (20,)), 0.0)
    assert not total.requires_grad


def test_the_alignment_loss_is_the_formula_written_out() -> None:
    torch.manual_seed(1)
    weights = torch.softmax(torch.randn(2, 3, 4, dtype=torch.float64), -1).requires_grad_()
    links = torch.tensor([[0, 0, 1], [0, 2, 0], [0, 2, 3], [1, 1, 2]])
    total = alignment_loss(weights, links)
    expected = -weights[0, 0, 1].log() - (weights[0, 2, 0].log() + weights[0, 2, 3].log()) / 2 - weights[1, 1, 2].log()
    torch.testing.assert_close(total.double(), expected, rtol=1e-6, atol=1e-6)
    total.backward()  # type: ignore[no-untyped-call]
    assert weights.grad is not None
    gradient = torch.zeros_like(weights)
    gradient[0, 0, 1], gradient[1, 1, 2] = -1 / weights[0, 0, 1], -1 / weights[1, 1, 2]
    gradient[0, 2, 0], gradient[0, 2, 3] = -0.5 / weights[0, 2, 0], -0.5 / weights[0, 2, 3]
    torch.testing.assert_close(weights.grad, gradient, rtol=1e-6, atol=1e-6)
    assert alignment_loss(weights, links[:0]) == 0
    assert torch.isfinite(alignment_loss(torch.zeros(1, 1, 1), torch.tensor([[0, 0, 0]])))


def test_the_alignment_loss_is_added_with_its_weight() -> None:
    torch.manual_seed(1)
    network = Network(NetworkOptions(embedding_size=8, hidden_size=8), 12, 12, 11, 11).eval()
    source, target = torch.tensor([[1, 4, 4], [5, 9, 11]]), torch.tensor([[1, 2, 3], [5, 11, 11]])
    memory = network.encode(source, torch.tensor([3, 2]))
    decoded = network(memory, target)
    links = torch.tensor([[0, 1, 2], [1, 0, 1]])
    plain = sequence_loss(network, memory, decoded, target, 0.1)
    guided = sequence_loss(network, memory, decoded, target, 0.1, alignment_weight=0.3, links=links)
    torch.testing.assert_close(guided.total, plain.total + 0.3 * alignment_loss(decoded.weights, links))
    torch.testing.assert_close(guided.nll, plain.nll)
    assert sequence_loss(network, memory, decoded, target, 0.1, links=links).total == plain.total
