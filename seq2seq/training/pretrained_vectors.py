"""Pretrained embeddings: text files of word2vec, fastText or GloVe, with a word and its numbers on each line.

A piece gets the vector of the file's entry with the same spelling (sentencepiece's ``▁`` included, as in files of
subwords), or else that of the word that it spells: a piece that begins a word, or one of a script without spaces.
Vectors are scaled to the size of random ones, because files differ in it a hundredfold.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from seq2seq.corpus.languages import is_without_spaces
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from seq2seq.network.embedding import Embedding
from seq2seq.network.encoder_decoder import Network
from seq2seq.progress import Progress
from seq2seq.run_setup.training_options import VectorOptions
from seq2seq.tokenization.subword_sampling import BLANK
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers

Vector = NDArray[np.float32]


@dataclass(frozen=True)
class VectorsFound:
    """How many pieces have a pretrained vector.

    Args:
        path: The file.
        found: Number of pieces with a vector.
        total: Number of pieces.
    """

    path: str
    found: int
    total: int

    def sentence(self) -> str:
        """Return the result as a sentence without a full stop."""
        return f"{self.path}: {self.found:,} of {self.total:,} pieces have a vector; the others are random"


def load_vectors(network: Network, tokenizers: Tokenizers, options: VectorOptions) -> list[VectorsFound]:
    """Replace random embeddings by pretrained ones, in place.

    Args:
        network: The network.
        tokenizers: Its tokenizers.
        options: The files.

    Returns:
        What was found in each file.

    Raises:
        UserError: If a file is malformed, has vectors of another size, or has none for any piece.
    """
    sides = [("source", options.source, tokenizers.source), ("target", options.target, tokenizers.target)]
    results = []
    for side, path, tokenizer in sides:
        if not path:
            continue
        if side == "source" and not network.has_source:
            raise UserError("model.vectors.source is given, but the network has no source: leave it out.")
        embedding = network.source_embedding if side == "source" else network.decoder.embedding
        results.append(_load(embedding, tokenizer, Path(path)))
    return results


def _load(embedding: Embedding, tokenizer: Tokenizer, path: Path) -> VectorsFound:
    size = embedding.weight.shape[1]
    spellings = {number: spelled(piece) for piece, number in tokenizer.ids_by_piece.items()}
    wanted = {word for words in spellings.values() for word in words}
    known = dict(_entries(path, wanted, size))
    rows = {
        number: next(known[word] for word in words if word in known)
        for number, words in spellings.items()
        if any(word in known for word in words)
    }
    if not rows:
        raise UserError(f"{path} has a vector for none of the {len(spellings):,} pieces: is it of another language?")
    vectors = np.stack(list(rows.values()))
    scale = size**-0.5 / max(1e-12, float(np.sqrt(np.square(vectors).mean())))
    with torch.no_grad():
        embedding.weight[list(rows)] = torch.from_numpy(vectors * np.float32(scale)).to(embedding.weight.device)
    return VectorsFound(str(path), len(rows), len(spellings))


def spelled(piece: str) -> tuple[str, ...]:
    """Return the entries of a file that fit a piece, the best first."""
    if piece.startswith(BLANK):
        word = piece.removeprefix(BLANK)
    elif is_without_spaces(piece):
        word = piece
    else:
        word = ""  # the middle of a word is no word
    words = (piece if piece.startswith(BLANK) else "", word, word.lower())
    return tuple(dict.fromkeys(filter(None, words)))


def _entries(path: Path, wanted: set[str], size: int) -> Iterator[tuple[str, Vector]]:
    """Yield the wanted entries of a file.

    Raises:
        UserError: If the file is malformed, or has vectors of another size.
    """
    progress = Progress()
    for number, line in enumerate(lines(path), start=1):
        word, _, rest = line.rstrip().partition(" ")
        if number == 1:
            count = len(rest.split())
            if count == 1 and word.isdecimal():  # the header of word2vec and fastText: number of words, and size
                _require_size(path, int(rest) if rest.isdecimal() else 0, size)
                continue
            _require_size(path, count, size)
        if word not in wanted:
            continue
        numbers = rest.split()
        if len(numbers) > size:
            continue  # an entry that contains spaces
        yield word, _vector(numbers, size, f"{path}, line {number:,}")
        if progress.is_due:
            progress.write(f"Reading {path}: {number:,} vectors")
    progress.end()


def _require_size(path: Path, there: int, size: int) -> None:
    if there != size:
        raise UserError(
            f"{path} has vectors of {there:,} numbers, but model.network.embedding_size is {size:,}: set it to "
            f"{there:,}, or name another file."
        )


def _vector(numbers: list[str], size: int, place: str) -> Vector:
    try:
        vector = np.array(numbers, dtype=np.float32)
    except ValueError:
        vector = np.zeros(0, np.float32)
    if len(vector) != size or not np.isfinite(vector).all():
        raise UserError(f"{place}: a word and {size:,} numbers with spaces between them were expected.")
    return vector
