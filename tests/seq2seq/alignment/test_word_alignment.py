"""Estimated alignments link the words that translate each other."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.alignment.word_alignment import WordAligner, symmetrized
from tests.properties import examples

LINKS = st.sets(st.tuples(st.integers(0, 4), st.integers(0, 4)))


def test_words_are_linked_to_their_translations_across_the_order_of_words() -> None:
    draw = np.random.default_rng(1)
    sentences = [draw.permutation(20)[: draw.integers(3, 9)].tolist() for _ in range(400)]
    # Word n is translated by word 29 - n; the first two words change places.
    pairs = [(words, [29 - words[1], 29 - words[0], *(29 - word for word in words[2:])]) for words in sentences]
    aligner = WordAligner.of(lambda: pairs, 20, 30)
    for source, target in pairs[:50]:
        expected = [(0, 1), (1, 0), *((place, place) for place in range(2, len(source)))]
        assert aligner.links(source, target) == expected


def test_a_word_with_two_translations_is_linked_to_both() -> None:
    draw = np.random.default_rng(1)
    sentences = [draw.permutation(20)[: draw.integers(3, 9)].tolist() for _ in range(400)]
    pairs = [(words, [piece for word in words for piece in (word, word + 20)]) for words in sentences]
    aligner = WordAligner.of(lambda: pairs, 20, 40)
    for source, target in pairs[:50]:
        assert set(aligner.links(source, target)) >= {(place // 2, place) for place in range(1, len(target), 2)} or set(
            aligner.links(source, target)
        ) >= {(place // 2, place) for place in range(0, len(target), 2)}


def test_empty_sides_and_unseen_words_are_no_error() -> None:
    aligner = WordAligner.of(list, 3, 3)
    assert aligner.links([], [1]) == aligner.links([1], []) == []
    assert aligner.links([1, 2], [0, 1]) == [(0, 0), (1, 1)]  # the diagonal decides


@examples(80)
@given(LINKS, LINKS)
def test_symmetrized_links_lie_between_the_intersection_and_the_union(
    forward: set[tuple[int, int]], backward: set[tuple[int, int]]
) -> None:
    found = symmetrized(forward, backward)
    assert forward & backward <= set(found) <= forward | backward
    assert found == sorted(set(found))
    if not forward & backward:
        assert not found


def test_neighbors_of_one_direction_are_added_if_a_side_has_no_link() -> None:
    both = {(0, 0), (2, 2)}
    assert symmetrized(both | {(1, 0)}, both | {(4, 4)}) == [(0, 0), (1, 0), (2, 2)]  # (4, 4) is no neighbor
    assert symmetrized(both | {(2, 1), (1, 1)}, both) == [(0, 0), (1, 1), (2, 2)]  # then 1 has a link on both sides
