"""Decides whether an input ended as it should."""

import re
import unicodedata

from tests.forked import RAISED
from tests.fuzz.trial import Outcome

CODES = (0, 1, 2, 130)
LONGEST_LINE = 1300
"""Characters of a message, with the name of the program before it; longer ones are cut."""
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")
# At a terminal the line ends in a carriage return, and a person's own keys are shown as they are.
_OBEYED = re.compile("\x1b\\]|\x1b\\[2J|[\x80-\x9f]|[\u202a-\u202e\u2066-\u2069]")


def violations(outcome: Outcome) -> list[str]:
    """Return the kinds of what is wrong; none if all is well."""
    errors = outcome.errors.decode("utf-8", "surrogateescape")
    found = []
    if outcome.executed:
        found.append("something stored in a file was executed")
    if outcome.changed:
        found.append(f"changed its input {outcome.changed[0]}")
    if outcome.code is None:
        found.append("hang: waited without end")
    elif outcome.code == RAISED or "Traceback (most recent call last)" in errors:
        found.append(f"traceback: {_raised(errors)}")
    elif outcome.code < 0:
        found.append("hang: too much processor time" if outcome.code in (-24, -9) else f"signal {-outcome.code}")
    elif outcome.code not in CODES:
        found.append(f"exit code {outcome.code}")
    elif outcome.code in (1, 2):
        found += _sentence(errors)
    if not found:
        found += _shown(errors)
    if outcome.is_terminal and _OBEYED.search(outcome.output.decode("utf-8", "replace")):
        found.append("standard output holds what a terminal obeys")
    return found


def _sentence(errors: str) -> list[str]:
    said = [line for line in errors.splitlines() if line.startswith("seq2seq: ")]
    if not said:
        return ["no sentence"]
    if len(said) > 1:
        return ["several sentences"]
    return ["text behind the sentence"] if errors.rstrip("\n").split("\n")[-1] != said[0] else []


def _shown(errors: str) -> list[str]:
    found = []
    if controls := _CONTROLS.search(errors):
        found.append(f"a message holds a control character {unicodedata.name(controls[0], hex(ord(controls[0])))}")
    if _DIRECTIONS.search(errors):
        found.append("a message turns the direction of writing")
    if max(map(len, errors.split("\n"))) > LONGEST_LINE:
        found.append("a message is too long")
    if warning := re.search(r"\w+Warning:.{0,60}", errors):
        found.append(f"a library's warning: {warning[0]}")
    return found


def _raised(errors: str) -> str:
    """Return the exception, and where in our code it was raised."""
    places = re.findall(r'File "[^"]*?/((?:seq2seq|tasks)/[^"]+)", line \d+, in (\w+)', errors)
    last = errors.strip().split("\n")[-1]
    place = f" in {places[-1][0]}:{places[-1][1]}" if places else ""
    return f"{last[:100]!a}{place}"
