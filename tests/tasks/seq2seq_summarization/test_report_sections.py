"""The sections of a summarization report: the tables, and the numbers in them."""

from dataclasses import replace

import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.plugin.phrases import phrases
from seq2seq.plugin.report_blocks import Prediction, Table
from seq2seq_summarization import Summarization
from seq2seq_summarization.report_sections import sections
from tests.chinese_words import english_of

SOURCES = [
    "Ann: Did you buy the blue paint?\nBen: No, the shop was closed all day.\nAnn: Then let us go tomorrow.",
    "市政府今天宣布，老桥将于五月关闭。\n维修需要三个月。\n居民可以使用新桥。",
]
REFERENCES = [("Ann and Ben will buy paint tomorrow.",), ("老桥五月关闭，维修三个月。", "老桥将关闭三个月。")]
OUTPUTS = ["Ben will go tomorrow.", "老桥将关闭三个月。"]


def prediction(index: int, hypothesis: str) -> Prediction:
    return Prediction(
        index=index,
        source=SOURCES[index],
        hypothesis=hypothesis,
        references=REFERENCES[index],
        score=-1.0,
        log_probability=-5.0,
        reference_log_probability=-6.0,
        reference_tokens=8,
        reference_characters=20,
    )


def tables(outputs: list[str]) -> dict[str, Table]:
    """Return the table of each section."""
    found = sections([prediction(index, text) for index, text in enumerate(outputs)])
    return {one.title: next(block for block in one.blocks if isinstance(block, Table)) for one in found}


def test_the_model_stands_beside_its_neighbours() -> None:
    table = tables(OUTPUTS)["Compared with simple baselines"]
    assert list(table.columns) == ["system", "ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum", "words each"]
    rows = {str(row[0]): row[1:] for row in table.rows}
    assert list(rows) == ["this model", "lead-1", "lead-3", "longest-3", "random sentence", "oracle"]
    # With three units each, lead-3 and longest-3 are the whole documents.
    assert rows["lead-3"] == rows["longest-3"]
    assert float(rows["oracle"][0]) > float(rows["lead-1"][0])
    scores = {metric.name: metric.score(OUTPUTS, REFERENCES) for metric in Summarization().metrics(Reader())}
    assert rows["this model"] == [*(scores[name] for name in table.columns[1:5]), (4 + 8) / 2]


def test_precision_and_recall_are_of_the_best_reference() -> None:
    table = tables(OUTPUTS)["Precision and recall"]
    rows = {str(row[0]): [float(cell) for cell in row[1:]] for row in table.rows}
    # Three of four words are among the seven of the first reference; the second output is one of its references.
    assert rows["ROUGE-1"] == pytest.approx([50 * (3 / 4 + 1), 50 * (3 / 7 + 1), 50 * (6 / 11 + 1)])
    kinds = ["ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum"]
    assert list(rows) == [*kinds, *(f"{kind}, mean of references" for kind in kinds)]
    assert rows["ROUGE-1, mean of references"][2] < rows["ROUGE-1"][2]
    assert "except in rows of their mean" in table.caption


def test_outputs_and_references_are_taken_apart_alike() -> None:
    table = tables(OUTPUTS)["What the summaries are made of"]
    rows = {str(row[0]): list(row[1:]) for row in table.rows}
    assert rows["words each"] == ["6.0", f"{(7 + 11 + 8) / 3:.1f}"]
    assert rows["length to the references"] == [f"{12 / (7 + 9.5):.3f}", "1.000"]
    # "will" is the only output word that its source lacks; the references have "and" and "will".
    assert rows["copied words"] == [f"{100 * 11 / 12:.1f} %", f"{100 * 24 / 26:.1f} %"]
    assert rows["novel words"][0] == f"{100 / 12:.1f} %"
    assert rows["repeated 2-grams"] == ["0.0 %", "0.0 %"]
    assert rows["sentences each"] == ["1.0 (2 in all)", "1.0 (3 in all)"]
    assert list(rows)[4:] == [
        *("novel words", "novel 2-grams", "novel 3-grams", "novel 4-grams"),
        *("repeated 2-grams", "repeated 3-grams"),
    ]


def test_empty_outputs_are_counted_and_score_nothing() -> None:
    found = tables(["", ""])
    assert found["Compared with simple baselines"].rows[0] == ["this model", 0, 0, 0, 0, 0]
    outputs = {str(row[0]): row[1] for row in found["What the summaries are made of"].rows}
    assert outputs["novel words"] == "none"
    assert outputs["length to the references"] == "0.000"


def test_nothing_is_refused() -> None:
    with pytest.raises(UserError, match="nothing to score"):
        tables([])


def test_sentences_are_counted_in_lower_cased_and_tagged_text() -> None:
    lower = replace(prediction(0, "a dog ran . a cat sat ."), references=("a dog <q> a cat <q> a bird",))
    table = next(block for block in sections([lower])[2].blocks if isinstance(block, Table))
    rows = {str(row[0]): list(row[1:]) for row in table.rows}
    assert rows["sentences each"] == ["2.0 (2 in all)", "3.0 (3 in all)"]
    assert rows["words each"] == ["6.0", "6.0"]


def test_no_english_is_left_in_chinese() -> None:
    found = sections([prediction(index, text) for index, text in enumerate(OUTPUTS)])
    assert english_of(found, phrases(Summarization(), "zh")) == {}
