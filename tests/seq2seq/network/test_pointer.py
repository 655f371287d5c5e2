"""Copying: the mixture, its gradients, its extremes, unknown words, and coverage."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.network.pointer import Chosen, coverage_loss, first_places, masses, mixture, plain_mixture
from seq2seq.training import loss as loss_module
from seq2seq.training.loss import Copied, cross_entropy, plain_cross_entropy, sequence_loss

VOCABULARY = 9


def parts(seed: int, pieces: int, sources: int, width: int, extra: int) -> tuple[list[Tensor], Copied, Tensor]:
    """Return random states, weight, bias, gate and attention in float64, inputs of the copy mechanism, and targets."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, dtype=torch.float64, generator=generator)

    copies = torch.randint(0, VOCABULARY + extra, (sources, width), generator=generator)
    rows = torch.randint(0, sources, (pieces,), generator=generator).sort().values
    wanted = torch.randint(0, VOCABULARY, (pieces,), generator=generator)
    # Every other target is a piece of its source, possibly an unknown word.
    place = torch.randint(0, width, (pieces,), generator=generator)
    wanted[::2] = copies[rows, place][::2]
    leaves = [normal(pieces, 5), normal(VOCABULARY, 5), normal(VOCABULARY), 3 * normal(pieces, 1)]
    leaves.append(torch.softmax(normal(pieces, width), -1))
    for leaf in leaves:
        leaf.requires_grad_()
    return leaves, Copied(leaves[3], leaves[4], rows, copies, first_places(copies)), wanted


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    pieces=st.integers(1, 12),
    sources=st.integers(1, 3),
    width=st.integers(1, 8),
    extra=st.integers(0, 3),
    smoothing=st.sampled_from([0.0, 0.1, 0.5]),
    rows=st.integers(1, 13),
)
def test_fused_gradients_equal_those_of_plain_operations(
    seed: int, pieces: int, sources: int, width: int, extra: int, smoothing: float, rows: int
) -> None:
    leaves, copied, wanted = parts(seed, pieces, sources, width, extra)
    found = []
    for function in (cross_entropy, plain_cross_entropy):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(loss_module, "CHUNK_BYTES", rows * 4 * VOCABULARY)
            states, weight, bias = leaves[:3]
            total, nll = function(states, weight, bias, wanted, smoothing, copied)
        (3 * total).backward()  # type: ignore[no-untyped-call]
        found.append([total.detach(), nll, *(leaf.grad.clone() for leaf in leaves if leaf.grad is not None)])
        for leaf in leaves:
            leaf.grad = None
    assert len(found[0]) == 7
    for ours, plain in zip(*found, strict=True):
        # The plain path takes logarithms in float32.
        torch.testing.assert_close(ours, plain, rtol=2e-4, atol=2e-5, check_dtype=False)


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=4))
def test_first_places(rows: list[list[int]]) -> None:
    assert first_places(torch.tensor(rows)).tolist() == [[row.index(one) for one in row] for row in rows]
    weights = torch.rand(len(rows), 6)
    expected = [[sum(w for w, two in zip(ws, row, strict=True) if two == one) for one in row]
                for ws, row in zip(weights.tolist(), rows, strict=True)]  # fmt: skip
    torch.testing.assert_close(masses(weights, first_places(torch.tensor(rows))), torch.tensor(expected))


def test_nothing_to_copy_from_an_empty_width() -> None:
    assert first_places(torch.zeros(2, 0, dtype=torch.long)).shape == (2, 0)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), extra=st.integers(0, 3), beams=st.integers(1, 3))
def test_the_step_adds_up_to_one_and_equals_plain_operations(seed: int, extra: int, beams: int) -> None:
    torch.manual_seed(seed)
    copies = torch.randint(0, VOCABULARY + extra, (2, 5))
    extra = max(0, int(copies.max()) + 1 - VOCABULARY)
    logits, gate = torch.randn(2 * beams, VOCABULARY), torch.randn(2 * beams, 1)
    weights = torch.softmax(torch.randn(2 * beams, 5), -1)
    scores = mixture(logits, gate, weights, copies, first_places(copies), extra)
    torch.testing.assert_close(scores.exp().sum(-1), torch.ones(2 * beams))
    plain = plain_mixture(logits, gate, weights, copies.repeat_interleave(beams, 0), extra)
    torch.testing.assert_close(scores, plain)


@pytest.mark.parametrize("sure", [-1e4, -60.0, 60.0, 1e4])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_gate_that_is_sure_gives_no_nan(sure: float, smoothing: float) -> None:
    """A published fault: p_gen at 0 or 1 turned the loss into NaN (abisee/pointer-generator, issue 4)."""
    torch.manual_seed(1)
    states, weight, bias = torch.randn(4, 5), torch.randn(VOCABULARY, 5), torch.randn(VOCABULARY)
    gate = torch.full((4, 1), sure)
    # Attention that is all on one position, and one that no float can tell from zero.
    scores = torch.tensor([[0.0, -200.0, -40.0], [0.0, 0.0, 0.0], [-300.0, 0.0, -300.0], [0.0, -90.0, -80.0]])
    copies = torch.tensor([[1, 2, VOCABULARY]])
    wanted = torch.tensor([2, 5, 1, VOCABULARY])
    leaves = [states, weight, bias, gate, scores]
    for leaf in leaves:
        leaf.requires_grad_()
    weights = torch.softmax(scores, -1)
    copied = Copied(gate, weights, torch.zeros(4, dtype=torch.long), copies, first_places(copies))
    for function in (cross_entropy, plain_cross_entropy):
        total, _ = function(states, weight, bias, wanted, smoothing, copied)
        gradients = torch.autograd.grad(total, leaves, retain_graph=True)
        assert total.isfinite()
        assert all(gradient.isfinite().all() for gradient in gradients)
    step = mixture(states @ weight.T + bias, gate, weights, copies.expand(4, -1), first_places(copies).expand(4, -1), 1)
    assert not step.isnan().any()
    torch.testing.assert_close(step.exp().sum(-1), torch.ones(4), rtol=1e-4, atol=1e-4)


def test_the_share_of_copying() -> None:
    scores = torch.log(torch.tensor([[0.5, 0.5]]))
    weights, copies = torch.tensor([[0.25, 0.75]]), torch.tensor([[0, 7]])
    for wanted, probability, share in ((0, 0.5 * 0.5 + 0.5 * 0.25, 1 / 3), (1, 0.25, 0.0), (7, 0.375, 1.0)):
        one = Chosen(scores, torch.zeros(1, 1), weights, copies, torch.tensor([[wanted]]))
        assert math.isclose(float(one.log_probability.exp()), probability, rel_tol=1e-5)
        assert math.isclose(float(one.share), share, rel_tol=1e-5)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1000), steps=st.integers(1, 5), width=st.integers(1, 6))
def test_the_coverage_loss_adds_up_step_by_step(seed: int, steps: int, width: int) -> None:
    torch.manual_seed(seed)
    weights = torch.softmax(torch.randn(2, steps, width), -1)
    is_token = torch.tensor([[True] * steps, [True] + [False] * (steps - 1)])
    expected = 0.0
    for row in range(2):
        read = torch.zeros(width)
        for time in range(steps):
            if is_token[row, time]:
                expected += float(torch.minimum(weights[row, time], read).sum())
            read = read + weights[row, time]
    assert math.isclose(float(coverage_loss(weights, is_token)), expected, rel_tol=1e-4, abs_tol=1e-5)


def test_coverage_without_weights_is_none() -> None:
    """Up to `score_start_step` all positions are computed at once; with weights at 0 the loop gives the same."""
    torch.manual_seed(1)
    options = NetworkOptions(embedding_size=8, hidden_size=12, attention="additive", copying=True, coverage=True)
    network = Network(options, 12, 12, 11, 11).eval()
    source, lengths = torch.tensor([[1, 2, 3], [4, 5, 11]]), torch.tensor([3, 2])
    memory, target = network.encode(source, lengths), torch.tensor([[1, 2, 3, 4], [5, 6, 11, 11]])
    covered, plain = network(memory, target), network(memory, target, covering=False)
    for name in ("states", "weights", "gate", "top"):
        torch.testing.assert_close(getattr(covered, name), getattr(plain, name))
    assert network.decoder.attention.cover is not None
    network.decoder.attention.cover.data.fill_(1.0)
    assert not torch.allclose(network(memory, target).weights, network(memory, target, covering=False).weights)


def test_every_weight_has_a_gradient_before_coverage_begins() -> None:
    torch.manual_seed(1)
    options = NetworkOptions(embedding_size=8, hidden_size=12, coverage=True)
    network = Network(options, 12, 12, 11, 11)
    memory = network.encode(torch.tensor([[1, 2, 3]]), torch.tensor([3]))
    target = torch.tensor([[1, 2]])
    sequence_loss(network, memory, network(memory, target, covering=False), target, 0.1).total.backward()  # type: ignore[no-untyped-call]
    assert network.decoder.attention.cover is not None
    assert network.decoder.attention.cover.grad is not None
    assert not network.decoder.attention.cover.grad.any()


def test_an_unknown_word_is_copied_and_read_as_unknown() -> None:
    torch.manual_seed(1)
    options = NetworkOptions(embedding_size=8, hidden_size=12, copying=True)
    network = Network(options, 12, 12, 11, 11, target_unknown=3).eval()
    source, lengths = torch.tensor([[1, 3, 2]]), torch.tensor([3])
    memory = network.encode(source, lengths, torch.tensor([[1, 12, 2]]))
    scores, state = network.step(torch.tensor([10]), network.start(memory), memory)
    assert scores.shape == (1, 13)
    torch.testing.assert_close(scores.exp().sum(), torch.ones(()))
    after_word, _ = network.step(torch.tensor([12]), state, memory)
    after_unknown, _ = network.step(torch.tensor([3]), state, memory)
    torch.testing.assert_close(after_word, after_unknown)
    # It can only be copied.
    decoded = network(memory, torch.tensor([[10]]))
    logarithm, share = network.chosen(memory, decoded, torch.tensor([[12]]))
    torch.testing.assert_close(logarithm, scores[0, 12:])
    assert share.tolist() == [1.0]


def test_two_vocabularies_need_to_be_told_what_is_the_same() -> None:
    from seq2seq.errors import UserError

    with pytest.raises(UserError, match="have 12 and 14 pieces, and no mapping between them is given"):
        Network(NetworkOptions(copying=True), 12, 14, 11, 13)


def test_memory_does_not_grow_with_the_source_vocabulary() -> None:
    sizes = []
    for vocabulary in (20, 20_000):
        network = Network(NetworkOptions(embedding_size=4, hidden_size=4, copying=True), vocabulary, 12, 11, 11,
                          copies=[token % 11 for token in range(vocabulary)])  # fmt: skip
        memory = network.encode(torch.tensor([[1, 2, 3]]), torch.tensor([3]))
        sizes.append(sum(part.numel() for part in memory if isinstance(part, Tensor)))
    assert sizes[0] == sizes[1]
