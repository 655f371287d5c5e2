"""Pretrained embeddings of the usual text formats, for the pieces that they know."""

import gzip
from pathlib import Path

import numpy as np
import pytest
import torch

from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.models.bundle import load, network_for
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.run_setup.training_options import VectorOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.pretrained_vectors import load_vectors, spelled
from tests.seq2seq.trained import differences, fork, here

__all__ = ["here"]

SMALL = NetworkOptions(embedding_size=4, hidden_size=4, tied_embeddings="none")


def network(tokenizers: Tokenizers) -> Network:
    torch.manual_seed(1)
    return network_for(SMALL, tokenizers)


def test_which_entries_fit_a_piece() -> None:
    assert spelled("▁The") == ("▁The", "The", "the")
    assert spelled("▁北京") == ("▁北京", "北京")
    assert spelled("北京") == ("北京",)
    assert spelled("ing") == spelled("<0x41>") == ()


@pytest.mark.parametrize("header", ["", "5 4\n"], ids=["GloVe", "word2vec and fastText"])
@pytest.mark.parametrize("suffix", ["", ".gz"])
def test_pieces_get_the_vectors_of_their_words(
    tmp_path: Path, toy_tokenizers: Tokenizers, header: str, suffix: str
) -> None:
    """At the scale of random vectors; other pieces, special tokens and the other side keep their random vectors."""
    lines = ["the 1 2 3 4", "狗 4 3 2 1", "▁red 0 0 0 8", "red 1 1 1 1", "with a space 1 2 3 4", "unrelated 5 5 5 5"]
    path = tmp_path / f"vectors.txt{suffix}"
    text = (header + "\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(text) if suffix else text)
    before, after = network(toy_tokenizers), network(toy_tokenizers)
    (found,) = load_vectors(after, toy_tokenizers, VectorOptions(target=str(path)))
    ids = toy_tokenizers.target.ids_by_piece
    expected = {"▁the": [1, 2, 3, 4], "狗": [4, 3, 2, 1], "▁red": [0, 0, 0, 8]}
    known = {piece: row for piece, row in expected.items() if piece in ids}
    if "▁狗" in ids:
        known["▁狗"] = [4, 3, 2, 1]
    assert {"▁the", "▁red"} <= set(known)
    assert (found.found, found.total) == (len(known), len(ids))
    assert found.sentence() == f"{path}: {len(known)} of {len(ids):,} pieces have a vector; the others are random"
    weight, old = after.decoder.embedding.weight, before.decoder.embedding.weight
    rows = torch.tensor(list(known.values()), dtype=torch.float32)
    scale = 4**-0.5 / float(np.sqrt(np.square(rows.numpy()).mean()))
    assert torch.allclose(weight[[ids[piece] for piece in known]], rows * scale)
    others = [number for number in range(len(weight)) if number not in {ids[piece] for piece in known}]
    assert torch.equal(weight[others], old[others])
    assert torch.equal(after.source_embedding.weight, before.source_embedding.weight)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("the 1 2 3\n", r"has vectors of 3 numbers, but model\.network\.embedding_size is 4: set it to 3, or"),
        ("2 300\nthe 1 2 3 4\n", r"has vectors of 300 numbers, but model\.network\.embedding_size is 4"),
        ("x 1 2 3 4\nthe 1 2 3\n", r"line 2: a word and 4 numbers with spaces between them were expected\."),
        ("the 1 2 3 4,5\n", r"line 1: a word and 4 numbers with spaces between them were expected\."),
        ("the 1 2 3 nan\n", r"line 1: a word and 4 numbers with spaces between them were expected\."),
        ("qwertz 1 2 3 4\n", r"has a vector for none of the [\d,]+ pieces: is it of another language\?"),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, toy_tokenizers: Tokenizers, text: str, sentence: str) -> None:
    path = tmp_path / "vectors.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        load_vectors(network(toy_tokenizers), toy_tokenizers, VectorOptions(source=str(path)))


def test_a_language_model_has_no_source_vectors(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    options = NetworkOptions(embedding_size=4, hidden_size=4, encoder="none", attention="none", bridge="zero")
    with pytest.raises(UserError, match=r"model\.vectors\.source is given, but the network has no source"):
        load_vectors(network_for(options, toy_tokenizers), toy_tokenizers, VectorOptions(source="x"))


def test_a_run_with_vectors(here: Path) -> None:
    """It says what it found, and resumes exactly, also without the file."""
    words = ["ab", "bc", "cd", "de", "abc", "bcd", "cde"]
    rows = [f"{word} {' '.join(str(number + place) for place in range(8))}" for number, word in enumerate(words)]
    (here / "vectors.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    typed = ["fit", "reversing", "--model.vectors.source", "vectors.txt", "--freeze", "source_embeddings"]
    typed += ["--trainer.max_epochs", "-1"]
    whole = fork(here, *typed, "--run_dir", "whole", "--trainer.max_steps", "4")
    part = fork(here, *typed, "--run_dir", "part", "--trainer.max_steps", "2")
    (here / "vectors.txt").unlink()
    rest = fork(here, "fit", "--run_dir", "part", "--resume", "--trainer.max_steps", "4")
    assert [done.returncode for done in (whole, part, rest)] == [0, 0, 0], rest.stderr
    assert "vectors     vectors.txt: " in whole.stderr
    assert "vectors     " not in rest.stderr
    assert differences(here / "whole", here / "part") == []
    model = load("whole")
    row = model.torch_network.source_embedding.weight[model.tokenizers.source.ids_by_piece["▁ab"]]
    assert torch.allclose(row / row[1], torch.arange(8, dtype=torch.float32), atol=1e-5)


def test_mistakes_are_found_at_once(here: Path) -> None:
    with pytest.raises(UserError, match=r"No file nowhere\.txt"):
        fit.main(["reversing", "--run_dir", "run", "--model.vectors.target", "nowhere.txt"])
    assert fit.main(["reversing", "--run_dir", "run", "--trainer.max_steps", "1"]) == 0
    (here / "vectors.txt").write_text("ab 1\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"but those of the model of --init_from are taken: leave out one of them"):
        fit.main(["reversing", "--run_dir", "new", "--init_from", "run", "--model.vectors.source", "vectors.txt"])
