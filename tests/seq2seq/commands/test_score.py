"""Tests of ``seq2seq score`` and of ``Model.score``."""

import math
from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.command_line import lines
from seq2seq.decoding.options import SearchOptions
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models
from tests.seq2seq.decoded import searched, source_model

Captured = pytest.CaptureFixture[str]
SOURCES = ["the old dog", "a cat", "", "birds"]
TARGETS = ["那老狗。", "", "猫。", "鸟"]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Aligned files; one source and one target are empty."""
    for name, texts in (("a.en", SOURCES), ("a.zh", TARGETS)):
        (tmp_path / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return str(tmp_path / "a.en"), str(tmp_path / "a.zh")


def test_a_search_that_is_led_to_a_target_gives_it_the_same_score(model: Path) -> None:
    loaded = source_model(model)
    found = searched(loaded, SOURCES[:2], SearchOptions(beam_size=2, max_length=1), prefixes=["那老狗。", "猫"])
    assert [outputs[0].text for outputs in found] == ["那老狗。", "猫"]
    for (output, *_), score in zip(found, loaded.score(SOURCES[:2], ["那老狗。", "猫"]), strict=True):
        assert score.log_probability == pytest.approx(output.log_probability, abs=1e-4)
        assert score.tokens == len(output.pieces) + 1


def test_a_pair_has_the_same_score_alone_and_in_any_batch(model: Path) -> None:
    loaded = source_model(model)
    together = loaded.score(SOURCES, TARGETS)
    for place, (source, target) in enumerate(zip(SOURCES, TARGETS, strict=True)):
        alone = loaded.score([source], [target])[0]
        assert alone.tokens == together[place].tokens == len(loaded.tokenizers.target.encode(target)) + 1
        assert alone.log_probability == pytest.approx(together[place].log_probability, abs=1e-4)
        assert alone.characters == len(target)


def test_one_line_for_each_pair_and_totals_beside(
    model: Path, files: tuple[str, str], capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "CHUNK_LINES", 3)
    assert cli.main(["score", str(model), *files]) == 0
    shown = capsys.readouterr()
    scores = source_model(model).score(SOURCES, TARGETS)
    for line, score in zip(shown.out.splitlines(), scores, strict=True):
        expected = (score.log_probability, score.tokens, score.log_probability / score.tokens)
        assert list(map(float, line.split("\t"))) == pytest.approx(expected, abs=1e-3)
    total = sum(score.log_probability for score in scores)
    tokens = sum(score.tokens for score in scores)
    assert f"4 pairs, {tokens} tokens, 7 characters: log probability {total:.2f}, " in shown.err
    assert f"{-total / tokens:.4f} nats per token (perplexity {math.exp(-total / tokens):.2f})" in shown.err


def test_unequal_files_are_refused_with_both_counts(
    model: Path, files: tuple[str, str], tmp_path: Path, capsys: Captured
) -> None:
    longer = tmp_path / "b.zh"
    longer.write_text("猫\n" * 6, encoding="utf-8")
    assert cli.main(["score", str(model), files[0], str(longer)]) == 2
    shown = capsys.readouterr()
    assert "a.en has 4 lines, but " in shown.err
    assert "b.zh has 6" in shown.err
    assert shown.out == ""


def test_lists_must_match(model: Path) -> None:
    loaded = source_model(model)
    with pytest.raises(UserError, match="There are 1 sources, but 2 targets: give a list, one for each"):
        loaded.score(["a"], ["b", "c"])
    with pytest.raises(UserError, match="There are 1 sources, but one target"):
        loaded.score(["a"], "b")


def test_sources_that_were_cut_are_told(
    tmp_path: Path, model: Path, files: tuple[str, str], toy_tokenizers: Tokenizers, capsys: Captured
) -> None:
    cutting = toy_models.write(tmp_path / "cutting", toy_tokenizers, max_source_pieces=2)
    assert cli.main(["score", str(cutting), *files]) == 0
    assert f"2 of 4 sources were cut to 2 pieces (first at {files[0]}:1); " in capsys.readouterr().err
    assert cli.main(["score", str(model), *files]) == 0
    assert "cut" not in capsys.readouterr().err


@pytest.mark.parametrize("way", ["pairs", "sources", "outputs"])
def test_standard_input_is_scored_as_files_are(
    model: Path, files: tuple[str, str], type_in: Callable[[bytes | str], None], capsys: Captured, way: str
) -> None:
    assert cli.main(["score", str(model), *files]) == 0
    expected = capsys.readouterr()
    given = {
        "pairs": (["-"], "".join(f"{source}\t{target}\n" for source, target in zip(SOURCES, TARGETS, strict=True))),
        "sources": (["-", files[1]], "\n".join(SOURCES) + "\n"),
        "outputs": ([files[0], "-"], "\n".join(TARGETS) + "\n"),
    }
    typed, text = given[way]
    type_in(text)
    assert cli.main(["score", str(model), *typed]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == (expected.out, expected.err)


@pytest.mark.parametrize(
    ("typed", "text", "message"),
    [
        (["-"], "a\tb\nthe dog\n", "standard input:2: 0 tabs, but a line is a source and an output with one tab"),
        (["-"], "a\tb\tc\n", "standard input:1: 2 tabs, but"),
        (["-", "-"], "a\n", "Only one of SOURCE and TARGET can be standard input. For pairs with a tab"),
        (["-", "FILE"], "a\n", "standard input has 1 line, but FILE has 4: each source needs one output."),
        (["FILE", "-"], "a\n", "FILE has 4 lines, but standard input has 1: each source needs one output."),
        (["-"], "", "There is nothing to score on standard input."),
        (["-", "--sort"], "a\tb\n", "--sort ranks texts of a model without a source"),
    ],
)
def test_mistakes_on_standard_input(
    model: Path,
    files: tuple[str, str],
    type_in: Callable[[bytes | str], None],
    capsys: Captured,
    typed: list[str],
    text: str,
    message: str,
) -> None:
    type_in(text)
    assert cli.main(["score", str(model), *(files[0] if one == "FILE" else one for one in typed)]) == 2
    shown = capsys.readouterr()
    assert message.replace("FILE", files[0]) in shown.err
    assert len(shown.err.splitlines()) == 1
