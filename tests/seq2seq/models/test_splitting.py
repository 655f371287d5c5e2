"""Sources of several sentences: split, decoded one by one, and joined."""

import io
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seq2seq.cli import main
from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions, of_sources
from seq2seq.decoding.output import EMPTY, Output
from seq2seq.generators import Returning
from seq2seq.models import bundle, splitting
from seq2seq.models.lengths import Lengths
from seq2seq.models.source_model import SourceModel
from seq2seq.models.splitting import Sentences, between, split
from seq2seq.plugin import DecodingDefaults
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.decoded import sampled, searched, source_model

TWO = "the dog sees a cat. The bird eats."
ONE, OTHER = "the dog sees a cat.", "The bird eats."


@pytest.mark.parametrize(
    ("text", "parts", "breaks"),
    [
        ("I have two radios. He reads! Why? Yes.", ("I have two radios.", "He reads!", "Why?", "Yes."), ("",) * 4),
        ("我买了书。他来了！好吗？", ("我买了书。", "他来了！", "好吗？"), ("",) * 3),
        ("他来了；她走了。好。", ("他来了；她走了。", "好。"), ("", "")),
        ("He reads.\n\nWhy not. Never mind.", ("He reads.", "Why not.", "Never mind."), ("", "\n\n", "")),
    ],
)
def test_sources_are_cut_at_the_ends_of_sentences(text: str, parts: Sequence[str], breaks: Sequence[str]) -> None:
    found = split(text)
    assert found is not None
    assert (found.parts, found.breaks) == (tuple(parts), tuple(breaks))


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "Hi", "Dr. Smith came at 5 p.m. yesterday.", "It costs $1,234.56 (about 10%).", "books"),
        *("Visit https://www.example.org/a?b=1&c=2 for details.", "Write to a.b@example.com before 3 May 2024."),
        *("😀 We bought three books. 🎉", "他来了；她走了。", "Hello %s, you have {0} in <b>%(folder)s</b>."),
    ],
)
def test_one_sentence_stays_as_it_is(text: str) -> None:
    assert split(text) is None
    assert Sentences.of([text], None, "zh") is None


def test_what_stands_between_depends_on_the_language() -> None:
    assert between("A.", "B.", "de") == " "
    assert between("好。", "书。", "zh") == between("好。", "书。", "zh-CN") == between("好。", "书。", "") == ""
    assert between("A.", "B.", "") == between("好。", "B.", "") == " "
    assert between("", "B.", "en") == between("A.", "", "en") == ""


def output(text: str, score: float, pieces: int = 1) -> Output:
    return Output(text, score, score * (pieces + 1), ("x",) * pieces, ("s",), np.ones((pieces, 1)), ids=(1,) * pieces)


def test_the_best_combinations_come_first() -> None:
    cut = Sentences([TWO, "one."], "en")
    parts = [
        [output("A", -1.0), output("B", -2.0), output("C", -9.0)],
        [output("x", -1.0, 3), output("y", -1.2, 3)],
        [output("z", -5.0)],
    ]
    whole, alone = cut.joined(parts, 3, are_ranked=True)
    assert [one.text for one in whole] == ["A x", "A y", "B x"]
    assert [one.score for one in whole] == sorted((one.score for one in whole), reverse=True)
    assert whole[0].score == pytest.approx((-1.0 * 2 + -1.0 * 4) / 6)
    assert whole[0].log_probability == -6.0
    assert whole[0].attention is not None
    assert whole[0].attention.tolist() == [[1, 0], [0, 1], [0, 1], [0, 1]]
    assert whole[0].alignments() == [(0, 0), (1, 1), (1, 2), (1, 3)]
    assert alone == [parts[2][0]]
    drawn = cut.joined(parts, 3, are_ranked=False)[0]
    assert [one.text for one in drawn] == ["A x", "B y", "C y"]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A bundle of the toy task, which here decodes sentence by sentence."""
    toy_task.install(tmp_path / "site", monkeypatch)
    made = toy_models.write(tmp_path / "model", toy_tokenizers)
    monkeypatch.setattr(toy_task.Toy, "decoding", DecodingDefaults(by_sentence=True))
    return made


def parts_of(model: SourceModel) -> list[str]:
    return [one[0].text for one in searched(model, [ONE, OTHER], split=False)]


def test_no_sentence_is_lost(path: Path) -> None:
    model = source_model(path)
    one, other = parts_of(model)
    assert model.mimic(TWO) == one + other  # the target is Chinese
    assert model.mimic([ONE, TWO, ""]) == [one, one + other, ""]
    assert model.mimic(f"{ONE}\n{OTHER}") == f"{one}\n{other}"
    assert model.mimic(TWO, model.search) == one + other
    assert searched(model, [Example(TWO, "")])[0][0].text == one + other
    assert model.decode([TWO], split=False)[0][0].ids == searched(model, [TWO], split=False)[0][0].ids
    assert searched(model, [TWO], split=False)[0][0].parts == ()
    model.reader = replace(model.reader, target_language="en")
    assert model.mimic(TWO) == f"{one} {other}"


def test_everything_that_is_known_of_parts_is_joined(path: Path) -> None:
    model = source_model(path)
    (found,) = searched(model, [TWO], attention=True)[0]
    one, other = (outputs[0] for outputs in searched(model, [ONE, OTHER], attention=True))
    assert [part.ids for part in found.parts] == [one.ids, other.ids]
    assert found.pieces == one.pieces + other.pieces
    assert found.source_pieces == one.source_pieces + other.source_pieces
    assert found.log_probability == pytest.approx(one.log_probability + other.log_probability, abs=1e-4)
    assert found.score == pytest.approx(found.log_probability / (len(found.ids) + 2), abs=1e-4)
    assert found.attention is not None
    assert found.attention.shape == (len(found.pieces), len(found.source_pieces))
    (read,) = model.aligned([TWO], searched(model, [TWO])[0])
    assert (read.text, read.pieces) == (found.text, found.pieces)
    assert read.score == pytest.approx(found.score, abs=1e-4)
    assert read.attention is not None
    np.testing.assert_allclose(read.attention, found.attention, atol=1e-4, rtol=1e-3)


def test_alternatives_draws_prefixes_and_ranks(path: Path) -> None:
    model = source_model(path)
    search = SearchOptions(beam_size=4, n_best=4, max_length=8)
    best = searched(model, [TWO], search)[0]
    assert len(best) == 4
    assert len({one.text for one in best}) > 1
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
    assert searched(model, [TWO], prefixes=["红狗"])[0][0].text.startswith("红狗")
    drawing = SamplingOptions(seed=4)
    draws = sampled(model, [TWO], drawing, count=3)[0]
    first, number = sampled(model, [ONE], drawing, count=3)[0], 1 << splitting.PART_BITS
    assert [one.parts[0].ids for one in draws] == [one.ids for one in first]
    second = sampled(model, [OTHER], drawing, count=3, first=number)[0]
    assert [one.parts[1].ids for one in draws] == [one.ids for one in second]
    again = model.decode([TWO], Decoding(model.search, drawing, count=3))[0]
    assert [one.ids for one in again] == [one.ids for one in draws]
    ranked = Decoding(search, None, RerankOptions(candidates=4, reverse_weight=0.0), count=2)
    assert len(model.decode([TWO], ranked)[0]) == 2


@pytest.mark.parametrize("drawing", [None, SamplingOptions(seed=2)])
def test_a_stream_says_what_a_search_or_draw_says(path: Path, drawing: SamplingOptions | None) -> None:
    model = source_model(path)
    search = replace(of_sources(model.search), beam_size=1)
    wanted = (sampled(model, [TWO], drawing, search) if drawing else searched(model, [TWO], search))[0][0]
    parts = Returning(model.stream(TWO, Decoding(search, drawing)))
    assert "".join(parts) == wanted.text == parts.result.text
    assert [one.ids for one in parts.result.parts] == [one.ids for one in wanted.parts]
    session = model.session()
    assert session.say(TWO) == model.mimic(TWO)
    assert session.why().attention is not None


def test_the_command_splits_unless_told_otherwise(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = source_model(path)

    def said(*options: str) -> list[str]:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{TWO}\n\n{ONE}\n".encode()), encoding="utf-8"))
        assert main(["mimic", str(path), *options]) == 0
        return capsys.readouterr().out.splitlines()

    one, other = parts_of(model)
    assert said() == [one + other, "", one]
    assert said("--no_split") == [searched(model, [TWO], split=False)[0][0].text, "", one]
    assert said("--scores")[0].startswith(f"{one + other} ||| -")
    numbers = [line.split(" ||| ")[0] for line in said("--nbest", "3")]
    assert numbers == ["0", "0", "0", "1", "2", "2", "2"]
    pairs = said("--alignments")[0].split(" ||| ")[1].split()
    assert len(pairs) == len(searched(model, [TWO])[0][0].pieces)
    file = tmp_path / "sources.jsonl"
    file.write_text(json.dumps({"source": TWO}), encoding="utf-8")
    assert main(["mimic", str(path), str(file)]) == 0
    assert capsys.readouterr().out == one + other + "\n"


def test_sources_much_longer_than_in_training_are_told_in_one_line(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    lengths = Lengths(len(toy_tokenizers.source.encode(ONE)), 30, 1.0)
    described = replace(toy_models.config(), lengths=lengths)
    bundle.save(path, toy_models.network(toy_tokenizers), described, toy_tokenizers)
    long = " ".join([OTHER] * 9)
    for options, told in ((["--no_split"], 2), ([], 0)):  # each sentence is short
        text = f"{long}\n{ONE}\n{long}\n"
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
        assert main(["mimic", str(path), *options]) == 0
        said = capsys.readouterr().err
        lines = [line for line in said.splitlines() if "has never seen" not in line]
        assert len(lines) == (told > 0)
        assert ("2 sources are much longer than any in training" in said) == (told > 0)
        assert ("(first at standard input:1, " in said) == (told > 0)


def test_an_empty_part_adds_nothing(path: Path) -> None:
    model = source_model(path)
    joined = splitting.join([EMPTY, searched(model, [ONE])[0][0]], ("", ""), [1, 1], "en")
    assert joined.text == parts_of(model)[0]
