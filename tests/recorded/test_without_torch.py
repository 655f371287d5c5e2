"""Models exported for ONNX Runtime print what was recorded of PyTorch's, in a process without PyTorch."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.models import bundle
from tests.environments import REPOSITORY
from tests.recorded.commands import COMMANDS, FILES
from tests.recorded.models import MODELS, write
from tests.recorded.recording import TOLERANCE, parts, record

FEW = ("translator", "summarizer", "partner", "author")
"""Models whose first commands the fast test runs."""
FIRST = 4
"""Number of commands of each of these models."""


def exported(folder: Path, names: Iterable[str]) -> Path:
    """Return a folder with exported models and the files that the commands read."""
    write(folder / "torch")
    place = folder / "onnx"
    place.mkdir()
    for name in names:
        write_onnx(place / name, bundle.load(folder / "torch" / name), "float32", ())
    for name, content in FILES.items():
        (place / name).write_text(content, encoding="utf-8")
    return place


def require_as_recorded(folder: Path, commands: Sequence[tuple[str, str]]) -> None:
    """Run commands in a process without PyTorch, and compare what they print with the record."""
    path = f"{REPOSITORY}:{REPOSITORY / 'tasks'}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.recorded.without_torch", str(folder)],
        input=json.dumps(commands),
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env={"PYTHONPATH": path, "XDG_STATE_HOME": str(folder.parent), "PYTHONUTF8": "1"},
    )
    assert done.returncode == 0, done.stderr
    found, recorded = json.loads(done.stdout), record()
    assert list(found) == [" ".join(command.split()) for command, _ in commands]
    for command, text in found.items():
        (said, numbers), (wanted, values) = parts(text), parts(recorded[command])
        assert said == wanted, command
        assert numbers == pytest.approx(values, abs=TOLERANCE), command


def test_every_verb_prints_what_was_recorded_without_torch(tmp_path: Path) -> None:
    of_model: dict[str, list[tuple[str, str]]] = {name: [] for name in FEW}
    for command, given in COMMANDS:
        words = command.split()
        if words[1] in FEW and not {"--lm", "--reverse"} & set(words):
            of_model[words[1]].append((command, given))
    chosen = [command for name in FEW for command in (*of_model[name][:FIRST], *of_model[name][-2:])]
    assert {command.split()[0] for command, _ in chosen} == {"translate", "summarize", "chat", "generate", "score"}
    require_as_recorded(exported(tmp_path, FEW), chosen)


@pytest.mark.slow
def test_every_output_is_as_recorded_without_torch(tmp_path: Path) -> None:
    require_as_recorded(exported(tmp_path, MODELS), COMMANDS)
