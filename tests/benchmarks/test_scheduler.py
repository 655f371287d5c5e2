"""The benchmark of the scheduler compares it with one call of the model."""

import json
from pathlib import Path

import pytest

from benchmarks import scheduler
from tests.recorded.models import write


@pytest.mark.slow
def test_greedy_search_and_beams_are_measured(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.en").write_text("the big dog eats\ntwo books\na small cat\n", encoding="utf-8")
    found = tmp_path / "figures.json"
    scheduler.main(
        [str(tmp_path / "translator"), str(tmp_path / "a.en"), "--clients", "2", "--rounds", "1", "--json", str(found)]
    )
    figures = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert [each["beams"] for each in figures] == [1, 5]
    assert all(each["equal"] == 1.0 and each["served"] > 0 and 1 <= each["batch"] <= 2 for each in figures)
