"""Text files of conversations: supported formats, rejected formats, and texts that resemble these."""

import gzip
from collections.abc import Sequence
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq_dialogue.forms import conversations, speakers_of
from seq2seq_dialogue.reader import DialogueReader

PLAIN = ["Hello there.", "Good evening.", "Is the kettle on?", "It is.", "晚上好。", "水开了。"]
TO_OBJECTS = 'write an object {"turns": ["...", "..."]} for each'


def written(folder: Path, lines: Sequence[str], name: str = "talk.txt") -> Path:
    path = folder / name
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def turns(path: Path) -> list[list[str]]:
    return [said for _, said, _ in conversations(path)]


def said(path: Path) -> str:
    return DialogueReader().understood([path])


@pytest.mark.parametrize("name", ["talk.txt", "talk.txt.gz"])
def test_marks_end_the_turns_of_a_line(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, ["Tea? __eou__ Please. __eou__", "", "你好。__eou__ 好。 __eou__ 再见。__eou__"], name)
    assert list(conversations(path)) == [
        (f"{path}:1", ["Tea?", "Please."], []),
        (f"{path}:3", ["你好。", "好。", "再见。"], []),
    ]
    assert [one.target for one in DialogueReader().read([path])] == ["Please.", "好。", "再见。"]
    assert said(path) == f"{name}: 2 conversations, 5 turns, at most 3 in one."


def test_a_turn_of_several_utterances_is_one(tmp_path: Path) -> None:
    path = written(tmp_path, ["it hangs __eou__ since noon __eou__ __eot__ which kernel __eou__ __eot__"])
    assert [[" ".join(turn.split()) for turn in one] for one in turns(path)] == [
        ["it hangs since noon", "which kernel"]
    ]


def test_a_mark_that_is_spoken_of_once_is_text(tmp_path: Path) -> None:
    lines = [*PLAIN, "What does __eou__ mean?", "It ends a turn."]
    assert turns(written(tmp_path, lines)) == [lines]


def test_equals_signs_divide_conversations(tmp_path: Path) -> None:
    path = written(tmp_path, ["Tea?", "Please.", "===", "你好。", "好。", " ====== ", "", "1 + 1 === 2?", "Yes."])
    assert list(conversations(path)) == [
        (f"{path}:1", ["Tea?", "Please."], []),
        (f"{path}:4", ["你好。", "好。"], []),
        (f"{path}:8", ["1 + 1 === 2?", "Yes."], []),
    ]


@pytest.mark.parametrize(
    ("lines", "speakers"),
    [
        (["Ann: Tea?", "Bo Li: Please.", "Ann: Here: take it.", "Ann: Hot!"], ["Ann", "Bo Li", "Ann", "Ann"]),
        (["me : Tea?", "friend : Please.", "me : Here: take it.", "friend : Hot!"], ["me", "friend", "me", "friend"]),
        (["甲：Tea?", "乙：Please.", "甲：Here: take it.", "乙：Hot!"], ["甲", "乙", "甲", "乙"]),
    ],
)
def test_names_before_turns_are_speakers(tmp_path: Path, lines: list[str], speakers: list[str]) -> None:
    path = written(tmp_path, lines)
    assert list(conversations(path)) == [(f"{path}:1", ["Tea?", "Please.", "Here: take it.", "Hot!"], speakers)]
    names = ", ".join(dict.fromkeys(speakers))
    assert said(path) == (
        "talk.txt: 1 conversation, 4 turns, at most 4 in one. "
        f"The names before the turns ({names}) are read as speakers."
    )


def test_a_line_without_a_name_is_of_the_last_speaker(tmp_path: Path) -> None:
    path = written(tmp_path, [*["Ann: Tea?", "Bo: Please."] * 6, "with milk"])
    assert next(conversations(path))[1:] == ([*["Tea?", "Please."] * 6, "with milk"], [*["Ann", "Bo"] * 6, "Bo"])


def test_the_first_three_names_are_shown(tmp_path: Path) -> None:
    path = written(tmp_path, [f"{name}: Yes." for name in ("Ann", "Bo", "Cy", "Di", "Eve") for _ in range(2)])
    assert "(Ann, Bo, Cy and 2 more) are read as speakers" in said(path)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([*PLAIN, "Note: it is hot.", "Note: I know."], id="a few notes"),
        pytest.param(["Note: it is hot."] * 6, id="one name"),
        pytest.param(["Note: hot.", "Tip: wait.", "Rule: sit.", "Fact: tea.", "Wish: milk.", "Plan: go."], id="labels"),
        pytest.param([*PLAIN, "A: is the answer."], id="one letter"),
        pytest.param(["Ann: Tea?", "Bo: Yes."], id="two lines"),
        pytest.param(["We meet at 12:30 today.", "Is 7:45 too early?", "Not 12:30, please.", "Then 8:15."], id="times"),
        pytest.param(["7:30 is fine.", "8:15 is better.", "7:30 - or never.", "8:15 then."], id="times first"),
        pytest.param(["http://a.example/x", "https://b.example", "http://c.example", "https://b.example"], id="links"),
        pytest.param([*PLAIN, '{"tea": true}', '[{"milk": 1}]'], id="JSON inside"),
        pytest.param(['[{"milk": 1}]', "That is a list.", "Of what?", "Of objects."], id="JSON first"),
        pytest.param(["<html> comes first.", "And then?", "<body>, I think.", "Right.", "Thanks."], id="markup first"),
        pytest.param(["[laughs]", "Why?", "[sighs]", "Oh."], id="stage directions"),
        pytest.param([*PLAIN, "注意：水很烫。", "他说：好。", "现在是12：30。"], id="full-width colons"),
        pytest.param(["1 cup\tor two?", *PLAIN, "2"], id="a tab"),
        pytest.param(["1999 was good.", "2001 was not.", "20/06/2023 was a Tuesday.", "2023-06-21 too?"], id="days"),
        pytest.param(["a --> b", "b --> c", "c --> d", "d --> e"], id="arrows"),
    ],
)
def test_turns_that_look_like_another_form_stay_as_they_are(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path, lines)
    assert turns(path) == [lines]
    assert "speakers" not in said(path)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (
            ["text:Tea?\tlabels:Please.", "text:Milk?\tlabels:No.\tepisode_done:True"],
            f"looks like a log of ParlAI (text:... labels:...), not like text with a turn in each line: {TO_OBJECTS} "
            "episode into a .jsonl file.",
        ),
        (
            ["1 your persona: i bake.", "2 Tea?\tPlease.\t\tNo.|Yes."],
            "looks like the numbered lines of ParlAI and bAbI, not like text with a turn in each line: write an "
            'object {"turns": ["...", "..."], "persona": ["..."]} for each episode into a .jsonl file.',
        ),
        (
            ["L1 +++$+++ u0 +++$+++ m0 +++$+++ ANN +++$+++ Tea?", "L2 +++$+++ u1 +++$+++ m0 +++$+++ BO +++$+++ Yes."],
            "looks like the Cornell movie corpus (+++$+++), not like text with a turn in each line: "
            f"{TO_OBJECTS} conversation into a .jsonl file.",
        ),
        (
            ["1", "00:00:01,000 --> 00:00:02,000", "Tea?", "", "2", "00:00:03,000 --> 00:00:04,500", "茶？"],
            "looks like subtitles, not like text with a turn in each line: write each spoken line as a line, and a "
            "blank line between scenes.",
        ),
        (
            ['{"turns": ["Tea?", "Please."]}', '{"turns": ["你好。", "好。"]}'],
            "looks like JSONL, not like text with a turn in each line: rename it to end in .jsonl.",
        ),
        (
            ["Tea?\tPlease.", "你好。\t好。"],
            "looks like a table with a tab in each line, not like text with a turn in each line: rename it to end in "
            ".tsv; where it has no header, name its columns by number: --data.reader.source_field 1 "
            "--data.reader.target_field 2.",
        ),
        (
            ["[", '  {"turns": [', '    "Tea?",', '    "Please."', "  ]}", "]"],
            f"is JSON, not a turn in each line: {TO_OBJECTS} conversation into a .jsonl file.",
        ),
        (
            ['[{"turns": ["Tea?", "Please."]}]'],
            f"is JSON, not a turn in each line: {TO_OBJECTS} conversation into a .jsonl file.",
        ),
        (
            ['<?xml version="1.0"?>', "<talk>", "<turn>Tea?</turn>", "<turn>Please.</turn>", "</talk>"],
            f"is XML or HTML, not a turn in each line: {TO_OBJECTS} conversation into a .jsonl file.",
        ),
        (
            ["categories:", "- tea", "conversations:", "- - Tea?", "  - Please."],
            "is a YAML corpus of ChatterBot: convert it with seq2seq data prepare chatterbot.",
        ),
    ],
)
def test_another_form_is_refused_with_what_to_do(tmp_path: Path, lines: list[str], sentence: str) -> None:
    path = written(tmp_path, lines)
    with pytest.raises(UserError) as caught:
        list(DialogueReader().read([path]))
    assert str(caught.value) == f"{path} {sentence}"


@pytest.mark.parametrize(
    "lines",
    [
        ["\u200e[20/06/2023, 15:58:57] Ann: Tea?", "[20/06/2023, 15:59:10] Bo: Please.", "with milk"],
        ["20/06/2023, 15:58 - Ann: Tea?", "6/20/23, 3:59 PM - Bo: Please."],
        ["2023-06-20 15:58:57 安", "喝茶吗？", "2023-06-20 15:59:10 波", "好。"],
        ["2023年6月20日 15:58 安", "喝茶吗？", "2023年6月20日 15:59 波", "好。"],
        ["[15:58] <ann> Tea?", "[15:59] <bo> Please."],
        ["15:58 <ann> Tea?", "15:59 <bo> Please."],
        ["2023-06-20T15:58:57 <ann> Tea?", "2023-06-20T15:59:57 <bo> Please."],
    ],
)
def test_chat_exports_are_refused(tmp_path: Path, lines: list[str]) -> None:
    path = written(tmp_path, lines)
    with pytest.raises(UserError) as caught:
        list(DialogueReader().read([path]))
    assert str(caught.value) == (
        f"{path} looks like a chat export with times before its lines, not like text with a turn in each line: write "
        "each message as a line without time and name, and a blank line where a conversation ends."
    )


def test_one_conversation_of_many_turns_is_said(tmp_path: Path) -> None:
    lines = [f"Line {number} of the talk." for number in range(200)]
    advice = " The file has no blank line between conversations, so all its turns are read as one conversation."
    read = "talk.txt: 1 conversation, 200 turns, at most 200 in one."
    assert said(written(tmp_path, lines)) == read + advice
    divided = written(tmp_path, [*lines[:100], "", *lines[100:]])
    assert said(divided) == "talk.txt: 2 conversations, 200 turns, at most 100 in one."
    assert said(written(tmp_path, lines[:6])) == "talk.txt: 1 conversation, 6 turns, at most 6 in one."


def test_objects_are_counted_and_pairs_are_not(tmp_path: Path) -> None:
    path = written(tmp_path, ['{"turns": ["a", "b", "c"]}', '{"turns": ["a", "b"]}'], "talk.jsonl")
    assert said(path) == "talk.jsonl: 2 conversations, 5 turns, at most 3 in one."
    assert said(written(tmp_path, ['{"message": "a", "reply": "b"}'], "pairs.jsonl")) == ""
    assert said(written(tmp_path, ["message\treply", "a\tb"], "pairs.tsv")) == ""
    assert DialogueReader().understood([tmp_path / "a.en", tmp_path / "b.en"]) == ""


def test_a_text_of_many_names_has_no_speakers() -> None:
    names = [f"{letter}{vowel}" for letter in "BCDFGHK" for vowel in "ao"]
    assert speakers_of([f"{name}: Yes." for name in names * 2]) == []
    assert speakers_of([f"{name}: Yes." for name in names[:12] * 2]) == names[:12]
    assert speakers_of([f"{name}: Yes." for name in names[:4]]) == []
