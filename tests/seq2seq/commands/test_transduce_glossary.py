"""Glossaries and required words on the command line."""

import json
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.phrases.glossary import Glossary
from tests.seq2seq.commands.typed import Captured, TypeIn
from tests.seq2seq.decoded import source_model

TEXTS = ["the dog", "", "a cat", "two books"]


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    """A glossary."""
    path = tmp_path / "terms.tsv"
    path.write_text("dog\t大狗|狗\nbooks\t书\n", encoding="utf-8")
    return path


def test_a_glossary_decides_how_terms_are_translated(
    model: Path, terms: Path, type_in: TypeIn, capsys: Captured
) -> None:
    type_in("\n".join(TEXTS) + "\n")
    assert cli.main(["mimic", str(model), "--glossary", str(terms)]) == 0
    shown = capsys.readouterr()
    loaded = source_model(model)
    expected = loaded.decode(TEXTS, Decoding(loaded.search, glossary=Glossary.read(terms)))
    assert shown.out.splitlines() == [found[0].text for found in expected]
    assert "狗" in expected[0][0].text
    assert shown.err == "2 terms required: 2 right, 0 missed.\n"


def test_required_words_are_in_every_output(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    def said(*options: str) -> tuple[list[str], str]:
        type_in("a cat\nbirds\n")
        assert cli.main(["mimic", str(model), *options]) == 0
        shown = capsys.readouterr()
        return shown.out.splitlines(), shown.err

    _, note = said()
    assert note == ""
    found, note = said("--required", "北京", "--required", "红|老")
    assert all("北京" in line and ("红" in line or "老" in line) for line in found)
    assert note == "4 terms required: 4 right, 0 missed.\n"
    _, note = said("--required", "红", "--banned", "红")
    assert note == "2 terms required: 0 right, 2 missed (first '红' at standard input:1).\n"


def test_json_lists_the_missed_terms(model: Path, terms: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("the dog\na bird\n")
    assert cli.main(["mimic", str(model), "--json", "--glossary", str(terms), "--banned", "狗"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["missed"] == ["大狗|狗"]
    assert "missed" not in second


def test_a_glossary_without_matches_is_reported(model: Path, terms: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a bird\n")
    assert cli.main(["mimic", str(model), "--glossary", str(terms)]) == 0
    assert capsys.readouterr().err == "No term of the glossary occurs in the sources.\n"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--glossary", "absent.tsv"], "No file absent.tsv."),
        (
            ["--glossary", "TERMS", "--greedy"],
            "Required words and glossaries need a search with several beams: set beam",
        ),
        (["--required", ""], "required is '', which has no word: give a word or phrase, or leave required out."),
        (["--required", "红", "--required", " | "], "required is ' | ', which has no word"),
        (["--required", "红", "--sample"], "need a search with several beams: set beam_size to 2 or more, and do not"),
        (["--glossary", "TERMS", "--output", "TERMS"], "--output"),
        (["--glossary", "TERMS", "--interactive"], "leave out --glossary."),
    ],
)
def test_mistakes_are_sentences(
    model: Path, terms: Path, type_in: TypeIn, capsys: Captured, options: list[str], sentence: str
) -> None:
    type_in("a cat\n")
    assert cli.main(["mimic", str(model), *(word.replace("TERMS", str(terms)) for word in options)]) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""
