"""The benchmark of glossaries finds terms in training text, and measures them."""

import json
from pathlib import Path

import pytest

from benchmarks import glossary
from seq2seq.decoding.phrases.glossary import Term
from tests.recorded import models

PAIRS = [("der Hund läuft", "the dogs run"), ("ein Hund", "a dog"), ("die Katze", "the cats"), ("der Hund", "the dog")]


def test_terms_have_their_inflections_as_alternatives() -> None:
    pairs = [(source, target.replace("dog", "doggy")) for source, target in PAIRS]
    assert glossary.induced(pairs, 1, 2, 9).terms == (Term("Hund", ("doggy", "doggys")),)


@pytest.mark.slow
def test_every_search_is_measured(tmp_path: Path) -> None:
    models.write(tmp_path)
    for name, text in (("source", "the dog\na cat\n"), ("reference", "大狗\n猫\n"), ("terms.tsv", "dog\t大狗|zz\n")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    found = tmp_path / "figures.json"
    words = [str(tmp_path / name) for name in ("translator", "source", "reference")]
    glossary.main([*words, "--glossary", str(tmp_path / "terms.tsv"), "--beams", "3", "--json", str(found)])
    without, with_terms = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert (without["glossary"], with_terms["glossary"]) == (False, True)
    assert with_terms["terms"] == 1
    assert with_terms["right"] == 1.0
    assert with_terms["sources_again"] == (without["right"] < 1)
    with pytest.raises(SystemExit):
        glossary.main(words)
