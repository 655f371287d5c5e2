"""Distillation: pairs of sources and a teacher's outputs, kept in an interruption."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sacrebleu.metrics.bleu import BLEU

from seq2seq import cli
from seq2seq.commands.corpora import distill, pair_file
from seq2seq.corpus.example import plain
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin import Reader
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.recorded import models
from tests.seq2seq import language_models, toy_models
from tests.seq2seq.decoded import searched, source_model

Captured = pytest.CaptureFixture[str]
SOURCES = ["the dog sees three books", "a big cat", "北京 today", "the old bird", "two small dogs in Beijing"]
TARGETS = ["狗看见三本书", "一只大猫", "今天北京", "那老鸟", "两只小狗在北京"]


@pytest.fixture
def pairs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Aligned files in the working folder."""
    monkeypatch.chdir(tmp_path)
    for name, texts in (("a.en", SOURCES), ("a.zh", TARGETS)):
        (tmp_path / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return ["a.en", "a.zh"]


def rows(path: str) -> list[tuple[str, str]]:
    """Return the pairs of a file."""
    return [(str(pair.source), str(pair.target)) for pair in Reader(normalization="none").read([Path(path)])]


@pytest.mark.parametrize("name", ["pairs.tsv", "pairs.jsonl"])
def test_outputs_become_targets(model: Path, pairs: list[str], capsys: Captured, name: str) -> None:
    assert cli.main(["distill", str(model), *pairs, "-o", name]) == 0
    printed = capsys.readouterr()
    assert printed.out == f"{name}\n"
    sentence = f"5 pairs. To train a student on them: seq2seq fit toy --data.train {name} --data.validation MORE\n"
    assert sentence in printed.err
    expected = [found[0].text.strip() for found in searched(source_model(model), SOURCES)]
    assert rows(name) == list(zip(SOURCES, expected, strict=True))
    assert sorted(path.name for path in Path().glob("pairs*")) == [name]


def test_an_ensemble_teaches(model: Path, pairs: list[str], tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    second = toy_models.write(tmp_path / "second", toy_tokenizers, toy_models.SECOND)
    assert cli.main(["distill", str(model), *pairs, "--ensemble", str(second), "-o", "pairs.tsv"]) == 0
    teachers = source_model(model).together(source_model(second))
    assert [target for _, target in rows("pairs.tsv")] == [one[0].text.strip() for one in searched(teachers, SOURCES)]


def test_the_closest_beam_has_the_highest_bleu_with_the_reference(model: Path, pairs: list[str]) -> None:
    assert cli.main(["distill", str(model), *pairs, "--choose", "closest", "--beam_size", "4", "-o", "pairs.tsv"]) == 0
    loaded, metric = (
        source_model(model),
        BLEU(tokenize="none", smooth_method="add-k", smooth_value=1, effective_order=True),
    )
    search = replace(of_sources(loaded.search), beam_size=4)
    for outputs, target, (_, chosen) in zip(
        loaded.decode(SOURCES, Decoding(search, count=4)), TARGETS, rows("pairs.tsv"), strict=True
    ):
        reference = " ".join(map(str, loaded.tokenizers.target.encode(target)))
        scores = [metric.sentence_score(" ".join(map(str, one.ids)), [reference]).score for one in outputs]
        assert chosen == outputs[scores.index(max(scores))].text.strip()


@pytest.mark.parametrize("name", ["part.tsv", "part.jsonl"])
@pytest.mark.usefixtures("pairs")
def test_an_interrupted_call_continues(
    model: Path, pairs: list[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    typed = ["distill", str(model), *pairs, "--sample", "--seed", "3"]
    monkeypatch.setattr(pair_file, "CHUNK", 2)
    assert cli.main([*typed, "-o", f"whole{name}"]) == 0
    decode, calls = SourceModel.decode, []

    def interrupted(self: SourceModel, texts: list[str], *more: object, **named: object) -> object:
        calls.append(len(texts))
        if len(calls) == 2:
            raise KeyboardInterrupt
        return decode(self, texts, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(SourceModel, "decode", interrupted)
    assert cli.main([*typed, "-o", name]) == 130
    (left,) = Path().glob(f"{name}.*.part")
    with left.open("a", encoding="utf-8") as file:
        file.write("a half line")
    assert cli.main([*typed, "-o", name]) == 0
    assert calls == [2, 2, 2, 1]
    assert Path(name).read_bytes() == Path(f"whole{name}").read_bytes()
    left.write_text('{"source": "x", "target": "y"}\nnot json\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"\.part is not the beginning of these pairs: remove it to start again\."):
        distill.main([*typed[1:], "-o", name])


def test_sources_of_several_lines_are_kept_in_jsonl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    models.write(tmp_path / "models")
    documents = ["the dog eats\na big cat sees two books", "北京 today"]
    lines = (json.dumps({"source": one, "target": "the dog"}, ensure_ascii=False) for one in documents)
    Path("given.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert cli.main(["distill", "models/summarizer", "given.jsonl", "-o", "pairs.jsonl"]) == 0
    written = [json.loads(line) for line in Path("pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [one["source"] for one in written] == documents
    assert all(one["target"] for one in written)
    read = [example.source for example in bundle.load("models/summarizer").config.reader.read([Path("pairs.jsonl")])]
    assert plain(read[0]) == documents[0]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-o", "pairs.csv"], r"--output pairs\.csv must end with \.tsv or \.jsonl"),
        (["-o", "a.en.tsv", "--lm", "x"], r"writes the outputs of its teachers: leave out --reverse, --lm"),
        (["-o", "p.tsv", "--choose", "closest", "--greedy"], r"--choose closest chooses among the beams of a search"),
        (["-o", "p.tsv", "--choose", "closest", "--sample"], r"--choose closest chooses among the beams of a search"),
    ],
)
def test_mistakes_are_sentences(model: Path, pairs: list[str], options: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        distill.main([str(model), *pairs, *options])


@pytest.mark.usefixtures("pairs")
def test_missing_and_unsuitable_data_are_refused(model: Path, tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    with pytest.raises(UserError, match=r"The teacher's training data are not at hand: name PAIRS\."):
        distill.main([str(model), "-o", "pairs.tsv"])
    language_models.write(tmp_path / "author", toy_tokenizers)
    with pytest.raises(UserError, match="author is a language model, which has no sources"):
        distill.main(["author", "-o", "pairs.tsv"])
    Path("pairs.tsv").write_text("source\ttarget\na\tb\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"--output pairs\.tsv would overwrite the input pairs\.tsv"):
        distill.main([str(model), "pairs.tsv", "-o", "pairs.tsv"])
    models.write(tmp_path / "models")
    Path("talk.jsonl").write_text('{"turns": ["the dog eats", "a big cat", "two books"]}\n', encoding="utf-8")
    with pytest.raises(UserError, match=r"has turns of a conversation, which pairs of texts do not keep"):
        distill.main(["models/partner", "talk.jsonl", "-o", "pairs.tsv"])
