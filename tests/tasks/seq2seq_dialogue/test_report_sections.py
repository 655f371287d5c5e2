"""The dialogue report in all formats, in English and in Chinese, and the table of systems."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from seq2seq import cli
from seq2seq.evaluation.evaluate import evaluate
from seq2seq.evaluation.pairs import Pairs
from seq2seq.evaluation.test_set import TestSet
from seq2seq.metrics.script_tokenizer import ScriptTokenizer
from seq2seq.plugin.report_blocks import Table
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_dialogue.report_sections import DIVERSITY, MOST_FREQUENT, beside_references, most_frequent
from tests.chinese_words import listen
from tests.environments import REPOSITORY
from tests.seq2seq.conftest import toy_examples, toy_tokenizers
from tests.seq2seq.decoded import source_model
from tests.seq2seq.report.sample_reports import Checker
from tests.tasks.seq2seq_dialogue import talks

__all__ = ["toy_examples", "toy_tokenizers"]
Captured = pytest.CaptureFixture[str]
TITLES = [
    "Perplexity of the reference replies",
    "Compared with the reference replies",
    "The most frequent replies",
    "The reference reply among ten",
    "Conversations",
]


@pytest.fixture(scope="module")
def dialogue_table() -> ModuleType:
    """The script that prints the table of systems."""
    spec = importlib.util.spec_from_file_location("dialogue_table", REPOSITORY / "benchmarks" / "dialogue_table.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["dialogue_table"] = module
    spec.loader.exec_module(module)
    return module


def written(path: Path, language: str, count: int = 12) -> Path:
    """Write conversations as JSONL."""
    languages = [language] if language else ["en", "zh"]
    held = [turns for one in languages for turns in talks.conversations(count // len(languages), language=one)]
    path.write_text("".join(json.dumps({"turns": turns}) + "\n" for turns in held), encoding="utf-8")
    return path


def rows(report: dict[str, Any], title: str) -> dict[str, list[Any]]:
    """Return the rows of a section's first table by their names."""
    blocks = next(one["blocks"] for one in report["sections"] if one["title"] == title)
    return {row[0]: row[1:] for row in next(block["rows"] for block in blocks if "rows" in block)}


def scripts(report: dict[str, Any]) -> str:
    """Return the tokenizers for the texts of a report, by script."""
    tokenizer = ScriptTokenizer()
    for one in report["predictions"]:
        for text in (one["hypothesis"], *one["references"]):
            tokenizer(text)
    return tokenizer.signature()


@pytest.mark.parametrize("language", ["en", "zh", ""])
def test_a_file_of_conversations_is_evaluated_with_all_that_is_measured(
    tmp_path: Path, toy_tokenizers: Tokenizers, language: str, capsys: Captured
) -> None:
    model = talks.model(tmp_path / "model", toy_tokenizers, DialogueReader(target_language=language))
    data = written(tmp_path / "few.jsonl", language)
    arguments = ["evaluate", str(model), "--data", str(data), "--samples", "20", "--examples", "2", "--language", "en"]
    assert cli.main(arguments) == 0
    shown = capsys.readouterr()
    assert shown.err == "few.jsonl: 12 conversations, 60 turns, at most 5 in one.\n"
    assert "(48 sentences)" in shown.out  # four replies in each of twelve conversations
    folder = model / "evaluation-few"
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    tokenize = {"en": "13a", "zh": "zh", "": scripts(report)}[language]
    assert f"BLEU-2|nrefs:1|case:mixed|eff:no|tok:{tokenize}|" in shown.out
    assert [one["title"] for one in report["sections"]] == TITLES
    counted = rows(report, TITLES[0])
    total = report["likelihood"]
    assert counted["token, the end counts"][0] == pytest.approx(total["per_token"]["perplexity"], rel=1e-4)
    ends = sum(one["reference_end_log_probability"] for one in report["predictions"])
    assert float(counted["token, without the end"][2]) == pytest.approx(
        (total["nats"] + ends) / (total["tokens"] - 48), abs=1e-4
    )
    assert rows(report, TITLES[1])["different replies (%)"][2] > 90  # of random human words
    assert set(rows(report, TITLES[3])) == {"true reply ranked first of ten (%)", "mean reciprocal rank (of 100)"}

    talked = report["sections"][4]["blocks"]
    assert [block["caption"] for block in talked[1:]] == [f"{data}:1", f"{data}:7"]
    assert [row[0] for row in talked[1]["rows"]] == list("ABABA")
    assert talked[1]["rows"][1][2] == (report["predictions"][0]["hypothesis"] or "(empty)")
    drawn = [one["index"] for one in report["predictions"] if "attention" in one]
    assert set(drawn) >= {one for one in [0, 1, 2, 3, 24, 25, 26, 27] if report["predictions"][one]["pieces"]}

    page = (folder / "report.html").read_text(encoding="utf-8")
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    assert len(set(checker.identities)) == len(checker.identities)
    assert page.count("Its attention") >= 8
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "## Conversations" in text
    assert "| who | said | model |" in text


def test_without_samples_and_examples_there_are_no_bootstraps_and_no_conversations(
    tmp_path: Path, toy_tokenizers: Tokenizers
) -> None:
    model = source_model(talks.model(tmp_path / "model", toy_tokenizers))
    tested = TestSet("few", "few", tuple(talks.examples(talks.conversations(12))), ())
    found = evaluate(model, Pairs(tested, samples=0), shown=0)
    assert [one.title for one in found.sections] == TITLES[:4]
    intervals = [
        [row[2] for block in one.blocks if isinstance(block, Table) for row in block.rows]
        for one in (found.sections[0], found.sections[3])
    ]
    assert {one for column in intervals for one in column} == {"none"}


def test_a_reverse_model_shows_no_conversations(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    reader = DialogueReader(target_language="en", reverse=True)
    model = source_model(talks.model(tmp_path / "model", toy_tokenizers, reader))
    examples = tuple(reader.reversed(one) for one in talks.examples(talks.conversations(12)))
    found = evaluate(model, Pairs(TestSet("few", "few", examples, ()), samples=0))
    assert [one.title for one in found.sections] == TITLES[:4]


def test_a_dull_model_is_seen_beside_people() -> None:
    talked = [" ".join(turns) for turns in talks.conversations(40)]
    predictions = [
        talks.prediction(index, "I don't know. I don't know." if index % 2 else said, said)
        for index, said in enumerate(talked)
    ]
    table, against, note = beside_references(predictions).blocks
    assert isinstance(table, Table)
    assert isinstance(against, Table)
    found = {str(row[0]): list(row[1:]) for row in table.rows}
    first, second, *others = found
    assert first.startswith("distinct-1 of ")
    assert float(found[second][0]) < float(found[second][2])
    assert found["different replies (%)"][0] == 100 * 21 / 40
    assert found["different replies (%)"][2] == 100
    assert found["replies that are one of the 10 most frequent (%)"][0] == 100 * 29 / 40
    assert found["replies that are one of the 10 most frequent (%)"][2] == 25
    assert float(found["replies that repeat three words (%)"][0]) >= 50
    assert len(others) == 4
    ratio = float(against.rows[1][1])
    assert ratio == pytest.approx(float(found[second][0]) / float(found[second][2]))
    assert "a bootstrap would draw replies twice" in str(note)


def test_the_most_frequent_replies_stand_as_they_are_first_written() -> None:
    said = [("I don't know.", "Yes."), ("I DON'T KNOW!", "yes"), ("", "no"), ("ok", "我们。")]
    (table,) = most_frequent([talks.prediction(index, *pair) for index, pair in enumerate(said)]).blocks
    assert isinstance(table, Table)
    assert table.rows == [["I don't know.", 2, "Yes.", 2], ["(empty)", 1, "no", 1], ["ok", 1, "我们。", 1]]


def test_a_model_that_says_nothing_is_measured() -> None:
    found = beside_references([talks.prediction(0, "", "yes we do"), talks.prediction(1, "", "no")])
    table = found.blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][0] == "different replies (%)"
    assert len(found.blocks) == 2


def test_where_people_say_single_words_no_pairs_are_compared() -> None:
    said = [("yes we do", "yes"), ("no we do not", "no"), ("ok", "ok"), ("好的", "好")]
    against = beside_references([talks.prediction(index, *pair) for index, pair in enumerate(said)]).blocks[1]
    assert isinstance(against, Table)
    assert [row[0] for row in against.rows] == ["distinct-1"]


def test_the_table_of_systems(
    tmp_path: Path, toy_tokenizers: Tokenizers, dialogue_table: ModuleType, capsys: Captured
) -> None:
    model = talks.model(tmp_path / "model", toy_tokenizers)
    data = written(tmp_path / "few.jsonl", "en")
    for name, beam in (("greedy", "1"), ("beam", "3")):
        typed = ["--data", str(data), "--samples", "20", "--beam_size", beam, "--output", str(tmp_path / name)]
        assert cli.main(["evaluate", str(model), *typed]) == 0
    capsys.readouterr()
    dialogue_table.main([f"greedy={tmp_path}/greedy", f"beam={tmp_path}/beam"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "|  | greedy | beam | people |"
    cells = {line.split(" | ")[0][2:]: line[:-2].split(" | ")[1:] for line in lines[2:]}
    assert list(cells)[:8] == [
        *("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4"),
        *("perplexity per token, the end counts", "perplexity per token, without the end"),
        *("perplexity per word, the end counts", "perplexity per word, without the end"),
    ]
    assert cells["BLEU-2"][2] == ""  # people are the reference
    report = json.loads((tmp_path / "beam" / "report.json").read_text(encoding="utf-8"))
    bleu = next(one for one in report["scores"] if one["name"] == "BLEU-2")
    assert cells["BLEU-2"][1] == f"{bleu['value']:.2f} ({bleu['low']:.2f} to {bleu['high']:.2f})"
    value, interval, *_ = rows(report, TITLES[3])["true reply ranked first of ten (%)"]
    assert cells["true reply ranked first of ten (%)"][1] == f"{value:.2f} ({interval})"
    different = rows(report, DIVERSITY)["different replies (%)"]
    assert cells["different replies (%)"][1:] == [
        f"{different[0]:.2f} ({different[1]})",
        f"{different[2]:.2f} ({different[3]})",
    ]
    assert len([name for name in cells if name.startswith("distinct-")]) in (0, 2)  # one number of words for all
    assert MOST_FREQUENT not in cells


def test_systems_that_cannot_stand_in_one_table_are_refused(
    tmp_path: Path, toy_tokenizers: Tokenizers, dialogue_table: ModuleType, capsys: Captured
) -> None:
    model = talks.model(tmp_path / "model", toy_tokenizers)
    for name, count in (("one", 3), ("two", 4)):
        data = written(tmp_path / f"{name}.jsonl", "en", count)
        typed = ["--data", str(data), "--samples", "0", "--output", str(tmp_path / name)]
        assert cli.main(["evaluate", str(model), *typed]) == 0
    for typed, message in (
        (["beam"], "'beam' names no system: type NAME=FOLDER"),
        ([f"a={tmp_path}/one", f"b={tmp_path}/two"], "a and b were not tested on the same replies: evaluate both on"),
        ([f"a={tmp_path}/none"], "report.json could not be read: No such file"),
    ):
        with pytest.raises(SystemExit) as stopped:
            dialogue_table.main(typed)
        assert stopped.value.code == 2
        assert message in capsys.readouterr().err


def test_no_english_is_left_on_a_chinese_page(
    tmp_path: Path, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = listen(monkeypatch)
    model = talks.model(tmp_path / "model", toy_tokenizers, DialogueReader(target_language=""))
    data = written(tmp_path / "few.jsonl", "")
    arguments = ["evaluate", str(model), "--data", str(data), "--samples", "20", "--examples", "2"]
    assert cli.main([*arguments, "--language", "zh"]) == 0
    assert {phrase for phrase in left if not phrase.startswith("few")} == set()  # the file's name
