"""The longest copy equals the result of brute force, in any script, and is found fast."""

import random

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.metrics.longest_copies import Source

TEXTS = st.lists(st.text("ab一🙂", max_size=25), min_size=1, max_size=4)


def by_trying(texts: list[str], samples: list[str]) -> int:
    runs = {
        sample[start:end]
        for sample in samples
        for start in range(len(sample))
        for end in range(start + 1, len(sample) + 1)
    }
    return max((len(run) for run in runs if any(run in text for text in texts)), default=0)


@given(TEXTS, TEXTS)
def test_it_is_the_one_that_trying_finds(texts: list[str], samples: list[str]) -> None:
    copy = Source(texts).longest_run(samples)
    assert len(copy.text) == by_trying(texts, samples)
    assert copy.text in samples[copy.sample]
    assert any(copy.text in text for text in texts)


def test_a_run_does_not_go_from_one_text_into_the_next() -> None:
    assert Source(["abc", "def"]).longest_run(["cd", "xabx"]).text == "ab"
    assert Source(["abcdef"]).longest_run(["abc", "def"]).text == "abc"
    assert Source(["abcdef"]).longest_run(["zz", "cdz"]).sample == 1
    assert Source([""]).longest_run(["a"]).text == ""
    assert Source(["a"]).longest_run([""]).text == ""


def test_megabytes_take_no_time_to_speak_of() -> None:
    draw = random.Random(1)
    text = "".join(draw.choices("abcdefgh 一二三", k=1_000_000))
    sample = "".join(draw.choices("abcdefgh 一二三", k=5000)) + text[500_000:500_180]
    assert Source([text]).longest_run([sample]).text == text[500_000:500_180]
