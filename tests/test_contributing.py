"""The files for contributors and their tools parse, and name existing targets and scripts."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.environments import REPOSITORY

GITHUB = REPOSITORY / ".github"
TARGETS = set(re.findall(r"^([a-z-]+):.*##", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
CI = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


def read(path: Path) -> Any:  # noqa: ANN401 - whatever YAML holds
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_hooks_call_targets_of_the_makefile() -> None:
    (repository,) = read(REPOSITORY / ".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local", "hooks need no network"
    assert len(repository["hooks"]) >= 2
    for hook in repository["hooks"]:
        assert hook["language"] == "system"
        assert not hook["pass_filenames"]
        make, target = hook["entry"].split()
        assert make == "make"
        assert target in TARGETS, hook["id"]


def test_the_workflow_runs_what_contributors_run() -> None:
    workflow = read(GITHUB / "workflows" / "ci.yml")
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    assert workflow["permissions"] == {"contents": "read"}
    python = next(step["with"]["python-version"] for step in job["steps"] if "python-version" in step.get("with", {}))
    assert f'requires-python = ">={python}"' in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")


def test_ci_runs_targets_of_the_makefile() -> None:
    called = set(re.findall(r"^(?:timeout .* )?make ([a-z-]+)", CI, re.MULTILINE))
    assert called <= TARGETS
    assert {"lint", "docs", "demo", "test", "test-numbers", "test-slow"} <= called


def test_the_citation_has_what_its_format_requires() -> None:
    citation = read(REPOSITORY / "CITATION.cff")
    assert citation["cff-version"] == "1.2.0"
    assert all(citation[name] for name in ("message", "title", "authors"))
    assert citation["license"] in (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.md")), ids=lambda path: path.stem)
def test_issue_templates_are_offered_and_short(path: Path) -> None:
    _, matter, body = path.read_text(encoding="utf-8").split("---\n")
    assert yaml.safe_load(matter).keys() >= {"name", "about"}
    assert len(body.split()) < 60


@pytest.mark.parametrize("name", [".github/pull_request_template.md", "CONTRIBUTING.md", ".pre-commit-config.yaml"])
def test_targets_that_are_named_exist(name: str) -> None:
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    named = [word for words in re.findall(r"(?:`|^)make ([a-z -]+)", text, re.MULTILINE) for word in words.split()]
    assert set(named) <= TARGETS, f"{name}: {set(named) - TARGETS}"


def test_the_tests_of_numbers_exist() -> None:
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    match = re.search(r"^NUMERIC := (.*)$", text, re.MULTILINE)
    assert match
    assert all((REPOSITORY / "tests" / "seq2seq" / name).exists() for name in match[1].split())
