"""Batches of sources, and the error if one does not fit into memory."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SearchOptions
from seq2seq.decoding.output import EMPTY, Hypothesis
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.errors import WorldError
from seq2seq.models.sources import Sources, batches, enough_memory
from seq2seq.tokenization.tags import with_tags
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models


def test_full_memory_is_a_sentence() -> None:
    lengths = torch.tensor([3, 9])
    with (
        pytest.raises(WorldError, match="Memory is full: 2 sources of up to 9 pieces did not fit"),
        enough_memory(lengths),
    ):
        torch.empty(1 << 60)
    with pytest.raises(RuntimeError, match="shape"), enough_memory(lengths):
        torch.zeros(3).view(2)


@given(
    st.lists(st.integers(0, 50), max_size=60), st.integers(1, 5), st.integers(1, 400), st.none() | st.integers(1, 40)
)
def test_batches_hold_each_source_once_within_the_budget(
    lengths: list[int], beams: int, budget: int, most_rows: int | None
) -> None:
    found = list(batches(lengths, beams, budget, most_rows))
    assert all(len(batch) == 1 or most_rows is None or len(batch) * beams <= most_rows for batch in found)
    assert sorted(number for batch in found for number in batch) == [i for i, length in enumerate(lengths) if length]
    for batch in found:
        assert len(batch) == 1 or len(batch) * beams * max(lengths[number] for number in batch) <= budget
    flat = [lengths[number] for batch in found for number in batch]
    assert flat == sorted(flat, reverse=True)


def test_of_outputs_with_the_same_text_the_best_one_is_kept(toy_tokenizers: Tokenizers) -> None:
    sources = Sources(Reader(), toy_tokenizers, copying=False, model=toy_models.network(toy_tokenizers), verb="mimic")
    (source,) = sources.encoded(["a cat"])
    ids = toy_tokenizers.target.ids_by_piece
    whole = tuple(toy_tokenizers.target.encode("dog"))
    spelled = (whole[0], *(ids[f"<0x{byte:02X}>"] for byte in b"dog"))
    found = [Hypothesis(spelled, -1.0, -2.0), Hypothesis(whole, -1.5, -3.0), Hypothesis(whole[:0], -2.0, -4.0)]
    outputs = sources.outputs(source, found)
    assert [(output.text, output.score, output.ids) for output in outputs] == [("dog", -1.0, spelled), ("", -2.0, ())]
    assert sources.outputs(source, []) == [EMPTY]


@pytest.mark.parametrize("tag", ["", "bt"])
@pytest.mark.parametrize("copying", [False, True])
def test_terms_are_those_of_the_part_that_is_read(toy_tokenizers: Tokenizers, tag: str, copying: bool) -> None:
    """However many pieces are cut off, a tag changes neither the terms nor what can be copied."""
    tokenizers = with_tags(toy_tokenizers, ["bt"])
    network, text = toy_models.network(tokenizers), "a big cat sees the dog"
    decoding = Decoding(SearchOptions(), glossary=Glossary({"big": "großer", "dog": "Hund"}))
    ids = tokenizers.source.encode(text)
    for lost in range(len(ids)):
        reader = Reader(max_source_pieces=len(ids) - lost, tag=tag)
        sources = Sources(reader, tokenizers, copying=copying, model=network, verb="mimic")
        (source,) = sources.encoded([text], decoding)
        assert source.lost == lost
        assert len(source.ids) == len(ids) - lost + bool(tag)
        assert source.words == ()
        assert source.copies is None or len(source.copies.ids) == len(source.ids)
        words = tokenizers.source.decode(ids[: len(ids) - lost]).split()
        terms = {"big": "großer", "dog": "Hund"}
        assert [term.name for term in source.required] == [terms[word] for word in words if word in terms]
