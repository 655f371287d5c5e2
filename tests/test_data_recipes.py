"""The recipes of parallel corpora: accepted and refused files; running twice changes nothing."""

import bz2
import gzip
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.normalization import comparable
from seq2seq.errors import UserError
from tests.corpora import DATA, load, state

multi30k = load("multi30k")
tatoeba = load("tatoeba")


# --- Multi30k

SMALL = {"train": 3, "val": 2}


def captions(folder: Path, language: str, *, compress: bool = True) -> None:
    folder.mkdir(exist_ok=True)
    for split, count in SMALL.items():
        text = "".join(f"Ein  Bild\u00a0{number} ({language}).\n" for number in range(count)).encode()
        name = f"{split}.{language}"
        (folder / (name + ".gz" if compress else name)).write_bytes(gzip.compress(text) if compress else text)


@pytest.mark.parametrize("compress", [True, False])
def test_multi30k_twice_changes_nothing(tmp_path: Path, compress: bool) -> None:
    for language in ("en", "de"):
        captions(tmp_path / "mine", language, compress=compress)
    to = tmp_path / "to"
    multi30k.prepare(to, ["en", "de"], tmp_path / "mine", False, SMALL)
    once = state(to)
    assert len(once) == 8
    assert once["processed/train.de"][1].decode() == "".join(f"Ein Bild {number} (de).\n" for number in range(3))
    multi30k.prepare(to, ["en", "de"], tmp_path / "mine", False, SMALL)
    multi30k.prepare(to, ["en", "de"], None, False, SMALL)  # from raw/ alone
    assert state(to) == once


def test_multi30k_downloads_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    captions(tmp_path / "server", "en")
    monkeypatch.setattr(multi30k, "ADDRESS", (tmp_path / "server").as_uri() + "/{name}.gz")
    multi30k.prepare(tmp_path / "to", ["en"], None, True, SMALL)
    assert sorted(state(tmp_path / "to")) == [
        "processed/train.en",
        "processed/val.en",
        "raw/train.en.gz",
        "raw/val.en.gz",
    ]


def test_multi30k_refuses(tmp_path: Path) -> None:
    captions(tmp_path / "mine", "en", compress=False)
    with pytest.raises(UserError, match=r"There is no .*train.en.gz yet: give --from FOLDER .*or --download"):
        multi30k.prepare(tmp_path / "to", ["en"], None, False, SMALL)
    with pytest.raises(UserError, match=r"There is no folder .*nowhere: --from must name the folder with the files"):
        multi30k.prepare(tmp_path / "to", ["en"], tmp_path / "nowhere", False, SMALL)
    with pytest.raises(UserError, match=r"mine has neither train.de nor train.de.gz; name the languages"):
        multi30k.prepare(tmp_path / "to", ["de"], tmp_path / "mine", False, SMALL)
    with pytest.raises(UserError, match=r"train.en has 3 lines, but train of Multi30k has 29,000"):
        multi30k.prepare(tmp_path / "to", ["en"], tmp_path / "mine", False, multi30k.LINES)
    (tmp_path / "mine" / "val.en").write_text("a\n \n", encoding="utf-8")
    with pytest.raises(UserError, match=r"val\.en, line 2 is empty, so its translation has no counterpart\."):
        multi30k.prepare(tmp_path / "to", ["en"], tmp_path / "mine", False, SMALL)


def test_multi30k_tells_of_another_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    captions(tmp_path / "mine", "en")
    multi30k.prepare(tmp_path / "to", ["en"], tmp_path / "mine", False, SMALL)
    assert capsys.readouterr().err.count("differs from the text that docs/results.md was measured on") == 2


def test_multi30k_readme_and_script_name_the_same_checksums() -> None:
    table = re.findall(
        r"\| `([\w.]+)` \| `([0-9a-f]{64})` \|", (DATA / "multi30k" / "README.md").read_text(encoding="utf-8")
    )
    assert dict(table) == multi30k.CHECKSUMS


# --- Tatoeba


def exports(folder: Path) -> None:
    folder.mkdir()
    english = "".join(f"{n}\teng\tSentence  {n}.\tCK\t\\N\t\\N\n" for n in range(1, 401))
    chinese = "".join(f"{n + 1000}\tcmn\t句子{n}。\tMartha\t\\N\t\\N\n" for n in range(1, 401))
    links = "".join(f"{n + 1000}\t{n}\n" for n in range(1, 401)) + "1001\t2\n9999\t1\n"
    contents = {tatoeba.ENGLISH: english, tatoeba.CHINESE: chinese, tatoeba.LINKS: links}
    for name, text in contents.items():
        (folder / name).write_bytes(bz2.compress(text.encode()))


def test_tatoeba_from_exports(tmp_path: Path) -> None:
    exports(tmp_path / "mine")
    to = tmp_path / "to"
    tatoeba.prepare(to, tmp_path / "mine", False)
    once = state(to)
    texts = {name: content.decode().splitlines() for name, (_, content) in once.items() if "processed" in name}
    assert sum(len(texts[f"processed/{split}.en"]) for split in tatoeba.SPLITS) == 401
    assert len(texts["processed/train.en"]) > 350
    where = texts["processed/train.en"].index("Sentence 7.")
    assert texts["processed/train.zh"][where] == "句子7。"
    expected = "CC-BY 2.0 (France) Attribution: tatoeba.org #7 (CK) & #1007 (Martha)"
    assert texts["processed/train.attribution"][where] == expected
    tatoeba.prepare(to, tmp_path / "mine", False)
    tatoeba.prepare(to, None, False)
    assert state(to) == once


def test_tatoeba_downloads_the_exports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports(tmp_path / "server")
    monkeypatch.setattr(tatoeba, "ADDRESS", (tmp_path / "server").as_uri() + "/{name}")
    tatoeba.prepare(tmp_path / "to", None, True)
    assert (tmp_path / "to" / "processed" / "test.zh").exists()


def ready(folder: Path, **changes: str) -> None:
    folder.mkdir(exist_ok=True)
    for split in tatoeba.SPLITS:
        texts = {"en": f"In {split}.\n", "zh": f"在{split}。\n", "attribution": "CC-BY 2.0 (France) ...\n"}
        for kind, text in texts.items():
            (folder / f"{split}.{kind}.gz").write_bytes(gzip.compress(changes.get(f"{split}_{kind}", text).encode()))


def test_tatoeba_keeps_given_splits(tmp_path: Path) -> None:
    ready(tmp_path / "mine")
    tatoeba.prepare(tmp_path / "to", tmp_path / "mine", False)
    once = state(tmp_path / "to")
    assert once["processed/valid.zh"][1].decode() == "在valid。\n"
    tatoeba.prepare(tmp_path / "to", tmp_path / "mine", False)
    assert state(tmp_path / "to") == once
    # Exports given later take the place of the split text, in raw/ too.
    exports(tmp_path / "exports")
    tatoeba.prepare(tmp_path / "to", tmp_path / "exports", False)
    assert sorted(path.name for path in (tmp_path / "to" / "raw").iterdir()) == sorted(tatoeba.EXPORTS)


def test_tatoeba_refuses(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"raw contains nothing yet: give --from FOLDER .*or --download"):
        tatoeba.prepare(tmp_path / "to", None, False)
    with pytest.raises(UserError, match=r"There is no folder .*nowhere: --from must name the folder with the files"):
        tatoeba.prepare(tmp_path / "to", tmp_path / "nowhere", False)
    with pytest.raises(UserError, match=r"has neither the nine files train.en.gz, .* nor the three exports eng_sent"):
        tatoeba.prepare(tmp_path / "to", tmp_path, False)
    ready(tmp_path / "mine", test_en="in VALID\n")
    with pytest.raises(UserError, match=r"test.en.gz, line 1: 'in VALID' is also in valid"):
        tatoeba.prepare(tmp_path / "to", tmp_path / "mine", False)
    ready(tmp_path / "mine", test_en="one\ntwo\n")
    with pytest.raises(UserError, match=r"not aligned: test.en has 2, test.zh has 1, test.attribution has 1 lines"):
        tatoeba.prepare(tmp_path / "to", tmp_path / "mine", False)
    exports(tmp_path / "exports")
    links = tmp_path / "exports" / tatoeba.LINKS
    links.write_bytes(bz2.compress(b"1001\t1\n"))
    with pytest.raises(UserError, match=r"too few pairs \(1\): valid would be empty|too few pairs \(1\): test would"):
        tatoeba.prepare(tmp_path / "few", tmp_path / "exports", False)
    links.write_bytes(bz2.compress(b"1001\t1\n" * 1000)[:-10])
    with pytest.raises(UserError, match=r"links.tsv.bz2 is damaged: .* Download it again"):
        tatoeba.prepare(tmp_path / "cut", tmp_path / "exports", False)
    (tmp_path / "exports" / tatoeba.ENGLISH).write_bytes(bz2.compress(b"1\teng\tOnly three.\n"))
    with pytest.raises(UserError, match=r"detailed.tsv.bz2, line 1: 4 columns or more are needed"):
        tatoeba.prepare(tmp_path / "columns", tmp_path / "exports", False)


SENTENCES = st.integers(0, 400)


@settings(max_examples=25)
@given(st.lists(st.tuples(SENTENCES, SENTENCES), max_size=300), st.randoms(use_true_random=False))
def test_tatoeba_splits_share_no_sentence(numbers: list[tuple[int, int]], random: Random) -> None:
    pairs = [tatoeba.Pair(f"S {one}!", f"句{two}。", "x") for one, two in numbers]
    divided = tatoeba.split(pairs)
    assert sum(map(len, divided.values())) == len(set(numbers))
    for side in (0, 1):
        keys = [{comparable(pair[side]) for pair in part} for part in divided.values()]
        assert sum(map(len, keys)) == len(set.union(*keys))
    random.shuffle(pairs)
    again = tatoeba.split(pairs)
    assert {name: [pair[:2] for pair in part] for name, part in again.items()} == {
        name: [pair[:2] for pair in part] for name, part in divided.items()
    }


def test_tatoeba_needs_letters() -> None:
    assert tatoeba.split([tatoeba.Pair("?", "？", "x")]) == {"train": [], "valid": [], "test": []}
