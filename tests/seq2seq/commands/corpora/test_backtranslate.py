"""Back-translation: pairs of monolingual text, kept in an interruption."""

from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.commands.corpora import backtranslate, pair_file
from seq2seq.errors import UserError
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin import Reader
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import language_models
from tests.seq2seq.decoded import searched, source_model

TEXTS = ["the dog sees three books", "a\tbig cat", "北京 today", "the old bird", "two small dogs in Beijing"]


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A text with a blank line, in the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mono.txt").write_text("\n".join([*TEXTS[:2], "", *TEXTS[2:]]) + "\n", encoding="utf-8")
    return tmp_path / "mono.txt"


def rows(path: Path) -> list[tuple[str, str]]:
    """Return the pairs of a table."""
    return [(str(pair.source), str(pair.target)) for pair in Reader(normalization="none").read([path])]


@pytest.mark.usefixtures("text")
def test_outputs_become_sources_and_the_text_their_targets(
    tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["backtranslate", str(model), "mono.txt", "-o", "pairs.tsv"]) == 0
    printed = capsys.readouterr()
    assert printed.out == "pairs.tsv\n"
    assert (
        "5 pairs. To train on them and on real PAIRS: seq2seq fit toy --data.train PAIRS pairs.tsv "
        "--data.validation MORE --data.mixture.tags '' bt\n"
    ) in printed.err
    pairs = rows(tmp_path / "pairs.tsv")
    texts = [text.replace("\t", " ") for text in TEXTS]
    assert [target for _, target in pairs] == texts
    expected = [found[0].text.strip() for found in searched(source_model(model), texts)]
    assert [source for source, _ in pairs] == expected
    assert sorted(path.name for path in tmp_path.glob("pairs*")) == ["pairs.tsv"]


@pytest.mark.usefixtures("text")
@pytest.mark.parametrize(
    "options", [[], ["--sample", "--seed", "3"], ["--glossary", "terms.tsv"]], ids=["search", "sample", "glossary"]
)
def test_an_interrupted_call_continues(
    tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    """The same command continues after whole chunks; the table is the same as without the interruption."""
    typed = ["backtranslate", str(model), "mono.txt", *options]
    (tmp_path / "terms.tsv").write_text("dog\tdog\n", encoding="utf-8")
    monkeypatch.setattr(pair_file, "CHUNK", 2)
    assert cli.main([*typed, "-o", "whole.tsv"]) == 0
    decode, calls = SourceModel.decode, []

    def interrupted(self: SourceModel, texts: list[str], *more: object, **named: object) -> object:
        calls.append(len(texts))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return decode(self, texts, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(SourceModel, "decode", interrupted)
    assert cli.main([*typed, "-o", "part.tsv"]) == 130
    (left,) = tmp_path.glob("part.tsv.*.part")
    assert len(left.read_text(encoding="utf-8").splitlines()) == 3
    with left.open("a", encoding="utf-8") as file:
        file.write("a half line")
    assert cli.main([*typed, "-o", "part.tsv"]) == 0
    assert calls == [2, 2, 2, 1]
    assert (tmp_path / "part.tsv").read_bytes() == (tmp_path / "whole.tsv").read_bytes()
    assert list(tmp_path.glob("*.part")) == []


@pytest.mark.usefixtures("text")
def test_what_is_not_the_beginning_is_refused(tmp_path: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_file, "CHUNK", 2)
    monkeypatch.setattr(SourceModel, "decode", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt()))
    assert cli.main(["backtranslate", str(model), "mono.txt", "-o", "pairs.tsv"]) == 130
    (left,) = tmp_path.glob("pairs.tsv.*.part")
    left.write_text("source\ttarget\nx\tother\ny\ttexts\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"\.part is not the beginning of these pairs: remove it to start again\."):
        backtranslate.main([str(model), "mono.txt", "-o", "pairs.tsv"])


@pytest.mark.usefixtures("text")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["mono.txt", "-o", "pairs.csv"], r"--output pairs\.csv must end with \.tsv"),
        (["nowhere.txt", "-o", "pairs.tsv"], r"No file nowhere\.txt"),
        (["mono.txt", "-o", "pairs.tsv", "--lm", "x"], r"writes what translators write: leave out --reverse, --lm"),
        (["mono.txt", "-o", "pairs.tsv", "--temperature", "0.5"], r"are for sampling: add --sample"),
    ],
)
def test_mistakes_are_sentences(model: Path, options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        backtranslate.main([str(model), *options])


def test_the_output_never_replaces_the_text(text: Path, model: Path) -> None:
    text.rename("mono.tsv")
    with pytest.raises(UserError, match=r"mono\.tsv is not plain text: put one sentence in each line of a \.txt file"):
        backtranslate.main([str(model), "mono.tsv", "-o", "pairs.tsv"])
    with pytest.raises(UserError, match=r"--output mono\.tsv would overwrite the input mono\.tsv"):
        backtranslate.main([str(model), "mono.tsv", "-o", "mono.tsv"])


@pytest.mark.usefixtures("text")
def test_a_language_model_translates_nothing(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    language_models.write(tmp_path / "author", toy_tokenizers)
    with pytest.raises(UserError, match=r"author is a language model, which translates nothing"):
        backtranslate.main(["author", "mono.txt", "-o", "pairs.tsv"])
