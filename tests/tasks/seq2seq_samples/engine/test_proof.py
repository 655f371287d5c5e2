"""Findings show the first counterexample, and determine the exit status."""

import pytest

from seq2seq_samples.engine.proof import Finding, at_least, elsewhere, half_english, never, percentage, show, within


def test_a_finding_names_its_first_counterexample(capsys: pytest.CaptureFixture[str]) -> None:
    findings = [never("all is well", []), never("nothing is odd", iter(["one", "two"]))]
    assert show(findings) == 1
    assert capsys.readouterr().out == "yes: all is well\nno:  nothing is odd: one\n"
    assert show(findings[:1]) == 0


def test_counts_and_percentages_outside_their_range_are_shown() -> None:
    assert at_least("many", 3, 3) == Finding("many", "")
    assert at_least("many", 2, 3).against == "2"
    assert within("some", 5, least=5, most=5) == Finding("some", "")
    assert within("some", 4.96, least=5).against == "5.0 %"
    assert within("some", 51, most=50).against == "51.0 %"
    assert percentage([True, False, False, False]) == 25
    assert percentage([]) == 0


def test_half_of_a_split_is_english() -> None:
    assert half_english("test", [True, False]) == Finding("half of test is English", "")
    assert half_english("test", [True, True, False]).against == "not of 3"


def test_items_elsewhere_are_those_of_the_other_splits() -> None:
    assert elsewhere({"train": [1, 2], "validation": [3], "test": [4]}, "validation") == [1, 2, 4]
