"""Documents with summaries: their formats, splits that share nothing, and every refusal."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.errors import UserError, WorldError
from seq2seq.recipes.documents import OURS, SPLITS, Corpus, Document, Form, apart, hold_out, prepare, recipe
from seq2seq.recipes.recipe import About, Request

CORPUS = Corpus("Toys", Form({"train": "a.json", "valid": "b.json", "test": "c.json"}), address="file:///none/{name}")


def ours(folder: Path, **texts: list[str]) -> None:
    """Write splits in our form, each summary the first letter of its text."""
    folder.mkdir(exist_ok=True)
    for split, sources in texts.items():
        rows = (json.dumps({"source": text, "target": text[:1]}, ensure_ascii=False) for text in sources)
        (folder / OURS[split]).write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def read(folder: Path, split: str) -> list[dict[str, object]]:
    text = (folder / "processed" / f"{split}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_keeps_line_breaks_and_normalises(tmp_path: Path) -> None:
    ours(tmp_path / "mine", train=["Ana:  u\u0308ben?\r\nBo: ja", "猫：你好。\n狗：再见！"], valid=["v"], test=["t"])
    prepare(CORPUS, tmp_path, tmp_path / "mine", False)
    assert [row["source"] for row in read(tmp_path, "train")] == ["Ana: üben?\nBo: ja", "猫：你好。\n狗：再见！"]


def test_both_forms_and_gzip(tmp_path: Path) -> None:
    (tmp_path / "theirs").mkdir()
    for name, number in (("a", 2), ("b", 1), ("c", 1)):
        rows = [{"id": f"{name}{n}", "source": f"{name} {n}", "target": "x", "refs": ["x", "y"]} for n in range(number)]
        (tmp_path / "theirs" / f"{name}.json.gz").write_bytes(gzip.compress(json.dumps(rows).encode()))
    ours(tmp_path / "mine", train=["one", "two"], valid=["three"], test=["four"])
    prepare(CORPUS, tmp_path, tmp_path / "mine", False)
    assert read(tmp_path, "test") == [{"source": "four", "target": "f"}]
    # Another form given later takes the place of the first, in raw/ too.
    prepare(CORPUS, tmp_path, tmp_path / "theirs", False)
    assert read(tmp_path, "valid") == [{"id": "b0", "source": "b 0", "target": "x", "refs": ["x", "y"]}]
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == ["a.json.gz", "b.json.gz", "c.json.gz"]


def test_drops_what_is_empty_or_in_a_later_split(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = ["Same, as valid!", "a", "same as  TEST", " ", "a", "谢谢，再见。", "?!", "?"]
    ours(tmp_path, train=train, valid=["same as valid", "Same as test.", "?!"], test=["same as test", "谢谢再见"])
    prepare(CORPUS, tmp_path, tmp_path, False)
    assert [row["source"] for row in read(tmp_path, "train")] == ["a", "a", "?"]
    assert [row["source"] for row in read(tmp_path, "valid")] == ["same as valid", "?!"]
    assert capsys.readouterr().out.splitlines() == [
        "dropped from train: 1 without a text or a summary",
        "dropped from train: 4 whose text is in a later split too",
        "dropped from valid: 1 whose text is in a later split too",
        f"{tmp_path / 'processed'}: 3 train, 2 valid, 2 test documents; 3 files written, the others were up to date",
    ]


def test_a_split_no_longer_given_goes(tmp_path: Path) -> None:
    corpus = Corpus("Toys", CORPUS.authors, needed=("train", "valid"))
    ours(tmp_path / "three", train=["a"], valid=["b"], test=["c"])
    ours(tmp_path / "two", train=["a"], valid=["b"])
    prepare(corpus, tmp_path, tmp_path / "three", False)
    assert read(tmp_path, "test")
    prepare(corpus, tmp_path, tmp_path / "two", False)
    assert sorted(path.name for path in (tmp_path / "processed").iterdir()) == ["train.jsonl", "valid.jsonl"]


def test_tells_of_another_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours(tmp_path, train=["a"], valid=["b"], test=["c"])
    prepare(Corpus("Toys", CORPUS.authors, checksums={"valid": "0" * 64}), tmp_path, tmp_path, False)
    assert capsys.readouterr().err == "note: valid differs from the one that docs/results.md was measured on\n"


def test_refuses(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match=r"raw contains no Toys yet: give --from FOLDER with your copy, or --download\.$"
    ):
        prepare(CORPUS, tmp_path, None, False)
    with pytest.raises(UserError, match=r"raw contains no Toys yet: give --from FOLDER with your copy\.$"):
        prepare(Corpus("Toys", CORPUS.authors), tmp_path, None, False)
    with pytest.raises(
        UserError, match=r"has neither train.jsonl, valid.jsonl, test.jsonl nor a.json, b.json, c.json "
    ):
        prepare(CORPUS, tmp_path, tmp_path, False)
    ours(tmp_path, train=["a"], valid=["A."], test=["c", "a"])
    with pytest.raises(UserError, match=r"train.jsonl contains no document of its own, so train would be empty"):
        prepare(CORPUS, tmp_path, tmp_path, False)
    with pytest.raises(UserError, match=r"train has 3 different documents: too few to hold 2 of them out"):
        hold_out([Document(text, "x") for text in ("a", "b", "A!", "c")], 2)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[{}", r"a\.json: not JSON \(.*\)\."),
        ('{"source": "x"}', r"a\.json: a JSON list of objects like"),
        ('[{"source": "x"}]', r"a\.json, item 1: no key 'target'"),
        ('[{"source": "x", "target": "y", "id": 3}]', r"a\.json, item 1: 'id' must be a text, but it is 3"),
    ],
)
def test_refuses_damaged_lists(tmp_path: Path, content: str, sentence: str) -> None:
    for name in "abc":
        (tmp_path / f"{name}.json").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        prepare(CORPUS, tmp_path, tmp_path, False)


def test_as_a_recipe(tmp_path: Path) -> None:
    about = About("toys", "summarization", ("en",), "few", "nowhere", "CC0")
    toys = recipe(CORPUS, about)
    assert toys.has_download
    assert not recipe(Corpus("Toys", CORPUS.authors), about).has_download
    with pytest.raises(WorldError, match=r"none/a.json could not be fetched"):
        toys.prepare(Request(tmp_path, is_download=True))
    with pytest.raises(UserError, match=r"raw contains no Toys yet"):
        toys.prepare(Request(tmp_path))
    ours(tmp_path / "mine", train=["a"], valid=["b"], test=["c"])
    toys.prepare(Request(tmp_path / "there", tmp_path / "mine"))
    assert read(tmp_path / "there", "train")


DOCUMENTS = st.lists(st.builds(Document, st.sampled_from("abcdefgh猫狗"), st.just("x")), max_size=5)


@settings(max_examples=30)
@given(st.dictionaries(st.sampled_from(SPLITS), DOCUMENTS, min_size=1))
def test_splits_share_nothing_and_nothing_is_lost(divided: dict[str, list[Document]]) -> None:
    kept = apart(divided)
    texts = [{document.source for document in members} for members in kept.values()]
    assert sum(map(len, texts)) == len(set().union(*texts))
    assert set().union(*texts) == {document.source for members in divided.values() for document in members}
    last = [split for split in SPLITS if split in divided][-1]
    assert kept[last] == divided[last]
    assert apart(kept) == kept


@settings(max_examples=50)
@given(st.sets(st.integers(0, 999), min_size=21, max_size=60))
def test_held_out_whatever_the_order(numbers: set[int]) -> None:
    train = [Document(f"text {number}", "x", identity=str(number)) for number in numbers]
    chosen = hold_out(train, 10)
    assert len(set(chosen)) == 10
    assert chosen == hold_out(train[::-1], 10)
    # One that is not among the chosen can leave without changing them.
    rest = next(document for document in train if document not in chosen)
    assert chosen == hold_out([document for document in train if document != rest], 10)
