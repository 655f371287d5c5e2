"""Checks the accessibility of pages with axe-core, which npm fetches when it is needed."""

import runpy
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.environments import REPOSITORY
from tests.webdriver import Browser

PACKAGE = "axe-core@4.14.1"
SHA512 = (
    "1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b73"
    "4f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5"
)


@cache
def _code() -> str:
    """Return axe-core's JavaScript; '' if it cannot be fetched."""
    if shutil.which("npm") is None:
        return ""
    fetch = runpy.run_path(str(REPOSITORY / "packaging" / "web" / "runtime_files.py"))["fetch"]
    with tempfile.TemporaryDirectory() as folder:
        try:
            archive = fetch(PACKAGE, SHA512, Path(folder))
        except subprocess.CalledProcessError:
            return ""  # no network
        with tarfile.open(archive) as opened:
            content = opened.extractfile("package/axe.min.js")
            assert content is not None
            return content.read().decode()


def require_accessible(page: Browser) -> None:
    """Check that axe-core has no serious or critical finding about the page as it is."""
    code = _code()
    if not code:
        pytest.skip("axe-core cannot be fetched: no npm, or no network")
    # Not as a script of the page, whose policy would forbid it.
    page.devtools("Runtime.evaluate", expression=code)
    passed, findings = page.run("const { passes, violations } = await axe.run(document); return [passes, violations];")
    assert len(passed) > 10, passed
    assert [
        (finding["id"], [(node["html"][:200], node["failureSummary"]) for node in finding["nodes"]])
        for finding in findings
        if finding["impact"] in ("serious", "critical")
    ] == []
