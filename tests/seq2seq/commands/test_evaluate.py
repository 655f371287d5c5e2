"""Tests of ``seq2seq evaluate`` through the command."""

import json
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models
from tests.seq2seq.decoded import source_model

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Aligned files of 12 lines."""
    sources = ["the old dog", "a cat", "three books in Beijing today", "the big red bird"] * 3
    targets = ["那老狗。", "猫。", "三本书在北京今天。", "那大红鸟。"] * 3
    for name, texts in (("few.en", sources), ("few.zh", targets)):
        (tmp_path / name).write_text("\n".join(texts) + "\n", encoding="utf-8")
    return str(tmp_path / "few.en"), str(tmp_path / "few.zh")


def test_a_table_three_reports_and_the_path_last(model: Path, files: tuple[str, str], capsys: Captured) -> None:
    assert cli.main(["evaluate", str(model), "--source", files[0], "--target", files[1], "--samples", "20"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    lines = shown.out.splitlines()
    page = model / "evaluation-few" / "report.html"
    assert lines[-1] == str(page)
    assert lines[0] == "Toy en-zh: few (12 sentences)"
    assert any(line.startswith("BLEU ") for line in lines)
    assert any(line.startswith("per token ") for line in lines)
    assert "BLEU|nrefs:1|case:mixed|eff:no|tok:13a|" in shown.out
    assert "<!DOCTYPE html>" in page.read_text(encoding="utf-8")
    assert page.with_name("report.md").read_text(encoding="utf-8").startswith("# Toy en-zh")
    values = json.loads(page.with_name("report.json").read_text(encoding="utf-8"))
    assert len(values["predictions"]) == 12
    assert values["recipe"]["command"].startswith(f"seq2seq evaluate {model} --source ")
    assert values["recipe"]["search"]["beam_size"] == 3


def test_the_same_command_gives_the_same_numbers(model: Path, files: tuple[str, str], tmp_path: Path) -> None:
    found = []
    for name in ("one", "two"):
        place = tmp_path / name
        typed = ["--source", files[0], "--target", files[1], "--samples", "30", "--beam_size", "2", "--examples", "1"]
        assert cli.main(["evaluate", str(model), *typed, "--output", str(place)]) == 0
        values = json.loads((place / "report.json").read_text(encoding="utf-8"))
        assert values["recipe"]["search"]["beam_size"] == 2
        assert len(values["worst"]) == len(values["best"]) == 1
        del values["recipe"]
        found.append(values)
    assert found[0] == found[1]


def test_a_glossary_is_used_and_recorded(model: Path, files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    terms = tmp_path / "terms.tsv"
    terms.write_text("dog\t狗|大狗\ncat\t小猫\n", encoding="utf-8")
    typed = ["--source", files[0], "--target", files[1], "--samples", "0", "--glossary", str(terms)]
    assert cli.main(["evaluate", str(model), *typed, "--output", str(tmp_path / "report")]) == 0
    values = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert values["recipe"]["glossary"]["terms"] == 2
    assert "Outputs: beam search, 3 beams, a glossary of 2 terms." in capsys.readouterr().out
    texts = [prediction["hypothesis"] for prediction in values["predictions"]]
    assert all("狗" in text for text in texts[::4])
    assert all("小猫" in text for text in texts[1::4])


def test_a_table_with_its_columns(model: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "t.tsv").write_text("en\tzh\na cat\t猫\nthe dog\t狗\n", encoding="utf-8")
    typed = ["--data", str(tmp_path / "t.tsv"), "--samples", "0", "--sentences", "1"]
    assert cli.main(["evaluate", str(model), *typed, "--source_field", "en", "--target_field", "zh"]) == 0
    assert "(1 sentence)" in capsys.readouterr().out
    page = model / "evaluation-t" / "report.html"
    assert "t.tsv (only the first 1)" in page.read_text(encoding="utf-8")
    assert cli.main(["evaluate", str(model), *typed]) == 2
    assert "has no column 'source'" in capsys.readouterr().err


def test_subword_references_are_joined_unless_they_are_to_be_kept(
    model: Path, files: tuple[str, str], tmp_path: Path, capsys: Captured
) -> None:
    cut = tmp_path / "cut.zh"
    cut.write_text("th@@ ree bo@@ oks\nthe dog\n", encoding="utf-8")
    (tmp_path / "two.en").write_text("three\nthe dog\n", encoding="utf-8")
    typed = ["evaluate", str(model), "--source", str(tmp_path / "two.en"), "--target", str(cut), "--samples", "0"]
    for more, reference, is_noted in (([], "three books", True), (["--subwords", "keep"], "th@@ ree bo@@ oks", False)):
        assert cli.main([*typed, *more, "--output", str(tmp_path / "o")]) == 0
        assert ("References: subword text (33 %" in capsys.readouterr().out) == is_noted
        values = json.loads((tmp_path / "o" / "report.json").read_text(encoding="utf-8"))
        assert values["predictions"][0]["references"] == [reference]
        assert values["recipe"]["scored_texts"] == {"subwords": more[1] if more else "join", "sentence_separator": ""}


def test_a_file_named_like_a_split_is_not_that_split(model: Path, tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "test.tsv").write_text("source\ttarget\na cat\t猫\n", encoding="utf-8")
    assert cli.main(["evaluate", str(model), "--data", str(tmp_path / "test.tsv"), "--samples", "0"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(model / "evaluation-file-test" / "report.html")


def test_several_references(model: Path, files: tuple[str, str], tmp_path: Path) -> None:
    typed = ["--source", files[0], "--target", files[1], files[1], "--samples", "0", "--output", str(tmp_path / "o")]
    assert cli.main(["evaluate", str(model), *typed]) == 0
    values = json.loads((tmp_path / "o" / "report.json").read_text(encoding="utf-8"))
    assert "nrefs:2" in values["scores"][0]["signature"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["--source", "a"], "--source needs --target: the two files are aligned line by line"),
        (["--target", "a"], "--target needs --source"),
        (["--source", "a", "--target", "b", "--data", "c"], "leave out --source and --target"),
        (["--data", "c", "--split", "test"], "--split takes the run's own data: leave it out when you give files"),
        (["--source_field", "a"], "--source_field and --target_field belong to --data FILE"),
        (["--sentences", "-1"], "--sentences is -1, but it must not be negative"),
        (["--split", "tset"], "--split is 'tset'. Did you mean 'test'? Choose from: train, validation, test."),
        (["--beam", "3"], "There is no option --beam. Did you mean '--beam_size'?"),
        (["--sample_seed", "1"], "--min_p and --sample_seed are for sampling: add --sample."),
        (
            ["--candidates", "9"],
            "9 candidates are wanted for each source, but a search with beam_size 3 finds at most",
        ),
        (["--beam_size", "0"], "beam_size is 0, but it must be at least 1"),
        (["--data", "gone.tsv"], "No file gone.tsv"),
        ([], "is a model folder without its run, so the files of its test split are not known"),
    ],
)
def test_mistakes_are_told_in_a_sentence(model: Path, typed: list[str], message: str, capsys: Captured) -> None:
    assert cli.main(["evaluate", str(model), *typed]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1


def test_a_file_is_no_place_for_reports(model: Path, files: tuple[str, str], tmp_path: Path, capsys: Captured) -> None:
    typed = ["--source", files[0], "--target", files[1], "--output", files[0]]
    assert cli.main(["evaluate", str(model), *typed]) == 2
    assert "few.en is a file, but --output is a folder" in capsys.readouterr().err


def test_draws_and_candidates_are_typed_as_for_the_verb(
    model: Path, files: tuple[str, str], tmp_path: Path, toy_tokenizers: Tokenizers, capsys: Captured
) -> None:
    reverse = toy_models.write(tmp_path / "reverse", toy_tokenizers, reverse=True)
    typed = ["--source", files[0], "--target", files[1], "--samples", "0", "--output", str(tmp_path / "o")]
    typed += ["--sample", "--top_p", "0.9", "--sample_seed", "5", "--candidates", "4", "--reverse", str(reverse)]
    assert cli.main(["evaluate", str(model), *typed, "--reverse_weight", "0.4", "--max_length", "5"]) == 0
    method = "the best of 4 candidates by reverse_weight 0.4, length_bonus 0; drawn at random (top_p 0.9, seed 5)"
    assert f"Outputs: {method}." in capsys.readouterr().out.splitlines()
    values = json.loads((tmp_path / "o" / "report.json").read_text(encoding="utf-8"))
    recipe = values["recipe"]
    assert recipe["decoding"]["method"] == method
    assert recipe["sampling"]["seed"] == 5
    assert recipe["bootstrap"]["seed"] == 12345
    assert recipe["rerank"]["candidates"] == 4
    assert recipe["reverse"]["path"] == str(reverse)
    sources = Path(files[0]).read_text(encoding="utf-8").splitlines()
    decoding = Decoding(
        SearchOptions(beam_size=3, max_length=5),
        SamplingOptions(top_p=0.9, seed=5),
        RerankOptions(4, reverse_weight=0.4),
    )
    expected = seq2seq.load(model).decode(sources, decoding, reverse=seq2seq.load(reverse))
    assert [one["hypothesis"] for one in values["predictions"]] == [found[0].text for found in expected]


def test_help_lists_every_search_option(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        cli.main(["evaluate", "--help"])
    shown = capsys.readouterr().out
    for option in ("--beam_size", "--length_alpha", "--no_repeat_ngram", "--split", "--samples", "--seed", "--output"):
        assert option in shown


def test_an_ensemble_is_evaluated_and_named(
    model: Path, files: tuple[str, str], tmp_path: Path, toy_tokenizers: Tokenizers
) -> None:
    second = toy_models.write(tmp_path / "second", toy_tokenizers, toy_models.SECOND)
    typed = ["--source", files[0], "--target", files[1], "--samples", "20", "--ensemble", str(second)]
    found = []
    for form in ("linear", "log_linear"):
        place = tmp_path / form
        assert cli.main(["evaluate", str(model), *typed, "--ensemble_form", form, "--output", str(place)]) == 0
        values = json.loads((place / "report.json").read_text(encoding="utf-8"))
        recipe = values["recipe"]["ensemble"]
        assert recipe["form"] == form
        assert [one["path"] for one in recipe["others"]] == [str(second)]
        assert recipe["others"][0]["weights_sha256"] != values["recipe"]["model"]["weights_sha256"]
        both = source_model(model).together(source_model(second), form=form)
        assert values["recipe"]["model"]["weights"] == both.network.weight_count()
        texts = Path(files[0]).read_text(encoding="utf-8").splitlines()
        assert [one["hypothesis"] for one in values["predictions"]] == both.mimic(texts)
        found.append(values["likelihood"])
    assert found[0] != found[1]
