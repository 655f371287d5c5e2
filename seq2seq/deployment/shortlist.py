"""Makes the shortlist of a model from its training text; see `seq2seq.runtime.shortlist` for its use."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from seq2seq.alignment.translation_probabilities import translations
from seq2seq.corpus.example import MASKS, Example
from seq2seq.corpus.reader import READER, Reader
from seq2seq.models.bundle import Bundle
from seq2seq.network.encoder_decoder import Network
from seq2seq.runtime.graphs import CANDIDATES, EMBEDDING_TABLE, OUTPUT_TABLE
from seq2seq.runtime.piece_table import PieceTable
from seq2seq.tokenization.tokenizer import Tokenizers

CANDIDATES_EACH, FREQUENT = 20, 800
"""Number of candidates of a source piece, and of frequent pieces, chosen on validation text (docs/results.md)."""
MOST_EXAMPLES = 500_000
"""Most training examples that are read for a shortlist; `seq2seq.alignment.translation_probabilities` may use fewer."""
LEAST_PIECES = 3000
"""Smallest target vocabulary for which a shortlist pays."""


@dataclass(frozen=True)
class ShortlistTable:
    """The shortlist of a model.

    Args:
        candidates: [source vocabulary, k], likely target pieces of each source piece, likeliest first; the end token
            fills up rows.
        frequent: The most frequent target pieces, most frequent first.
    """

    candidates: NDArray[np.uint32]
    frequent: tuple[int, ...]


def gains(bundle: Bundle) -> bool:
    """Return whether a shortlist makes search with a model faster.

    Models that copy may need any word of a source, language models have no source, and a small vocabulary is scored as
    quickly as a shortlist.
    """
    network = bundle.config.network
    has_candidates = network.encoder != "none" and not network.copying
    return has_candidates and bundle.tokenizers.target.vocabulary_size >= LEAST_PIECES


def shortlist_of(
    examples: Iterable[Example],
    tokenizers: Tokenizers,
    each: int = CANDIDATES_EACH,
    frequent: int = FREQUENT,
    *,
    reader: Reader = READER,
) -> ShortlistTable:
    """Return the shortlist for training examples.

    Args:
        examples: Training examples.
        tokenizers: The tokenizers.
        each: Number of candidates of a source piece.
        frequent: Number of frequent pieces.
        reader: The reader of the model, which may set masks.
    """
    source, target = tokenizers.source, tokenizers.target
    counts = np.zeros(target.vocabulary_size, np.int64)

    def pairs() -> Iterable[tuple[list[int], list[int]]]:
        for example in examples:
            pair = reader.masked_pair(example.source, example.target)
            pieces = target.encode(pair.masked_target(range(MASKS)))
            np.add.at(counts, pieces, 1)
            yield source.encode(pair.source), pieces

    found = translations(pairs(), source.vocabulary_size, target.vocabulary_size)
    is_text = np.array([not target.is_byte(number) for number in range(target.vocabulary_size)])
    counts[~is_text] = 0  # a source that needs single bytes is decoded with the whole vocabulary
    order = np.lexsort((found.targets, -found.probabilities, found.sources))  # the sources stay in order
    order = order[is_text[found.targets[order]]]
    sources, targets = found.sources[order], found.targets[order]
    begin = np.searchsorted(sources, np.arange(source.vocabulary_size))
    rank = np.arange(len(sources)) - begin[sources]
    candidates = np.full((source.vocabulary_size, each), target.end, np.uint32)
    is_kept = rank < each
    candidates[sources[is_kept], rank[is_kept]] = targets[is_kept]
    most = np.argsort(-counts, kind="stable")[:frequent]
    return ShortlistTable(candidates, tuple(most[counts[most] > 0].tolist()))


def write_shortlist(folder: Path, network: Network, table: ShortlistTable, precision: str) -> None:
    """Write the tables of a model with a shortlist into an existing folder; see `seq2seq.runtime.graphs`."""
    weights, output = network.decoder.embedding.weight.detach().numpy(), network.output
    bias = output.bias.detach().numpy()
    PieceTable.of(output.weight.detach().numpy(), bias, precision).write(folder / OUTPUT_TABLE)
    if network.options.tied_embeddings == "none":
        PieceTable.of(weights, np.zeros_like(bias), precision).write(folder / EMBEDDING_TABLE)
    size = np.uint16 if network.target_vocabulary <= np.iinfo(np.uint16).max else np.uint32
    np.save(folder / CANDIDATES, table.candidates.astype(size), allow_pickle=False)
