"""Packed texts and the fingerprint."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.batching.fingerprint import fingerprint, packed, unpacked
from seq2seq.corpus.example import Example, Mark, Text
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_generation.reader import TextReader
from seq2seq_summarization.reader import SummaryReader

TEXTS = st.text() | st.lists(st.text() | st.sampled_from(Mark)).map(tuple)


STORED_NAMES = "62a21a71c50b9fede0f450e212928ccfd6544760d9e77d05a0007a96ea3f6d4a"


@given(TEXTS)
def test_texts_come_back(text: Text) -> None:
    back = unpacked(packed(text))
    assert back == text
    assert type(back) is type(text)
    if isinstance(text, tuple):
        assert [type(part) for part in back] == [type(part) for part in text]


@dataclass(frozen=True)
class Other(Reader):
    """Another task's reader."""

    extra: int = 1


def test_the_fingerprint_follows_all_that_counts(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    files = [tmp_path / "a.en", tmp_path / "a.zh"]
    for path in files:
        path.write_text("one\n", "utf-8")
    reader, filters = Reader(), FilterOptions()
    first = fingerprint(files, reader, toy_tokenizers, filters)
    os.utime(files[0], (1, 1))
    assert fingerprint(files, reader, toy_tokenizers, filters) == first
    others = {
        first,
        fingerprint(files, replace(reader, normalization="none"), toy_tokenizers, filters),
        fingerprint(files, replace(reader, reverse=True), toy_tokenizers, filters),
        fingerprint(files, replace(reader, form="json"), toy_tokenizers, filters),
        fingerprint(files, Other(), toy_tokenizers, filters),
        fingerprint(files, Other(extra=2), toy_tokenizers, filters),
        fingerprint(files, reader, toy_tokenizers, FilterOptions(max_ratio=3)),
        fingerprint(files[::-1], reader, toy_tokenizers, filters),
    }
    times = files[0].stat()
    files[0].write_text("two\n", "utf-8")
    os.utime(files[0], ns=(times.st_atime_ns, times.st_mtime_ns))
    others.add(fingerprint(files, reader, toy_tokenizers, filters))
    assert len(others) == 9


def test_readers_keep_their_stored_names(toy_tokenizers: Tokenizers) -> None:
    """With another name, no run that was started before a move of the class would resume in the middle of an epoch.

    The names are those that the modules once had. They are compared by a digest, which no renaming of
    modules changes by accident.
    """
    names = " ".join(reader.STORED_AS for reader in (Reader, DialogueReader, SummaryReader, TextReader))
    assert hashlib.sha256(names.encode()).hexdigest() == STORED_NAMES

    class Moved(Other):
        STORED_AS = f"{Other.__module__}.Other"

    given: list[Example] = [Example("a", "b")]
    marks = {fingerprint(given, reader, toy_tokenizers, FilterOptions()) for reader in (Other(), Moved())}
    assert len(marks) == 1


def test_the_fingerprint_of_examples(toy_tokenizers: Tokenizers) -> None:
    one = [Example("a", "b")]
    filters = FilterOptions()
    first = fingerprint(one, Reader(), toy_tokenizers, filters)
    assert fingerprint(list(one), Reader(), toy_tokenizers, filters) == first
    assert fingerprint([Example("a", "b", ("c",))], Reader(), toy_tokenizers, filters) != first
    assert fingerprint([Example("ab", "")], Reader(), toy_tokenizers, filters) != first


def test_a_file_that_is_gone_is_named(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"gone.en could not be read: No such file"):
        fingerprint([tmp_path / "gone.en"], Reader(), toy_tokenizers, FilterOptions())


def test_a_folder_counts_by_its_documents(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "notes.md"):
        (tmp_path / name).write_text(name, "utf-8")

    def mark() -> str:
        return fingerprint([tmp_path], Reader(), toy_tokenizers, FilterOptions())

    first = mark()
    (tmp_path / "notes.md").write_text("changed", "utf-8")
    assert mark() == first
    (tmp_path / "a.txt").write_text("changed", "utf-8")
    assert mark() != first
