"""The table of formats, encodings, and what is said if a library is missing."""

import subprocess
import sys

import pytest

from seq2seq.corpus.formats import xml_files
from seq2seq.documents.formats import by_suffix
from seq2seq.documents.languages import Languages
from seq2seq.documents.suffixes import BINARY, PACKAGES, SUFFIXES, TEXT, readable, suffix_of
from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted


def test_every_suffix_has_a_format() -> None:
    assert set(by_suffix.OF_BYTES) == set(BINARY)
    assert set(by_suffix.OF_TEXT) == set(TEXT)
    assert [suffix_of(f"a{suffix}".upper()) for suffix in SUFFIXES] == [*SUFFIXES]
    assert suffix_of("a.txt") == suffix_of("po") == ""


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_the_encoding_is_kept(encoding: str) -> None:
    assert shouted("<p>the dog</p>".encode(encoding), "a.html")[0] == "<p>THE DOG</p>".encode(encoding)


def test_other_encodings_are_refused() -> None:
    with pytest.raises(UserError, match=r"a.html is not UTF-8 text. Convert it, for example with iconv -f LATIN1"):
        by_suffix.read(b"caf\xe9 a la carte", "a.html", Languages())


@pytest.mark.parametrize("name", [f"a{suffix}" for suffix in PACKAGES])
def test_a_missing_library_is_named_by_what_installs_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_files, "find_spec", lambda _: None)
    assert suffix_of(name) not in readable()
    with pytest.raises(UserError) as caught:
        by_suffix.read(b"x", name, Languages())
    assert str(caught.value) == (
        f'{name} needs a library for its format, which is not installed: pip install "lstm-seq2seq[formats]"'
    )


def test_the_libraries_are_imported_only_if_needed() -> None:
    names = "{'lxml', 'translate', 'markdown_it'}"
    code = f"import seq2seq.documents.formats.by_suffix, sys; print({names} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
