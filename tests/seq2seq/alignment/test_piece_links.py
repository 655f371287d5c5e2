"""Links between spans become links between pieces, in any segmentation."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.alignment.pharaoh import words_of
from seq2seq.alignment.piece_links import kept_links, piece_links, spanned, unit_pieces
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from tests.properties import examples


def word_of_each_piece(tokenizer: Tokenizer, text: str, ids: list[int]) -> list[int]:
    """Return the number of the word in which each piece begins, from how the pieces before it are decoded."""
    return [len((tokenizer.decode(ids[:place]) + "|").split()) - 1 for place in range(len(ids))]


@examples(60)
@given(
    st.lists(st.sampled_from(["cloud", "river", "x", "好吗", "zq"]), min_size=1, max_size=5),
    st.integers(0, 1000),
    st.sampled_from([0.0, 0.5]),
)
def test_a_piece_belongs_to_the_word_of_its_first_character(
    toy_tokenizers: Tokenizers, words: list[str], seed: int, alpha: float
) -> None:
    tokenizer, text = toy_tokenizers.source, " ".join(words)
    ids = tokenizer.sample(text, seed=seed, alpha=alpha)
    starts, spans = tokenizer.starts(text, ids), words_of(text).spans
    assert len(starts) == len(ids)
    assert (np.diff(starts) >= 0).all()
    for number, span in enumerate(spans):
        links = piece_links(np.array([[*span, 0, 1]]), starts, np.array([0]))
        own = [source for _, source in links.tolist()]
        # The bytes of a character that is not complete are no text yet, so only whole words are compared.
        assert tokenizer.decode([ids[place] for place in own]).strip() == words[number]


def test_links_outlast_truncation_and_tags() -> None:
    links = np.array([[0, 0], [0, 3], [1, 4], [2, 5]])
    assert kept_links(links, [0, 1, 4, 5], shift=1).tolist() == [[0, 1], [1, 3], [2, 4]]
    assert kept_links(links, range(4), shift=0).tolist() == [[0, 0], [0, 3]]
    assert kept_links(links[:0], [], shift=1).tolist() == []


def test_several_pieces_of_linked_words_are_all_linked() -> None:
    links = piece_links(np.array([[0, 5, 4, 9], [0, 5, 4, 9]]), np.array([0, 2, 6]), np.array([0, 4, 7]))
    assert links.tolist() == [[1, 0], [1, 1], [2, 0], [2, 1]]
    assert piece_links(np.zeros((0, 4), np.int32), np.array([0]), np.array([0])).tolist() == []


def test_pieces_have_spans_and_marks_have_none(toy_tokenizers: Tokenizers) -> None:
    text = "cloud\n好"
    ids, spans = unit_pieces(toy_tokenizers.source, text)
    assert len(ids) == len(spans)
    assert not set(ids) & set(toy_tokenizers.source.own_marks)
    assert "".join(text[start:end] for start, end in spans).replace("\n", "") == "cloud好"
    assert spanned([(0, 1)], [(0, 2)], [(3, 4), (5, 6)]) == ((0, 2, 5, 6),)
    assert unit_pieces(toy_tokenizers.source, "") == ([], [])
