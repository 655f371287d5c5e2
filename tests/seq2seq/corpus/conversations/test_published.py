"""The Cornell corpus, chatterbot-corpus and subtitles."""

from pathlib import Path
from typing import Any

import pytest

from seq2seq.corpus.conversations.chatterbot import CHATTERBOT
from seq2seq.corpus.conversations.cornell import CORNELL, pair
from seq2seq.corpus.conversations.subtitles import SUBTITLES
from seq2seq.corpus.formats.form import Form, Reading, Settings
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written

SPOKEN = """L1 +++$+++ u0 +++$+++ m0 +++$+++ ANN +++$+++ Tea?
L2 +++$+++ u1 +++$+++ m0 +++$+++ BO +++$+++ Caf\xe9!
L3 +++$+++ u0 +++$+++ m0 +++$+++ ANN +++$+++ 茶。
L4 +++$+++ u1 +++$+++ m0 +++$+++ BO +++$+++
"""
ORDER = "u0 +++$+++ u1 +++$+++ m0 +++$+++ ['L1', 'L2', 'L3']\nu0 +++$+++ u1 +++$+++ m0 +++$+++ ['L3', 'L4']\n"


def read(form: Form, path: Path) -> tuple[list[tuple[str, Any, Any]], dict[str, int]]:
    reading = Reading()
    found = [(place, record["turns"], record["speakers"]) for place, record in form.read(path, Settings(), reading)]
    return found, {kind: count for kind, count in reading.left_out.items() if count}


def cornell(folder: Path) -> tuple[Path, Path]:
    """Write the two files; as published, a line is not UTF-8."""
    content = "".join(SPOKEN).encode().replace("é".encode(), b"\xe9")
    return written(folder / "movie_lines.txt", content), written(folder / "movie_conversations.txt", ORDER)


def test_lines_of_films_are_put_in_order(tmp_path: Path) -> None:
    spoken, order = cornell(tmp_path)
    expected = (
        [(f"{order}:1", ["Tea?", "Café!", "茶。"], ["ANN", "BO", "ANN"]), (f"{order}:2", ["茶。"], ["ANN"])],
        {"empty line": 1},
    )
    assert read(CORNELL, order) == read(CORNELL, spoken) == expected
    assert pair([spoken]) == pair([spoken, order]) == pair([order]) == [order]


def test_one_file_of_the_films_is_not_enough(tmp_path: Path) -> None:
    spoken, order = cornell(tmp_path)
    order.rename(tmp_path / "elsewhere.txt")
    with pytest.raises(UserError, match=r"movie_lines.txt has the lines .* missing: .*movie_conversations.txt\."):
        read(CORNELL, spoken)
    spoken.rename(tmp_path / "other.txt")
    with pytest.raises(UserError, match=r"elsewhere.txt has the order of .*, but .*movie_lines.txt is missing\."):
        read(CORNELL, tmp_path / "elsewhere.txt")


def test_damage_to_the_films_is_named(tmp_path: Path) -> None:
    spoken, order = cornell(tmp_path)
    written(order, "u0 +++$+++ u1 +++$+++ m0 +++$+++ ['L1', 'L9']\n")
    with pytest.raises(UserError, match=r"movie_conversations.txt:1: movie_lines.txt has no line L9\."):
        read(CORNELL, order)
    written(spoken, SPOKEN + "L5 +++$+++ u0\n")
    with pytest.raises(UserError, match=r"movie_lines.txt:5: five fields are expected, but there are 2\."):
        read(CORNELL, order)


def test_yaml_of_chatterbot_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.yml", "categories:\n- tea\nconversations:\n- - 茶？\n  - yes\n- alone\n")
    assert read(CHATTERBOT, path)[0] == [(f"{path}, item 1", ["茶？", "True"], []), (f"{path}, item 2", ["alone"], [])]


@pytest.mark.parametrize("text", ["x: 1\n", "conversations: 3\n", "- a\n", "conversations:\n- 3\n"])
def test_other_yaml_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match=r"a.yml: 'conversations', a list of lists of texts, is needed \("):
        read(CHATTERBOT, written(tmp_path / "a.yml", text))


FILM = """1
00:00:01,000 --> 00:00:02,000
<i>Is there tea</i>

2
00:00:02,100 --> 00:00:03,000
in the house?

3
00:00:03,500 --> 00:00:04,500
- ANN: Yes. [laughs]
- {\\an8}With milk?

4
00:00:05,000 --> 00:00:06,000
[door slams]

5
00:00:06,500 --> 00:00:07,500
♪ La la la ♪

6
00:00:08,000 --> 00:00:09,000
好的，
谢谢。

7
00:00:30,000 --> 00:00:31,000
Hello again!
"""


@pytest.mark.parametrize("name", ["srt", "vtt", "srt without blank lines"])
def test_subtitles_are_turns(tmp_path: Path, name: str) -> None:
    text = FILM.replace("\n", "\r\n") if name == "srt" else FILM
    if name == "vtt":
        text = "WEBVTT\n\n" + FILM.replace("00:00:0", "00:0").replace(",000", ".000").replace(",500", ".500")
        text = text.replace(",100", ".100").replace("00:00:3", "00:3")
    if name == "srt without blank lines":
        text = FILM.replace("\n\n", "\n")
    path = written(tmp_path / "film.txt", text)
    found, left_out = read(SUBTITLES, path)
    assert [turns for _, turns, _ in found] == [
        ["Is there tea in the house?", "Yes.", "With milk?", "好的， 谢谢。"],
        ["Hello again!"],
    ]
    assert left_out == {"description of a sound": 1, "line of a song": 1}


def test_a_file_without_times_that_is_named_so_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.srt contains no subtitles: lines like '00:00:01,000 --> 00:00:02,500'"):
        read(SUBTITLES, written(tmp_path / "a.srt", "Tea?\nYes.\n"))
