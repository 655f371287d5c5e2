"""A small, fast LSTM encoder-decoder with attention, and the tasks built on it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seq2seq.models.load import load as load

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def __getattr__(name: str) -> object:
    """Import ``load`` on first use, so that ``import seq2seq`` does not import torch."""
    if name == "load":
        from seq2seq.models.load import load

        return load
    raise AttributeError(f"module 'seq2seq' has no attribute '{name}'")


def __dir__() -> list[str]:
    """List ``load`` too, which does not exist before its first use."""
    return sorted({*globals(), *__all__})
