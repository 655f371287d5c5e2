"""Required terms are found by both engines alike.

Graphs are exported here and not beside the other tests of required terms, because those run with all shapes checked: a
traced network has sizes that are no integers.
"""

from pathlib import Path

import seq2seq
from seq2seq.decoding.method import Decoding
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.models import bundle
from tests.seq2seq.decoding.phrases.test_required_terms import GLOSSARY, SEARCH


def test_both_engines_find_the_same(model: Path, tmp_path: Path) -> None:
    write_onnx(tmp_path / "onnx", bundle.load(model), "float32", ())
    texts = ["the dog", "a cat", "the big dog eats a book", "red dog"]
    decoding = Decoding(SEARCH, count=2, glossary=GLOSSARY)
    ours, theirs = (seq2seq.load(path).decode(texts, decoding) for path in (model, tmp_path / "onnx"))
    assert [[one.ids for one in some] for some in ours] == [[one.ids for one in some] for some in theirs]
