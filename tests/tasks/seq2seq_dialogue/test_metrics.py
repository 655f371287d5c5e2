"""BLEU-n of replies equals sacrebleu's, and depends only on sums over replies."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU

from seq2seq.corpus.reader import Reader
from seq2seq.metrics.significance import compare
from seq2seq_dialogue import Dialogue
from seq2seq_dialogue.metrics import BleuOfOrder

TEXTS = st.text(alphabet="ab我们 .", max_size=12)
PAIRS = st.lists(st.tuples(TEXTS, TEXTS.filter(str.strip)), min_size=1, max_size=6)


@given(PAIRS, st.sampled_from([1, 2, 3, 4]), st.sampled_from(["13a", "zh"]))
def test_the_sum_over_replies_scores_as_the_corpus(pairs: list[tuple[str, str]], order: int, tokenize: str) -> None:
    hypotheses, references = [one for one, _ in pairs], [other for _, other in pairs]
    metric = BleuOfOrder(order, tokenize)
    expected = BLEU(tokenize=tokenize, max_ngram_order=order, force=True).corpus_score(hypotheses, [references]).score
    assert metric.score(hypotheses, [[one] for one in references]) == pytest.approx(expected)
    halves = [metric.statistics([one], [[other]]).sum(0) for one, other in pairs]
    assert metric.from_statistics(sum(halves[1:], halves[0])) == pytest.approx(expected)


def test_the_numbers_by_hand() -> None:
    # Words: 4 of 5 right; pairs: 2 of 4; and the output is a word shorter than the reference.
    hypothesis, reference = "yes we have that here", [["yes we have this here now"]]
    short = math.exp(1 - 6 / 5)
    assert BleuOfOrder(1).score([hypothesis], reference) == pytest.approx(100 * short * 4 / 5)
    assert BleuOfOrder(2).score([hypothesis], reference) == pytest.approx(100 * short * math.sqrt(4 / 5 * 2 / 4))


def test_a_signature_names_what_sacrebleu_s_leaves_out() -> None:
    metric = BleuOfOrder(2, "zh")
    score = metric.report(["你好"], [["你好吗"]], samples=10)
    assert score.name == "BLEU-2"
    assert score.signature.startswith("BLEU-2|nrefs:1|case:mixed|eff:no|tok:zh|smooth:exp|version:")
    assert score.signature.endswith("|order:2|bp:corpus|bs:10|seed:12345")


def test_the_task_scores_by_all_orders_and_steers_by_the_second() -> None:
    metrics = Dialogue().metrics(Reader(target_language="zh"))
    assert [metric.name for metric in metrics] == ["BLEU-2", "BLEU-1", "BLEU-3", "BLEU-4"]
    assert metrics[0].score(["我们去北京"], [["我们去北京"]]) == pytest.approx(100)
    (better,) = [compare(metrics[0], ["我"] * 4, ["我们去"] * 4, [["我们去"]] * 4, samples=20)]
    assert better.difference > 0
    # A sentence is scored by the orders that it has.
    assert metrics[3].sentences(["你好"], [["你好"]]) == pytest.approx([100])


def test_replies_in_two_languages_are_cut_by_their_scripts() -> None:
    metrics = Dialogue().metrics(Reader())
    score = metrics[0].report(["yes we do", "我们去北京"], [["yes we do"], ["我们去南京"]], samples=0)
    assert "|tok:13a+zh|" in score.signature
    assert score.value == pytest.approx(100 * math.sqrt(7 / 8 * 4 / 6))
