"""Deriving summaries from documents without knowledge of the drawn values."""

import pytest

from seq2seq_samples.summarization.retelling import retell, sentences_of


def test_documents_are_divided_into_sentences() -> None:
    assert sentences_of("en", "It fell to 3.5 mm. Then it rose. At 9:05, all left.") == [
        "It fell to 3.5 mm.",
        "Then it rose.",
        "At 9:05, all left.",
    ]
    assert sentences_of("zh", "气温3.5度。大家走了。") == ["气温3.5度。", "大家走了。"]


@pytest.mark.parametrize(
    ("language", "document", "summary"),
    [
        (
            "en",
            "The cup final was played in Orrby on May 5. At half-time the score had been 40-35. "
            "After a strong last quarter, Tarnham Lions beat Veldale Hawks 81-79.",
            "Tarnham Lions beat Veldale Hawks 81-79 in the final in Orrby.",
        ),
        (
            "zh",
            "杯赛决赛5月5日在松溪镇举行。最后一节，竹湾雄狮队发挥出色，以81比79战胜了梅谷飞鹰队。",
            "竹湾雄狮队在松溪镇的决赛中以81比79战胜梅谷飞鹰队。",
        ),
    ],
)
def test_a_summary_is_told_from_the_text(language: str, document: str, summary: str) -> None:
    assert retell(language, document) == {summary}


def test_what_no_pattern_tells_has_no_summary() -> None:
    assert retell("en", "Nothing happened in Orrby. Everybody slept.") == set()


def test_sentences_that_speak_of_different_names_do_not_fit_together() -> None:
    told = "The members of Novdex elected Barlow as head of the board. In the vote, {} got 432 votes."
    assert retell("en", told.format("Barlow")) == {"Barlow was elected head of the board of Novdex with 432 votes."}
    assert retell("en", told.format("Hallow")) == set()


def test_a_document_that_tells_two_stories_has_two_summaries() -> None:
    document = "The cup final was played in Orrby on May 5. The cup final was played in Tarnby on May 6. "
    document += "After a strong last quarter, Tarnham Lions beat Veldale Hawks 81-79."
    assert retell("en", document) == {
        "Tarnham Lions beat Veldale Hawks 81-79 in the final in Orrby.",
        "Tarnham Lions beat Veldale Hawks 81-79 in the final in Tarnby.",
    }
