"""Translation of texts with protected spans, by models that lose, invent or move them."""

from collections.abc import Sequence
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.protected_spans import difference
from seq2seq.documents import protected_translation
from seq2seq.documents.protected_translation import Translated
from seq2seq.documents.steps import Translate, finished
from tests.properties import examples
from tests.seq2seq.corpus.test_protected_spans import TRICKY

OPEN, CLOSE, WHOLE = "\U00100000", "\U00100001", "\U00100002"


def translated(
    texts: Sequence[str],
    translate: Translate,
    pairs: Sequence[Sequence[tuple[str, str]]] = (),
    *,
    has_masks: bool = False,
) -> list[Translated]:
    """Return the results for texts that a function translates."""
    return finished(protected_translation.translated(texts, pairs, has_masks=has_masks), translate)


def upper(texts: Sequence[str]) -> list[str]:
    """Translate as a model that loses lower-case formats."""
    return [text.replace("%s", "").upper() for text in texts]


@examples(1000)
@given(st.lists(TRICKY, max_size=3), st.lists(TRICKY, min_size=1, max_size=5), st.booleans())
def test_whatever_the_model_writes_no_span_is_lost_or_invented(
    texts: list[str], outputs: list[str], has_masks: bool
) -> None:
    said = cycle(outputs)
    results = translated(texts, lambda given: [next(said) for _ in given], has_masks=has_masks)
    for text, result in zip(texts, results, strict=True):
        assert result.text is None or not difference(text, result.text)
        assert result.text is not None or result.note


@pytest.mark.parametrize(
    ("text", "wanted", "note"),
    [
        ("the dog", "THE DOG", ""),
        ("  the dog\n\n\tthe cat \n", "  THE DOG\n\n\tTHE CAT \n", ""),
        ("the %s dog", "THE %s DOG", "the translation lost %s: the rest was translated in parts"),
        ("{0} {1}", "{0} {1}", ""),
        ("<b>the dog</b>", "<b>THE DOG</b>", ""),
        ("<br>the <a\nhref='x'>dog</a>", "<br>THE <a\nhref='x'>DOG</a>", None),
        ("大狗 %s 猫", "大狗 %s 猫", "the translation lost %s: the rest was translated in parts"),
        ("", "", ""),
    ],
)
def test_texts(text: str, wanted: str, note: str | None) -> None:
    (result,) = translated([text], upper)
    assert result.text == wanted
    assert note is None or result.note == note


def test_each_text_is_translated_once() -> None:
    asked: list[str] = []

    def translate(texts: Sequence[str]) -> list[str]:
        asked.extend(texts)
        return upper(texts)

    translated(["a dog", "a dog\na cat", "5 %"], translate)
    assert sorted(asked) == ["a cat", "a dog"]


def test_inline_elements_divide_a_text_unless_the_model_reads_masks() -> None:
    text, pairs = f"the {OPEN}big{CLOSE} dog{WHOLE}", [[(OPEN, CLOSE)]]
    asked: list[str] = []

    def translate(texts: Sequence[str]) -> list[str]:
        asked.extend(texts)
        return upper(texts)

    wanted = [Translated(f"THE {OPEN}BIG{CLOSE} DOG{WHOLE}")]
    assert translated([text], translate, pairs) == wanted
    assert asked == ["big", "dog", "the"]
    asked.clear()
    assert translated([text], translate, pairs, has_masks=True) == wanted
    assert asked == [f"the {OPEN}big{CLOSE} dog"]


@pytest.mark.parametrize("text", [f"the {OPEN}big{CLOSE} dog", f"the {CLOSE}big{OPEN} dog"])
def test_tags_that_are_closed_before_they_are_opened_are_repaired(text: str) -> None:
    """If those of the source are, too, the order is kept."""
    is_nested = text.index(OPEN) < text.index(CLOSE)
    (result,) = translated(
        [text],
        lambda texts: [f"{CLOSE}x{OPEN}" if len(text) > 5 else "y" for text in texts],
        [[(OPEN, CLOSE)]],
        has_masks=True,
    )
    assert result.text == (f"y {OPEN}y{CLOSE} y" if is_nested else f"{CLOSE}x{OPEN}")
    note = "the translation changed the order of placeholders: the rest was translated in parts"
    assert result.note == (note if is_nested else "")


def test_formats_without_numbers_keep_their_order() -> None:
    (result,) = translated(["%s is %d"], lambda texts: ["%d ist %s" if "%" in text else "ist" for text in texts])
    assert result.text == "%s ist %d"


def test_a_part_gets_no_full_stop_of_its_own() -> None:
    (result,) = translated(
        ["press %s now."], lambda texts: ["Drücke." if text == "press" else "Jetzt." for text in texts]
    )
    assert result.text == "Drücke %s Jetzt."


def test_a_text_that_cannot_be_translated_stays() -> None:
    assert translated(["the %s dog"], lambda texts: [""] * len(texts)) == [
        Translated(None, "the translation was empty: left untranslated")
    ]


@pytest.mark.parametrize("text", ["the dog", "the %s dog"])
def test_control_characters_of_a_model_become_spaces(text: str) -> None:
    (result,) = translated([text], lambda given: [f"{one}\x0b\u2028big\ufffe!" for one in given])
    assert result.text is not None
    assert result.text.isprintable()
    assert "big" in result.text
