"""Subtitles: times, notes and tags stay, and another library reads the result."""

import pysubs2
import pytest

from seq2seq.corpus.protected_spans import INLINE
from seq2seq.documents.formats.subtitles import subrip, wrapped
from seq2seq.documents.languages import Languages
from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Hello {\\an8}there, this is long</i>
second line

7
00:00:03,000 --> 00:00:04,000
- Bye
- No, %s
"""
VTT = """WEBVTT - title

STYLE
::cue { color: red }

NOTE a comment
more

intro
00:00:01.000 --> 00:00:02.000 align:start position:10%
<v Bob>Hello <b>world</b> &amp; <00:00:01.500>all

00:03.000 --> 00:04.000
大狗
"""
ASS = """[Script Info]
ScriptType: v4.00+

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:00.00,Default,,0,0,0,,a note
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\i1}Hello, all{\\i0}\\Nmy friends out there
Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\p1}m 0 0{\\p0}
"""


def test_subrip() -> None:
    content, _ = shouted(SRT, "a.srt")
    wanted = SRT.replace("Hello", "HELLO").replace(
        "there, this is long</i>\nsecond line", "THERE, THIS\nIS LONG</i> SECOND LINE"
    )
    assert content.decode() == wanted.replace("Bye", "BYE").replace("No,", "NO,")
    assert [event.start for event in pysubs2.SSAFile.from_string(content.decode())] == [1000, 3000]
    carriage, _ = shouted(SRT.replace("\n", "\r\n"), "a.srt")
    assert carriage == content.replace(b"\n", b"\r\n")


def test_times_with_single_digits_are_times() -> None:
    content, _ = shouted("1\r\n0:0:1,5 --> 00:00:2,000\r\nhello\r\n".encode("utf-16"), "a.srt")
    assert content.decode("utf-16") == "1\r\n0:0:1,5 --> 00:00:2,000\r\nHELLO\r\n"


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("my 猫 and\nmy dog", "my 猫 and my dog"),
        ("<i>我的猫</i>\n和狗", "我的猫和狗"),
        ("one\n<b></b>\ntwo", "one two"),
        ("我的\ncat", "我的 cat"),
    ],
)
def test_lines_of_a_cue_are_joined_as_their_scripts_are(lines: str, text: str) -> None:
    content = f"1\n00:00:01,000 --> 00:00:02,500\n{lines}\n"
    (unit,) = subrip(content, "utf-8", "a.srt", Languages()).units
    assert "".join(character for character in unit.text if ord(character) < INLINE) == text


def test_webvtt() -> None:
    content, _ = shouted(VTT, "a.vtt")
    assert content.decode() == VTT.replace("Hello <b>world", "HELLO <b>WORLD").replace("all\n", "ALL\n")
    assert len(pysubs2.SSAFile.from_string(content.decode())) == 2


def test_substation() -> None:
    content, _ = shouted(ASS, "a.ass")
    assert content.decode() == ASS.replace(
        "{\\i1}Hello, all{\\i0}\\Nmy friends out there", "{\\i1}HELLO, ALL{\\i0} MY\\NFRIENDS OUT THERE"
    )
    assert len(pysubs2.SSAFile.from_string(content.decode(), format_="ass")) == 3


@pytest.mark.parametrize(
    ("text", "count", "lines"),
    [
        ("one two three four five", 2, ["one two three", "four five"]),
        ("short", 2, ["short"]),
        (
            "我们今天晚上一起去看那只很大的狗，然后再回家吧。",
            2,
            ["我们今天晚上一起去看那只", "很大的狗，然后再回家吧。"],
        ),
        ("a" * 50, 3, ["a" * 50]),
    ],
)
def test_lines_are_divided(text: str, count: int, lines: list[str]) -> None:
    assert wrapped(text, count) == lines


@pytest.mark.parametrize("name", ["a.srt", "a.vtt", "a.ass"])
def test_a_file_without_cues_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=f"{name} contains no subtitles: "):
        shouted("only text\n", name)
