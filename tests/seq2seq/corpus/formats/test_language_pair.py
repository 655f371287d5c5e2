"""Language codes: which are the same, and which two make a corpus."""

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.formats.language_pair import MOST_SHOWN, base, distinct, listed, same
from tests.properties import examples

CODES = st.sampled_from(["en", "en-US", "en_GB", "EN-us", "zh", "zh-CN", "zh-Hant", "de", ""])


@examples(60)
@given(CODES, CODES)
def test_sameness_is_mutual_and_needs_the_same_base(one: str, other: str) -> None:
    assert same(one, other) == same(other, one)
    assert not same(one, other) or base(one) == base(other)
    assert same(one, one) == bool(one)


@examples(60)
@given(st.lists(CODES.filter(bool)))
def test_distinct_languages_stand_for_all(codes: list[str]) -> None:
    found = distinct(codes)
    assert all(any(same(code, one) for one in found) for code in codes)
    assert not any(same(one, other) for number, one in enumerate(found) for other in found[:number])


def test_a_list_of_languages_has_an_end() -> None:
    assert listed([]) == "none"
    assert listed(["zh", "de"]) == "de, zh"
    assert listed(f"x{number:02}" for number in range(MOST_SHOWN + 2)).endswith("x19 and 2 more")
