"""Exports of WhatsApp: the dates of many countries, messages of several lines, what is no message, pauses."""

from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.conversations.whatsapp import WHATSAPP, stamped
from seq2seq.corpus.formats.form import Head, Reading, Settings
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from tests.properties import examples

TIMES = [
    datetime(2023, 12, 30, 9, 5, 7),
    datetime(2023, 12, 30, 21, 45, 10),
    datetime(2023, 12, 30, 21, 46, 0),
    datetime(2023, 12, 31, 0, 1, 59),
    datetime(2024, 1, 2, 12, 0, 1),
]
HALVES = "AM", "PM"


def hour(time: datetime, names: tuple[str, str]) -> tuple[str, int]:
    """Return the name of the half of the day, and the hour from 1 to 12."""
    return names[time.hour >= 12], time.hour % 12 or 12


def american(time: datetime) -> str:
    half, number = hour(time, HALVES)
    return f"{time.month}/{time.day}/{time:%y}, {number}:{time:%M}\u202f{half} - "


def chinese(time: datetime) -> str:
    half, number = hour(time, ("上午", "下午"))
    return f"{time:%Y}/{time.month}/{time.day} {half}{number}:{time:%M} - "


def american_ios(time: datetime) -> str:
    half, number = hour(time, HALVES)
    return f"[{time.month}/{time.day}/{time:%y}, {number}:{time:%M:%S}\u202f{half}] "


def chinese_ios(time: datetime) -> str:
    half, number = hour(time, ("上午", "下午"))
    return f"[{time:%Y}/{time.month}/{time.day} {half}{number}:{time:%M:%S}] "


def spanish(time: datetime) -> str:
    half, number = hour(time, ("a.\u00a0m.", "p.\u00a0m."))
    return f"{time.day}/{time.month}/{time:%y}, {number}:{time:%M}\u202f{half} - "


def indian(time: datetime) -> str:
    half, number = hour(time, ("am", "pm"))
    return f"{time:%d/%m/%y}, {number}:{time:%M} {half} - "


def korean(time: datetime) -> str:
    half, number = hour(time, ("오전", "오후"))
    return f"{time:%Y}. {time.month}. {time.day}. {half} {number}:{time:%M} - "


LOCALES: dict[str, Any] = {
    "en-US": american,
    "en-GB": lambda time: f"{time:%d/%m/%Y, %H:%M} - ",
    "de-DE": lambda time: f"{time:%d.%m.%y, %H:%M} - ",
    "zh-CN": chinese,
    "fr-FR": lambda time: f"{time:%d/%m/%Y à %H:%M} - ",
    "pt-BR": lambda time: f"{time:%d/%m/%Y %H:%M} - ",
    "nl-NL": lambda time: f"{time:%d-%m-%Y %H:%M} - ",
    "sv-SE": lambda time: f"{time:%Y-%m-%d %H:%M} - ",
    "fi-FI": lambda time: f"{time.day}.{time.month}.{time:%Y} klo {time.hour}.{time:%M} - ",
    "es-ES": spanish,
    "en-IN": indian,
    "ko-KR": korean,
    "ar": lambda time: f"{time:%d}\u200f/{time:%m}\u200f/{time:%Y}، {time:%H:%M} - ",
    "iOS en-GB": lambda time: f"[{time:%d/%m/%Y, %H:%M:%S}] ",
    "iOS en-US": american_ios,
    "iOS de-DE": lambda time: f"[{time:%d.%m.%y, %H:%M:%S}] ",
    "iOS zh-CN": chinese_ios,
    "iOS fr-FR": lambda time: f"[{time:%d/%m/%Y %H:%M:%S}] ",
}
"""How a phone set to a country writes a time."""
MEDIA = {
    "en": "<Media omitted>",
    "de": "<Medien ausgeschlossen>",
    "fr": "<Médias omis>",
    "pt": "<Mídia oculta>",
    "es": "<Multimedia omitido>",
    "zh": "<省略多媒体文件>",
}


def export(path: Path, locale: str, colon: str = ": ") -> Path:
    """Write a chat with a notice, a message of two lines, two messages in a row, a picture and a pause."""
    stamp = LOCALES[locale]
    mark = "\u200e" if locale.startswith("iOS") else ""
    media = mark + ("image omitted" if mark else MEDIA.get(locale[:2], "<Media omitted>"))
    notice = (
        f"Ann{colon}{mark}Messages and calls are end-to-end encrypted."
        if mark
        else "Messages and calls are end-to-end encrypted."
    )
    first, second, third, fourth, fifth = TIMES
    said = [
        f"{mark}{stamp(first)}{notice}",
        f"{stamp(second)}Bo Li{colon}Is there tea?\nWith milk: 2/3.\n\n在吗？",
        f"{mark}{stamp(second)}Bo Li{colon}{media}",
        f"{stamp(third)}Ann{colon}Yes.",
        f"{stamp(third)}Ann{colon}At 12:30 - I think: good.",
        f"{stamp(fourth)}Bo Li{colon}好。",
        f"{stamp(fifth)}Ann{colon}Hello again.",
        f"{stamp(fifth)}Bo Li{colon}Hi!",
    ]
    path.write_text("\n".join(said) + "\n", "utf-8")
    return path


def read(path: Path, pause_hours: float = 6.0) -> tuple[list[tuple[str, Any, Any]], dict[str, int]]:
    reading = Reading()
    records = list(WHATSAPP.read(path, Settings(pause_hours=pause_hours), reading))
    return [(place, record["turns"], record["speakers"]) for place, record in records], dict(reading.left_out)


@pytest.mark.parametrize("locale", LOCALES)
def test_an_export_is_read_right_in_the_dates_of_a_country(tmp_path: Path, locale: str) -> None:
    path = export(tmp_path / "chat.txt", locale, " : " if "fr" in locale else ": ")
    assert WHATSAPP.matches(Head(path), Settings())
    found, left_out = read(path)
    assert found == [
        (
            f"{path}:2",
            ["Is there tea?\nWith milk: 2/3.\n\n在吗？", "Yes.\nAt 12:30 - I think: good.", "好。"],
            ["Bo Li", "Ann", "Bo Li"],
        ),
        (f"{path}:10", ["Hello again.", "Hi!"], ["Ann", "Bo Li"]),
    ]
    assert left_out == {"system message": 1, "media message": 1}


@pytest.mark.parametrize("locale", LOCALES)
def test_the_times_of_a_country_are_understood(tmp_path: Path, locale: str) -> None:
    """The longest pause, 59 hours and 58 minutes, is found only if days and months are told apart."""
    path = export(tmp_path / "chat.txt", locale)
    assert [len(read(path, pause)[0]) for pause in (0, 2, 6, 59, 61)] == [1, 3, 2, 2, 1]
    assert len([line for line in lines(path) if stamped(line)]) == 8


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "media message") for text in MEDIA.values()),
        ("IMG-20231230-WA0001.jpg (file attached)", "media message"),
        ("PTT-20231230-WA0002.opus (Datei angehängt)", "media message"),
        ("IMG-20231230.jpg（文件附件）", "media message"),
        ("<附件：照片.jpg>", "media message"),
        ("[图片]", "media message"),
        ("[动画表情]", "media message"),
        ("图片", "media message"),
        ("null", "media message"),
        ("This message was deleted", "deleted message"),
        ("You deleted this message", "deleted message"),
        ("Diese Nachricht wurde gelöscht.", "deleted message"),
        ("此消息已删除", "deleted message"),
        ("", "empty message"),
    ],
)
def test_what_is_no_text_is_left_out(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(f"30/12/2023, 21:45 - Ann: Tea?\n30/12/2023, 21:46 - Bo: {text}\n30/12/2023, 21:47 - Bo: Yes.\n")
    assert read(path) == ([(f"{path}:1", ["Tea?", "Yes."], ["Ann", "Bo"])], {kind: 1})


def test_what_the_program_wrote_on_ios_is_left_out_and_a_caption_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    said = [
        "[30/12/2023, 21:45:00] Trip: \u200eAnn created this group",
        "\u200e[30/12/2023, 21:45:01] Ann: \u200e图片已忽略",
        "\u200e[30/12/2023, 21:45:02] Ann: \u200e<attached: 00000012-PHOTO.jpg>",
        "\u200e[30/12/2023, 21:45:03] ~\u00a0Ann: The kettle. \u200e<attached: 00000013-PHOTO.jpg>",
        "[30/12/2023, 21:45:04] \u202a+44 7700 900123\u202c: Nice! <This message was edited>",
    ]
    path.write_text("\n".join(said), "utf-8")
    assert read(path) == (
        [(f"{path}:4", ["The kettle.", "Nice!"], ["Ann", "+44 7700 900123"])],
        {"system message": 1, "media message": 2},
    )


def test_a_notice_with_a_colon_is_no_message(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text('30/12/2023, 21:45 - Ann created group "Trip: Rome"\n30/12/2023, 21:46 - Bo: Hi.\n', "utf-8")
    assert read(path) == ([(f"{path}:2", ["Hi."], ["Bo"])], {"system message": 1})


@pytest.mark.parametrize(
    "text",
    [
        "We meet on 30/12/2023, 21:45 - do we?\nYes: there.",
        "2023-06-20 15:58:57 - INFO: begun\n2023-06-20 15:58:58 - ERROR: failed",
        "[2023-06-20 15:58:57] INFO: begun\n[2023-06-20 15:58:58] DEBUG: failed",
        "[15:58] Ann: Tea?\n[15:59] Bo: Please.",
        "30/12/2023, 21:45 - begun\n30/12/2023, 21:46 - ended",
        "12:30 - Ann: Tea?\n12:31 - Bo: Yes.",
        "Ann: 30/12/2023, 21:45 - tea\nBo: 30/12/2023, 21:46 - milk",
        "31/12/2023, 21:45 - Ann: one line only",
    ],
)
def test_what_resembles_an_export_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(text, "utf-8")
    assert not WHATSAPP.matches(Head(path), Settings())


def test_a_file_without_messages_that_is_named_so_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("Tea?\nPlease.\n", "utf-8")
    with pytest.raises(UserError, match=r"chat.txt contains no message of WhatsApp: a line like '31/12/2023, 21:45 - "):
        read(path)


WORDS = (
    st.text("abc 茶好?!.-é", min_size=1, max_size=12).map(str.strip).filter(lambda text: any(map(str.isalnum, text)))
)


@examples(60)
@given(
    st.lists(st.tuples(st.sampled_from(["Ann", "Bo Li", "李雷"]), WORDS), min_size=2, max_size=12),
    st.sampled_from(sorted(LOCALES)),
    st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1)),
)
def test_every_message_is_read_with_its_speaker(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]], locale: str, time: datetime
) -> None:
    path = tmp_path_factory.mktemp("export") / "chat.txt"
    path.write_text("".join(f"{LOCALES[locale](time)}{name}: {text}\n" for name, text in said), "utf-8")
    assert WHATSAPP.matches(Head(path), Settings())
    ((_, turns, speakers),), left_out = read(path)
    assert not left_out
    assert "\n".join(turns).split("\n") == [text for _, text in said]
    assert all(one != other for one, other in pairwise(speakers))
    assert [name for name, turn in zip(speakers, turns, strict=True) for _ in turn.split("\n")] == [
        name for name, _ in said
    ]
