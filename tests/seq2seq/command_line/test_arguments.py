"""Arguments that no verb accepts: numbers beyond 64 bits, and dashes in place of a value."""

import pytest

from seq2seq.command_line.arguments import Parser, add_options, chosen, counted_seed
from seq2seq.decoding.options import SamplingOptions
from seq2seq.errors import UserError


def parser() -> Parser:
    made = Parser("probe", "Probe.")
    made.add_argument("--samples", type=int)
    made.add_argument("--text")
    made.add_argument("files", nargs="*")
    add_options(made, "drawing", SamplingOptions)
    return made


@pytest.mark.parametrize("option", ["--samples", "--seed", "--top_k"])
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**30])
def test_whole_numbers_have_64_bits(option: str, number: int) -> None:
    with pytest.raises(UserError, match=rf"^Argument {option}: {number} is outside the 64-bit range\. See seq2seq"):
        parser().parse_args([f"{option}={number}"])


@pytest.mark.parametrize("word", ["--", "x", "1" * 5000, "", "1.0"])
def test_what_is_no_number_is_named(word: str) -> None:
    with pytest.raises(UserError, match=r"^Argument --(samples|seed): invalid int value: '"):
        parser().parse_args([f"--samples={word}"])
    with pytest.raises(UserError, match=r"^Argument --(samples|seed): invalid int value: '"):
        parser().parse_args([f"--seed={word}"])


def test_dashes_are_a_text_where_a_text_is_meant() -> None:
    typed = parser().parse_args(["--text=--", "--samples=9223372036854775807", "--", "--a"])
    assert (typed.text, typed.samples, typed.files) == ("--", 2**63 - 1, ["--a"])
    with pytest.raises(UserError, match=r"^Argument --text: expected one argument"):
        parser().parse_args(["--text", "--"])


def test_a_seed_is_not_negative() -> None:
    counted_seed(0)
    with pytest.raises(UserError, match=r"^--seed is -1, but it must not be negative"):
        counted_seed(-1)
    assert chosen(SamplingOptions(), parser().parse_args(["--seed", "7"])).seed == 7
