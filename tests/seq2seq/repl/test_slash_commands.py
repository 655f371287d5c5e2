"""Commands by their names and aliases, and completion with the tab key."""

import re
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.repl.slash_commands import COMMANDS, command_named, completions, help_text, offered, setting_help
from seq2seq.sessions.settings import Settings


def test_every_name_is_one_order() -> None:
    names = [name for command in COMMANDS for name in (command.name, *command.aliases)]
    assert len(set(names)) == len(names)
    for command in COMMANDS:
        for name in (command.name, *command.aliases):
            assert command_named(name, COMMANDS) is command


def test_what_makes_no_sense_is_not_offered() -> None:
    assert {command.name for command in COMMANDS} - {command.name for command in offered(remembers=False)} == {
        *("reset", "undo", "save", "load"),
    }
    assert offered(remembers=True) == list(COMMANDS)
    with pytest.raises(UserError, match="There is no command /undo"):
        command_named("undo", offered(remembers=False))


@pytest.mark.parametrize(("word", "near"), [("hlep", "/help"), ("retyr", "/retry"), ("sav", "/save")])
def test_an_unknown_order_names_the_nearest(word: str, near: str) -> None:
    with pytest.raises(UserError, match=re.escape(f"There is no command /{word}. Did you mean '{near}'? /help lists")):
        command_named(word, COMMANDS)


def test_the_help_names_every_order_and_its_other_names() -> None:
    text = "\n".join(f"{name}  {what}" for name, what in help_text(COMMANDS))
    for command in COMMANDS:
        for name in (command.name, *command.aliases):
            assert f"/{name}" in text


def test_every_setting_has_its_help() -> None:
    for name in Settings().values():
        assert len(setting_help(name)) > 10


def test_the_tab_key(tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text("", encoding="utf-8")
    (tmp_path / "talks").mkdir()
    settings = Settings()

    def offers(typed: str) -> list[str]:
        return completions(typed, COMMANDS, settings)

    assert offers("/re") == ["/reset", "/retry"]
    assert offers("/set top") == ["top_k", "top_p"]
    assert offers("/set al") == offers("/why ") == ["all"]
    assert offers("/set sample ") == ["true", "false"]
    assert {"none", "average", "gnmt"} <= set(offers("/set length_penalty "))
    assert offers("/set beam_size ") == []
    assert offers("/set nothing ") == []
    assert offers(f"/load {tmp_path}/ta") == [f"{tmp_path}/talk.json", f"{tmp_path}/talks/"]
    assert offers(f"/save {tmp_path}/gone/") == []
    assert offers("hello /re") == offers("/help ") == offers("") == []
