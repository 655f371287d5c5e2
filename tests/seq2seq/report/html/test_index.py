"""The index page of a folder of runs: well-formed, sortable, in Chinese, with links to files only."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from seq2seq.plugin.phrases import phrases
from seq2seq.plugin.report_blocks import Figure
from seq2seq.report.html.index import MADE_BY, duration, index_page
from seq2seq.report.language import say_in
from seq2seq.report.run_list import Evaluation, Run
from seq2seq_translation import Translation
from tests.seq2seq.report.sample_reports import HOSTILE, Checker


class Linking(Checker):
    """A checker that accepts links to files beside the page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record links; everything else is checked as in other pages."""
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))
            attrs = []
        super().handle_starttag(tag, attrs)


def run(name: str, figures: tuple[Figure, ...] = (), **fields: object) -> Run:
    """Return a run of the toy task with a report."""
    path = Path("/runs") / name
    evaluation = Evaluation("test", path / "evaluation-test" / "report.html", "2026-01-02", figures, 5)
    values: dict[str, object] = {"task": "toy", "data": name, "date": "2026-01-02", "evaluations": (evaluation,)}
    return Run(path, name, figures=figures, **{**values, **fields})  # type: ignore[arg-type]


def rows(page: str) -> list[list[tuple[str, str]]]:
    """Return the sort keys and the texts of the cells of each row."""
    lines = re.findall(r"<tr>(<td.*?)</tr>", page)
    cells = (re.findall(r'<td[^>]*data-sort="([^"]*)">(.*?)</td>', row) for row in lines)
    return [[(key, re.sub("<[^>]+>", " ", content).strip()) for key, content in row] for row in cells]


def test_a_table_for_each_task_with_its_key_figures_as_columns() -> None:
    bleu = Figure("BLEU", 31.25, 30.0, 32.5, unit="points of 100")
    facts = Figure("facts remembered", 91.5, 90.0, 93.0)
    both = [
        run("a", (bleu,), seconds=125.0, steps=1_500, weights=2_000_000),
        run("b", (facts,), task="other", is_validated=True, state="not evaluated yet", evaluations=()),
    ]
    page = index_page(Path("/runs"), both, Path("/runs/index.html"))
    first, second = rows(page)  # tasks in alphabetical order
    assert [key for key, _ in first] == ["b", "b", "91.5", "", "", "", "2026-01-02", ""]
    assert first[0][1].split() == ["b", "not", "evaluated", "yet"]
    assert first[2][1].split() == ["91.5", "%", "90.0", "to", "93.0", "validation"]
    assert [key for key, _ in second] == ["a", "a", "31.25", "1500", "2000000", "125", "2026-01-02", ""]
    assert [text for _, text in second][3:] == ["1,500", "2,000,000", "2 min 5 s", "2026-01-02", "test"]
    assert page.count('class="data stack index sortable"') == 2
    assert 'data-search="runs-0 runs-1"' in page
    assert "2 runs · 1 evaluated" in page
    assert MADE_BY in page[:2_000]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_of_folders_cannot_leave_their_place(language: str) -> None:
    name = HOSTILE.replace("\x00", "").replace("\ud800", "")
    hostile = [run(name, (Figure(name, 1.0),), faults=[name], state=name), run("javascript:alert(1)")]
    page = index_page(Path("/runs"), hostile, Path("/runs/index.html"), say_in(language), language)
    checker = Linking()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    assert "<script>alert" not in page
    assert len(checker.links) == 2
    for link in checker.links:
        assert link.startswith("./")
        assert not set("<>\"' ") & set(link)
    assert unquote(checker.links[1]) == "./javascript:alert(1)/evaluation-test/report.html"


def test_links_lead_from_where_the_page_is(tmp_path: Path) -> None:
    page = index_page(Path("/runs"), [run("我们/a b")], Path("/pages/index.html"))
    checker = Linking()
    checker.feed(page)
    assert [unquote(link) for link in checker.links] == ["../runs/我们/a b/evaluation-test/report.html"]


def test_a_chinese_page_holds_no_english_of_ours() -> None:
    runs = [
        run("a", (Figure("BLEU", 31.25, 30.0, 32.5),), seconds=4_000.0, task="translation"),
        run("b", state="in training", evaluations=(), faults=["config.yaml is missing"], task=""),
    ]
    page = index_page(Path("/跑"), runs, Path("/跑/index.html"), say_in("zh", phrases(Translation(), "zh")), "zh")
    checker = Linking()
    checker.feed(page)
    known = {"BLEU", "a", "b", "test", "seq", "report", "compare", "config", "yaml", "AND"}
    words = set(re.findall("[A-Za-z]+", " ".join(checker.texts)))
    assert words <= known
    assert "1 小时 6 分" in page
    assert "正在训练" in page


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3_599.4, "59 min 59 s"), (7_260.0, "2 h 1 min")],
)
def test_durations(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
