"""Text files of conversations: supported formats, rejected formats, and texts that resemble these."""

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from seq2seq.corpus.conversations.turn_lines import speakers_of
from seq2seq.corpus.formats.form import Reading
from seq2seq.errors import UserError
from seq2seq_dialogue.reader import DialogueReader

PLAIN = ["Hello there.", "Good evening.", "Is the kettle on?", "It is.", "晚上好。", "水开了。"]


def written(folder: Path, lines: Sequence[str], name: str = "talk.txt") -> Path:
    path = folder / name
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def conversations(path: Path, form: str = "") -> Iterator[tuple[str, Any, Any]]:
    for place, record in DialogueReader(form=form).recognized([path]).records(Reading()):
        yield place, record["turns"], record["speakers"]


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
    assert said(path) == (
        f"{name} is read as text with a conversation in each line: 2 conversations, 5 turns, at most 3 in one."
    )


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
    ("lines", "kind"),
    [
        (
            ['<?xml version="1.0"?>', "<talk>", "<turn>Tea?</turn>", "<turn>Please.</turn>", "</talk>"],
            "XML or HTML",
        ),
        (["[15:58] <ann> Tea?", "[15:59] <bo> Please."], "a chat export or log with times before its lines"),
        (["15:58 <ann> Tea?", "15:59 <bo> Please."], "a chat export or log with times before its lines"),
        (
            ["2023-06-20T15:58:57 <ann> Tea?", "2023-06-20T15:59:57 <bo> Please."],
            "a chat export or log with times before its lines",
        ),
        (
            ["2023-06-20 15:58:57 安", "喝茶吗？", "2023-06-20 15:59:10 波", "好。"],
            "a chat export or log with times before its lines",
        ),
        (
            ["2023-06-20 15:58:57 INFO: begun", "2023-06-20 15:58:58 ERROR: failed"],
            "a chat export or log with times before its lines",
        ),
        (
            ["[2023-06-20 15:58:57] INFO: begun", "[2023-06-20 15:58:58] ERROR: failed"],
            "a chat export or log with times before its lines",
        ),
        (["1. Tea", "2. Milk", "3. 糖", "4. Cake"], "a numbered list"),
        (["1 Mary is here.", "2 John left.", "3 Mary left.", "4 John is here."], "a numbered list"),
        (["Tea?|Please.", "Milk?|No.", "糖？|好。", "Cake?|Yes."], "a table with '|' between its columns"),
        (["id,said", "1,Tea?", "2,Please.", "3,糖？"], "a table with ',' between its columns"),
        (["a;Tea?", "b;Please.", "c;糖？", "d;Yes."], "a table with ';' between its columns"),
        (["name = Ann", "age = 7", "tea = true", "茶 = 好"], "options with keys and values"),
        (["int main() {", '  puts("tea");', "  return 0;", "}"] * 6, "the code of a program"),
        (["Ann:", "Is there tea?", "It is late.", "", "Bo:", "There is."], "a play with names on lines of their own"),
        (["It was a long day, and " * 20, "茶凉了，" * 40] * 2, "running text with a paragraph in each line"),
        (["From: ann@example.org", "To: bo@example.org", "Subject: Tea", "", "Dear Bo,", "茶？"], "an e-mail"),
        (["diff --git a/tea b/tea", "+ milk"], "a patch"),
        (["ann:x:1:2", "bo:x:2:3", "茶:x:3:4", "cy:x:4:5"], "a table with ':' between its columns"),
        (["/home/ann/tea", "http://a.example/milk"] * 10, "records without spaces"),
        (["# Tea", "- Boil water.", "- Wait.", "Then drink it."] * 6, "a page in Markdown"),
        (["tea is made so", "  boil water", "  and wait", "then drink"] * 6, "code or other indented text"),
        ([f"boiled at {n * 7919} and {n * 104729}" for n in range(30)], "numbers, signs or code rather than sentences"),
        (["He $pays 3% + {tea} = done", "`milk` is |cold|"] * 12, "numbers, signs or code rather than sentences"),
        (["tea", "milk", "sugar", "cake", "cup"] * 5, "a list of words"),
        (
            [
                "The kettle stood on the fire and nobody in the house",
                "had thought of it, because everyone was looking",
                "for the cat that had been seen on the roof of the",
                "barn, and would not come down for milk or for",
            ]
            * 6,
            "running text broken into lines",
        ),
    ],
)
def test_a_near_miss_is_refused_unless_it_is_named(tmp_path: Path, lines: list[str], kind: str) -> None:
    path = written(tmp_path, lines)
    with pytest.raises(UserError) as caught:
        DialogueReader().read([path])
    assert str(caught.value) == (
        f"{path} looks like {kind}, not like text with a turn in each line: convert it to one of the forms that are "
        "read, or, if each of its lines is a turn, give --data.reader.form lines (in use: --form lines)."
    )
    turns = [turn for _, said, _ in conversations(path, "lines") for turn in said]
    assert turns == [line for line in lines if line]


def test_the_columns_of_a_table_with_tabs_are_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, ["Tea?\tPlease.", "你好。\t好。"])
    with pytest.raises(
        UserError, match=r"talk.txt has no column 'message'.* number them: --data.reader.source_field 1"
    ):
        list(DialogueReader().read([path]))
    pairs = DialogueReader(source_field="1", target_field="2").read([path])
    assert [one.target for one in pairs] == ["Please.", "好。"]
    assert (
        DialogueReader(source_field="1", target_field="2").understood([path])
        == "talk.txt is read as a table with tabs."
    )


def test_conversations_are_read_by_what_they_are_and_not_by_their_name(tmp_path: Path) -> None:
    for lines in (
        ['{"turns": ["Tea?", "Please."]}', '{"turns": ["你好。", "好。"]}'],
        ["[", '  {"turns": [', '    "Tea?",', '    "Please."', "  ]},", '{"turns": ["你好。", "好。"]}', "]"],
        ['[{"turns": ["Tea?", "Please."]}, {"turns": ["你好。", "好。"]}]'],
    ):
        path = written(tmp_path, lines)
        assert [one.target for one in DialogueReader().read([path])] == ["Please.", "好。"]


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
    sides = [written(tmp_path, ["a", "b"], name) for name in ("a.en", "b.en")]
    assert DialogueReader().understood(sides) == ""


def test_a_text_of_many_names_has_no_speakers() -> None:
    names = [f"{letter}{vowel}" for letter in "BCDFGHK" for vowel in "ao"]
    assert speakers_of([f"{name}: Yes." for name in names * 2]) == []
    assert speakers_of([f"{name}: Yes." for name in names[:12] * 2]) == names[:12]
    assert speakers_of([f"{name}: Yes." for name in names[:4]]) == []
