"""Half precision is used if the processor supports it, float32 otherwise."""

import os
import platform
import subprocess
import sys

import pytest
import torch

from seq2seq.network import lstm, precision
from seq2seq.network.lstm import LSTMLayer
from seq2seq.network.precision import has_lstm, is_on_cpu, supported
from seq2seq.run_setup.trainer_options import PRECISIONS

IMITATED = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"}
"""Limits PyTorch to AVX2."""


def _as_if(monkeypatch: pytest.MonkeyPatch, is_there: bool, on_gpu: bool = False) -> None:
    monkeypatch.setattr(precision, "has_lstm", lambda dtype: is_there)
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: on_gpu)


@pytest.mark.parametrize("asked", ["bf16", "bf16-mixed", "16", 16, "16-mixed"])
def test_float32_takes_the_place_of_what_the_processor_lacks(asked: str | int, monkeypatch: pytest.MonkeyPatch) -> None:
    _as_if(monkeypatch, is_there=False)
    assert supported(asked, "auto") == (
        "32-true",
        f"This processor has no bfloat16 LSTM: trainer.precision is 32-true instead of {asked}. "
        "The result is at least as accurate.",
    )


def test_a_processor_with_bfloat16_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    _as_if(monkeypatch, is_there=True)
    assert supported("bf16-mixed", "cpu") == ("bf16-mixed", "")
    for asked in ("16-mixed", "16", 16):
        assert supported(asked, "auto") == (
            "bf16-mixed",
            f"A CPU does not train in float16: trainer.precision is bf16-mixed instead of {asked}.",
        )


@pytest.mark.parametrize("is_there", [True, False])
def test_a_gpu_and_float32_are_left_alone(is_there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    _as_if(monkeypatch, is_there, on_gpu=True)
    assert [supported(asked, "auto") for asked in PRECISIONS] == [(asked, "") for asked in PRECISIONS]
    assert supported("16-mixed", "gpu") == ("16-mixed", "")
    for asked in (None, 32, "32", "32-true"):
        assert supported(asked, "cpu") == (asked, "")
    assert is_on_cpu("cpu")
    assert not is_on_cpu("auto")
    assert not is_on_cpu(None)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_layer_without_a_half_lstm_computes_in_float32_inside_autocast(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lstm, "has_lstm", lambda dtype: False)
    torch.manual_seed(1)
    layer = LSTMLayer(5, 8)
    x, state = torch.randn(2, 3, 5), torch.zeros(2, 8)
    expected, _, _ = layer(x, state, state)
    with torch.autocast("cpu", dtype):
        states, _, _ = layer(x.to(dtype).float(), state, state)
        from_half, _, _ = layer(x.to(dtype), state, state)
        assert torch.is_autocast_enabled("cpu")
    assert states.dtype == from_half.dtype == torch.float32
    assert torch.equal(states, from_half)
    assert (states - expected).abs().max() < 0.05
    from_half.sum().backward()
    assert layer.weight_hidden.grad is not None
    assert layer.weight_hidden.grad.dtype == torch.float32


def test_the_layer_works_in_both_halves_on_this_processor() -> None:
    torch.manual_seed(2)
    layer = LSTMLayer(5, 8)
    x, state = torch.randn(2, 3, 5), torch.zeros(2, 8)
    expected, _, _ = layer(x, state, state)
    for dtype in (torch.bfloat16, torch.float16):
        layer.zero_grad()
        with torch.autocast("cpu", dtype):
            states, _, _ = layer(x, state, state)
        assert states.dtype == (dtype if has_lstm(dtype) else torch.float32)
        assert (states.float() - expected).abs().max() < 0.05
        states.float().sum().backward()
        assert layer.weight_hidden.grad is not None
        assert layer.weight_hidden.grad.isfinite().all()


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="imitates an x86 processor")
def test_the_imitated_processor_has_avx2_and_no_bfloat16() -> None:
    """``make test-numbers`` relies on this."""
    code = (
        "import torch; from seq2seq.network.precision import has_lstm; "
        "print(torch.backends.cpu.get_cpu_capability(), has_lstm(torch.bfloat16), has_lstm(torch.float16))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | IMITATED, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["AVX2", "False", "False"]
