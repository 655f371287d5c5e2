"""The recipes of dialogue corpora: their formats, and overlaps between splits."""

import json
import os
import re
import zipfile
from pathlib import Path

import pytest

from seq2seq.errors import UserError, WorldError
from seq2seq.recipes.dialogues import Corpus, main, prepare
from tests.corpora import DATA, load, state
from tests.test_data_summaries import jsonl, write

NAMES = ("dailydialog", "xdailydialog", "msctd_zh")
MODULES = {name: load(name) for name in NAMES}
dailydialog, xdailydialog, msctd_zh = MODULES.values()
chatterbot = load("chatterbot")
NOTE = "differs from the one that docs/results.md was measured on"


def corpus(name: str) -> Corpus:
    value = MODULES[name].CORPUS
    assert isinstance(value, Corpus)
    return value


def turns(folder: Path, split: str) -> list[list[str]]:
    lines = (folder / "processed" / f"{split}.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line)["turns"] for line in lines]


def uniform(train: str = "train") -> dict[str, str]:
    """Conversations in our form: one of valid stands in train, one of test in train and one in valid."""
    return {
        f"{train}.jsonl.gz": jsonl(
            {"turns": ["Hi .", "Ho!"]}, {"turns": ["你好。", "再见。", "好。"]}, {"turns": ["one"]}
        ),
        "valid.jsonl": jsonl({"turns": ["hi!", "ho"]}, {"turns": ["Where?", "There."]}),
        "test.jsonl.gz": jsonl(
            {"turns": ["你好", "再见！", "好"]},
            {"turns": ["where", "there"]},
            {"turns": ["Hi.", "a\nb", " ", "\x1b[1mc"]},
        ),
    }


@pytest.mark.parametrize("name", NAMES)
def test_twice_changes_nothing(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = write(tmp_path / "mine", uniform("part1k" if name == "xdailydialog" else "train"))
    to = tmp_path / "to"
    prepare(corpus(name), to, mine, False)
    once = state(to)
    told = capsys.readouterr()
    assert told.err.count(NOTE) == len(corpus(name).checksums) == 5
    assert "dropped from train: 1 of less than two turns" in told.out
    assert "valid: 1 of 2 are in train too; valid_unseen is without them" in told.out
    assert "test: 2 of 3 are in train or valid too; test_unseen is without them" in told.out
    assert len(turns(to, "train")) == 2
    assert turns(to, "valid_unseen") == [["Where?", "There."]]
    assert turns(to, "test")[0] == ["你好", "再见！", "好"]
    assert turns(to, "test_unseen") == [["Hi.", "a b", "[1mc"]]
    prepare(corpus(name), to, mine, False)
    prepare(corpus(name), to, None, False)  # from raw/ alone
    assert state(to) == once


@pytest.mark.parametrize("name", NAMES)
def test_readme_and_script_name_the_same_checksums(name: str) -> None:
    text = (DATA / name / "README.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"\| `(\w+)` \| [\d,]+ \| `([0-9a-f]{64})` \|", text)) == corpus(name).checksums


@pytest.mark.parametrize(
    ("name", "files"),
    [
        (
            "dailydialog",
            {
                "dialogues_train.txt": "Hi . __eou__ I don ’ t . __eou__\n\n",
                "dialogues_validation.txt": "Oh , no ! __eou__ Yes . __eou__\n",
                "dialogues_test.txt.gz": "Why ? __eou__ So . __eou__\n",
            },
        ),
        (
            "xdailydialog",
            {
                "1k_part_data/dialogues_text_Zh.txt": "Hi. __eou__ I don't.\n",
                "zh_dev_human.txt": "Oh, no!__eou__Yes.__eou__\t1\t2 1\t0 0\n",
                "zh_test_human.txt": "Why?__eou__So.__eou__\t1\t2 1\t0 0\n",
            },
        ),
        (
            "msctd_zh",
            {
                "chinese_train.txt": "x\nHi.\nI don't.\n",
                "image_index_train.txt": "[1, 2]\n",
                "chinese_dev.txt": "Oh, no!\nYes.\n",
                "image_index_dev.txt": "[0, 1]\n",
                "chinese_test.txt": "Why?\nSo.\n",
                "image_index_test.txt": "[0, 1]\n",
            },
        ),
    ],
)
def test_the_authors_files_are_read(name: str, files: dict[str, str], tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    (theirs / "1k_part_data").mkdir(parents=True)
    prepare(corpus(name), tmp_path, write(theirs, files), False)
    assert turns(tmp_path, "train") == [["Hi.", "I don't."]]
    assert turns(tmp_path, "valid") == [["Oh, no!", "Yes."]]
    assert turns(tmp_path, "test_unseen") == [["Why?", "So."]]
    # The other form takes its place.
    mine = write(tmp_path / "mine", uniform("part1k" if name == "xdailydialog" else "train"))
    prepare(corpus(name), tmp_path, mine, False)
    kept = {path.name for path in (tmp_path / "raw").rglob("*") if path.is_file()}
    assert kept == {path.name for path in mine.iterdir()}


def test_faults_are_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = corpus("dailydialog")
    with pytest.raises(UserError, match=r"raw contains no DailyDialog yet: give --from FOLDER with your copy\."):
        prepare(known, tmp_path, None, False)
    with pytest.raises(UserError, match=r"raw contains no MSCTD yet: give --from FOLDER .*, or --download"):
        prepare(corpus("msctd_zh"), tmp_path, None, False)
    with pytest.raises(UserError, match=r"has neither train.jsonl, valid.jsonl, test.jsonl nor dialogues_train.txt"):
        prepare(known, tmp_path, tmp_path, False)
    mine = write(tmp_path / "mine", {**uniform(), "valid.jsonl": jsonl({"turn": ["a", "b"]})})
    with pytest.raises(UserError, match=r"valid.jsonl:1: 'turns' must be a list of texts. There are: turn\."):
        prepare(known, tmp_path, mine, False)
    write(mine, {"valid.jsonl": jsonl({"turns": ["a"]})})
    with pytest.raises(UserError, match=r"valid.jsonl contains no conversation of two turns or more, so valid would"):
        prepare(known, tmp_path, mine, False)
    assert main(known, tmp_path / "to", ["--from", str(mine)]) == 2
    assert "so valid would be empty" in capsys.readouterr().err
    numbers = {"chinese_train.txt": "a\nb\n", "image_index_train.txt": "[0, 1]\n[0, 9]\n"}
    for split in ("dev", "test"):
        numbers |= {f"chinese_{split}.txt": "a\nb\n", f"image_index_{split}.txt": "[0, 1]\n"}
    with pytest.raises(UserError, match=r"image_index_train.txt:2: a list of numbers below 2 \(lines of chinese_train"):
        prepare(corpus("msctd_zh"), tmp_path / "films", write(tmp_path / "theirs", numbers), False)


@pytest.mark.parametrize(
    ("tokenized", "natural"),
    [
        ("Well , that ' s fine . Let ' s go .", "Well, that's fine. Let's go."),
        ("I ’ Ve no idea , I don ’ t know .", "I've no idea, I don't know."),
        ("It ‘ d be 5 o ' clock , ma ’ am", "It'd be 5 o'clock, ma'am"),
        ("I guess you are right.But what ? Hm!yes", "I guess you are right. But what? Hm! yes"),
        ("OK.Here is yahoo.com , U.S. news , Mr.Smith .", "OK. Here is yahoo.com, U.S. news, Mr. Smith."),
        ('She says " hello " to “ Ann ” .', 'She says "hello" to "Ann".'),
        ("' Yes ' , he said", "'Yes', he said"),
        ("ten minutes ' walk", "ten minutes' walk"),
        ("the boys ’ night and the girls ’ night", "the boys' night and the girls' night"),
        ('an odd " mark', 'an odd " mark'),
        ("$ 3 , 000 or 20 % ( at 8: 30 ) , 15 - inch", "$3,000 or 20% (at 8:30), 15-inch"),
        ("Mr . O ' Connell ... see . . . you", "Mr. O'Connell... see... you"),
        ("你好。 Oh 、 no", "你好. Oh, no"),
        ('Already natural, isn\'t it? "Yes."', 'Already natural, isn\'t it? "Yes."'),
        ("", ""),
    ],
)
def test_tokenized_text_becomes_natural(tokenized: str, natural: str) -> None:
    assert dailydialog.natural(tokenized) == natural


def wheel(folder: Path, files: dict[str, str]) -> Path:
    """Make a package that pip can download."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "chatterbot_corpus-1.0-py3-none-any.whl", "w") as made:
        for name, text in files.items():
            made.writestr(f"chatterbot_corpus/data/{name}", text)
        for name, text in (
            ("METADATA", "Metadata-Version: 2.1\nName: chatterbot-corpus\nVersion: 1.0\n"),
            ("WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
            ("RECORD", ""),
        ):
            made.writestr(f"chatterbot_corpus-1.0.dist-info/{name}", text)
    return folder


def questions(prefix: str, count: int) -> str:
    items = [f"- - {prefix} {number}?\n  - yes {number}\n" for number in range(count)]
    return f"categories:\n- x\nconversations:\n{''.join(items)}- alone\n- - {prefix} 1?\n  - 2\n"


FILES = {
    "english/a.yml": questions("is it", 60),
    "english/b.yml": questions("Is it", 3),
    "chinese/a.yml": questions("是", 60),
}


def test_pip_brings_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "empty"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(
        WorldError, match=r"pip could not download chatterbot-corpus \(ERROR: No matching.*--from FOLDER"
    ):
        chatterbot.prepare(tmp_path / "to", None, ["english"])
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel(tmp_path / "packages", FILES)))
    chatterbot.prepare(tmp_path / "to", None, ["english", "chinese"])
    once = state(tmp_path / "to")
    parts = {split: turns(tmp_path / "to", split) for split in ("train", "valid", "test")}
    assert sum(map(len, parts.values())) == 122
    assert min(map(len, parts.values())) > 0
    first = [{one[0].lower() for one in part} for part in parts.values()]
    assert len(first[0] | first[1] | first[2]) == sum(map(len, first))  # no question in two splits
    assert any(["is it 1?", "2"] in part for part in parts.values())
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "empty"))
    chatterbot.prepare(tmp_path / "to", None, ["english", "chinese"])  # from raw/
    assert state(tmp_path / "to") == once
    assert capsys.readouterr().err.count("fetching chatterbot-corpus with pip") == 2


def test_the_package_in_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = wheel(tmp_path / "packages", FILES)
    assert chatterbot.main(["--from", str(packed), "--to", str(tmp_path / "one"), "--languages", "chinese"]) == 0
    for name, text in FILES.items():
        (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / name).write_text(text, "utf-8")
    chatterbot.prepare(tmp_path / "two", tmp_path / "data", ["chinese"])
    assert turns(tmp_path / "one", "train") == turns(tmp_path / "two", "train")
    capsys.readouterr()
    options = ["--to", str(tmp_path / "two"), "--languages", "englisch"]
    assert chatterbot.main(options) == 2
    assert "There is no language 'englisch'. Did you mean 'english'? There are: chinese, english." in (
        capsys.readouterr().err
    )
    with pytest.raises(
        UserError, match=r"nowhere contains neither a wheel chatterbot_corpus-\*.whl nor files LANGUAGE/"
    ):
        chatterbot.prepare(tmp_path / "three", tmp_path / "nowhere", ["english"])
    (tmp_path / "data" / "english" / "a.yml").write_text("x: [\n", "utf-8")
    with pytest.raises(UserError, match=r"a.yml is damaged or not YAML"):
        chatterbot.prepare(tmp_path / "three", tmp_path / "data", ["english"])
    for text in ("conversations: 3\n", "other: []\n", "conversations:\n- 3\n"):
        (tmp_path / "data" / "english" / "a.yml").write_text(text, "utf-8")
        with pytest.raises(UserError, match=r"a.yml: 'conversations', a list of lists of texts, is needed \("):
            chatterbot.prepare(tmp_path / "three", tmp_path / "data", ["english"])
    (packed / "chatterbot_corpus-1.0-py3-none-any.whl").write_text("no zip", "utf-8")
    with pytest.raises(UserError, match=r"\.whl is damaged: File is not a zip file"):
        chatterbot.prepare(tmp_path / "three", packed, ["english"])
