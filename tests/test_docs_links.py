"""Every link of the documents leads somewhere, and every file that they name exists."""

import re
from pathlib import Path

import pytest

from tests.scripts import script

ROOT = Path(__file__).parents[1]
FOLDERS = r"(?:seq2seq|tasks|tests|docs|configs|data|benchmarks|\.ci)"
# A placeholder, such as `configs/*.yaml` or `data/NAME/prepare.py`, is not a file.
NAMED = re.compile(rf"(?<![\w./*<>-]){FOLDERS}/[\w./-]+\.(?:py|md|ya?ml|toml|svg)(?![\w/*<>-])")
CODE = re.compile(r"^```(?:sh|bash|console)\n(.*?)^```", re.DOTALL | re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)


checker = script("docs/check_links.py")


def named_files(text: str) -> list[str]:
    """Return the files of the repository that a document names in inline code and in commands."""
    spans = re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    names = [name for span in [*spans, *CODE.findall(text)] for name in NAMED.findall(span)]
    return [name for name in dict.fromkeys(names) if not any(part.isupper() for part in name.split("/")[1:-1])]


def exists(name: str) -> bool:
    """Whether a named file exists; in a wheel, ``seq2seq/configs`` holds what ``configs`` holds here."""
    return (ROOT / name).is_file() or (ROOT / name.removeprefix("seq2seq/")).is_file()


PAGES = [*sorted(ROOT.glob("README*.md")), ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", checker.documents(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert checker.faults(page) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_named_file_exists(page: Path) -> None:
    assert [name for name in named_files(page.read_text(encoding="utf-8")) if not exists(name)] == []


def test_names_are_found_where_they_stand() -> None:
    text = (
        "See `docs/no.md`, `python seq2seq/none.py --all`, `configs/*/x.yaml`, `data/NAME/prepare.py`, not docs/a.md.\n"
        "```python\n# tests/other.py\n```\n\n```sh\npython data/gone/prepare.py --folder raw\n```\n"
    )
    assert named_files(text) == ["docs/no.md", "seq2seq/none.py", "data/gone/prepare.py"]
    assert exists("seq2seq/network/lstm.py")
    assert not exists("seq2seq/none.py")


def test_a_dead_link_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "ROOT", tmp_path)
    (tmp_path / "there.md").write_text("# 一个 标题\n", encoding="utf-8")
    page = tmp_path / "README.md"
    page.write_text(
        "[a](there.md) [b](there.md#一个-标题) [c](gone.md) [d](there.md#gone) [e](https://example.org)\n",
        encoding="utf-8",
    )
    assert checker.faults(page) == [
        "README.md: the link gone.md leads to no file",
        "README.md: the link there.md#gone leads to no heading",
    ]
