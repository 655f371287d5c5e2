"""For fixed models, seeds and options, every verb prints what was recorded."""

from pathlib import Path

import pytest

from tests.recorded.commands import COMMANDS
from tests.recorded.models import MODELS
from tests.recorded.recording import TOLERANCE, outputs, parts, record


@pytest.mark.slow
def test_every_output_is_as_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    recorded = record()
    found = outputs()
    assert list(found) == list(recorded)
    for command, text in found.items():
        (said, numbers), (wanted, values) = parts(text), parts(recorded[command])
        assert said == wanted, command
        assert numbers == pytest.approx(values, abs=TOLERANCE), command


def test_the_record_covers_every_model_and_is_worth_comparing() -> None:
    recorded = record()
    words = {word for command, _ in COMMANDS for word in command.split()}
    assert set(MODELS) <= words
    assert not [command for command, text in recorded.items() if text.startswith("exit code") or not text.strip()]
    # An option that changes no output tests nothing.
    assert len(set(recorded.values())) > 0.8 * len(recorded)
