"""Models exported for ONNX Runtime print what was recorded of PyTorch's, in a process without PyTorch."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.environments import REPOSITORY
from tests.recorded.commands import FILES
from tests.recorded.models import MODELS, write
from tests.recorded.recording import TOLERANCE, parts, record


@pytest.mark.slow
def test_every_output_is_as_recorded_without_torch(tmp_path: Path) -> None:
    from seq2seq.deployment.onnx_folder import write_onnx
    from seq2seq.models import bundle

    write(tmp_path / "torch")
    exported = tmp_path / "onnx"
    exported.mkdir()
    for name in MODELS:
        write_onnx(exported / name, bundle.load(tmp_path / "torch" / name), "float32", ())
    for name, content in FILES.items():
        (exported / name).write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "tests.recorded.without_torch", str(exported)]
    path = f"{REPOSITORY}:{REPOSITORY / 'tasks'}"
    environment = {"PYTHONPATH": path, "XDG_STATE_HOME": str(tmp_path), "PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY, env=environment)
    assert done.returncode == 0, done.stderr
    found, recorded = json.loads(done.stdout), record()
    assert list(found) == list(recorded)
    for command_line, text in found.items():
        (said, numbers), (wanted, values) = parts(text), parts(recorded[command_line])
        assert said == wanted, command_line
        assert numbers == pytest.approx(values, abs=TOLERANCE), command_line
