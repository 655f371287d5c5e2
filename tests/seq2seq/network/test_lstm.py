"""The fused layer compared with the equations, and dropout of weights and time steps."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.network.lstm import LayerNormLSTMLayer, LSTMLayer, SequenceDropout, reference_step


@settings(max_examples=20, deadline=None)
@given(batch=st.integers(1, 3), time=st.integers(1, 6), inputs=st.integers(1, 5), hidden=st.integers(1, 5))
def test_fused_layer_equals_the_equations_in_float64(batch: int, time: int, inputs: int, hidden: int) -> None:
    torch.manual_seed(batch * 1000 + time * 100 + inputs * 10 + hidden)
    layer = LSTMLayer(inputs, hidden).double()
    x = torch.randn(batch, time, inputs, dtype=torch.float64)
    h = torch.randn(batch, hidden, dtype=torch.float64)
    c = torch.randn(batch, hidden, dtype=torch.float64)
    states, last_hidden, last_cell = layer(x, h, c)
    for position in range(time):
        gates = reference_step(x[:, position], h, c, layer.weight_input, layer.weight_hidden, layer.bias)
        h, c = gates.hidden, gates.cell
        torch.testing.assert_close(states[:, position], h, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close((last_hidden, last_cell), (h, c), rtol=1e-12, atol=1e-12)


@settings(max_examples=20, deadline=None)
@given(rows=st.integers(1, 4), inputs=st.integers(1, 5), hidden=st.integers(1, 9), spread=st.sampled_from([1.0, 30.0]))
def test_packed_steps_equal_the_equations(rows: int, inputs: int, hidden: int, spread: float) -> None:
    """Also with nearly closed gates, and with the input's part of the gates computed before."""
    torch.manual_seed(rows * 100 + inputs * 10 + hidden)
    layer = LSTMLayer(inputs, hidden)
    x, h, c = spread * torch.randn(rows, inputs), torch.randn(rows, hidden), torch.randn(rows, hidden)
    weights = [weight.double() for weight in (layer.weight_input, layer.weight_hidden, layer.bias)]
    expected = reference_step(x.double(), h.double(), c.double(), *weights)
    # Products round in proportion to what they add up, and large inputs make large sums.
    rounding = 2**-23 * float(
        (x.abs() @ layer.weight_input.abs().T + h.abs() @ layer.weight_hidden.abs().T).detach().max()
    )
    for found in (layer.packed_cell()(x, h, c), layer.packed_recurrence()(layer.packed_input()(x), h, c)):
        torch.testing.assert_close(found[0].double(), expected.hidden, rtol=0, atol=5e-7 + rounding)
        torch.testing.assert_close(found[1].double(), expected.cell, rtol=0, atol=5e-7 + rounding)


def test_fused_gradients_equal_those_of_the_equations() -> None:
    torch.manual_seed(1)
    layer = LSTMLayer(3, 4).double()
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    zeros = torch.zeros(2, 4, dtype=torch.float64)
    layer(x, zeros, zeros)[0].square().sum().backward()
    fused = [parameter.grad.clone() for parameter in layer.parameters() if parameter.grad is not None]
    layer.zero_grad()
    h, c = zeros, zeros
    total = torch.zeros((), dtype=torch.float64)
    for position in range(5):
        gates = reference_step(x[:, position], h, c, layer.weight_input, layer.weight_hidden, layer.bias)
        h, c = gates.hidden, gates.cell
        total = total + h.square().sum()
    total.backward()  # type: ignore[no-untyped-call]
    assert len(fused) == 3
    for expected, parameter in zip(fused, layer.parameters(), strict=True):
        torch.testing.assert_close(parameter.grad, expected, rtol=1e-10, atol=1e-12)


def test_the_documents_doubled_tanh_would_be_another_function() -> None:
    """The document prints o_t = sigma(...) * t(C_t) and h_t = o_t * tanh(C_t), which the layer does not compute."""
    torch.manual_seed(1)
    layer = LSTMLayer(3, 4)
    x, zeros = torch.randn(1, 1, 3), torch.zeros(1, 4)
    gates = reference_step(x[:, 0], zeros, zeros, layer.weight_input, layer.weight_hidden, layer.bias)
    doubled = gates.output * torch.tanh(gates.cell) * torch.tanh(gates.cell)
    states, _, _ = layer(x, zeros, zeros)
    torch.testing.assert_close(states[:, 0], gates.hidden)
    assert not torch.allclose(states[:, 0], doubled)


def test_the_forget_gate_starts_open_once() -> None:
    layer = LSTMLayer(3, 4)
    total = (layer.bias + layer.zero_bias).detach()
    assert total.tolist() == [0.0] * 4 + [1.0] * 4 + [0.0] * 8


@pytest.mark.parametrize("kind", [LSTMLayer, LayerNormLSTMLayer])
def test_steps_equal_the_sequence(kind: type[LSTMLayer]) -> None:
    torch.manual_seed(2)
    # In double precision: layer normalisation enlarges rounding where a row hardly varies.
    layer = kind(3, 4).double()
    x = torch.randn(2, 6, 3).double()
    h = c = torch.zeros(2, 4).double()
    states, last_hidden, last_cell = layer(x, h, c)
    for position in range(6):
        h, c = layer.step(x[:, position], h, c, layer.weight_hidden)
        torch.testing.assert_close(states[:, position], h, rtol=0, atol=1e-9)
    torch.testing.assert_close((last_hidden, last_cell), (h, c), rtol=0, atol=1e-9)


def test_recurrent_dropout_drops_weights_in_training_only() -> None:
    torch.manual_seed(3)
    layer = LSTMLayer(3, 64, recurrent_dropout=0.5)
    dropped = layer.recurrence()
    share = (dropped == 0).float().mean().item()
    assert 0.4 < share < 0.6
    kept = dropped != 0
    torch.testing.assert_close(dropped[kept], 2 * layer.weight_hidden[kept])
    layer.eval()
    assert layer.recurrence() is layer.weight_hidden or torch.equal(layer.recurrence(), layer.weight_hidden)


def test_variational_dropout_repeats_its_mask_over_time() -> None:
    torch.manual_seed(4)
    ones = torch.ones(3, 7, 50)
    variational = SequenceDropout(0.5, variational=True)(ones)
    assert torch.equal(variational, variational[:, :1].expand_as(variational))
    assert not torch.equal(variational[0], variational[1])
    plain = SequenceDropout(0.5, variational=False)(ones)
    assert not torch.equal(plain, plain[:, :1].expand_as(plain))
    assert torch.equal(SequenceDropout(0.5, variational=True).eval()(ones), ones)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_computes_in_the_precision_that_was_asked_for() -> None:
    """PyTorch's own autocast takes float16, in which gradients of this size lose their digits."""
    if not torch.cuda.is_bf16_supported(including_emulation=False):  # asked here, because it starts the GPU
        pytest.skip("needs a GPU with bfloat16")
    torch.manual_seed(1)
    layer = LSTMLayer(16, 16).cuda()
    x, state = torch.randn(4, 8, 16).cuda(), torch.zeros(4, 16).cuda()
    with torch.autocast("cuda", torch.bfloat16):
        states, _, _ = layer(x, state, state)
    assert states.dtype == torch.bfloat16
    (states.float().pow(2).sum() * 1e-8).backward()
    found = layer.weight_hidden.grad
    layer.double().zero_grad()
    states, _, _ = layer(x.double(), state.double(), state.double())
    (states.pow(2).sum() * 1e-8).backward()
    expected = layer.weight_hidden.grad
    assert found is not None
    assert expected is not None
    assert (found.double() - expected).norm() < 0.02 * expected.norm()
