"""The sentence at the top of a report, and its three random examples."""

from dataclasses import replace

import pytest

from seq2seq.metrics.metric import Score
from seq2seq.plugin.report_blocks import BITS, EQUAL, PERPLEXITY, Figure, Prediction, Section
from seq2seq.report.key_figures import measured
from seq2seq.report.language import say_in
from seq2seq.report.report import Bucket, Likelihood, OutputFacts
from seq2seq.report.verdict import drawn, explanation, sentence, verdict

BLEU = Figure("BLEU", 31.0, 30.0, 32.0, unit="points of 100")
FACTS = Figure("facts remembered", 91.0, 89.0, 93.0, beside="by chance: 10.0 %")


def predictions(count: int, output: str = "no") -> list[Prediction]:
    return [Prediction(n, "s", output, ("yes",), 0, -3.0, -2.0, 2, 3, chrf=float(n)) for n in range(count)]


def bucket(longest: int, chrf: float, sentences: int = 20) -> Bucket:
    return Bucket(longest - 1, longest, sentences, (Score("BLEU", 1, 0, 2, "s"), Score("chrF", chrf, 0, 9, "s")), 1.0)


def test_a_verdict_names_the_first_two_figures_and_equal_outputs() -> None:
    outputs = [*predictions(3), replace(predictions(1)[0], index=3, hypothesis=" yes ")]
    clauses = verdict([BLEU, FACTS, Figure("third", 1.0)], outputs)
    assert clauses == (
        "BLEU 31.0 of 100 (95% interval 30.0 to 32.0)",
        "facts remembered 91.0 % (95% interval 89.0 to 93.0; by chance: 10.0 %)",
        "1 of 4 outputs equals a reference",
    )
    assert sentence(clauses).startswith("BLEU 31.0 of 100 (95% interval 30.0 to 32.0); facts remembered")
    assert sentence(("facts",)) == "Facts."
    assert sentence(()) == ""


@pytest.mark.parametrize(
    ("facts", "buckets", "clause"),
    [
        (OutputFacts(2, 90, 1, 1), (), "2 outputs are empty"),
        (OutputFacts(0, 5, 1, 1), (), "5 outputs repeat three pieces in a row"),
        (OutputFacts(1, 0, 1, 1), (), "1 output is empty"),
        (OutputFacts(0, 4, 1, 1), (), ""),
        (
            OutputFacts(0, 0, 1, 1),
            (bucket(5, 60), bucket(10, 20)),
            "lowest quality on sources of 9–10 pieces (chrF 20.00)",
        ),
        (OutputFacts(0, 0, 1, 1), (bucket(5, 60), bucket(10, 56)), ""),  # not far enough below the mean
        (OutputFacts(0, 0, 1, 1), (bucket(5, 60), bucket(10, 20, sentences=19)), ""),  # too few sentences
    ],
)
def test_the_weakness_that_matters_most_is_named(facts: OutputFacts, buckets: tuple[Bucket, ...], clause: str) -> None:
    assert verdict([], predictions(100), facts, buckets) == ((clause,) if clause else ())


def test_one_output_is_named_in_the_singular() -> None:
    some = [
        replace(prediction, references=("no",) if prediction.index == 0 else ("yes",)) for prediction in predictions(3)
    ]
    say = say_in("zh")
    repeating = verdict([], some, OutputFacts(0, 1, 1, 1))
    assert repeating == ("1 of 3 outputs equals a reference", "1 output repeats three pieces in a row")
    assert sentence(repeating, say) == "3 个输出中有 1 个与参考完全相同；1 个输出重复了连续三个词元。"
    assert sentence(verdict([], some[1:], OutputFacts(1, 0, 1, 1)), say) == "1 个输出为空。"


def test_what_every_task_is_measured_by() -> None:
    likelihood = Likelihood(8.0, 4, 8, 12)
    figures = measured([], [Section("S", figures=[FACTS])], likelihood, predictions(4, "yes"), seed=1, samples=50)
    assert [figure.name for figure in figures] == ["facts remembered", EQUAL, PERPLEXITY]
    assert (figures[1].value, figures[1].low, figures[1].high) == (100.0, 100.0, 100.0)
    assert figures[2].value == pytest.approx(2.71828, abs=1e-4)  # 2 nats for 2 tokens each
    assert figures == measured(
        [], [Section("S", figures=[FACTS])], likelihood, predictions(4, "yes"), seed=1, samples=50
    )
    without = measured([], [], likelihood, predictions(4), seed=1, samples=0)
    assert (without[0].low, without[0].high) == (None, None)


def test_running_text_is_measured_by_bits_and_perplexities() -> None:
    likelihood, bits = Likelihood(8.0, 1, 4, 8, words=2, note="n"), Figure(BITS, 1.4427)
    figures = measured([], [Section("S", figures=[bits])], likelihood, (), seed=1, samples=0)
    assert [figure.name for figure in figures] == [
        "bits per character",
        "perplexity per token",
        "perplexity per character",
        "perplexity per word",
    ]
    assert figures[2].value == pytest.approx(2.71828, abs=1e-4)  # 8 nats for 8 characters
    assert likelihood.rows()[1][2] == pytest.approx(1.4427, abs=1e-4)


def test_three_examples_are_drawn_from_the_best_the_middle_and_the_worst() -> None:
    examples = drawn(predictions(100), 7)
    assert examples is not None
    assert examples.good >= 90
    assert 45 <= examples.middling < 55
    assert examples.bad < 10
    assert examples == drawn(predictions(100), 7)
    assert {drawn(predictions(100), seed).good for seed in range(20)} != {examples.good}  # type: ignore[union-attr]
    assert "(seed 7)" in explanation(examples)
    assert drawn(predictions(2), 7) is None
    three = drawn(predictions(3), 7)
    assert three is not None
    assert (three.good, three.middling, three.bad) == (2, 1, 0)


def test_a_verdict_in_chinese() -> None:
    say = say_in("zh", {"facts remembered": "记住的事实", "by chance: {#} %": "随机：{0} %"})
    assert sentence(verdict([BLEU, FACTS], predictions(1, "yes")), say) == (
        "BLEU 31.0 分，满分 100（95% 区间 30.0 至 32.0）；记住的事实 91.0 %（95% 区间 89.0 至 93.0；随机：10.0 %）；"
        "1 个输出中有 1 个与参考完全相同。"
    )
