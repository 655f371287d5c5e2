"""Initial weights of a network from a trained model (``--init_from``), perhaps with other vocabularies.

The rows of embeddings and of the output layer belong to pieces, and are found by the piece's spelling. Special tokens
correspond by their meaning. All other weights are copied.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from seq2seq.amounts import amount
from seq2seq.models import bundle
from seq2seq.network.encoder_decoder import Network
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers

SOURCE_ROWS = ("source_embedding.weight",)
TARGET_ROWS = ("decoder.embedding.weight", "output.weight", "output.bias")
"""Weights with one row for each source or target id."""


@dataclass(frozen=True)
class CarriedOver:
    """How many pieces of the new vocabularies the starting model has.

    Args:
        source: Numbers of source pieces that it has, and of all.
        target: The same for the target.
        is_joint: Whether both are the same vocabulary.
        has_source: Whether the network reads a source.
    """

    source: tuple[int, int]
    target: tuple[int, int]
    is_joint: bool
    has_source: bool = True

    def sentence(self) -> str:
        """Return the result as a sentence without a full stop."""
        sides = [("", self.target)] if self.is_joint or not self.has_source else []
        sides = sides or [("source: ", self.source), ("target: ", self.target)]
        text = "; ".join(f"{side}{kept:,} of {total:,} pieces carried over" for side, (kept, total) in sides)
        new = sum(total - kept for _, (kept, total) in sides)
        return f"{text}; {amount(new, 'piece')} initialized at random" if new else text


class InitialWeights:
    """The weights of a trained model, to start training from.

    Args:
        folder: A run folder or model folder.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)

    def fill(self, network: Network, tokenizers: Tokenizers) -> tuple[CarriedOver, str]:
        """Copy the weights into a network of the same architecture; rows of unknown pieces stay as they are.

        Args:
            network: The network to be trained, with random weights.
            tokenizers: Its tokenizers.

        Returns:
            What was carried over, and a description of the model for the model card.

        Raises:
            UserError: If the model cannot be read.
        """
        loaded = bundle.load(self.folder)
        old, place = loaded.torch_network.state_dict(), bundle.find(self.folder)
        rows = {
            **dict.fromkeys(SOURCE_ROWS, matched(tokenizers.source, loaded.tokenizers.source)),
            **dict.fromkeys(TARGET_ROWS, matched(tokenizers.target, loaded.tokenizers.target)),
        }
        with torch.no_grad():
            for name, weight in network.state_dict().items():
                _copy(weight, old[name], rows.get(name))
        numbers = [
            (len(rows[name]), tokenizer.vocabulary_size)
            for name, tokenizer in ((SOURCE_ROWS[0], tokenizers.source), (TARGET_ROWS[0], tokenizers.target))
        ]
        carried = CarriedOver(numbers[0], numbers[1], tokenizers.joint, network.has_source)
        with (place / bundle.WEIGHTS).open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
        training = loaded.config.training
        languages = f" {loaded.config.languages}" if loaded.config.languages else ""
        described = (
            f"{self.folder} ({loaded.config.task}{languages}, {amount(training.steps, 'step')} on "
            f"{training.data or 'unknown data'}, weights {digest})"
        )
        return carried, described


def _copy(weight: Tensor, old: Tensor, rows: Mapping[int, int] | None) -> None:
    if rows is None:
        weight.copy_(old)
    else:
        weight[list(rows)] = old[list(rows.values())].to(weight.device)


def matched(new: Tokenizer, old: Tokenizer) -> dict[int, int]:
    """Return the old id of each new id that both vocabularies have: pieces by spelling, special tokens by meaning."""
    pairs = {number: old.ids_by_piece[piece] for piece, number in new.ids_by_piece.items() if piece in old.ids_by_piece}
    pairs[new.unknown] = old.unknown
    pairs |= {new.padding: old.padding, new.start: old.start, new.end: old.end}
    return pairs | {number: old.marks[mark] for mark, number in new.marks.items()}
