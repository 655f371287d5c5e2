"""The recipe of Debian's descriptions: apt and given lists, restored line breaks, and disjoint splits."""

import bz2
import gzip
import hashlib
import json
import lzma
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.normalization import comparable
from seq2seq.errors import UserError, WorldError
from tests.corpora import load, state

debian = load("debian")
Description = debian.Description
needs_apt = pytest.mark.skipif(shutil.which("apt-get") is None, reason="there is no apt-get on this machine")
LONG = (
    "This tool reads what other tools write, sorts it by a rule of yours, and prints what is left when all is done, "
    "unless you ask it to be silent."
)


def stanza(number: int, language: str, synopsis: str, *body: str) -> str:
    digest = hashlib.md5(str(number).encode()).hexdigest()
    lines = "".join(f" {line}\n" for line in body)
    return f"Package: tool{number}\nDescription-md5: {digest}\nDescription-{language}: {synopsis}\n{lines}\n"


def english(count: int) -> str:
    body = ("as you see.", ".", "Fine.")
    return "".join(stanza(n, "en", f"tool of number {n}", f"It is tool {n},", *body) for n in range(count))


def german(count: int) -> str:
    return "".join(stanza(n, "de", f"Werkzeug {n}", f"Das ist Werkzeug {n}.", ".", "Gut.") for n in range(count))


def documents(folder: Path, split: str) -> list[dict[str, str]]:
    text = (folder / "processed" / f"{split}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("Translation-en", bytes),
        ("some.mirror_main_i18n_Translation-en.gz", gzip.compress),
        ("x_Translation-en.xz", lzma.compress),
        ("x_Translation-en.bz2", bz2.compress),
    ],
)
def test_from_given_lists(tmp_path: Path, name: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_bytes(pack(english(300).encode()))
    (tmp_path / "mine" / "x_Translation-fr").write_text("not asked for", encoding="utf-8")
    to = tmp_path / "to"
    debian.prepare(to, tmp_path / "mine", [])
    once = state(to)
    assert sorted(once) == [
        *(f"processed/{split}.jsonl" for split in ("test", "train", "valid")),
        "raw/" + name.removesuffix(".gz").removesuffix(".xz").removesuffix(".bz2") + ".gz",
    ]
    parts = {split: documents(to, split) for split in debian.SPLITS}
    assert sum(map(len, parts.values())) == 300
    assert len(parts["train"]) > 270
    row = next(row for row in parts["train"] if row["id"] == "tool7")
    assert row == {"id": "tool7", "source": "It is tool 7, as you see.\nFine.", "target": "tool of number 7"}
    debian.prepare(to, tmp_path / "mine", [])
    debian.prepare(to, None, [], "no-such-program")  # from raw/ alone
    assert state(to) == once


def test_aligned_text(tmp_path: Path) -> None:
    (tmp_path / "Translation-en").write_text(english(600), encoding="utf-8")
    text = german(590) + stanza(590, "de", "tool of number 590", "Ein Absatz.") + stanza(999, "de", "fehlt", "Fehlt.")
    (tmp_path / "Translation-de").write_text(text, encoding="utf-8")
    debian.prepare(tmp_path, tmp_path, ["de"])
    lines = {}
    for split in debian.SPLITS:
        columns = [
            (tmp_path / "processed" / f"{split}.de-en.{side}").read_text(encoding="utf-8").splitlines()
            for side in ("de", "en")
        ]
        lines[split] = list(zip(*columns, strict=True))
    assert ("Das ist Werkzeug 7.", "It is tool 7, as you see.") in lines["train"]
    assert ("Werkzeug 7", "tool of number 7") in lines["train"]
    # What everybody says stands in one split, and what was not translated, or is no longer there, in none.
    assert sum(("Gut.", "Fine.") in part for part in lines.values()) == 1
    assert sum(map(len, lines.values())) == 2 * 590 + 1
    for document in documents(tmp_path, "test"):
        assert not any(document["target"] == pair[1] for pair in lines["train"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Flowing text is|joined.|.|Next paragraph.", ["Flowing text is joined.", "Next paragraph."]),
        ("It can:| * read| * write and|   erase| - sing|Enough.",
         ["It can:", "* read", "* write and erase", "- sing", "Enough."]),
        ("- one|- two|  and more||1) three|2. four", ["- one", "- two and more", "1) three", "2. four"]),
        ("For example:|  tool --all|  tool --help|ends.", ["For example:", "tool --all", "tool --help", "ends."]),
        ("这个工具很好，|也很快。|它用 Python|写成。", ["这个工具很好，也很快。它用 Python 写成。"]),
        ("A\u00a0blank |  |.", ["A blank"]),
        ("", []),
    ],
)  # fmt: skip
def test_restores_passages(body: str, expected: list[str]) -> None:
    assert debian.passages(body.split("|")) == expected


def test_reads_the_control_format() -> None:
    first = "Package: a\nDescription-md5:  1\nSize: 3\nDescription-en:  one: two \n x\n .\n  y\n\n\n"
    text = first + "Package: b\nDescription-de: c\n z"
    assert list(debian.descriptions(text, "en", Path("f"))) == [Description("a", "1", "one: two", ("x", ".", " y"))]
    assert list(debian.descriptions(text, "de", Path("f"))) == [Description("b", "", "c", ("z",))]


def test_equal_pairs_are_one_and_empty_ones_none() -> None:
    one = Description("a", "1", "a tool", ("It is good.",))
    same, empty, nameless = one._replace(digest="2"), one._replace(body=(".",)), one._replace(synopsis="…")
    divided, home = debian.summaries([one, same, empty, nameless])
    assert sum(map(len, divided.values())) == 1
    assert set(home) == {"1", "2"}


WORDS = st.lists(st.sampled_from(["red", "blue", "猫和狗", "green"]), min_size=1, max_size=3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(WORDS, st.integers(0, 40), st.booleans()), max_size=80), st.randoms(use_true_random=False))
def test_splits_share_no_passage(drawn: list[tuple[list[str], int, bool]], random: Random) -> None:
    found = []
    for number, (words, common, is_first) in enumerate(drawn):
        passage, own = f"{LONG} {common}", f"{' '.join(words)} {number}."
        body = (passage, ".", own) if is_first else (own, ".", passage)
        found.append(Description(f"p{number}", str(number), f"tool {number}", body))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(debian, "SHARE", 0.3)
        divided, home = debian.summaries(found)
        random.shuffle(found)
        assert debian.summaries(found)[1] == home
    assert sum(map(len, divided.values())) == len(found)
    shared = [
        {part for one in members for part in one.source.split("\n") if len(comparable(part)) >= debian.PASSAGE}
        for members in divided.values()
    ]
    assert sum(map(len, shared)) == len(set().union(*shared))


def test_same_beginnings_stay_together_and_large_groups_are_trained_on() -> None:
    def group(size: int, name: str) -> set[str]:
        found = [Description(f"p{n}", str(n), f"tool {n}", (f"{name}. {LONG}", ".", f"Part {n}.")) for n in range(size)]
        return set(debian.summaries(found)[1].values())

    names = [f"name {number}" for number in range(150)]
    small = [group(debian.LARGEST_GROUP, name) for name in names]
    assert all(len(splits) == 1 for splits in small)
    assert set().union(*small) == {"train", "valid", "test"}
    assert all(group(debian.LARGEST_GROUP + 1, name) == {"train"} for name in names)


def test_refuses(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    with pytest.raises(UserError, match=r"There is no Translation-en in .*mine: name other --languages, or none"):
        debian.prepare(tmp_path / "a", mine, [])
    (mine / "Translation-en").write_text(english(3), encoding="utf-8")
    with pytest.raises(UserError, match=r"There is no Translation-ja in .*mine"):
        debian.prepare(tmp_path / "a", mine, ["ja"])
    with pytest.raises(
        UserError, match=r"too few descriptions \(\d train, \d valid, \d test\): a split would be empty"
    ):
        debian.prepare(tmp_path / "a", mine, [])
    (mine / "Translation-de").write_text(german(3), encoding="utf-8")
    (mine / "Translation-en").write_text(english(300), encoding="utf-8")
    with pytest.raises(UserError, match=r"too few texts in de and English \(\d train, 0 valid, \d test\): a"):
        debian.prepare(tmp_path / "b", mine, ["de"])
    (mine / "Translation-de").write_text(english(3), encoding="utf-8")
    with pytest.raises(UserError, match=r"The lists in .*raw hold no Description-de: remove .*raw, and give others"):
        debian.prepare(tmp_path / "c", mine, ["de"])
    (mine / "Translation-en").write_text("Package: a\nno field\n", encoding="utf-8")
    with pytest.raises(
        UserError, match=r"Translation-en.gz, line 2: 'Field: value' is needed, but it begins with: no f"
    ):
        debian.prepare(tmp_path / "d", mine, [])
    (mine / "Translation-en").write_bytes(b"Package: \xff\n")
    with pytest.raises(UserError, match=r"Translation-en.gz is not UTF-8: invalid start byte at byte 9"):
        debian.prepare(tmp_path / "e", mine, [])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "Translation-en.lz4",
            r"Translation-en.lz4: Python cannot unpack .lz4; unpack it, for example with lz4 -d, and retry",
        ),
        ("Translation-en.gz", r"Translation-en.gz is damaged: Not a gzipped file"),
        ("Translation-en.xz", r"Translation-en.xz is damaged: Input format not supported"),
        ("Translation-en.bz2", r"Translation-en.bz2 is damaged: Invalid data stream"),
    ],
)
def test_refuses_what_it_cannot_unpack(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / name).write_bytes(b"not packed at all")
    with pytest.raises(UserError, match=sentence):
        debian.prepare(tmp_path / "to", tmp_path, [])


def test_without_apt(tmp_path: Path) -> None:
    with pytest.raises(
        WorldError, match=r"There is no apt-none here: this machine is not Debian-based. Give --from FOLDER"
    ):
        debian.prepare(tmp_path, None, [], "apt-none")


def sources(folder: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """Let apt know one source alone."""
    (folder / "sources.list").write_text(f"deb [trusted=yes] {address} here main\n", encoding="utf-8")
    settings = {"Dir::Etc::sourcelist": folder / "sources.list", "Dir::Etc::sourceparts": "-", "Acquire::Retries": 0}
    lines = "".join(f'{key} "{value}";\n' for key, value in settings.items())
    (folder / "apt.conf").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("APT_CONFIG", str(folder / "apt.conf"))


@needs_apt
def test_apt_brings_the_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "mirror" / "dists" / "here"
    contents = {"main/i18n/Translation-en": english(300), "main/i18n/Translation-de": german(300)}
    told = []
    for name, text in contents.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text, encoding="utf-8")
        told.append(f" {hashlib.sha256(text.encode()).hexdigest()} {len(text)} {name}\n")
    (top / "Release").write_text(f"Suite: here\nComponents: main\nSHA256:\n{''.join(told)}", encoding="utf-8")
    sources(tmp_path, monkeypatch, (tmp_path / "mirror").as_uri())
    debian.prepare(tmp_path / "to", None, [])
    assert len(documents(tmp_path / "to", "train")) > 270
    assert len(list((tmp_path / "to" / "raw").iterdir())) == 1
    debian.prepare(tmp_path / "to", None, ["de"])  # raw/ lacks German: apt is asked again
    assert (tmp_path / "to" / "processed" / "test.de-en.de").exists()
    with pytest.raises(UserError, match=r"There is no Translation-fr in the lists of apt-get: name other --languages"):
        debian.prepare(tmp_path / "to", None, ["fr"])


@needs_apt
def test_apt_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources(tmp_path, monkeypatch, "http://127.0.0.1:9/nobody")
    with pytest.raises(
        WorldError, match=r"apt-get update downloaded no lists \(.*\)\. Is the machine offline\? Give --from"
    ):
        debian.prepare(tmp_path, None, [])


def test_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert debian.main(["--from", str(tmp_path), "--to", str(tmp_path / "to")]) == 2
    assert capsys.readouterr().err.startswith("There is no Translation-en in")
    (tmp_path / "Translation-en").write_text(english(300), encoding="utf-8")
    assert debian.main(["--from", str(tmp_path), "--to", str(tmp_path / "to")]) == 0
    assert "descriptions with synopses\n3 files written, the others were up to date" in capsys.readouterr().out


@pytest.mark.parametrize(("end", "pack"), [("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)])
def test_refuses_half_a_file(tmp_path: Path, end: str, pack: Callable[[bytes], bytes]) -> None:
    (tmp_path / f"Translation-en.{end}").write_bytes(pack(english(50).encode())[:-30])
    with pytest.raises(UserError, match=rf"Translation-en.{end} is damaged: "):
        debian.prepare(tmp_path / "to", tmp_path, [])
