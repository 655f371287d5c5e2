"""Options of the HTTP server."""

from dataclasses import dataclass

from seq2seq.options import Options, within

MIB = 1 << 20


@dataclass(frozen=True)
class RequestLimits(Options):
    """Limits of one request.

    Args:
        max_body: Largest body of a request, in bytes.
        max_characters: Maximum number of characters of all texts of a request; a file may be as large as the body.
        max_texts: Maximum number of texts of a request.
        max_outputs: Maximum number of outputs for one text (n, or alternatives).
        max_beams: Largest beam_size that a request may ask for.
        max_pieces: Maximum number of pieces of an output that a request may ask for.
        timeout: Time limit of a request in seconds; of a stream, for each of its parts.
        body_timeout: Time in which a client must send the body of a request, in seconds.
    """

    max_body: int = 2 * MIB
    max_characters: int = 20_000
    max_texts: int = 200
    max_outputs: int = 16
    max_beams: int = 32
    max_pieces: int = 2000
    timeout: float = 120.0
    body_timeout: float = 20.0

    def __post_init__(self) -> None:
        """Refuse impossible limits."""
        for name in ("max_body", "max_characters", "max_texts", "max_outputs", "max_beams", "max_pieces"):
            within(name, getattr(self, name), 1, whole=True)
        for name in ("timeout", "body_timeout"):
            within(name, getattr(self, name), 0.001, 1_000_000)
        super().__post_init__()
