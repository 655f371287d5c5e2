"""``seq2seq inspect``: forms, counts, lengths, examples and warnings of files, as people read them and as JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from seq2seq import cli
from seq2seq.corpus.recognition import NAMES
from seq2seq.inspection.command import splits
from tests.seq2seq.corpus.form_samples import SAMPLES, TEXTS, lines
from tests.seq2seq.text_files import written

Captured = pytest.CaptureFixture[str]
ENGLISH = [
    "I saw the cat on the roof this morning, {}.",
    "Where is the nearest station, please, number {}?",
    "The kettle is on and the tea is nearly ready for {}.",
]
CHINESE = ["今天早上我看见屋顶上的猫，{}。", "请问最近的车站在哪里，{}？", "水壶在烧，茶快好了，{}。"]
FRENCH = "Je ne sais pas où est la gare de cette petite ville, monsieur."


def sentences(patterns: list[str], count: int, first: int = 0) -> list[str]:
    return [patterns[number % len(patterns)].format(number) for number in range(first, first + count)]


def pairs(folder: Path, name: str, sources: list[str], targets: list[str]) -> list[str]:
    for language, texts in (("en", sources), ("zh", targets)):
        written(folder / f"{name}.{language}", "\n".join(texts) + "\n")
    return [str(folder / f"{name}.{language}") for language in ("en", "zh")]


def inspected(capsys: Captured, *words: str) -> list[dict[str, Any]]:
    assert cli.main(["inspect", *words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, list)
    return found


def test_an_export_is_described(tmp_path: Path, capsys: Captured) -> None:
    said = [
        "30/12/2023, 21:44 - Messages and calls are end-to-end encrypted.",
        "30/12/2023, 21:45 - Ann: Is there tea?",
        "30/12/2023, 21:46 - Bo: <Media omitted>",
        "30/12/2023, 21:47 - Bo: There is.",
        "02/01/2024, 08:00 - Ann: 早上好。",
    ]
    path = written(tmp_path / "chat.txt", "\r\n".join(said).encode("utf-8-sig"))
    assert cli.main(["inspect", str(path)]) == 0
    shown = [line.rstrip() for line in capsys.readouterr().out.split("\n")]
    assert shown[:8] == [
        str(path),
        "  form      a WhatsApp export (whatsapp)",
        "  encoding  UTF-8 with a byte order mark, line ends of Windows",
        "  size      0.2 kB",
        "  contents  2 conversations, 3 turns",
        "  speakers  Ann (2), Bo (1)",
        "  left out  1 system message, 1 media message",
        "",
    ]
    assert "  turns of a conversation      1    1       1     2     2   1.5" in shown
    assert "  characters of a turn         4    4       9    13    13   8.7" in shown
    place = shown.index("  First examples")
    assert shown[place + 1 : place + 4] == [f"    {path}:2", "      Ann: Is there tea?", "      Bo: There is."]
    assert shown[-4:] == [
        "  Warnings",
        f"    1 of 2 conversations has no reply ({path}:5).",
        "    The turns are in several scripts: Latin letters 67%, Chinese characters 33%.",
        "",
    ]


def test_the_same_is_given_as_json(tmp_path: Path, capsys: Captured) -> None:
    path = written(tmp_path / SAMPLES["whatsapp"][0], SAMPLES["whatsapp"][1])
    (found,) = inspected(capsys, str(path), "--examples", "1")
    assert (found["form"], found["title"], found["encodings"]) == ("whatsapp", "a WhatsApp export", ["UTF-8"])
    assert (found["records"], found["unit"], found["turns"]["count"]) == (1, "conversation", 6)
    assert found["speakers"] == {"Ann": 3, "李雷": 3}
    assert found["size_bytes"] == path.stat().st_size
    side = found["sides"]["turn"]
    assert (side["count"], side["empty"], side["characters"]["most"]) == (6, 0, max(map(len, TEXTS)))
    assert found["first"] == [{"place": f"{path}:1", "turn": list(TEXTS), "speakers": ["李雷", "Ann"] * 3}]


@pytest.mark.parametrize("name", [name for name in SAMPLES if name != "cornell"])
def test_every_form_is_inspected(tmp_path: Path, capsys: Captured, name: str) -> None:
    usual, text = SAMPLES[name]
    path = str(written(tmp_path / usual, text))
    (found,) = inspected(capsys, path)
    assert found["form"] == name
    assert found["records"] > 0
    assert inspected(capsys, path, "--form", name) == [found]


def test_two_files_of_languages_are_put_together_and_splits_are_compared(tmp_path: Path, capsys: Captured) -> None:
    train = pairs(tmp_path, "train", sentences(ENGLISH, 120), sentences(CHINESE, 120))
    sources = [ENGLISH[0].format(0).upper(), ENGLISH[1].format(1), "Something else is here."]
    valid = pairs(tmp_path, "valid", sources, [CHINESE[0].format(0), "另一句话。", "别的东西在这里。"])
    assert splits([*train, *valid]) == [[Path(name) for name in files] for files in (train, valid)]
    first, second = inspected(capsys, *train, *valid)
    assert first["warnings"] == []
    assert second["warnings"] == [
        f"1 of 3 pairs is in train.en and train.zh too ({valid[0]}:1): scores on such data are too good.",
        f"1 of 3 pairs has a source of train.en and train.zh with another target ({valid[0]}:2).",
    ]
    assert [side["language"] for side in first["sides"].values()][1] == "zh"
    assert inspected(capsys, ",".join(train), ", ".join(valid)) == [first, second]


def test_suspicious_pairs_are_counted_and_placed(tmp_path: Path, capsys: Captured) -> None:
    sources = [*sentences(ENGLISH, 100), "", "Tea.", ENGLISH[0].format(0), "A long line of words. " * 9, "Ok then, go."]
    targets = [*sentences(CHINESE, 100), "空。", "Tea.", CHINESE[0].format(0) + "！", "好。", "cafÃ© 好的好的"]
    source, _ = files = pairs(tmp_path, "train", sources, targets)
    (found,) = inspected(capsys, *files)
    assert found["warnings"] == [
        f"1 of 105 pairs occurs before in the same data ({source}:103); compared without case and punctuation.",
        f"1 of 105 pairs has equal sides ({source}:102).",
        f"1 of 105 pairs has an unusual ratio of lengths ({source}:104): more than 5 times the usual 0.29 (target to "
        "source), or less than a fifth of it.",
        f"1 of 105 sources is empty ({source}:101).",
        f"1 of 105 targets has signs of a wrong encoding, such as \ufffd or Ã© ({source}:105).",
        f"1 of 105 targets is not in Chinese characters as the others are (first at {source}:102).",
    ]


def test_texts_in_another_language_are_found(tmp_path: Path, capsys: Captured) -> None:
    files = pairs(tmp_path, "train", [*sentences(ENGLISH, 90), FRENCH, FRENCH + " Non."], sentences(CHINESE, 92))
    (found,) = inspected(capsys, *files)
    (warning,) = found["warnings"]
    assert "sources of 40 characters or more seem to be in another language than 'en': 'fr' (first at" in warning
    assert warning.endswith(f"(first at {files[0]}:91).")
    turned = pairs(tmp_path, "turned", sentences(CHINESE, 20), sentences(ENGLISH, 20))
    (found,) = inspected(capsys, *turned)
    assert found["warnings"] == [
        "Most sources are in Chinese characters, but the name of the file or of the field promises 'en'.",
        "Most targets are in Latin letters, but the name of the file or of the field promises 'zh'.",
    ]
    french = pairs(tmp_path, "french", [f"{FRENCH} {number}" for number in range(20)], sentences(CHINESE, 20))
    (found,) = inspected(capsys, *french)
    assert found["warnings"] == [
        "Most sources seem to be in 'fr', but the name of the file or of the field promises 'en'."
    ]


def test_a_task_shows_its_own_examples_and_refuses_what_it_does_not_read(tmp_path: Path, capsys: Captured) -> None:
    usual, text = SAMPLES["whatsapp"]
    path = str(written(tmp_path / usual, text))
    (found,) = inspected(capsys, path, "--task", "dialogue", "--examples", "1")
    assert (found["unit"], found["records"]) == ("pair", 5)
    assert found["first"] == [{"place": f"{path}:1", "source": [f"{TEXTS[0]}\n"], "target": [TEXTS[1]]}]
    assert cli.main(["inspect", path, "--task", "translation"]) == 2
    assert "is a WhatsApp export, which has conversations, but this task reads pairs" in capsys.readouterr().err
    novel = str(written(tmp_path / "novel.txt", "It was late.\nNobody came.\n\n晚了。\n"))
    (found,) = inspected(capsys, novel, "--task", "generation")
    assert (found["form"], found["unit"], found["records"]) == ("text", "text", 1)
    (tmp_path / "documents").mkdir()
    (tmp_path / "summaries").mkdir()
    for name in ("documents", "summaries"):
        written(tmp_path / name / "a.txt", f"Some {name}.")
    folders = f"{tmp_path / 'documents'},{tmp_path / 'summaries'}"
    (found,) = inspected(capsys, folders, "--task", "summarization")
    assert (found["form"], found["records"], found["size_bytes"]) == ("folders", 1, 30)


def test_pieces_of_a_model_are_counted(model: Path, tmp_path: Path, capsys: Captured) -> None:
    files = pairs(tmp_path, "train", ["the old dog", "a cat"], ["那老狗。", "猫。"])
    (found,) = inspected(capsys, *files, "--model", str(model))
    assert found["sides"]["source"]["pieces"]["most"] >= 3
    assert cli.main(["inspect", *files, "--model", str(model)]) == 0
    assert "pieces of a source" in capsys.readouterr().out
    assert cli.main(["inspect", *files, "--model", str(model), "--task", "dialogue"]) == 2
    assert "--task is 'dialogue', but" in capsys.readouterr().err


def test_a_text_without_a_known_form_is_described_with_what_it_looks_like(tmp_path: Path, capsys: Captured) -> None:
    words = str(written(tmp_path / "words.txt", "\n".join(f"word{number}" for number in range(30))))
    (found,) = inspected(capsys, words)
    assert (found["form"], found["unit"], found["records"]) == ("text", "text", 30)
    assert found["warnings"][0] == (
        "It looks like a list of words: to read its lines as turns of a dialogue, give --form lines (in fit: "
        "--data.reader.form lines)."
    )


def test_the_usual_keys_and_columns_are_found(tmp_path: Path, capsys: Captured) -> None:
    for name, text, sides in (
        ("a.jsonl", lines({"message": "Tea?", "reply": "Yes."}), ["source", "target"]),
        ("b.jsonl", lines({"text": "Tea?"}), ["text"]),
        ("c.tsv", "message\treply\nTea?\tYes.\n", ["source", "target"]),
        ("d.tsv", "Tea?\tYes.\n茶？\t好。\n", ["source", "target"]),
        ("e.csv", "source,target\nTea?,Yes.\n", ["source", "target"]),
    ):
        (found,) = inspected(capsys, str(written(tmp_path / name, text)))
        assert list(found["sides"]) == sides
        assert found["first"][0][sides[0]] == ["Tea?"]
    path = str(written(tmp_path / "f.jsonl", lines({"q": "Tea?", "a": ["Yes.", "No."]})))
    (found,) = inspected(capsys, path, "--source_field", "q", "--target_field", "a")
    assert found["first"][0]["target"] == ["Yes.\nNo."]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["missing.txt"], "No file missing.txt."),
        (["blank.csv"], "blank.csv contains a header but no rows."),
        (
            ["f.jsonl"],
            "f.jsonl:1: no key 'source'. There are: q, a. Name the right one with --data.reader.source_field",
        ),
        (["f.jsonl", "--source_field", "q"], "--source_field and --target_field belong together: give both."),
        (["f.jsonl", "--form", "whatsap"], "--form is 'whatsap', which does not exist. Did you mean 'whatsapp'?"),
        (["f.jsonl", "--task", "dialog"], "No task named 'dialog'. Did you mean 'dialogue'?"),
        (["f.jsonl", "--examples", "-1"], "--examples is -1, but it must be at least 0."),
        ([], "The following arguments are required: FILE"),
    ],
)
def test_a_mistake_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured, words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "f.jsonl", lines({"q": "Tea?", "a": "Yes."}))
    written(tmp_path / "blank.csv", "\n\n")
    assert cli.main(["inspect", *words]) == 2
    assert sentence in capsys.readouterr().err


def test_all_forms_are_listed_where_one_is_named(capsys: Captured) -> None:
    assert cli.main(["inspect", "f", "--form", "x"]) == 2
    assert f"Choose from: {', '.join(NAMES)}." in capsys.readouterr().err
