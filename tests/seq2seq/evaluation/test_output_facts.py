"""Facts about outputs: problems, scores by source length, and the choice of examples."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.evaluation.output_facts import by_length, chosen, output_facts
from seq2seq.metrics.sacrebleu_metrics import Bleu, ChrF
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.error_analysis import repeats


def prediction(index: int, source_pieces: int, chrf: float = 50.0) -> Prediction:
    return Prediction(index, "s", "一二三", ("一二四五",), 0, 0, -1, 2, 3, (), ("a",) * source_pieces, chrf)


@given(st.lists(st.integers(0, 200), min_size=1, max_size=60))
def test_buckets_share_the_sentences_out(lengths: list[int]) -> None:
    predictions = [prediction(number, length) for number, length in enumerate(lengths)]
    buckets = list(by_length(ChrF(), predictions, seed=1, samples=0))
    assert sum(bucket.sentences for bucket in buckets) == len(lengths)
    assert buckets[0].shortest == min(lengths)
    assert buckets[-1].longest == max(lengths)
    for shorter, longer in itertools.pairwise(buckets):
        assert shorter.longest < longer.shortest
    assert len(buckets) == 1 or min(bucket.sentences for bucket in buckets) >= 5


def test_a_bucket_has_the_first_metric_and_chrf_once() -> None:
    predictions = [prediction(number, 3) for number in range(6)]
    (bucket,) = by_length(Bleu("zh"), predictions, seed=1, samples=0)
    assert [score.name for score in bucket.scores] == ["BLEU", "chrF"]
    assert bucket.length_ratio == 0.75
    assert bucket.name == "3"
    (bucket,) = by_length(ChrF(), predictions, seed=1, samples=0)
    assert [score.name for score in bucket.scores] == ["chrF"]


def test_examples_are_chosen_by_chrf_and_none_twice() -> None:
    predictions = [prediction(number, 5, chrf) for number, chrf in enumerate([50, 10, 90, 0, 100, 60, 40])]
    worst, typical, best = chosen(predictions, 2)
    assert (worst, best) == ((3, 1), (4, 2))
    assert set(typical) <= {0, 5, 6}
    assert chosen(predictions[:1], 2) == ((0,), (), ())
    assert chosen(predictions, 0) == ((), (), ())


def test_of_equals_the_longer_source_is_shown() -> None:
    predictions = [prediction(0, 3, 100), prediction(1, 9, 100), prediction(2, 3, 0), prediction(3, 9, 0)]
    worst, _, best = chosen(predictions, 1)
    assert (worst, best) == ((3,), (1,))


def test_repeated_trigrams_and_empty_outputs_are_counted() -> None:
    assert repeats("a b c x a b c".split())
    assert repeats("a a a a".split())
    assert not repeats("a a a".split())
    assert not repeats(())
    facts = output_facts([prediction(0, 1), replace(prediction(1, 1), hypothesis=" ")])
    assert (facts.empty, facts.repeating) == (1, 0)
    assert facts.length_ratio == 0.5
