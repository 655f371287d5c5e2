"""Examples get the links of their lines, by corpus; mistakes in files have one sentence."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq.alignment.aligned_examples import aligned, identity
from seq2seq.alignment.options import AlignmentOptions
from seq2seq.corpus.example import Example
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizers

PAIRS = [Example("a b", "x", (), "p:1"), Example("c", "y z", (), "p:2"), Example("d e", "w", (), "q:1", 1)]


def pairs() -> Iterator[Example]:
    return iter(PAIRS)


def links(options: AlignmentOptions, *, is_reversed: bool = False) -> list[tuple[tuple[int, ...], ...]]:
    return [one.links for one in aligned(pairs, options, 2, None, is_reversed=is_reversed)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.align"
    path.write_text("0-0 1-0\n0-1\n", encoding="utf-8")
    return path


def test_each_corpus_has_its_own_file_or_none(file: Path) -> None:
    found = links(AlignmentOptions([str(file), "none"]))
    assert found == [((0, 1, 0, 1), (2, 3, 0, 1)), ((0, 1, 2, 3),), ()]


def test_a_reversed_model_has_reversed_links(tmp_path: Path) -> None:
    (tmp_path / "r.align").write_text("0-1\n1-0\n", encoding="utf-8")  # of the files, whose sources are the targets
    found = links(AlignmentOptions([str(tmp_path / "r.align"), "none"]), is_reversed=True)
    assert found == [((2, 3, 0, 1),), ((0, 1, 2, 3),), ()]


def test_positions_may_count_given_tokens(tmp_path: Path, file: Path) -> None:
    (tmp_path / "tokens").write_text("a b\nc\n", encoding="utf-8")
    options = AlignmentOptions([str(file), "none"], source_tokens=[str(tmp_path / "tokens"), "none"])
    assert links(options) == links(AlignmentOptions([str(file), "none"]))


def test_estimated_links_join_pieces_of_the_text(toy_tokenizers: Tokenizers) -> None:
    texts = [Example("cloud river", "river cloud")] * 3
    found = list(aligned(lambda: iter(texts), AlignmentOptions(["auto"]), 1, toy_tokenizers))
    assert all(found[0].links == one.links and one.links for one in found)
    assert all(0 <= start < end <= 11 for link in found[0].links for start, end in (link[:2], link[2:]))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("0-0\n", r"a\.align has 1 line, but its corpus has more pairs \(the next is p:2\): give one line for each"),
        ("0-0\n\n0-0\n0-0\n", r"a\.align has 4 lines, but its corpus has 2 pairs: give one line for each pair\."),
        ("0-0\n1-0\n", r"a\.align:2: 1-0 names source word 1, but the source has 1 word,"),
        ("x\n\n", r"a\.align:1: 'x' is no link of an alignment"),
    ],
)
def test_mistakes(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "a.align").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=sentence):
        links(AlignmentOptions([str(tmp_path / "a.align"), "none"]))


def test_the_identity_depends_on_contents_and_units(tmp_path: Path, file: Path) -> None:
    copy = tmp_path / "b.align"
    copy.write_bytes(file.read_bytes())
    one = identity(AlignmentOptions([str(file)]))
    assert one == identity(AlignmentOptions([str(copy)]))
    copy.write_text("0-0\n0-1\n", encoding="utf-8")
    others = [
        AlignmentOptions([str(copy)]),
        AlignmentOptions(["auto"]),
        AlignmentOptions([str(file), "none"]),
        AlignmentOptions([str(file)], source_units="characters"),
        AlignmentOptions([str(file)], source_tokens=[str(copy)]),
    ]
    assert len({one, *map(identity, others)}) == 6
    assert identity(AlignmentOptions()) == identity(AlignmentOptions(["none"])) == ""
