"""The recipes of summarization corpora: their formats; running twice changes nothing."""

import gzip
import json
import re
from pathlib import Path
from types import ModuleType

import pytest

from seq2seq.errors import UserError
from seq2seq.recipes.documents import Corpus, prepare
from tests.corpora import DATA, load, state

NAMES = ("samsum", "dialogsum", "scitldr", "csl")
MODULES = {name: load(name) for name in NAMES}
samsum, dialogsum, scitldr, csl = MODULES.values()
NOTE = "differs from the one that docs/results.md was measured on"


def write(folder: Path, contents: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in contents.items():
        (folder / name).write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return folder


def jsonl(*rows: object) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows(folder: Path, split: str) -> list[dict[str, object]]:
    text = (folder / "processed" / f"{split}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n")[:-1]]


def corpus(module: ModuleType) -> Corpus:
    value = module.CORPUS
    assert isinstance(value, Corpus)
    return value


def uniform(*splits: str, count: int) -> dict[str, str]:
    """Documents in our form, in both languages."""
    return {
        f"{split}.jsonl.gz": jsonl(
            *({"id": f"{split}{n}", "source": f"A: {split} {n}\nB: 猫{n}", "target": f"猫 {n}."} for n in range(count))
        )
        for split in splits
    }


@pytest.mark.parametrize("name", NAMES)
def test_twice_changes_nothing(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = corpus(MODULES[name])
    mine = write(tmp_path / "mine", uniform(*known.needed, count=1700))
    to = tmp_path / "to"
    prepare(known, to, mine, False)
    once = state(to)
    assert {"processed/train.jsonl", "raw/train.jsonl.gz"} < set(once)
    assert rows(to, "valid")[1]["source"] == "A: valid 1\nB: 猫1"
    assert capsys.readouterr().err.count(NOTE) == len(known.checksums)
    prepare(known, to, mine, False)
    prepare(known, to, None, False)  # from raw/ alone
    assert state(to) == once


@pytest.mark.parametrize("name", NAMES)
def test_readme_and_script_name_the_same_checksums(name: str) -> None:
    text = (DATA / name / "README.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"\| `(\w+)` \| [\d,]+ \| `([0-9a-f]{64})` \|", text)) == corpus(MODULES[name]).checksums


def test_samsum_from_the_authors(tmp_path: Path) -> None:
    def chats(split: str, count: int) -> str:
        rows = [
            {"id": f"{split}{n}", "summary": f"Al is {n}.", "dialogue": f"Al: {split}\r\nBo: {n}"} for n in range(count)
        ]
        return json.dumps([*rows, {"id": "empty", "summary": "Nobody writes.", "dialogue": ""}])

    theirs = write(tmp_path / "theirs", {"train.json": chats("train", 1700), "val.json": chats("val", 3)})
    prepare(corpus(samsum), tmp_path, theirs, False)
    parts = {split: rows(tmp_path, split) for split in ("train", "choose", "valid")}
    assert {split: len(part) for split, part in parts.items()} == {"train": 900, "choose": 800, "valid": 3}
    assert len({row["id"] for row in parts["train"] + parts["choose"]}) == 1700
    assert parts["valid"][2] == {"id": "val2", "source": "Al: val\nBo: 2", "target": "Al is 2."}
    assert not (tmp_path / "processed" / "test.jsonl").exists()
    write(theirs, {"test.json": chats("test", 2)})
    prepare(corpus(samsum), tmp_path, theirs, False)
    assert len(rows(tmp_path, "test")) == 2
    assert rows(tmp_path, "choose") == parts["choose"]


def test_samsum_refuses(tmp_path: Path) -> None:
    few = write(tmp_path / "few", uniform("train", "valid", count=1599))
    with pytest.raises(UserError, match=r"train has 1,599 different documents: too few to hold 800 of them out"):
        prepare(corpus(samsum), tmp_path, few, False)
    wrong = json.dumps([{"id": "1", "text": "Al: hello"}])
    with pytest.raises(UserError, match=r"train.json, item 1: no key 'dialogue'. .*There are: id, text"):
        prepare(corpus(samsum), tmp_path, write(tmp_path / "wrong", {"train.json": wrong, "val.json": wrong}), False)


def spoken(number: int, **more: str) -> dict[str, str]:
    return {"fname": f"f{number}", "dialogue": f"#Person1#: {number}?\n#Person2#: Yes.", **more, "topic": "numbers"}


def dialogues() -> dict[str, str]:
    three = {"summary1": "One.", "topic1": "a", "summary2": "Two.", "summary3": "Three."}
    return {
        "dialogsum.train.jsonl": jsonl(*(spoken(n, summary=f"They speak of {n}.") for n in range(5))),
        "dialogsum.dev.jsonl": jsonl(spoken(4, summary="Again four."), spoken(5, summary="Five.")),
        "dialogsum.test.jsonl": jsonl(spoken(5, **three), spoken(6, **three)),
    }


def test_dialogsum_from_the_authors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    prepare(corpus(dialogsum), tmp_path, write(tmp_path / "theirs", dialogues()), False)
    assert [row["id"] for row in rows(tmp_path, "train")] == ["f0", "f1", "f2", "f3"]
    assert rows(tmp_path, "valid") == [
        {"id": "f4", "source": "#Person1#: 4?\n#Person2#: Yes.", "target": "Again four."}
    ]
    assert rows(tmp_path, "test")[1] == {
        "id": "f6",
        "source": "#Person1#: 6?\n#Person2#: Yes.",
        "target": "One.",
        "refs": ["One.", "Two.", "Three."],
    }
    assert capsys.readouterr().out.count("1 whose text is in a later split too") == 2


@pytest.mark.parametrize("name", ["dialogsum", "scitldr"])
def test_downloads_what_is_missing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = corpus(MODULES[name])
    write(tmp_path / "server", dialogues() if name == "dialogsum" else papers())
    here = Corpus(known.title, known.authors, address=(tmp_path / "server").as_uri() + "/{name}")
    prepare(here, tmp_path, None, True)
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == sorted(known.authors.files.values())
    assert rows(tmp_path, "test")
    assert known.address.format(name="x").startswith("https://")


def paper(number: int, *summaries: str) -> dict[str, object]:
    sentences = [f"We study {number}.", "It is\nlarge. "]
    return {"paper_id": f"p{number}", "source": sentences, "target": summaries, "source_labels": [0, 1], "title": "T"}


def papers() -> dict[str, str]:
    several = ("Study of it.", "They study it.")
    return {
        "train.jsonl": jsonl(paper(1, "One."), paper(2, "Two.")),
        "dev.jsonl": jsonl(paper(3, *several), paper(4, "Four.")),
        "test.jsonl": jsonl(paper(5, *several)),
    }


def test_scitldr_from_the_authors(tmp_path: Path) -> None:
    prepare(corpus(scitldr), tmp_path, write(tmp_path / "theirs", papers()), False)
    assert rows(tmp_path, "train")[0] == {"id": "p1", "source": "We study 1. It is\nlarge.", "target": "One."}
    assert [row.get("refs") for row in rows(tmp_path, "valid")] == [["Study of it.", "They study it."], None]


@pytest.mark.parametrize("value", ["One.", [], [1]])
def test_scitldr_refuses(tmp_path: Path, value: object) -> None:
    content = jsonl({"paper_id": "p", "source": ["One."], "target": value})
    files = dict.fromkeys(("train.jsonl", "dev.jsonl", "test.jsonl"), content)
    with pytest.raises(UserError, match=r"train.jsonl:1: 'target' must be a list of texts, as in the authors' files"):
        prepare(corpus(scitldr), tmp_path, write(tmp_path / "theirs", files), False)


def test_csl_from_tables(tmp_path: Path) -> None:
    quoted = '"研究""猫""的行为。"'
    names = ("train", "dev", "test")
    files = {f"summarization_csl_{name}.tsv": f"{name}标题\t{quoted}{name}\n标题{name}\t{quoted}\n" for name in names}
    files = {name: text.replace("dev标题", '"""引用""标题"') for name, text in files.items()}
    files = {name: text.replace("的行为", f"的行为{number}") for number, (name, text) in enumerate(files.items())}
    prepare(corpus(csl), tmp_path, write(tmp_path / "theirs", files), False)
    assert rows(tmp_path, "train") == [
        {"source": '"研究""猫""的行为0。"train', "target": "train标题"},
        {"source": '研究"猫"的行为0。', "target": "标题train"},
    ]
    assert rows(tmp_path, "valid")[0]["target"] == '"引用"标题'


def test_csl_refuses_a_table_of_one_column(tmp_path: Path) -> None:
    files = {f"summarization_csl_{name}.tsv": "只有标题\n" for name in ("train", "dev", "test")}
    with pytest.raises(UserError, match=r"csl_train.tsv:1: column 2 is missing; the line has 1 columns"):
        prepare(corpus(csl), tmp_path, write(tmp_path / "theirs", files), False)


def test_csl_needs_texts(tmp_path: Path) -> None:
    files = {f"{name}.jsonl": jsonl({"source": "摘要", "target": None}) for name in ("train", "valid", "test")}
    with pytest.raises(UserError, match=r"train.jsonl:1: 'target' must be a text, but it is null"):
        prepare(corpus(csl), tmp_path, write(tmp_path / "mine", files), False)
