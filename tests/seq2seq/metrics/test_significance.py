"""Known cases of the paired tests, and agreement with sacrebleu's tests."""

import random

import pytest
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.significance import PairedTest, Result

from seq2seq.metrics.sacrebleu_metrics import Bleu, Ter
from seq2seq.metrics.significance import compare

WORDS = "the a cat dog man woman sees likes finds takes big small red old house tree car book".split()


def corpus(size: int, seed: int) -> list[str]:
    generator = random.Random(seed)
    return [" ".join(generator.choices(WORDS, k=generator.randint(5, 12))) for _ in range(size)]


def noisy(texts: list[str], rate: float, seed: int) -> list[str]:
    generator = random.Random(seed)
    return [
        " ".join(generator.choice(WORDS) if generator.random() < rate else w for w in text.split()) for text in texts
    ]


TARGETS = corpus(150, 1)
REFERENCES = [[text] for text in TARGETS]


def test_a_system_does_not_differ_from_itself() -> None:
    outputs = noisy(TARGETS, 0.3, 2)
    comparison = compare(Bleu(), outputs, outputs, REFERENCES, samples=300)
    assert (comparison.difference, comparison.low, comparison.high) == (0, 0, 0)
    assert comparison.p_bootstrap == 1
    assert comparison.p_randomisation == 1


def test_a_clear_difference_is_significant_in_both_directions() -> None:
    good, bad = noisy(TARGETS, 0.1, 2), noisy(TARGETS, 0.5, 3)
    forth = compare(Bleu(), bad, good, REFERENCES, samples=500)
    other = compare(Bleu(), good, bad, REFERENCES, samples=500)
    assert forth.difference == pytest.approx(-other.difference)
    assert forth.low == pytest.approx(-other.high)
    assert forth.low > 0
    assert max(forth.p_bootstrap, forth.p_randomisation, other.p_bootstrap, other.p_randomisation) < 0.01
    assert compare(Ter(), bad, good, REFERENCES, samples=100).difference < 0


def test_two_alike_systems_are_not_significantly_different() -> None:
    comparison = compare(Bleu(), noisy(TARGETS, 0.3, 5), noisy(TARGETS, 0.3, 6), REFERENCES, samples=500)
    assert comparison.p_bootstrap > 0.05
    assert comparison.p_randomisation > 0.05


def test_the_library_agrees() -> None:
    a, b = noisy(TARGETS, 0.30, 7), noisy(TARGETS, 0.36, 8)
    ours = compare(Bleu(), a, b, REFERENCES, samples=1000)
    metric = BLEU(references=[TARGETS])
    _, scores = PairedTest([("a", a), ("b", b)], {"BLEU": metric}, None, test_type="ar", n_samples=1000)()
    theirs = next(result for name, result in scores.items() if name != "System")[1]
    assert isinstance(theirs, Result)
    assert ours.b == pytest.approx(theirs.score)
    assert ours.p_randomisation == pytest.approx(theirs.p_value, abs=0.05)
