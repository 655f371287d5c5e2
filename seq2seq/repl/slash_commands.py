"""Slash commands: names, aliases, help and completion."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seq2seq.decoding.options import RerankOptions, SamplingOptions, SearchOptions
from seq2seq.errors import UserError, nearest
from seq2seq.options import describe
from seq2seq.sessions.settings import Settings

QUOTES = '"""'
"""Delimiter of a multi-line text."""
LEAVING_WORDS = ("exit", "quit")


@dataclass(frozen=True)
class SlashCommand:
    """A slash command.

    Args:
        name: The name, without the slash.
        help: The description.
        arguments: Arguments as shown in the help.
        aliases: Alternative names.
        remembers: Whether the command is available only in conversations.
    """

    name: str
    help: str
    arguments: str = ""
    aliases: tuple[str, ...] = ()
    remembers: bool = False


COMMANDS = (
    SlashCommand("help", "list these commands", aliases=("?", "h")),
    SlashCommand("reset", "forget what was said", aliases=("clear", "new"), remembers=True),
    SlashCommand("undo", "take back the last message and its reply", remembers=True),
    SlashCommand("retry", "generate another answer to the last message"),
    SlashCommand("set", "change a setting; without VALUE, describe it; /set all lists all settings", "[NAME [VALUE]]"),
    SlashCommand("show", "list the settings and the facts about the model", aliases=("settings",)),
    SlashCommand(
        "why", "draw what the last answer attended to; /why all draws it in full", "[all]", aliases=("attention",)
    ),
    SlashCommand("save", "save the conversation in a file", "FILE", remembers=True),
    SlashCommand("load", "continue a saved conversation", "FILE", remembers=True),
    SlashCommand(
        "multi", f"type several lines, up to a line with a single dot; or put them between {QUOTES} and {QUOTES}"
    ),
    SlashCommand("quit", "leave, as Ctrl-D does", aliases=("bye", "exit", "q")),
)


def offered(remembers: bool) -> list[SlashCommand]:
    """Return the commands available in a session; `remembers` is True for a conversation."""
    return [command for command in COMMANDS if remembers or not command.remembers]


def command_named(word: str, commands: Sequence[SlashCommand]) -> SlashCommand:
    """Return the command with this name or alias.

    Raises:
        UserError: If there is none; the message suggests the nearest.
    """
    for command in commands:
        if word in (command.name, *command.aliases):
            return command
    names = [f"/{name}" for command in commands for name in (command.name, *command.aliases)]
    raise UserError(
        f"There is no command /{word}. {nearest(f'/{word}', names)}/help lists them; a message that begins with a "
        "slash needs two."
    )


def help_text(commands: Sequence[SlashCommand]) -> list[tuple[str, str]]:
    """Return (usage, description) for each command."""
    rows = []
    for command in commands:
        others = f" (also {', '.join(f'/{alias}' for alias in command.aliases)})" if command.aliases else ""
        rows.append((f"/{command.name} {command.arguments}".strip(), f"{command.help}{others}"))
    return rows


def setting_help(name: str) -> str:
    """Return the description of a setting."""
    blocks = (Settings, SamplingOptions, SearchOptions, RerankOptions)
    return next(help for help in map(describe, blocks) if name in help)[name]


def completions(line: str, commands: Sequence[SlashCommand], settings: Settings) -> list[str]:
    """Return the completions of the last word of a line, which ends at the cursor."""
    words = line.split(" ")
    if not line.startswith("/"):
        return []
    if len(words) == 1:
        return [f"/{command.name}" for command in commands if f"/{command.name}".startswith(line)]
    name, last = words[0], words[-1]
    if name == "/set" and len(words) == 2:
        return [word for word in ("all", *settings.values()) if word.startswith(last)]
    if name == "/set" and len(words) == 3:
        return [word for word in _choices(words[1], settings) if word.startswith(last)]
    if name == "/why" and len(words) == 2:
        return ["all"] if "all".startswith(last) else []
    if name in ("/save", "/load"):
        return _paths(last)
    return []


def _choices(name: str, settings: Settings) -> list[str]:
    """Return the possible values of a setting, if they are words."""
    value = settings.values().get(name)
    if isinstance(value, bool):
        return ["true", "false"]
    # The help of such a setting quotes each possible value.
    return re.findall(r"'(\w+)'", setting_help(name)) if isinstance(value, str) else []


def _paths(begun: str) -> list[str]:
    path = Path(begun).expanduser()
    folder = path if begun.endswith("/") or not begun else path.parent
    stem = "" if begun.endswith("/") or not begun else path.name
    if not folder.is_dir():
        return []
    head = begun[: len(begun) - len(stem)]
    return sorted(
        f"{head}{child.name}{'/' if child.is_dir() else ''}"
        for child in folder.iterdir()
        if child.name.startswith(stem)
    )
