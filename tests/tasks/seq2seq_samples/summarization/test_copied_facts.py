"""Counting the copied names and numbers in outputs."""

from dataclasses import replace

import pytest

from seq2seq.plugin.phrases import phrases
from seq2seq.plugin.report_blocks import Prediction, Table
from seq2seq_samples.summarization.copied_facts import TITLE, copied, sections
from seq2seq_samples.summarization.sample import reports
from seq2seq_summarization import Summarization
from tests.chinese_words import english_of

KINDS = {"company", "date", "number", "person", "score", "team", "time", "town"}
LANGUAGES = {"in English", "in Chinese"}


def prediction(number: int, hypothesis: str, split: str = "test") -> Prediction:
    report = reports(split)[number - 1]
    return Prediction(
        number - 1, report.document, hypothesis, (report.summary,), 0, 0, 0, 1, 1, place=f"sample {split}:{number}"
    )


def perfect(split: str = "test") -> list[Prediction]:
    return [prediction(number, report.summary, split) for number, report in enumerate(reports(split), 1)]


@pytest.mark.parametrize("split", ["validation", "test"])
def test_true_summaries_copy_everything(split: str) -> None:
    counts = copied(perfect(split))
    total = sum(len(report.facts) for report in reports(split))
    assert (counts.right, counts.total) == (total, total)
    assert counts.groups.keys() == KINDS | LANGUAGES
    for names in (KINDS, LANGUAGES):
        pairs = [counts.groups[name] for name in names]
        assert sum(right for right, _ in pairs) == sum(of for _, of in pairs) == total


def test_half_a_name_is_none() -> None:
    number, report = next(
        (number, report)
        for number, report in enumerate(reports("test"), 1)
        if report.language == "en" and [fact.kind for fact in report.facts].count("town") == 1
    )
    (town,) = (fact.text for fact in report.facts if fact.kind == "town")
    for wrong in (town[:-1], f"{town}s", town.lower()):
        counts = copied([prediction(number, report.summary.replace(town, wrong))])
        assert (counts.right, counts.total) == (len(report.facts) - 1, len(report.facts))
        assert counts.groups["town"] == (0, 1)
    assert copied([prediction(number, "")]).right == 0


def test_other_data_count_for_nothing() -> None:
    correct = perfect()[0]
    others = [
        replace(correct, place="news.txt:1"),
        replace(correct, place="sample test:0"),
        replace(correct, place=f"sample test:{len(reports('test')) + 1}"),
        replace(correct, references=("Another text.",)),
        prediction(1, reports("train")[0].summary, "train"),
    ]
    assert copied(others).total == 0
    assert sections(others) == []
    assert copied([*others, correct]).total == len(reports("test")[0].facts)


def test_the_section_tells_the_share() -> None:
    predictions = perfect()
    (section,) = sections(
        [replace(prediction, hypothesis="") if prediction.index % 2 else prediction for prediction in predictions]
    )
    assert section.title == TITLE
    (table,) = (block for block in section.blocks if isinstance(block, Table))
    assert [row[0] for row in table.rows][-3:] == ["in English", "in Chinese", "all"]
    name, right, total, share = table.rows[-1]
    counts = copied(predictions[::2])
    assert (name, right, total) == ("all", counts.right, copied(predictions).total)
    assert share == pytest.approx(100 * counts.right / copied(predictions).total)


def test_no_english_is_left_in_chinese() -> None:
    assert english_of(sections(perfect()), phrases(Summarization(), "zh")) == {}
