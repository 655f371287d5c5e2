"""Freezing parts of a network (``--freeze``): they get no gradients and no weight decay."""

from collections.abc import Sequence
from dataclasses import dataclass

from seq2seq.errors import UserError
from seq2seq.network.encoder_decoder import Network

_PREFIXES = {
    "encoder": ("encoder.",),
    "decoder": ("decoder.",),
    "attention": ("decoder.attention.",),
    "source_embeddings": ("source_embedding.",),
    "target_embeddings": ("decoder.embedding.",),
    "embeddings": ("source_embedding.", "decoder.embedding."),
    "output": ("output.",),
}
"""Beginnings of the names of each part's weights."""
_NOT_DECODER = ("decoder.embedding.", "decoder.attention.")
"""Weights inside the decoder's module that are parts of their own."""


@dataclass(frozen=True)
class FrozenParts:
    """What was frozen.

    Args:
        parts: The parts that the user named.
        weights: Number of weights that are not trained.
        total: Number of all weights.
        tied: Names of further matrices that are frozen, because they are the same as one of the named parts.
    """

    parts: tuple[str, ...]
    weights: int
    total: int
    tied: tuple[str, ...] = ()

    def sentence(self) -> str:
        """Return the result as a sentence without a full stop."""
        tied = f"; tied to them and so frozen too: {', '.join(self.tied)}" if self.tied else ""
        return f"{', '.join(self.parts)}: {self.weights:,} of {self.total:,} weights are not trained{tied}"


def freeze(network: Network, parts: Sequence[str]) -> FrozenParts:
    """Freeze parts of a network in place.

    Args:
        network: The network.
        parts: Names from `seq2seq.run_setup.training_options.FREEZABLE`.

    Raises:
        UserError: If the network has no such part, or if nothing is left to train.
    """
    by_name = dict(network.named_parameters(remove_duplicate=False))
    frozen: set[int] = set()
    named: set[str] = set()
    for part in parts:
        names = [name for name in by_name if _belongs(name, part)]
        if not names:
            raise UserError(f"--freeze names '{part}', but this network has none: leave it out.")
        named.update(names)
        frozen.update(id(by_name[name]) for name in names)
    for parameter in network.parameters():
        parameter.requires_grad_(id(parameter) not in frozen)
    if not any(parameter.requires_grad for parameter in network.parameters()):
        raise UserError(f"--freeze names {', '.join(parts)}, so nothing is left to train: leave out one of them.")
    tied = [name for name, parameter in by_name.items() if id(parameter) in frozen and name not in named]
    count = sum(parameter.numel() for parameter in network.parameters() if not parameter.requires_grad)
    return FrozenParts(tuple(parts), count, network.weight_count(), tuple(tied))


def _belongs(name: str, part: str) -> bool:
    if part == "decoder" and name.startswith(_NOT_DECODER):
        return False
    return name.startswith(_PREFIXES[part])
