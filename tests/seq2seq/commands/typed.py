"""Input for the verbs that apply a model, and the expected output."""

from collections.abc import Callable
from pathlib import Path

import pytest

import seq2seq
from seq2seq.command_line.outputs import one_line

TEXT = "the old dog\n\na cat sees three books\n  \nbirds\n"
TEXTS = TEXT.removesuffix("\n").split("\n")
TypeIn = Callable[[bytes | str], None]
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def expected(model: Path) -> list[str]:
    """The outputs of the Python API for the same lines."""
    return [one_line(text) for text in seq2seq.load(model).mimic(TEXTS)]
