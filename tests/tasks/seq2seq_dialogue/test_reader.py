"""Reading conversations: files, the history of each reply, and what is dropped."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark, plain
from seq2seq.errors import UserError
from seq2seq_dialogue.reader import DialogueReader

SPEAKER, TURN, LINE = Mark.SPEAKER, Mark.TURN, Mark.LINE
MARKS = {mark: 1000 + number for number, mark in enumerate(Mark)}
TURNS = ["Hi.", "你好。", "How are you?", "好。"]


def written(path: Path, *records: object) -> Path:
    """Write JSONL."""
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in records), "utf-8")
    return path


def ids(*segments: int, persona: int = 0) -> list[int]:
    """Return the ids of a source with persona lines and then turns of the given numbers of words."""
    found, word = [], 0
    for number, length in enumerate(segments):
        found += [*range(word, word + length), MARKS[LINE if number < persona else TURN]]
        word += length
    return found


def test_each_turn_is_a_reply_to_those_before_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": TURNS})
    one, two, three = DialogueReader().read([path])
    assert one == Example(("Hi.", TURN), "你好。", (), f"{path}:1")
    assert two == Example((SPEAKER, "Hi.", TURN, "你好。", TURN), "How are you?", (), f"{path}:1")
    assert three.source == ("Hi.", TURN, SPEAKER, "你好。", TURN, "How are you?", TURN)
    assert three.target == "好。"


def test_only_so_many_turns_are_remembered(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": [str(number) for number in range(9)]})
    last = list(DialogueReader(history_turns=2, speakers=False).read([path]))[-1]
    assert last.source == ("6", TURN, "7", TURN)
    for turns, most in ((0, 8), (6, 6), (1, 1)):
        last = list(DialogueReader(history_turns=turns).read([path]))[-1]
        assert isinstance(last.source, tuple)
        assert last.source.count(TURN) == most
    with pytest.raises(UserError, match=r"data.reader.history_turns is -1, but it must be positive, or 0 to remember"):
        DialogueReader(history_turns=-1)


def test_speakers_tell_whose_turns_are_whose(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": ["a", "b", "c", "d"], "speakers": ["Ann", "Ann", "Bob", "Ann"]})
    sources = [one.source for one in DialogueReader().read([path])]
    assert sources == [
        (SPEAKER, "a", TURN),
        ("a", TURN, "b", TURN),
        (SPEAKER, "a", TURN, SPEAKER, "b", TURN, "c", TURN),
    ]
    path = written(path, {"turns": ["a", "b", "c"], "speakers": [1, 2, 1]})
    assert [one.source for one in DialogueReader().read([path])] == [
        ("a", TURN),
        (SPEAKER, "a", TURN, "b", TURN),
    ]


def test_without_a_name_the_last_other_speaker_replies() -> None:
    reader = DialogueReader()
    assert reader.history(["a", "b", "c"], ["A", "B", "A"]) == ("a", TURN, SPEAKER, "b", TURN, "c", TURN)
    assert reader.history(["a", "b"], ["A", "A"]) == ("a", TURN, "b", TURN)
    assert reader.history(["a", "b"], ["A", "B"], replier="C") == ("a", TURN, "b", TURN)


def test_what_the_replier_knows_comes_first(tmp_path: Path) -> None:
    for persona, lines in (
        (["I am old.", "我养猫。"], 2),
        ("I am old.\n我养猫。", 2),
        ([], 0),
        ("", 0),
        (["", " "], 0),
    ):
        path = written(tmp_path / "a.jsonl", {"turns": ["Hi.", "Ho."], "persona": persona})
        (one,) = DialogueReader().read([path])
        assert one.source == (*("I am old.", LINE, "我养猫。", LINE)[: 2 * lines], "Hi.", TURN)
    assert DialogueReader().history([], persona=["I am old."]) == ""


def test_empty_turns_are_dropped_and_line_breaks_are_blanks(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": ["", "a\nb", " \u200b", "c\r\n d", "e"]})
    one, two = DialogueReader().read([path])
    # Who speaks is counted with the empty ones.
    assert (one.source, one.target) == ((SPEAKER, "a b", TURN), "c d")
    assert (two.source, two.target) == (("a b", TURN, "c d", TURN), "e")


def test_what_looks_like_a_mark_is_text_and_escapes_are_harmless(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": ["<turn> <speaker>\x07", "\x1b[31mred\x1b[0m\x9b2J"]})
    (one,) = DialogueReader().read([path])
    assert (one.source, one.target) == (("<turn> <speaker>", TURN), "[31mred[0m2J")


def test_pairs_are_read_from_objects_tables_and_aligned_files(tmp_path: Path) -> None:
    expected = [(("Hi.", TURN), "Ho."), (("你好", TURN), "再见")]
    objects = written(tmp_path / "a.jsonl", *({"message": source[0], "reply": reply} for source, reply in expected))
    table = tmp_path / "a.tsv"
    table.write_text("id\tmessage\treply\n1\tHi.\tHo.\n2\t你好\t再见\n", "utf-8")
    numbered = tmp_path / "b.csv"
    numbered.write_text('"Hi.",Ho.\n你好,再见\n', "utf-8")
    sides = [tmp_path / "a.one", tmp_path / "a.two"]
    sides[0].write_text("Hi.\n你好\n", "utf-8")
    sides[1].write_text("Ho.\n再见\n", "utf-8")
    reader = DialogueReader()
    for files in ([objects], [table], sides):
        assert [(one.source, one.target) for one in reader.read(files)] == expected
    by_number = DialogueReader(source_field="1", target_field="2")
    assert [(one.source, one.target) for one in by_number.read([numbered])] == expected
    written(objects, {"message": "Hi.", "reply": "Ho.", "refs": ["Ho.", "Hey."], "persona": "I am old."})
    (one,) = reader.read([objects])
    assert one == Example(("I am old.", LINE, "Hi.", TURN), "Ho.", ("Ho.", "Hey."), f"{objects}:1")


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_blank_lines_divide_the_conversations_of_a_text_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    text = "\n\nHi.\nHo.\n\n \nalone\n\n你好\n再见\nBye.".encode()
    path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    assert list(DialogueReader().read([path])) == [
        Example(("Hi.", TURN), "Ho.", (), f"{path}:3"),
        Example(("你好", TURN), "再见", (), f"{path}:9"),
        Example((SPEAKER, "你好", TURN, "再见", TURN), "Bye.", (), f"{path}:9"),
    ]


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        ({"turns": "Hi."}, r"a.jsonl:2: 'turns' must be a list of texts, but it is \"Hi.\"\."),
        ({"turns": ["Hi.", 3]}, r"a.jsonl:2: 'turns' must be a list of texts, but the list contains 3\."),
        ({"turns": None}, r"a.jsonl:2: 'turns' must be a list of texts, but it is null\."),
        ({"turns": ["a", "b"], "speakers": "AB"}, r"a.jsonl:2: 'speakers' must be a list of names, but it is \"AB\"\."),
        (
            {"turns": ["a", "b"], "speakers": ["A", None]},
            r"'speakers' must be a list of names, but the list contains null",
        ),
        ({"turns": ["a", "b"], "speakers": ["A"]}, r"'speakers' must name one for each of the 2 turns, .* names 1\."),
        ({"turns": ["a", "b"], "persona": 7}, r"a.jsonl:2: 'persona' must be a text or a list of texts, but it is 7\."),
        (
            {"turns": ["a", "b"], "persona": [{}]},
            r"'persona' must be a text or a list of texts, .* the list contains {}\.",
        ),
        ({"turn": ["a"]}, r"no key 'turns' \(a conversation\) and no key 'message' \(a message\). There are: turn\."),
        ({}, r"and no key 'message' \(a message\). There are: none\."),
        ({"message": "a"}, r"a.jsonl:2: no key 'reply'. There are: message\."),
        ({"message": 3, "reply": "a"}, r"a.jsonl:2: 'message' must be a text, but it is 3\."),
    ],
)
def test_faults_name_their_place_and_what_stands_there(tmp_path: Path, record: object, sentence: str) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": ["a", "b"]}, record)
    with pytest.raises(UserError, match=sentence):
        list(DialogueReader().read([path]))


def test_a_file_without_a_reply_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": ["Hi.", ""]}, {"turns": []})
    with pytest.raises(UserError, match=r"a.jsonl contains no conversation of two turns or more: there is no reply"):
        list(DialogueReader().read([path]))
    for name in ("a.md", "b.txt"):
        (tmp_path / name).write_text("one\n", "utf-8")
    with pytest.raises(
        UserError, match=r"one file is .jsonl, .txt, .tsv or .csv \(or one of these with .gz\), not '.md"
    ):
        DialogueReader().read([tmp_path / "a.md"])
    with pytest.raises(UserError, match=r"b.txt contains no conversation"):
        list(DialogueReader().read([tmp_path / "b.txt"]))
    with pytest.raises(UserError, match=r"No file .*c.txt. Did you mean"):
        DialogueReader().read([tmp_path / "c.txt"])


def test_a_model_is_applied_to_a_message_or_to_a_whole_conversation() -> None:
    reader = DialogueReader()
    assert reader.source("Hi.\nHo.") == ("Hi. Ho.", TURN)
    assert reader.source(" ") == ""
    assert reader.source_of({"turns": ["a", "b"]}, "f:1") == (SPEAKER, "a", TURN, "b", TURN)
    assert reader.source_of({"turns": ["a", "b"], "speakers": ["A", "A"]}, "f:1") == ("a", TURN, "b", TURN)
    assert reader.source_of({"message": "a", "persona": "p"}, "f:1") == ("p", LINE, "a", TURN)


def test_a_reverse_example_tells_from_a_reply_what_it_answers(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jsonl", {"turns": ["a", "b", "c"], "persona": "p"}, {"turns": ["", "x"] * 2})
    found = list(DialogueReader(reverse=True).read([path]))
    assert [(one.source, one.target) for one in found] == [(("b", TURN), "a"), (("c", TURN), "b"), (("x", TURN), "x")]
    assert {one.place for one in found} == {f"{path}:1", f"{path}:2"}
    assert DialogueReader().reversed(Example("", "b")) == Example(("b", TURN), "")


def test_the_oldest_turns_are_forgotten_as_a_whole() -> None:
    source = ids(3, 2, 4, 1)  # with marks 4 + 3 + 5 + 2
    for limit, words in (
        (14, range(10)),
        (13, range(3, 10)),
        (10, range(3, 10)),
        (9, range(5, 10)),
        (6, [9]),
        (2, [9]),
    ):
        found = DialogueReader(max_source_pieces=limit).shortened(source, MARKS)
        assert [one for one in found if one < 1000] == list(words)
        assert found[-1] == MARKS[TURN]
    assert DialogueReader(max_source_pieces=0).shortened(source, MARKS) == source


def test_a_last_turn_that_is_too_long_keeps_its_end() -> None:
    assert DialogueReader(max_source_pieces=4).shortened(ids(2, 9), MARKS) == [8, 9, 10, MARKS[TURN]]
    own = [*ids(2), MARKS[SPEAKER], *range(50, 60), MARKS[TURN]]
    assert DialogueReader(max_source_pieces=4).shortened(own, MARKS) == [MARKS[SPEAKER], 58, 59, MARKS[TURN]]
    assert DialogueReader(max_source_pieces=3).shortened([1, 2, 3, 4], MARKS) == [2, 3, 4]


def test_the_persona_stays_up_to_half() -> None:
    source = ids(2, 2, 3, 3, persona=2)  # 3 + 3 + 4 + 4
    shortened = {limit: DialogueReader(max_source_pieces=limit).shortened(source, MARKS) for limit in (13, 8, 5)}
    assert shortened[13] == [*source[:6], *source[10:]]
    assert shortened[8] == [*source[:3], *source[10:]]
    assert shortened[5] == source[10:]
    long = ids(20, 3, persona=1)
    assert DialogueReader(max_source_pieces=10).shortened(long, MARKS) == long[21:]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), st.integers(0, 3), st.integers(2, 40))
def test_what_is_kept_is_in_order_and_within_the_limit(lengths: list[int], persona: int, limit: int) -> None:
    source = ids(*lengths, persona=min(persona, len(lengths) - 1))
    places = DialogueReader(max_source_pieces=limit).kept(source, MARKS)
    assert len(places) <= limit
    assert list(places) == sorted(set(places))
    assert places[-1] == len(source) - 1
    if len(source) <= limit:
        assert len(places) == len(source)


def test_tokenizers_learn_from_each_turn_once(tmp_path: Path) -> None:
    reader = DialogueReader()
    talk = {"turns": ["one", "two", "three", "four"], "persona": ["I sing", "I read"]}
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps(talk), encoding="utf-8")
    found = [reader.unrepeated(example) for example in reader.read([path])]
    said = [[part for part in one.source if isinstance(part, str)] for one in found]
    assert said == [["I sing", "I read", turn] for turn in ("one", "two", "three")]
    assert [one.target for one in found] == ["two", "three", "four"]
    assert found[1].source[-1] is TURN
    assert reader.unrepeated(Example("", "four")) == Example("", "four")
    assert reader.unrepeated(Example(("a", LINE, "b", LINE), "c")).source == ("a", LINE, "b", LINE)


@given(st.lists(st.text(max_size=8), max_size=8), st.booleans())
def test_a_history_ends_with_a_turn_and_holds_no_line_break(turns: list[str], speakers: bool) -> None:
    found = DialogueReader(history_turns=3, speakers=speakers).history(turns)
    if found == "":
        assert not any(DialogueReader().target(turn) for turn in turns)
        return
    assert found[-1] == TURN
    assert (SPEAKER in found) <= speakers
    assert not any(isinstance(part, str) and "\n" in part for part in found)
    assert 1 <= list(found).count(TURN) <= 3
    assert plain(found)


@pytest.mark.parametrize(
    ("record", "advice"),
    [
        (
            {"messages": [], "name": "x"},
            "If all records are of the form openai, give --data.reader.form openai (in use: --form openai).",
        ),
        (
            {"conversations": 3, "name": "x"},
            "If all records are of the form sharegpt, give --data.reader.form sharegpt (in use: --form sharegpt).",
        ),
        (
            {"instruction": "Brew."},
            "If all records are of the form alpaca, give --data.reader.form alpaca (in use: --form alpaca).",
        ),
        (
            {"问": "茶？", "答": "好。"},
            "Name the keys of message and reply with --data.reader.source_field KEY --data.reader.target_field KEY.",
        ),
    ],
)
def test_records_of_other_tools_are_told_their_form(tmp_path: Path, record: object, advice: str) -> None:
    path = written(tmp_path / "a.jsonl", record)
    with pytest.raises(UserError) as caught:
        list(DialogueReader().read([path]))
    assert str(caught.value).startswith(f"{path}:1: no key 'turns' (a conversation) and no key 'message' (a message).")
    assert str(caught.value).endswith(f". {advice}")


def test_only_turns_of_the_replier_are_targets(tmp_path: Path) -> None:
    record = {"turns": ["Hi.", "Ho.", "茶？", "好。"], "speakers": ["Ann", "Bo", "Ann", "Bo"]}
    path = written(tmp_path / "a.jsonl", record)
    assert [one.target for one in DialogueReader(replier="Bo").read([path])] == ["Ho.", "好。"]
    assert [one.target for one in DialogueReader(replier="Ann").read([path])] == ["茶？"]
    written(path, {**record, "replier": "Ann"})
    assert [one.target for one in DialogueReader().read([path])] == ["茶？"]
    assert [one.target for one in DialogueReader(replier="Bo").read([path])] == ["Ho.", "好。"]
    with pytest.raises(UserError, match=r"no conversation of two turns or more with a reply of 'Cy': there is no"):
        list(DialogueReader(replier="Cy").read([path]))


def test_a_pause_is_not_negative() -> None:
    with pytest.raises(UserError, match=r"data.reader.pause_hours is -1, but it must be positive, or 0 for one conv"):
        DialogueReader(pause_hours=-1)
