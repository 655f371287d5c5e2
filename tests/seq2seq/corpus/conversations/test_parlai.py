"""Numbered files and logs of ParlAI."""

from pathlib import Path

import pytest

from seq2seq.corpus.conversations.parlai import PARLAI, PARLAI_LOG
from seq2seq.corpus.formats.form import Form, Reading, Record, Settings, conversation
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written


def read(form: Form, path: Path) -> tuple[list[tuple[str, Record]], dict[str, int]]:
    reading = Reading()
    return list(form.read(path, Settings(), reading)), dict(reading.left_out)


def test_numbered_lines_are_episodes_with_the_persona_of_the_replies(tmp_path: Path) -> None:
    text = (
        "1 your persona: i bake.\n2 partner's persona: i paint.\n3 Tea?\tPlease.\t\tNo.|Please.\n"
        "4 茶\\n还是水？\t茶。|水。\n"
        "1 Mary is here.\n2 John left.\n3 Where is Mary?\there\t1\n4 Bye.\n1 __SILENCE__\tHi.\n"
    )
    path = written(tmp_path / "a.txt", text)
    assert read(PARLAI, path) == (
        [
            (
                f"{path}:1",
                conversation(["Tea?", "Please.", "茶\n还是水？", "茶。"], ["other", "self"] * 2, ["i bake."], "self"),
            ),
            (
                f"{path}:5",
                conversation(
                    ["Mary is here.\nJohn left.\nWhere is Mary?", "here", "Bye."],
                    ["other", "self", "other"],
                    (),
                    "self",
                ),
            ),
            (f"{path}:9", conversation(["Hi."], ["self"], (), "self")),
        ],
        {"line of the partner's persona": 1},
    )


def test_logs_are_episodes_up_to_their_mark(tmp_path: Path) -> None:
    text = (
        "text:your persona: i bake.\\nTea?\tlabels:Please.|No.\n\ntext:茶？\teval_labels:好。\tepisode_done:True\n"
        "text:Hi.\tlabels:Ho.\n"
    )
    path = written(tmp_path / "a.txt", text)
    assert read(PARLAI_LOG, path)[0] == [
        (f"{path}:1", conversation(["Tea?", "Please.", "茶？", "好。"], ["other", "self"] * 2, ["i bake."], "self")),
        (f"{path}:4", conversation(["Hi.", "Ho."], ["other", "self"], (), "self")),
    ]


def test_a_line_of_another_form_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.txt:2: a number and a space are expected, but the line begins with: Tea"):
        read(PARLAI, written(tmp_path / "a.txt", "1 Tea?\tYes.\nTea?\n"))
    with pytest.raises(UserError, match=r"a.txt:2: 'text:' is expected, but the line begins with: labels:x"):
        read(PARLAI_LOG, written(tmp_path / "a.txt", "text:Tea?\tlabels:Yes.\nlabels:x\n"))
