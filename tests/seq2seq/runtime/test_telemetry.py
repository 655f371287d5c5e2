"""ONNX Runtime does not report its use."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq.deployment.graph_files import write_graphs
from seq2seq.runtime import telemetry
from tests.environments import REPOSITORY
from tests.seq2seq.runtime.test_engine import network_of, text_options

LOAD = """
import sys
from pathlib import Path
from seq2seq.runtime.graphs import Graph
print(Graph(Path(sys.argv[1])).session.get_inputs()[0].name)
"""


def test_a_users_own_choice_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(telemetry.VARIABLE, raising=False)
    telemetry.disable()
    assert os.environ[telemetry.VARIABLE] == "1"
    monkeypatch.setenv(telemetry.VARIABLE, "0")
    telemetry.disable()
    assert os.environ[telemetry.VARIABLE] == "0"


def test_a_session_leaves_no_identifier(tmp_path: Path) -> None:
    write_graphs(network_of(text_options()), tmp_path)
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(tmp_path / "step.onnx")],
        env={"HOME": str(home), "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("token\n", "")
    assert list(home.iterdir()) == []
