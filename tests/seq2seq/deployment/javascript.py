"""Runs the page's engine in Node.js."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.environments import REPOSITORY

ENGINE = REPOSITORY / "seq2seq" / "page" / "engine"
NODE = shutil.which("node")
RUNTIME = find_spec("seq2seq_web_runtime")
needs_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")
needs_runtime = pytest.mark.skipif(
    NODE is None or RUNTIME is None, reason="Node.js, or ONNX Runtime for browsers (make web), is not installed"
)


def results(requests: Sequence[dict[str, Any]]) -> list[Any]:
    """Return the results of requests to ``engine.mjs``, which are served in order by one process."""
    assert NODE is not None
    places = list(RUNTIME.submodule_search_locations or ()) if RUNTIME else []
    done = subprocess.run(
        [NODE, Path(__file__).with_name("engine.mjs"), ENGINE, places[0] if places else ""],
        input=json.dumps(requests),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    found: list[Any] = json.loads(done.stdout)
    return found


def result(call: str, **request: Any) -> Any:  # noqa: ANN401 - JSON
    """Return the result of one request."""
    return results([{"call": call, **request}])[0]


def computed(module: Path, name: str, calls: list[list[Any]]) -> list[Any]:
    """Return the results of calls of a function, computed by Node.js."""
    assert NODE is not None
    script = (
        f"import {{ {name} }} from {json.dumps(module.as_uri())};"
        f"console.log(JSON.stringify({json.dumps(calls)}.map((one) => {name}(...one))));"
    )
    done = subprocess.run(
        [NODE, "--input-type=module", "-"], input=script, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found
