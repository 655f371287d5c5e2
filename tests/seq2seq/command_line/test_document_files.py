"""Documents and translation files through the command line."""

import json
import re
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.command_line.document_files import SHOWN, is_document
from seq2seq.corpus.reader import Reader
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.options import NetworkOptions
from tests.recorded.models import SEARCH, TRANSLATION, drawn, trained

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Language: zh\\n"

# kept
#, c-format
msgid "the dog %s"
msgstr ""

msgid "done"
msgstr "fertig"
"""


@pytest.fixture(scope="module")
def translator(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A translator with random weights."""
    tokenizers = trained()
    options = NetworkOptions(embedding_size=16, hidden_size=24)
    folder = tmp_path_factory.mktemp("model") / "translator"
    network = drawn(options, tokenizers, 0, end_bias=1)
    bundle.save(folder, network, BundleConfig("translation", options, TRANSLATION, SEARCH), tokenizers)
    return folder


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "a.po"
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


def test_a_catalogue_is_translated_into_a_file(
    translator: Path, catalogue: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["translate", str(translator), str(catalogue), "-o", str(tmp_path / "new" / "b.po")]) == 0
    written = (tmp_path / "new" / "b.po").read_text(encoding="utf-8")
    assert "# kept\n#, c-format, fuzzy\n" in written
    assert written.count("%s") == 2
    assert 'msgid "done"\nmsgstr "fertig"\n' in written
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.endswith("a.po: 1 of 2 texts translated; 1 had a translation and kept it (--all replaces them).\n")


def test_a_document_is_printed(translator: Path, catalogue: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.main(["translate", str(translator), str(catalogue), "--all"]) == 0
    shown = capsysbinary.readouterr()
    assert b'msgstr "fertig"' not in shown.out
    assert shown.out.startswith(b'msgid ""\n')
    assert shown.err.endswith(b"a.po: 2 of 2 texts translated.\n")


def test_terms_of_documents_are_counted(translator: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.properties").write_text("a = the dog\nb = a cat\nc = two books\n", encoding="utf-8")
    (tmp_path / "terms.tsv").write_text("dog\t大狗|狗\nbooks\t书\n", encoding="utf-8")
    words = ["translate", str(translator), str(tmp_path / "a.properties"), "-o", str(tmp_path / "b.properties")]
    words += ["--glossary", str(tmp_path / "terms.tsv"), "--beam_size", "4"]
    assert cli.main(words) == 0
    assert "2 terms required: 2 right, 0 missed.\n" in capsys.readouterr().err
    assert cli.main([*words, "--banned", "书"]) == 0
    assert "2 terms required: 1 right, 1 missed (first '书' at 'two books').\n" in capsys.readouterr().err


def test_terms_of_a_memory_are_required_in_documents_and_texts(
    translator: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    units = "".join(
        f'<tu><tuv xml:lang="en"><seg>{source}</seg></tuv><tuv xml:lang="zh"><seg>{target}</seg></tuv></tu>'
        for source, target in (("dog", "大狗"), ("books", "书"), ("a text that is not a term", "书"))
    )
    (tmp_path / "terms.tmx").write_text(f"<tmx><header/><body>{units}</body></tmx>", encoding="utf-8")
    (tmp_path / "a.json").write_text('{"a": "the dog", "b": "two books. a dog"}', encoding="utf-8")
    (tmp_path / "a.txt").write_text("the dog\n", encoding="utf-8")
    terms = ["--glossary", str(tmp_path / "terms.tmx"), "--source_language", "en", "--target_language", "zh"]
    for name, count in (("a.json", 3), ("a.txt", 1)):
        words = [str(tmp_path / name), "-o", str(tmp_path / f"new-{name}"), *terms, "--beam_size", "4"]
        assert cli.main(["translate", str(translator), *words]) == 0
        said = capsys.readouterr().err
        assert "terms.tmx: 2 terms; left out: 1 unit of too many words or with placeholders.\n" in said
        assert f"{count} term" in said
        assert f"{count} right, 0 missed" in said
        assert "大狗" in (tmp_path / f"new-{name}").read_text(encoding="utf-8")


def test_several_documents_go_to_a_folder(translator: Path, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# the `dog`\n", encoding="utf-8")
    (tmp_path / "b.json").write_text('{"a": {"b": "the <b>cat</b>"}}', encoding="utf-8")
    files = [str(tmp_path / "a.md"), str(tmp_path / "b.json")]
    assert cli.main(["translate", str(translator), *files, "-o", str(tmp_path / "new")]) == 0
    assert "`dog`" in (tmp_path / "new" / "a.md").read_text(encoding="utf-8")
    written = json.loads((tmp_path / "new" / "b.json").read_text(encoding="utf-8"))["a"]["b"]
    assert written.count("<b>") == written.count("</b>") == 1
    assert cli.main(["translate", str(translator), files[0], "-o", str(tmp_path / "new")]) == 0


def test_many_notes_are_counted(translator: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    units = "".join(f'<trans-unit id="{number}"/>' for number in range(SHOWN + 2))
    text = f'<xliff version="1.2"><file source-language="en"><body>{units}</body></file></xliff>'
    (tmp_path / "a.xlf").write_text(text, encoding="utf-8")
    assert cli.main(["translate", str(translator), str(tmp_path / "a.xlf")]) == 0
    errors = capsys.readouterr().err.splitlines()
    assert errors[0].endswith("a.xlf:1 (0): a trans-unit without source.")
    assert errors[SHOWN:] == ["... and 2 more texts of that kind.", f"{tmp_path / 'a.xlf'}: 0 of 0 texts translated."]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ["a.po", "t.txt"],
            "a.po is a document, which is written in its own format, but t.txt is text: translate them",
        ),
        (["a.po", "--json", "--nbest", "2"], "in which each text gets one translation: leave out --json and --nbest."),
        (["a.po", "b.po"], "2 documents need a folder for their translations: add -o FOLDER."),
        (["a.po", "b.po", "-o", "t.txt"], "t.txt is a file, but 2 documents need a folder for their translations."),
        (["a.po", "b.po", "-o", "new.po"], "--output new.po has the name of a document, but 2 documents need a folder"),
        (["a.po", "-o", "a.po"], "--output a.po would overwrite the input a.po: name another file."),
        (["a.po", "b.po", "-o", "."], "--output a.po would overwrite the input a.po: name another file."),
        (["t.txt", "--all"], r"--all applies to documents and translation files \(.po, .xlf, .docx, ...\), but none"),
        (["x.tmx"], "No file x.tmx"),
    ],
)
def test_mistakes(
    words: list[str],
    sentence: str,
    translator: Path,
    catalogue: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(catalogue.parent)
    Path("b.po").write_text(CATALOGUE, encoding="utf-8")
    Path("t.txt").write_text("the dog\n", encoding="utf-8")
    assert cli.main(["translate", str(translator), *words]) == 2
    assert re.search(sentence, capsys.readouterr().err)


def test_a_word_document_is_not_shown_at_a_terminal(
    translator: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.docx").write_bytes(b"x")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    words = ["translate", str(translator), str(tmp_path / "a.docx")]
    assert cli.main(words) == 2
    assert "A Word document cannot be shown at a terminal: add -o FILE.docx." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ('{"source": "a"}\n{"source": "b"}\n', False),
        ('{"source": "a"}', False),
        ('{"title": "a"}', True),
        ('{\n"title": "a"}', True),
        ('["a"]', True),
        ("\xff", True),
    ],
)
def test_a_json_file_with_sources_is_no_document(tmp_path: Path, content: str, wanted: bool) -> None:
    (tmp_path / "a.json").write_bytes(content.encode("latin-1"))
    assert is_document(str(tmp_path / "a.json"), Reader()) is wanted
