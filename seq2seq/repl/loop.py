"""The interactive loop: reads lines, runs commands or sends messages, and shows the results."""

import signal
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from types import FrameType
from typing import cast

from seq2seq.amounts import amount
from seq2seq.errors import UserError, WorldError
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.plugin import registry
from seq2seq.plugin.conversation import Conversation
from seq2seq.repl.choose_keyboard import choose_keyboard
from seq2seq.repl.history import History, history_path
from seq2seq.repl.opening import doubt, opening, say_for
from seq2seq.repl.screen import Screen
from seq2seq.repl.settings import idle, listed
from seq2seq.repl.slash_commands import (
    LEAVING_WORDS,
    QUOTES,
    command_named,
    completions,
    help_text,
    offered,
    setting_help,
)
from seq2seq.safe_text import in_line, raw_stdout
from seq2seq.sessions.background_loading import Loading
from seq2seq.sessions.session import Session

SHOWN_TURNS = 6
"""Maximum number of turns shown when a conversation is loaded."""


class Loop:
    """An interactive session between a user and a model.

    Args:
        session: The session.
        config: The model's configuration.
        loading: Loads the model in the background, starting when the first prompt is shown.
        screen: Shows the answers.
        history: Earlier input.
        name: The model's name, as given by the user.
        meant: Preprocesses typed text, for example by resolving escapes; by default the identity.
    """

    def __init__(
        self,
        session: Session | Conversation,
        config: BundleConfig,
        loading: Loading,
        screen: Screen,
        history: History,
        name: str,
        meant: Callable[[str], str] = str,
    ) -> None:
        self.meant = meant
        self.session, self.config, self.loading, self.screen = session, config, loading, screen
        self.history, self.name = history, name
        self.task = registry.load(config.task)
        self.say = say_for(config, self.task)
        self.commands = offered(isinstance(session, Conversation))
        self.begun = session.settings
        self.keyboard = choose_keyboard(
            screen, history, lambda line: completions(line, self.commands, session.settings), loading.start
        )
        self._is_told = self._is_prompt_told = False
        self._does: dict[str, Callable[[str], None]] = {
            "help": self._help,
            "reset": self._reset,
            "undo": self._undo,
            "retry": self._retry,
            "set": self._set,
            "show": self._show,
            "why": self._why,
            "save": self._save,
            "load": self._load,
            "multi": self._multi,
        }

    def run(self) -> None:
        """Run the loop until the user leaves.

        Raises:
            UserError, WorldError: If the model cannot be loaded.
        """
        self.screen.note(f"{self._description()}. /help lists the commands; Ctrl-D leaves.")
        if self.history.notice:
            self.screen.note(self.history.notice)
        for line in opening(self.config, self.task, self.say):
            self.screen.note(line)
        while True:
            try:
                line = self.keyboard.line(self._explained(self.prompt()))
            except KeyboardInterrupt:
                if not self._is_told:
                    self._is_told = True
                    self.screen.note("Ctrl-D leaves.")
                continue
            except EOFError:
                return
            try:
                if not self.handle(line):
                    return
            except (UserError, WorldError) as fault:
                self._refuse(str(fault))
            except OSError as fault:
                self._refuse(f"{fault.filename or 'The system'}: {fault.strerror or fault}.")
            except KeyboardInterrupt:
                self.screen.note("Stopped.")

    def prompt(self) -> str:
        """Return the prompt; in a conversation, it includes the number of turns that the model still reads."""
        session = self.session
        if not isinstance(session, Conversation):
            return f"{self.config.languages}> "
        total = len(session.history)
        if not total:
            return "> "
        # Pieces can only be counted once the model is loaded.
        is_known = self.loading.is_over and self.loading.fault is None
        return f"[{session.remembered}/{amount(total, 'turn')}] > " if is_known else f"[{amount(total, 'turn')}] > "

    def _explained(self, prompt: str) -> str:
        """Return the prompt unchanged; if it contains turn numbers for the first time, print an explanation."""
        if "/" in prompt and not self._is_prompt_told and isinstance(self.session, Conversation):
            self._is_prompt_told = True
            self.screen.note("The prompt counts turns: in [6/8 turns], the model still reads the last 6 of 8.")
        return prompt

    def handle(self, line: str) -> bool:
        """Handle a line, and return whether the loop continues.

        Raises:
            UserError, WorldError: If the line cannot be handled.
            KeyboardInterrupt: If the user interrupts it.
        """
        text = line.strip()
        if text.startswith(QUOTES):
            self._quoted(line)
        elif text.startswith("/") and not text.startswith("//"):
            return self._command(text[1:])
        elif text in LEAVING_WORDS:
            return False
        elif not self.session.cleaned(text):
            self.screen.note("Nothing was said. /help lists the commands; Ctrl-D leaves.")
        else:
            self._answer(text.removeprefix("/"))
        return True

    def _command(self, text: str) -> bool:
        word, _, rest = text.partition(" ")
        command, rest = command_named(word, self.commands), rest.strip()
        if command.name == "quit":
            return False
        if rest and not command.arguments:
            raise UserError(f"/{command.name} takes no argument, but '{rest}' was given.")
        if command.arguments == "FILE" and not rest:
            raise UserError(f"/{command.name} needs a file: /{command.name} FILE.")
        self._does[command.name](rest)
        return True

    def _help(self, _: str) -> None:
        rows = help_text(self.commands)
        room = max(len(name) for name, _ in rows) + 2
        for name, text in rows:
            self.screen.put(f"  {name:<{room}}", "name")
            self.screen.line(text)
        self.screen.note("Ctrl-C stops an answer or clears the line, Ctrl-D leaves, the tab key completes.")
        self.screen.note("Commands work at this prompt only; in a pipe, a line that begins with a slash is text.")

    def _reset(self, _: str) -> None:
        self._conversation().reset()
        self.screen.note("The conversation is forgotten.")

    def _undo(self, _: str) -> None:
        message = self._conversation().undo()
        self.screen.note(f"Taken back: {message.text}")

    def _retry(self, _: str) -> None:
        self._show_answer(self.session.again())

    def _set(self, rest: str) -> None:
        name, _, value = rest.partition(" ")
        session = self.session
        if not name:
            self._list_settings(is_all=False)
        elif rest == "all":
            self._list_settings(is_all=True)
        elif not value.strip():
            values = session.settings.values()
            if name not in values:
                session.settings.changed(name, "")  # raises UserError
            self.screen.line(f"{name} is {_shown(values[name])}: {setting_help(name)}")
            self._note_idle(name)
        else:
            session.settings = session.settings.changed(name, value.strip())
            self.screen.note(f"{name} is {_shown(session.settings.values()[name])} now.")
            self._note_idle(name)

    def _note_idle(self, name: str) -> None:
        """Print a note if a setting currently has no effect."""
        if reason := idle(self.session.settings, name):
            self.screen.note(f"It has no effect at present: {reason}.")

    def _show(self, _: str) -> None:
        session = self.session
        rows = [("model", self._description())]
        if self.loading.is_over:
            rows.append(("", repr(self.loading.model())))
        if isinstance(session, Conversation):
            total = len(session.history)
            rows.append(
                ("remembered", f"{session.remembered} of {amount(total, 'turn')}" if total else "nothing was said yet")
            )
            rows += [("persona" if not number else "", fact) for number, fact in enumerate(session.persona)]
        for name, text in rows:
            self.screen.put(f"{name:<12}", "name")
            self.screen.line(in_line(text))
        self._list_settings(is_all=False)

    def _list_settings(self, *, is_all: bool) -> None:
        settings, begun = self.session.settings, self.begun.values()
        values = settings.values()
        names = listed(settings, self.begun, is_all=is_all)
        for name in names:
            change = "" if values[name] == begun[name] else f"   (was {_shown(begun[name])})"
            reason = idle(settings, name)
            self.screen.put(f"  {name:<24}", "name")
            self.screen.put(f"{_shown(values[name])}{change}")
            self.screen.line(f"   (no effect: {reason})" if reason else "", "note")
        if len(names) < len(values):
            self.screen.note(f"/set all lists {len(values) - len(names)} more; /set NAME describes one.")

    def _why(self, rest: str) -> None:
        from seq2seq.repl.attention_view import OutputAttention, drawing

        if rest not in ("", "all"):
            raise UserError(f"/why takes nothing or 'all', but '{rest}' was given.")

        with self.screen.working("reading again"):
            output = self.session.why()
        weights = [] if output.attention is None else output.attention.tolist()
        attention = OutputAttention(output.source_pieces, output.pieces, weights, output.copied)
        self.screen.drawing(drawing(attention, self.screen, is_whole=rest == "all"))

    def _save(self, path: str) -> None:
        self._conversation().save(path)
        self.screen.note(f"Saved: {path}")

    def _load(self, path: str) -> None:
        session = self._conversation()
        session.load(path)
        for turn in session.history[-SHOWN_TURNS:]:
            self.screen.put("" if turn.is_reply else "> ", "user")
            self.screen.line(in_line(turn.text), "" if turn.is_reply else "user")
        self.screen.note(f"Loaded: {path}, {amount(len(session.history), 'turn')}.")

    def _multi(self, _: str) -> None:
        self.screen.note("Several lines, then a line with a single dot; Ctrl-C cancels.")
        self._answer(self._block([], is_ended_by_dot=True))

    def _quoted(self, line: str) -> None:
        """Read the rest of a quoted multi-line text, given its first line, and answer it."""
        first = line.strip().removeprefix(QUOTES)
        if first.endswith(QUOTES):
            self._answer(first.removesuffix(QUOTES))
        else:
            self._answer(self._block([first] if first else [], is_ended_by_dot=False))

    def _block(self, lines: list[str], *, is_ended_by_dot: bool) -> str:
        """Read further lines up to closing quotes, a single dot or Ctrl-D, and return the whole text."""
        while True:
            try:
                line = self.keyboard.line("... ", is_kept=False)
            except EOFError:
                return "\n".join(lines)
            if is_ended_by_dot and line.strip() == ".":
                return "\n".join(lines)
            if line.rstrip().endswith(QUOTES):
                last = line.rstrip().removesuffix(QUOTES)
                return "\n".join([*lines, last] if last else lines)
            lines.append(line)

    def _answer(self, text: str) -> None:
        self._show_answer(self.session.stream(self.meant(text)))

    def _show_answer(self, parts: Iterator[str]) -> None:
        """Show an answer while it is generated; Ctrl-C stops it and keeps the text so far."""
        screen, session = self.screen, self.session
        if not self.loading.is_over:
            with screen.working("loading the model"):
                self.loading.model()
        is_begun = False
        with _first_interrupt_only():
            try:
                with screen.working("thinking") if not session.streams else nullcontext():
                    first = next(parts, "")
                screen.put(first)
                is_begun = bool(first)
                for part in parts:
                    screen.put(part)
                    is_begun = is_begun or bool(part)
            except KeyboardInterrupt:
                if isinstance(parts, Generator):
                    parts.close()
                screen.note(" (stopped)" if is_begun else "Stopped before anything was said.")
                return
        screen.line() if is_begun else screen.note("(says nothing)")
        if session.notice:
            screen.note(session.notice)
        if session.sureness is not None:
            screen.note(doubt(self.config, session.sureness, self.say))

    def _conversation(self) -> Conversation:
        """Return the session as a conversation; only commands that require one call this."""
        return cast(Conversation, self.session)

    def _description(self) -> str:
        return f"{self.name}: {self.config.task} {self.config.languages}".rstrip()

    def _refuse(self, sentence: str) -> None:
        """Report an error; if the model failed to load, raise that error instead."""
        if self.loading.fault:
            raise self.loading.fault
        self.screen.fault(sentence)


def talk(
    session: Session | Conversation,
    config: BundleConfig,
    loading: Loading,
    name: str,
    *,
    is_kept: bool,
    meant: Callable[[str], str] = str,
) -> None:
    """Run an interactive session until the user leaves; for the arguments see `Loop`.

    Typed lines are stored for later sessions if `is_kept`.

    Raises:
        UserError, WorldError: If the model cannot be loaded.
    """
    with raw_stdout():
        Loop(session, config, loading, Screen(), History(history_path() if is_kept else None), name, meant).run()


@contextmanager
def _first_interrupt_only() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first Ctrl-C, and ignore further ones."""
    is_heard = False

    def hear(number: int, frame: FrameType | None) -> None:
        nonlocal is_heard
        if not is_heard:
            is_heard = True
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _shown(value: object) -> str:
    """Format a setting's value as a user would type it."""
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or '""'
    return str(value).lower() if isinstance(value, bool) else str(value)
