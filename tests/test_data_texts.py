"""The recipes of running text: their formats, exact spaces, and refusals."""

import gzip
import re
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.recipes.texts import TextCorpus, prepare
from tests.corpora import DATA, load, state

MODULES = {name: load(name) for name in ("tinyshakespeare", "ptb", "wikitext2")}
WHOLE = "ROMEO:\n  Is the day so young?  \n\n" * 30


def corpus(name: str) -> TextCorpus:
    value = MODULES[name].CORPUS
    assert isinstance(value, TextCorpus)
    return value


def write(folder: Path, texts: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        content = text.encode()
        (folder / name).write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return folder


def test_shakespeare_is_cut_as_by_everybody_and_kept_to_the_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shakespeare, to = corpus("tinyshakespeare"), tmp_path / "to"
    prepare(shakespeare, to, write(tmp_path / "whole", {"input.txt": WHOLE}), False)
    once = state(to)
    assert capsys.readouterr().err.count("differs from the one that docs/results.md was measured on") == 3
    train, held_out, valid = (once[f"processed/{split}.txt"][1].decode() for split in ("train", "held_out", "valid"))
    assert train + held_out + valid == WHOLE
    assert len(train + held_out) == int(0.9 * len(WHOLE))
    assert train.endswith("\n")
    assert 0 < len(held_out) <= 0.05 * len(train + held_out)
    prepare(shakespeare, to, None, False)
    assert state(to) == once
    divided = write(tmp_path / "divided", {"train.txt.gz": train + held_out, "valid.txt": valid})
    prepare(shakespeare, tmp_path / "other", divided, False)
    for name in ("processed/train.txt", "processed/held_out.txt", "processed/valid.txt"):
        assert state(tmp_path / "other")[name][1] == once[name][1]


def test_shakespeare_downloads_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    server = write(tmp_path / "server", {"input.txt": WHOLE})
    prepare(replace(corpus("tinyshakespeare"), address=server.as_uri() + "/{name}"), tmp_path / "to", None, True)
    assert sorted(state(tmp_path / "to")) == [
        *(f"processed/{split}.txt" for split in ("held_out", "train", "valid")),
        "raw/input.txt",
    ]


@pytest.mark.parametrize(("name", "form"), [("ptb", "ptb.{}.txt"), ("wikitext2", "wiki.{}.tokens")])
def test_words_lose_the_blanks_around_lines(name: str, form: str, tmp_path: Path) -> None:
    text = " no it was n't <unk> monday \n \n = one @-@ two = \n"
    mine = write(tmp_path / "mine", {form.format(split): text for split in ("train", "valid", "test")})
    prepare(corpus(name), tmp_path / "to", mine, False)
    assert state(tmp_path / "to")["processed/test.txt"][1].decode() == "no it was n't <unk> monday\n\n= one @-@ two =\n"


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"raw contains no Tiny Shakespeare yet: give --from FOLDER .*, or --download"):
        prepare(corpus("tinyshakespeare"), tmp_path / "to", None, False)
    with pytest.raises(UserError, match=r"raw contains no Penn Treebank yet: give --from FOLDER with your copy\."):
        prepare(corpus("ptb"), tmp_path / "to", None, False)
    with pytest.raises(
        UserError, match=r"There is no folder .*none: --from must name the folder with the files of WikiText-2"
    ):
        prepare(corpus("wikitext2"), tmp_path / "to", tmp_path / "none", False)
    with pytest.raises(UserError, match=r"has neither train.txt, valid.txt nor input.txt \(each may be gzipped"):
        prepare(corpus("tinyshakespeare"), tmp_path / "to", write(tmp_path / "mine", {"train.txt": "a"}), False)
    with pytest.raises(UserError, match=r"train of Tiny Shakespeare would be empty: the files contain too little text"):
        prepare(corpus("tinyshakespeare"), tmp_path / "to", write(tmp_path / "few", {"input.txt": "a\n"}), False)


def test_readme_and_script_name_the_same_checksums() -> None:
    text = (DATA / "tinyshakespeare" / "README.md").read_text(encoding="utf-8")
    table = re.findall(r"\| `(\w+)` \| [\d,]+ \| `([0-9a-f]{64})` \|", text)
    assert dict(table) == dict(corpus("tinyshakespeare").checksums)
