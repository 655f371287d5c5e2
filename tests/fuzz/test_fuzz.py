"""Random inputs for all verbs: the checks themselves in the fast tests, hundreds of inputs in the slow ones."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environments import REPOSITORY
from tests.forked import RAISED
from tests.fuzz import hostile, mutation
from tests.fuzz.trial import Outcome
from tests.fuzz.verdict import violations

SECONDS, LEAST = 120, 40
"""The time limit, and the number of inputs that even a busy machine tries in it; an idle one tries about 800."""


def ended(code: int | None, errors: str = "", output: str = "", *, is_terminal: bool = False) -> Outcome:
    return Outcome(1, 1, "info", [], [], is_terminal, code, 0.1, output.encode(), errors.encode())


@pytest.mark.parametrize(
    ("outcome", "wrong"),
    [
        (ended(0, "All is well.\n", "an output\n"), []),
        (ended(2, "seq2seq: No file a. See --help.\n"), []),
        (ended(0, "", "\x1b[31m"), []),
        (ended(2), ["no sentence"]),
        (ended(1, "seq2seq: One.\nseq2seq: Two.\n"), ["several sentences"]),
        (ended(2, "seq2seq: One.\nand more\n"), ["text behind the sentence"]),
        (ended(3, "seq2seq: One.\n"), ["exit code 3"]),
        (ended(None), ["hang: waited without end"]),
        (ended(-24), ["hang: too much processor time"]),
        (ended(-11), ["signal 11"]),
        (ended(2, "seq2seq: \x1b]0;a\x07\n"), ["a message holds a control character 0x1b"]),
        (ended(0, "\u202eevil\n"), ["a message turns the direction of writing"]),
        (ended(2, f"seq2seq: {'x' * 2000}\n"), ["a message is too long"]),
        (ended(0, "", "a\x1b]0;title\x07", is_terminal=True), ["standard output holds what a terminal obeys"]),
        (
            ended(
                RAISED,
                'Traceback (most recent call last):\n  File "/x/seq2seq/files/parsing.py", line 3, in a\nKeyError: 1\n',
            ),
            ["traceback: 'KeyError: 1' in seq2seq/files/parsing.py:a"],
        ),
    ],
)
def test_what_is_wrong_is_noticed(outcome: Outcome, wrong: list[str]) -> None:
    assert violations(outcome) == wrong


def test_damage_follows_from_the_seed_and_changes_files(tmp_path: Path) -> None:
    changed = 0
    for name, content in (
        ("a.json", b'{"a": [1, {"b": null}]}'),
        ("b.yaml", b"a: 1\nb: [c]\n"),
        ("c.txt", b"some text\n"),
    ):
        for seed in range(20):
            made = []
            for _ in range(2):
                (tmp_path / name).write_bytes(content)
                mutation.damage(tmp_path / name, random.Random(seed))
                made.append((tmp_path / name).read_bytes())
            assert made[0] == made[1]
            changed += made[0] != content
    assert changed > 50
    assert hostile.content(random.Random(3)) == hostile.content(random.Random(3))


@pytest.mark.slow
def test_random_inputs_end_in_a_sentence_or_work() -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--count", "2000", "--seconds", str(SECONDS)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    inputs = int(done.stdout.split(" inputs, 0 violations")[0].split()[-1])
    print(f"{inputs} inputs in {SECONDS} seconds")
    assert inputs >= LEAST
