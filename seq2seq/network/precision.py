"""Check which devices and half precisions this machine supports.

On a CPU, PyTorch uses oneDNN for the LSTM, and oneDNN supports a bfloat16 LSTM only with AVX-512 (or AVX2 with VNNI-2).
With plain AVX2, bfloat16 products also take eight times as long as float32 products, so float32 is used.
"""

from functools import cache

import torch

from seq2seq.errors import UserError

FULL = "32-true"
_FLOAT16 = (16, "16", "16-mixed")
_BFLOAT16 = ("bf16", "bf16-mixed")


@cache
def has_lstm(dtype: torch.dtype) -> bool:
    """Return whether this CPU supports an LSTM (forward and backward) in a half precision, by trying it."""
    gates, hidden = 32, 8
    weights = [torch.zeros(gates, hidden), torch.zeros(gates, hidden), torch.zeros(gates), torch.zeros(gates)]
    x, state = torch.zeros(1, 2, hidden, requires_grad=True), torch.zeros(1, 1, hidden)
    try:
        with torch.enable_grad(), torch.autocast("cpu", dtype):
            states, _, _ = torch.lstm(x, (state, state), weights, True, 1, 0.0, True, False, True)
            states.float().sum().backward()  # type: ignore[no-untyped-call]
    except RuntimeError:
        return False
    return True


def is_on_cpu(accelerator: object) -> bool:
    """Return whether Lightning would train on the CPU with this ``trainer.accelerator``."""
    return accelerator == "cpu" or (accelerator in (None, "auto") and not torch.accelerator.is_available())


def supported(precision: str | int | None, accelerator: object) -> tuple[str | int | None, str]:
    """Return the training precision to use, and a message if it is not the requested one."""
    if precision not in (*_FLOAT16, *_BFLOAT16) or not is_on_cpu(accelerator):
        return precision, ""
    if not has_lstm(torch.bfloat16):
        return FULL, (
            f"This processor has no bfloat16 LSTM: trainer.precision is {FULL} instead of {precision}. "
            f"The result is at least as accurate."
        )
    if precision in _FLOAT16:
        return "bf16-mixed", (
            f"A CPU does not train in float16: trainer.precision is bf16-mixed instead of {precision}."
        )
    return precision, ""


def device_named(name: str) -> torch.device:
    """Return the PyTorch device with a name.

    Raises:
        UserError: If it is not available.
    """
    try:
        device = torch.device(name)
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as fault:
        have = "cpu and cuda" if torch.cuda.is_available() else "cpu"
        raise UserError(f"Device '{name}' cannot be used here. There is: {have}.") from fault
    return device
