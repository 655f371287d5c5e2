"""Masks: which spans get one, and that they can be undone."""

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import MASKS, Example, Mark, Mask, MaskedText, plain
from seq2seq.corpus.masks import between_masks, mask, mask_pair, mask_target, restore
from tests.properties import examples
from tests.seq2seq.corpus.test_protected_spans import TRICKY

PARTS = st.lists(st.sampled_from(Mark) | TRICKY, max_size=4).map(tuple)
MIXED = st.lists(
    st.sampled_from(
        ("%s", "%d", "{name}", "<b>", "</b>", "&amp;", "https://a.org/x", "5 km", "的", "中文", " a ", "\n")
    ),
    max_size=25,
).map("".join)


def masks_of(text: MaskedText) -> list[int]:
    return [part.number for part in text if isinstance(part, Mask)]


@examples(500)
@given(st.text(max_size=40) | TRICKY | MIXED | PARTS)
def test_masks_can_be_undone(text: str | tuple[str | Mark, ...]) -> None:
    masked = mask(text)
    assert masks_of(masked.text) == list(range(len(masked.spans)))
    assert len(masked.spans) <= MASKS
    assert plain(restore(masked.text, masked.spans)) == plain(text)


@examples(500)
@given(TRICKY | MIXED | PARTS, TRICKY | MIXED | PARTS)
def test_both_sides_of_a_pair_have_the_same_masks(
    source: str | tuple[str | Mark, ...], target: str | tuple[str | Mark, ...]
) -> None:
    pair = mask_pair(source, target)
    masked = pair.masked_target(range(MASKS))
    assert masks_of(pair.source) == sorted(masks_of(masked)) == list(range(len(pair.spans)))
    assert plain(restore(pair.source, pair.spans)) == plain(source)
    assert plain(restore(masked, pair.spans)) == plain(target)
    assert masks_of(pair.masked_target(())) == []


def test_a_pair_shares_masks_in_the_order_of_its_source() -> None:
    pair = mask_pair("%s of %s in {place} <b>", "在{place}的%s中的%s")
    assert pair.source == (Mask(0), " of ", Mask(1), " in ", Mask(2), " <b>")
    assert pair.masked_target(range(3)) == ("在", Mask(2), "的", Mask(0), "中的", Mask(1))
    assert pair.masked_target([0, 2]) == ("在", Mask(2), "的", Mask(0), "中的%s")


def test_spans_of_one_side_only_stay_text() -> None:
    pair = mask_pair("%s %s 5 km", "%s 3 miles {x}")
    assert pair.source == (Mask(0), " %s 5 km")
    assert pair.masked_target(range(3)) == (Mask(0), " 3 miles {x}")


def test_spans_after_the_first_eight_stay_text() -> None:
    masked = mask("%s " * 12)
    assert masks_of(masked.text) == list(range(8))
    assert masked.text[-1] == " %s" * 4 + " "
    assert mask("中文").text == "中文"


def test_a_source_in_use_has_all_its_masks_and_its_target_those_that_match() -> None:
    masked = mask(("{a} b {c}", Mark.TURN, "%s"))
    assert masked.text == (Mask(0), " b ", Mask(1), Mark.TURN, Mask(2))
    assert mask_target("{c} {a} {a}", masked.spans, (0, 1, 2)) == (Mask(1), " ", Mask(0), " {a}")


def test_tokenizers_are_trained_on_the_text_between_masks() -> None:
    example = between_masks(Example("Hello {name}, %s", "你好{name}！", (), "place"))
    assert example == Example(("Hello ", Mark.LINE, ", %s"), ("你好", Mark.LINE, "！"), (), "place")
    assert between_masks(Example("a", "b")) == Example("a", "b")
