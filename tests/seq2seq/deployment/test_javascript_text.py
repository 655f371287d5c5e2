"""Sentences, speakers and random choices are the same in JavaScript and in Python."""

import random

import numpy as np
import pytest

from seq2seq.arrays import softmax
from seq2seq.decoding.options import SamplingOptions
from seq2seq.decoding.sampling import truncate
from seq2seq.deployment.web_model import _camel_case
from seq2seq.metrics.sentences import sentences
from seq2seq_summarization.reader import speaker
from tests.seq2seq.deployment.javascript import needs_node, result, results

PARTS = (
    *("Dr. Smith", "met", "Mr.", "J. R. Müller", "in the U.S.", "at 5 p.m.", "No. 7", "Am 3. Januar", "z. B.", "etc."),
    *("He said: “Stop!”", "“Why?” she asked.", '"Yes."', "'No!'", "...", "…", ". . .", "Fig. 3", "1. first", "3.14"),
    *(
        "他说：“走吧。”",
        "你好！",
        "为什么？？",
        "（真的。）",
        "「行く。」と言った",
        "水；火；",
        "Hi!你好",
        "甲。乙",
        "a?b",
        "Ｏ．Ｋ",
    ),
    *(
        "-rrb- .",
        "'' .",
        "the end . the next",
        "I. Am",
        "vgl. Abb. 2",
        "\n",
        "\r\n",
        "\u2028",
        "\x85",
        "\t",
        "  ",
        "<s>",
    ),
)
NAMES = (
    *(
        "Anna",
        "The mayor of the city",
        "the new mayor said",
        "安娜",
        "主持人安娜和她的朋友们",
        "1st",
        "12",
        "12:30",
        "http",
    ),
    *("Dr. No", "A, B", "", " ", "Éva", "²", "①", "Zoë\u3000X", "𠀀𠀁"),
)


def texts(count: int) -> list[str]:
    """Return texts of sentences with abbreviations, numbers, quotations and Chinese."""
    draw = random.Random(3)
    return [draw.choice((" ", " ", "")).join(draw.choices(PARTS, k=draw.randrange(1, 12))) for _ in range(count)]


@needs_node
def test_texts_are_split_into_the_same_sentences() -> None:
    given = texts(3000)
    for text, found in zip(given, result("sentences", texts=given), strict=True):
        assert found == sentences(text), ascii(text)


@needs_node
def test_lines_have_the_same_speakers() -> None:
    colons, rests = (
        (":", ": ", "：", " : ", " ： ", "：//", ":30", "：30", "：305"),
        ("hello", "你好", "", "a: b", " x\u2028y"),
    )
    lines = [name + colon + rest for name in NAMES for colon in colons for rest in rests]
    for line, found in zip(lines, result("speakers", lines=lines), strict=True):
        assert tuple(found) == speaker(line), ascii(line)


@needs_node
@pytest.mark.parametrize(("seed", "number"), [(0, 0), (1, 3 << 40), (2**64 - 5, (2 << 40) + (7 << 30)), (2**40, 1)])
def test_random_numbers_are_those_of_numpy(seed: int, number: int) -> None:
    found = result("uniform", seed=str(seed), number=str(number), count=300)
    assert found == np.random.default_rng([seed, number]).random(300).tolist()


@needs_node
def test_a_truncated_distribution_is_the_same() -> None:
    numbers = np.random.default_rng(5)
    options = [
        SamplingOptions(temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p)
        for temperature in (0.3, 1.0, 2.0)
        for top_k in (0, 1, 40)
        for top_p in (0.05, 0.9, 1.0)
        for min_p in (0.0, 0.05)
    ]
    scores = np.log(softmax(numbers.normal(0, 3, (len(options), 700)).astype(np.float32)))
    requests = [
        {"call": "truncate", "scores": row.tolist(), "options": _camel_case(each.to_json())}
        for row, each in zip(scores, options, strict=True)
    ]
    for row, each, found in zip(scores, options, results(requests), strict=True):
        wanted = softmax(truncate(row[None], each))[0]
        assert (np.array(found) > 0).tolist() == (wanted > 0).tolist(), each
        np.testing.assert_allclose(found, wanted, atol=1e-6, err_msg=str(each))
