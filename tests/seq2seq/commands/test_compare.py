"""Tests of ``seq2seq compare``: reports, folders, plain files, and refusals."""

import json
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.report.report_file import JSON, as_json
from tests.seq2seq import toy_task
from tests.seq2seq.report.sample_reports import report as made

Captured = pytest.CaptureFixture[str]
REFERENCES = [f"the {size} {animal} sees the {other} in the old house ." for size in ("big", "small", "red", "tiny")
              for animal in ("dog", "cat", "bird") for other in ("man", "woman", "child")]  # fmt: skip


def written(folder: Path, hypotheses: list[str], **changes: object) -> Path:
    """Write a report with these outputs."""
    values = as_json(made())
    values["predictions"] = [
        {"hypothesis": one, "references": [reference]} for one, reference in zip(hypotheses, REFERENCES, strict=True)
    ]
    values["recipe"]["reader"] = {"target_language": "en"}
    values.update(changes)
    folder.mkdir()
    (folder / JSON).write_text(json.dumps(values), encoding="utf-8")
    return folder


def text(path: Path, lines: list[str]) -> str:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


GOOD = REFERENCES
BAD = [one.replace("the", "a", 1).replace("old", "new").replace("sees", "look at") for one in REFERENCES]


@pytest.fixture(autouse=True)
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy task is installed."""
    toy_task.install(tmp_path / "site", monkeypatch)


def test_two_reports_by_the_metrics_of_their_task(tmp_path: Path, capsys: Captured) -> None:
    a, b = written(tmp_path / "a", BAD), written(tmp_path / "b", GOOD)
    assert cli.main(["compare", str(a), str(b / JSON), "--samples", "200"]) == 0
    shown = capsys.readouterr().out
    assert "36 sentences" in shown
    assert "BLEU: B is better (p < 0.05 in both tests)." in shown
    assert "tok:13a" in shown
    assert "samples:200|seed:12345" in shown
    assert "chrF" not in shown  # the toy task has one metric


def test_json_says_the_same(tmp_path: Path, capsys: Captured) -> None:
    a, b = written(tmp_path / "a", BAD), written(tmp_path / "b", GOOD)
    typed = ["compare", str(a), str(b), "--samples", "50", "--seed", "4", "--metric", "ter", "--json"]
    assert cli.main(typed) == 0
    found = json.loads(capsys.readouterr().out)
    (one,) = found["comparisons"]
    assert found["sentences"] == 36
    assert one["metric"] == "TER"
    assert one["higher_is_better"] is False
    assert one["b"] == 0
    assert one["difference"] < 0
    assert one["p_bootstrap"] == pytest.approx(2 / 51)
    assert (one["samples"], one["seed"]) == (50, 4)


@pytest.mark.parametrize("name", ["r.zh", "r.txt"])
def test_plain_chinese_is_known_by_its_name_or_its_script(tmp_path: Path, capsys: Captured, name: str) -> None:
    a = text(tmp_path / "a.txt", ["他买了三本书。", "她很好。", ""])
    references = text(tmp_path / name, ["他买了三本书。", "她很好。", ""])
    assert cli.main(["compare", a, a, "--references", references, "--samples", "20"]) == 0
    shown = capsys.readouterr().out
    assert "100.00" in shown
    assert "tok:zh" in shown
    assert "asian:yes" in shown


def test_plain_files_with_references(tmp_path: Path, capsys: Captured) -> None:
    a, b = text(tmp_path / "a.txt", GOOD), text(tmp_path / "b.txt", BAD)
    references = text(tmp_path / "r.txt", REFERENCES)
    assert cli.main(["compare", a, b, "--references", references, references, "--samples", "50"]) == 0
    shown = capsys.readouterr().out
    for name in ("BLEU", "chrF", "TER"):
        assert f"{name}: A is better (p < 0.05 in both tests)." in shown
    assert "nrefs:2" in shown


def test_subword_text_is_joined_and_tokenized_text_is_mentioned_once(tmp_path: Path, capfd: Captured) -> None:
    a = text(tmp_path / "a.txt", [one.replace("house", "ho@@ use") for one in GOOD])
    b, references = text(tmp_path / "b.txt", GOOD), text(tmp_path / "r.txt", REFERENCES)
    typed = ["compare", a, b, "--references", references, "--samples", "20"]
    assert cli.main(typed) == 0
    shown = capfd.readouterr()
    assert "BLEU: A and B have the same score." in shown.out
    assert f"{a}: subword text (8 % of the tokens have '@@'), joined to words" in shown.out
    assert shown.out.count("look tokenized: ") == 1
    assert f"36 of 36 ({a}), 36 of 36 ({b}); the references look tokenized too" in shown.out
    assert shown.err == ""  # sacrebleu's own advice names no system
    assert cli.main([*typed, "--subwords", "keep", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["comparisons"][0]["difference"] > 0
    assert len(found["notes"]) == 1


def test_sentences_are_found_or_named_for_rouge_lsum(tmp_path: Path, capsys: Captured) -> None:
    for first, second, more, is_found in (
        ("kelwick leads . the board met .", "the board met <q> kelwick leads", [], True),
        ("kelwick leads | the board met", "the board met | kelwick leads", [], False),
        ("kelwick leads | the board met", "the board met | kelwick leads", ["--sentence_separator", "|"], True),
    ):
        a, references = text(tmp_path / "a.txt", [first] * 3), text(tmp_path / "r.txt", [second] * 3)
        typed = ["compare", a, a, "--references", references, "--samples", "20", "--metric", "ROUGE-Lsum", *more]
        assert cli.main([*typed, "--json"]) == 0
        found = json.loads(capsys.readouterr().out)
        (one,) = found["comparisons"]
        assert (one["a"] == 100) == is_found
        count = 6 if is_found else 3
        assert f"found {count} sentences in the outputs and {count} in the references" in found["notes"][0]


def test_plain_files_by_rouge(tmp_path: Path, capsys: Captured) -> None:
    chinese = ["我们买了三本书。"] * 6
    a, b = text(tmp_path / "a.txt", [*BAD, *chinese]), text(tmp_path / "b.txt", [*GOOD, *chinese])
    references = text(tmp_path / "r.txt", [*REFERENCES, *chinese])
    typed = ["compare", a, b, "--references", references, "--samples", "50", "--metric"]
    assert cli.main([*typed, "rouge"]) == 0
    shown = capsys.readouterr().out
    for kind in ("1", "2", "L", "Lsum"):
        assert f"ROUGE-{kind}: B is better (p < 0.05 in both tests)." in shown
        assert f"ROUGE-{kind}|nrefs:1|refs:max|tok:unicode|stem:yes" in shown
    assert "100.00" in shown  # Chinese is split into words, too
    assert "BLEU" not in shown
    assert cli.main([*typed, "ROUGE-l", "--json"]) == 0
    (one,) = json.loads(capsys.readouterr().out)["comparisons"]
    assert (one["metric"], one["b"]) == ("ROUGE-L", 100)
    refused([*typed[1:], "ROUGE-M"], "There is no metric 'ROUGE-M'. Did you mean 'ROUGE-", capsys)


def test_summaries_are_compared_by_the_metrics_of_their_task(tmp_path: Path, capsys: Captured) -> None:
    a, b = written(tmp_path / "a", BAD, task="summarization"), written(tmp_path / "b", GOOD, task="summarization")
    for typed in ([], ["--metric", "rouge"]):
        assert cli.main(["compare", str(a), str(b), "--samples", "50", *typed]) == 0
        shown = capsys.readouterr().out
        for kind in ("1", "2", "L", "Lsum"):
            assert f"ROUGE-{kind}: B is better (p < 0.05 in both tests)." in shown
        assert "BLEU" not in shown


def test_the_language_chooses_the_tokenizer(tmp_path: Path, capsys: Captured) -> None:
    a, b = text(tmp_path / "a.txt", ["我们买了三本书。"] * 5), text(tmp_path / "b.txt", ["他买了三本书。"] * 5)
    assert cli.main(["compare", a, b, "--references", a, "--language", "zh", "--samples", "20"]) == 0
    shown = capsys.readouterr().out
    assert "tok:zh" in shown
    assert "asian:yes" in shown


def test_a_report_against_plain_outputs(tmp_path: Path, capsys: Captured) -> None:
    a, b = written(tmp_path / "a", GOOD), text(tmp_path / "b.txt", GOOD)
    assert cli.main(["compare", str(a), b, "--samples", "20"]) == 0
    assert "BLEU: A and B have the same score." in capsys.readouterr().out


def test_chance_is_called_chance(tmp_path: Path, capsys: Captured) -> None:
    nearly = [BAD[0], *GOOD[1:]]
    a, b = text(tmp_path / "a.txt", nearly), text(tmp_path / "b.txt", [*GOOD[:-1], BAD[-1][:-2]])
    references = text(tmp_path / "r.txt", REFERENCES)
    assert cli.main(["compare", a, b, "--references", references, "--metric", "BLEU", "--samples", "100"]) == 0
    assert "but it may be chance (p >= 0.05 in at least one test)" in capsys.readouterr().out


def test_an_uninstalled_task_does_not_keep_from_general_metrics(tmp_path: Path, capsys: Captured) -> None:
    a, b = written(tmp_path / "a", GOOD, task="gone"), written(tmp_path / "b", BAD, task="gone")
    assert cli.main(["compare", str(a), str(b), "--samples", "20", "--metric", "chrf"]) == 0
    assert cli.main(["compare", str(a), str(b), "--samples", "20", "--metric", "rouge"]) == 0
    assert cli.main(["compare", str(a), str(b), "--samples", "20", "--language", "en"]) == 0
    capsys.readouterr()
    assert cli.main(["compare", str(a), str(b), "--samples", "20"]) == 2
    assert "No task named 'gone'" in capsys.readouterr().err


def refused(typed: list[str], message: str, capsys: Captured) -> None:
    assert cli.main(["compare", *typed]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""


def test_different_test_sets_are_refused(tmp_path: Path, capsys: Captured) -> None:
    a = written(tmp_path / "a", GOOD)
    other = written(tmp_path / "b", GOOD, test_set={"sources_sha256": "0"})
    refused([str(a), str(other)], "are outputs for different sources: evaluate both models on the same data", capsys)
    values = json.loads((a / JSON).read_text(encoding="utf-8"))
    values["predictions"][2]["references"] = ["something else"]
    third = written(tmp_path / "c", GOOD, predictions=values["predictions"])
    refused([str(a), str(third)], "against different references, first in sentence 3", capsys)
    short = text(tmp_path / "short.txt", GOOD[:5])
    refused([str(a), short], "has 36 outputs, but ", capsys)


def test_mistakes_are_told_in_a_sentence(tmp_path: Path, capsys: Captured) -> None:
    a, b = written(tmp_path / "a", GOOD), written(tmp_path / "b", BAD)
    plain, short = text(tmp_path / "p.txt", GOOD), text(tmp_path / "s.txt", GOOD[:5])
    refused([plain, plain], "are plain text: give --references FILE, one line for each output", capsys)
    refused([plain, plain, "--references", short], f"{short} has 5 lines, but {plain} has 36 outputs.", capsys)
    refused([str(tmp_path), str(b)], "contains no report.json. Perhaps ", capsys)
    refused([str(a), str(tmp_path / "gone")], "No file ", capsys)
    refused([str(a), str(b), "--metric", "bleuu"], "There is no metric 'bleuu'. Did you mean 'BLEU'?", capsys)
    refused([str(a), str(b), "--samples", "0"], "--samples is 0, but it must be at least 1", capsys)
    refused([str(a), str(b), "--seed", "-1"], "--seed is -1, but it must not be negative", capsys)
    damaged = written(tmp_path / "d", GOOD, predictions=[{"hypothesis": "x"}])
    refused([str(a), str(damaged)], "report.json: predictions[0].references is missing", capsys)
    damaged = written(tmp_path / "e", GOOD, predictions=None)
    refused([str(a), str(damaged)], "report.json is not a report of seq2seq evaluate", capsys)
    damaged = written(tmp_path / "f", GOOD, predictions=[])
    refused([str(a), str(damaged)], "report.json contains no predictions", capsys)
    damaged = written(tmp_path / "g", GOOD, predictions=[{"hypothesis": ["x"], "references": ["y"]}])
    refused([str(a), str(damaged)], "predictions[0].hypothesis must be a text, but it is a list", capsys)
    damaged = written(tmp_path / "h", GOOD, recipe={"loss": 3})
    refused([str(a), str(damaged)], "report.json: recipe.loss must be a mapping", capsys)
    (tmp_path / "empty").mkdir()
    refused([str(a), str(tmp_path / "empty")], "contains no report.json. It is written by: seq2seq evaluate", capsys)
