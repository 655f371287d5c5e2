"""Options of decoding that are out of range or contradict each other."""

from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq import cli


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--beam_size", "0"], "--beam_size is 0, but it must be at least 1."),
        (["--beam_size", "200000"], "--beam_size is 200000, but it must lie between 1 and 1,000."),
        (["--length_alpha", "nan"], "--length_alpha is nan, but it must lie between 0 and 10."),
        (["--max_length", "-1"], "--max_length is -1, but it must be at least 0."),
        (["--sample", "--temperature", "inf"], "--temperature is inf, but it must lie between 0.001 and"),
        (
            ["--sample", "--temperature", "0"],
            "--temperature is 0.0, but it must be at least 0.001. For the likeliest piece each time, type --greedy",
        ),
        (["--sample", "--top_p", "nan"], "--top_p is nan, but it must be above 0 and at most 1. 1 is off."),
        (["--candidates", "-1"], "--candidates is -1, but it must be at least 0."),
        (["--reverse_weight", "nan"], "--reverse_weight is nan, but it must lie between 0 and 1,000."),
        (["--lm", "MODEL", "--lm_weight", "nan"], "--lm_weight is nan, but it must lie between 0 and 1,000."),
        (["--greedy", "--sample"], "--greedy does not sample and uses one beam: leave it out, or --sample."),
        (
            ["--greedy", "--seed", "3"],
            "--greedy does not sample and uses one beam: leave it out, or --seed.",
        ),
        (["--length_penalty", "avg"], "length_penalty is 'avg', which does not exist."),
        (
            ["--nbest", "4"],
            "4 outputs are wanted for each source, but a search with beam_size 3 finds at most that many: raise",
        ),
        (["--nbest", "0", "--sample"], "--nbest is 0, but it must be at least 1."),
        (["--nbest", "3", "--candidates", "2"], "but they are chosen from 2 candidates: raise candidates."),
        (
            ["--candidates", "9"],
            "9 candidates are wanted for each source, but a search with beam_size 3 finds",
        ),
        (
            ["--seed", "3"],
            "--temperature, --top_k, --top_p, --min_p and --seed are for sampling: add --sample.",
        ),
        (["--sample", "--search"], "--search looks for the best outputs and --sample samples: leave"),
        (["--sample", "--groups", "3"], "--groups belongs to a search: leave out --sample."),
        (["--search", "--min_p", "0.1"], "--min_p is for sampling: leave out --search."),
        (
            ["--beam_size", "3", "--seed", "1"],
            "--beam_size belongs to a search, but --seed is for sampling: leave out one of them.",
        ),
        (["--reverse_weight", "0.5"], "--reverse_weight weighs a reverse model: add --reverse MODEL."),
        (
            ["--reverse", "MODEL", "--reverse_weight", "0"],
            "--reverse names a model that ranks candidates, but --reverse_weight is 0: leave out one of them.",
        ),
        (["--reverse", "absent"], "There is no folder absent: a model is a run folder, "),
        (
            ["--reverse", "MODEL"],
            "was trained in the same direction as the model whose candidates it is to rank: train its reverse with "
            "seq2seq fit toy --data.reverse true.",
        ),
        (["--banned_file", "absent.txt"], "No file absent.txt."),
        (["--groups", "2"], "beam_size is 3, which 2 groups cannot share"),
        (
            ["--temperature", "0", "--sample"],
            "--temperature is 0.0, but it must be at least 0.001. For the likeliest piece each time, type --greedy",
        ),
        (["--ensemble_form", "linear"], "--ensemble_form says how several models are averaged: add --ensemble MODEL."),
        (["--ensemble", "MODEL", "--ensemble_form", "mean"], "--ensemble_form is 'mean'"),
        (["--utility", "meteor"], "utility is 'meteor', which does not exist."),
        (
            ["--utility", "chrf", "--length_bonus", "1"],
            "utility 'chrf' ranks candidates by itself: set length_bonus and anti_weight to 0.",
        ),
        (["--lm_weight", "1"], "--lm_weight weighs a language model: add --lm MODEL."),
        (["--anti_weight", "1"], "--anti_weight weighs a language model: add --lm MODEL."),
        (["--anti_pieces", "3"], "--anti_pieces belongs to --anti_weight: give it a weight above 0."),
    ],
)
def test_mistakes_are_sentences(
    model: Path,
    type_in: Callable[[bytes | str], None],
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    sentence: str,
) -> None:
    type_in("a cat\n")
    assert cli.main(["mimic", str(model), *(word.replace("MODEL", str(model)) for word in options)]) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
