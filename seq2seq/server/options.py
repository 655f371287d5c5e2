"""Options of decoding for many clients."""

from dataclasses import dataclass

from seq2seq.options import Options, within


@dataclass(frozen=True)
class Limits(Options):
    """Limits of the scheduler.

    Args:
        queue: Maximum number of texts that wait for the models; further ones are refused.
        wait_ms: How long a text waits for others to be decoded with it, in milliseconds.
        batch_tokens: Maximum number of source tokens per batch, padding and beams included; 0 takes the model's own.
    """

    queue: int = 256
    wait_ms: float = 2.0
    batch_tokens: int = 0

    def __post_init__(self) -> None:
        """Refuse impossible limits."""
        within("queue", self.queue, 1, whole=True)
        within("wait_ms", self.wait_ms, 0, 10_000)
        within("batch_tokens", self.batch_tokens, 0, whole=True)
        super().__post_init__()
