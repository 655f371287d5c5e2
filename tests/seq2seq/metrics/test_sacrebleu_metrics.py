"""Scores compared with sacrebleu itself, intervals, refusals, and Chinese."""

import pytest
import sacrebleu

from seq2seq.metrics.metric import Metric
from seq2seq.metrics.sacrebleu_metrics import Bleu, ChrF, Ter, bleu_for, ter_for

HYPOTHESES = ["the cat sits on the mat .", "a dog runs", "he bought three books on Monday", "it is cold today"]
REFERENCES = [["the cat sat on the mat ."], ["the dog runs fast"], ["he bought three books on Monday"], ["it is cold"]]
STREAM = [[texts[0] for texts in REFERENCES]]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (Bleu(), sacrebleu.corpus_bleu(HYPOTHESES, STREAM).score),
        (ChrF(), sacrebleu.corpus_chrf(HYPOTHESES, STREAM).score),
        (Ter(), sacrebleu.corpus_ter(HYPOTHESES, STREAM).score),
    ],
    ids=["BLEU", "chrF", "TER"],
)
def test_scores_are_those_of_the_library(metric: Metric, expected: float) -> None:
    assert metric.score(HYPOTHESES, REFERENCES) == pytest.approx(expected)
    report = metric.report(HYPOTHESES, REFERENCES, samples=200)
    assert report.low is not None
    assert report.high is not None
    assert report.low <= report.value <= report.high
    assert report == metric.report(HYPOTHESES, REFERENCES, samples=200)
    assert "version:" in report.signature
    assert report.signature.endswith("|bs:200|seed:12345")
    assert metric.report(HYPOTHESES, REFERENCES, samples=0).low is None


def test_identical_chinese_is_perfect_and_needs_its_tokenizer() -> None:
    text = ["他星期一买了三本书。", "天气很冷。"]
    references = [[reference] for reference in text]
    assert bleu_for("zh").score(text, references) == pytest.approx(100)
    assert bleu_for("zh-CN").tokenize == "zh"
    assert bleu_for("de").tokenize == "13a"
    assert bleu_for("ja").tokenize == "char"
    assert bleu_for("zh").score(["他星期一买了三本书。"], [["他星期二买了三本书。"]]) > 50
    assert Ter(asian=True).score(["他买书。"], [["他买书。"]]) == 0


def test_several_references_may_differ_in_number() -> None:
    hypotheses = ["a dog runs fast", "the cat sits there now"]
    references = [["the dog runs", "a dog runs fast"], ["the cat sits there now"]]
    assert Bleu().score(hypotheses, references) == pytest.approx(100)


def test_sentences_are_scored_one_by_one() -> None:
    scores = Bleu().sentences(["a dog", "the cat sits there now"], [["a dog"], ["nothing like it at all"]])
    assert scores[0] == pytest.approx(100)
    assert scores[1] < 20
    assert len(ChrF().sentences(HYPOTHESES, REFERENCES)) == 4


def test_ter_counts_characters_where_no_blanks_divide_words() -> None:
    assert [ter_for(code).unit.split()[-1] for code in ("zh", "cmn", "zh-TW", "ja", "de", "")] == [
        *["characters"] * 4,
        *["words"] * 2,
    ]


def test_edits_are_counted_in_what_the_tokenizer_makes() -> None:
    assert Ter().report(["a b"], [["a c"]], samples=0).unit == "edits per 100 words"
    assert Ter(asian=True).report(["猫"], [["狗"]], samples=0).unit == "edits per 100 characters"
