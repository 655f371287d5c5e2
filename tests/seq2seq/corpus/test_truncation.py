"""Counting how much was cut."""

import json

from seq2seq.corpus.truncation import Truncation


def test_what_was_cut_is_told_with_its_first_place() -> None:
    truncation = Truncation(400)
    truncation.count(300, 0, "a:1")
    assert truncation.sentence() == ""
    truncation.count(500, 100, "a:2")
    assert truncation.sentence() == (
        "1 of 2 sources was cut to 400 pieces (first at a:2); 12.5 % of all source pieces were lost."
    )
    for place in ("", "a:3"):
        truncation.count(1200, 800, place)
    assert truncation.sentence("document") == (
        "3 of 4 documents were cut to 400 pieces (first at a:2); 53.1 % of all source pieces were lost."
    )
    assert Truncation.from_json(json.loads(json.dumps(truncation.to_json()))) == truncation


def test_a_place_that_nobody_knows_is_not_told() -> None:
    truncation = Truncation(1_000)
    truncation.count(1_001, 1, "")
    truncation.count(1_001, 1, "a:2")
    assert truncation.sentence().startswith("2 of 2 sources were cut to 1,000 pieces; 0.1 % of all")
