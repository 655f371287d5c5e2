"""`seq2seq chat`: every key and command at a terminal, line by line elsewhere, and errors that end nothing."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.plugin.conversation import Conversation
from seq2seq.safe_text import in_line
from seq2seq_dialogue.reader import DialogueReader
from tests.environments import REPOSITORY
from tests.seq2seq.repl.terminal import (
    BACKSPACE,
    CTRL_A,
    CTRL_C,
    CTRL_D,
    CTRL_U,
    ENTER,
    TAB,
    UP,
    Terminal,
)
from tests.seq2seq.repl.terminal import (
    seq2seq as command,
)
from tests.seq2seq.repl.typing_in import INTERRUPT, Typed
from tests.tasks.seq2seq_dialogue.partners import ESCAPE, partner

Run = Callable[..., str]
PASTE, PASTED = "\x1b[200~", "\x1b[201~"
LONG = "100000"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A partner that answers immediately."""
    return partner(tmp_path_factory.mktemp("partner") / "model")


def chat(model: Path, **settings: str) -> Conversation:
    """Begin the conversation that the command should have."""
    begun = seq2seq.load(model).chat()
    for name, value in settings.items():
        begun.settings = begun.settings.changed(name, value)
    return begun


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a program in a terminal."""
    paths = [str(REPOSITORY), str(REPOSITORY / "tasks"), os.environ.get("PYTHONPATH", "")]
    return {
        **{name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "SEQ2SEQ_TRACEBACK")},
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        "XDG_STATE_HOME": str(folder / "state"),
        "TERM": "xterm-256color",
        "OMP_NUM_THREADS": "1",
    }


@pytest.mark.parametrize(
    "without", [pytest.param("prompt_toolkit", id="plain", marks=pytest.mark.slow), pytest.param("", id="toolkit")]
)
def test_every_key_and_command_at_a_terminal(model: Path, tmp_path: Path, without: str) -> None:
    expected = chat(model)
    is_toolkit = not without
    hello, others = expected.say("hello there"), [expected.say("how are you"), expected.say("你好")]
    with Terminal(command("chat", str(model), without=without), environment(tmp_path), tmp_path) as terminal:

        def enter(line: str, *shown: str) -> None:
            terminal.type(line + ENTER)
            for one in shown:
                terminal.wait(one)

        terminal.wait("Ctrl-D leaves.")
        terminal.wait("> ")
        # Keys: a slip, a word in front, a line that is given up, one from before.
        terminal.type("there!" + BACKSPACE + CTRL_A + "hello ")
        enter("", hello, "[2/2 turns] > ")
        terminal.type("never mind")
        terminal.wait("never mind")
        terminal.type(CTRL_C)
        terminal.wait("Ctrl-D leaves.")
        terminal.wait("[2/2 turns] > ")
        terminal.type("nor this" + CTRL_U)
        enter("how are you", others[0], "[4/4 turns] > ")
        enter("你好", others[1], "[6/6 turns] > ")
        terminal.type("/und" if is_toolkit else "/und" + TAB)
        terminal.wait("/undo")  # the toolkit shows it before the key
        enter(TAB if is_toolkit else "", "Taken back: 你好", "[4/4 turns] > ")
        terminal.type(UP + UP)
        enter("", others[1], "[6/6 turns] > ")

        # The orders.
        enter("/help", "/retry", "Ctrl-C stops an answer", "> ")
        expected.settings = expected.settings.changed("sample", "true")
        enter("/set sample true", "sample is true now.", "> ")
        enter("/set temprature 2", "Did you mean 'temperature'?", "> ")
        enter("/retry", expected.retry(), "> ")
        enter("/show", "remembered  6 of 6 turns", "true   (was false)", "> ")
        enter("/why", " % │ ", " ← ", "> ")
        enter("/save talk.json", "Saved: talk.json", "> ")
        enter("/reset", "The conversation is forgotten.", "\n> ")
        enter("/load tlak.json", "There is no file tlak.json. Did you mean 'talk.json'?", "\n> ")
        enter("/load talk.json", "> 你好", expected.history[-1].text, "Loaded: talk.json, 6 turns.", "[6/6 turns] > ")
        enter("/multi", "Several lines", "... ")
        terminal.type("what is" + ENTER)
        terminal.wait("... ")
        enter(".", expected.say("what is"), "[6/8 turns] > ")
        enter('"""hello', "... ")
        enter('there"""', expected.say("hello there"), "[6/10 turns] > ")
        enter("", "Nothing was said.", "> ")
        enter("/nope", "There is no command /nope.", "> ")

        # A reply without end is stopped; what was said stays.
        enter(f"/set max_length {LONG}", "now.", "> ")
        enter(f"/set min_length {LONG}", "now.", "> ")
        terminal.type("how are you" + ENTER)
        said = terminal.wait(chat_begins(expected, "how are you"))
        assert said
        terminal.type(CTRL_C)
        terminal.wait("(stopped)")
        terminal.wait("/12 turns] > ")  # how many fit depends on how late it was stopped
        enter("/set min_length 0", "now.", "> ")
        enter("/set max_length 8", "now.", "> ")

        # Escape sequences in what is pasted reach nobody.
        terminal.type(f"{PASTE}good \x9b2J\x1b]0;evil\x07 night{PASTED}")
        enter("", "/14 turns] > ")
        enter("/undo", "Taken back: good 2J]0;evil night", "/12 turns] > ")
        terminal.type(CTRL_D)
        assert terminal.end() == 0
        assert b"\x1b]0;evil" not in terminal.output
        assert b"\x9b2J" not in terminal.output.replace("\u009b2J".encode(), b"")
        assert "Traceback" not in terminal.text
    kept = (tmp_path / "state" / "seq2seq" / "typed").read_text(encoding="utf-8").splitlines()
    assert kept[:3] == ["hello there", "how are you", "你好"]
    assert "never mind" not in kept
    assert "what is" not in kept
    assert json.loads((tmp_path / "talk.json").read_text(encoding="utf-8"))["turns"][4]["text"] == "你好"


def chat_begins(begun: Conversation, text: str) -> str:
    """Return the first words of an endless reply, and stop it."""
    before = begun.settings
    begun.settings = before.changed("max_length", LONG).changed("min_length", LONG)
    parts = begun.stream(text)
    words = "".join(next(parts) for _ in range(5))
    parts.close()  # type: ignore[attr-defined]
    begun.undo()
    begun.settings = before
    return words


@pytest.fixture
def run(model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Pipe lines through the command; return its output."""

    def piped(text: str | bytes, *options: str, folder: Path = model, code: int = 0) -> str:
        raw = text if isinstance(text, bytes) else text.encode()
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))
        assert cli.main(["chat", str(folder), *options]) == code
        shown = capsys.readouterr()
        return shown.out if code == 0 else shown.err

    return piped


def replies(model: Path, lines: Sequence[str], **settings: str) -> str:
    begun = chat(model, **settings)
    return "".join(f"{in_line(begun.say(line)) if line.strip() else ''}\n" for line in lines)


def test_a_line_in_is_a_line_out(model: Path, run: Run) -> None:
    lines = ["hello there", "", "how are you", "  ", "/help", "你好", "exit", '"""']
    assert run("\n".join(lines)) == replies(model, lines)
    assert run("") == ""


def test_options_are_settings(model: Path, run: Run) -> None:
    settings = {"sample": "true", "seed": "9", "temperature": "0.7", "max_length": "5"}
    given = [word for name, value in list(settings.items())[1:] for word in (f"--{name}", value)]
    options = ["--sample", *given]
    lines = ["hello there", "how are you"]
    assert run("\n".join(lines), *options, "--threads", "1") == replies(model, lines, **settings)
    assert run("\n".join(lines), *options) != run("\n".join(lines), *options, "--seed", "10")


def test_one_turn(model: Path, run: Run, tmp_path: Path) -> None:
    assert run("ignored", "-p", "hello there") == replies(model, ["hello there"])
    assert "The text is empty" in run("", "-p", " ", code=2)


def test_a_conversation_goes_on_from_command_to_command(model: Path, run: Run, tmp_path: Path) -> None:
    path = str(tmp_path / "talk.json")
    shown = run("", "-p", "hello there", "--save", path, "--persona", "I like 书", "--persona", "hello")
    shown += run("how are you\n", "--load", path, "--save", path)
    shown += run("你好\n", "--load", path)
    begun = chat(model)
    begun.persona = ["I like 书", "hello"]
    assert shown == "".join(f"{in_line(begun.say(text))}\n" for text in ("hello there", "how are you", "你好"))
    saved = json.loads(Path(path).read_text(encoding="utf-8"))
    assert (saved["persona"], len(saved["turns"])) == (["I like 书", "hello"], 4)
    assert run("", "--save", str(tmp_path / "none.json")) == ""
    assert not (tmp_path / "none.json").exists()


def test_faults_before_anything_has_begun(run: Run, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    for options, sentence in (
        (("--load", str(tmp_path / "broken.json")), "broken.json is damaged or not JSON"),
        (("--load", str(tmp_path / "gone.json")), "There is no file"),
        (("--save", str(tmp_path / "broken.json")), "exists and is not a saved conversation"),
        (("--save", str(tmp_path / "no" / "a.json")), "There is no folder"),
        (("--beam_size", "0"), "beam_size is 0"),
        (("--threads", "0"), "threads is 0"),
        (("--device", "abacus"), "Device 'abacus' cannot be used here."),
        (("--tempreature", "1"), "There is no option --tempreature. Did you mean '--temperature'?"),
        (("--search", "--sample"), "leave out one of them"),
        (("--reverse", str(tmp_path / "gone")), "There is no folder"),
    ):
        assert sentence in run("hello\n", *options, code=2)
    assert "There is no folder" in run("", folder=tmp_path / "gone", code=2)


def test_candidates_are_ranked(model: Path, run: Run, talk: Run, tmp_path: Path) -> None:
    back = str(partner(tmp_path / "back", reader=DialogueReader(reverse=True)))
    begun = seq2seq.load(model).chat(reverse=seq2seq.load(back))
    begun.settings = begun.settings.changed("sample", "true").changed("candidates", "4")
    expected = [begun.say("hello there"), begun.say("how are you"), begun.retry(), begun.retry()]
    assert len(set(expected)) == 4
    options = ("--sample", "--candidates", "4", "--reverse", back)
    assert run("hello there\nhow are you\n", *options) == "".join(f"{in_line(one)}\n" for one in expected[:2])
    shown = talk(model, ["hello there", "how are you", "/retry", "/retry", "/set ranked false", "/retry"], *options)
    for reply in expected:
        assert f"> {reply}\n" in shown
    begun.settings = begun.settings.changed("ranked", "false")
    assert f"> {begun.retry()}\n" in shown


def test_a_reverse_model_that_is_missing_is_told_and_the_loop_goes_on(talk: Run, model: Path) -> None:
    lines = ["/set ranked true", "/set reverse_weight 0.5", "hello there", "/set reverse_weight 0", "hello there"]
    shown = talk(model, lines)
    assert "> reverse_weight 0.5 weighs a reverse model, but none was given" in shown
    assert shown.endswith("[2/2 turns] > \n")


def test_models_of_other_tasks_and_reverse_models(run: Run, tmp_path: Path) -> None:
    folder = partner(tmp_path / "model")
    path = folder / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["reader"]["options"]["reverse"] = True
    path.write_text(json.dumps(config), encoding="utf-8")
    assert "was trained with --data.reverse true" in run("", folder=folder, code=2)
    reader = {"class": "Reader", "options": {}}
    path.write_text(json.dumps({**config, "task": "translation", "reader": reader}), encoding="utf-8")
    assert "is a model for 'translation': use seq2seq translate instead of chat." in run("", folder=folder, code=2)


def test_a_very_long_message(model: Path, run: Run) -> None:
    long = "hello there " * 8400
    assert len(long) > 100_000
    assert run(f"{long}\nhow are you\n") == replies(model, [long, "how are you"])


def test_escape_sequences_never_go_out(run: Run, tmp_path: Path) -> None:
    folder = partner(tmp_path / "model", spelled=ESCAPE)
    shown = run("hello\n" * 9, "--sample", "--max_length", "40", folder=folder)
    raw = chat(folder, sample="true", max_length="40").say("hello")
    assert "\x9b" in raw  # the 8-bit form of ESC [; byte pieces below 0x20 are never chosen
    assert shown.startswith(in_line(raw))
    assert len(shown.splitlines()) == 9
    assert all(one >= " " and not "\x7f" <= one <= "\x9f" for one in shown.replace("\n", ""))


def test_lines_that_are_no_utf8_are_told_after_those_before(model: Path, run: Run) -> None:
    shown = run(b"hello\n\xff\n", code=2)
    assert "standard input, line 2: not UTF-8" in shown


def test_who_reads_no_more_is_not_written_to(model: Path, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        command("chat", str(model)), input=b"hello\n" * 5, stdout=writer, stderr=subprocess.PIPE, check=False,
        env=environment(tmp_path), timeout=300,
    )  # fmt: skip
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.fixture
def talk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type lines at the prompt, in this process; return the output."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def typed(folder: Path, lines: Sequence[str], *options: str) -> str:
        with monkeypatch.context() as terminal:
            terminal.setattr("seq2seq.repl.screen.is_terminal", lambda: True)
            terminal.setattr(sys, "stdin", Typed(lines))
            assert cli.main(["chat", str(folder), *options]) == 0
        return capsys.readouterr().out

    return typed


def test_what_the_model_says_cannot_order_the_terminal_about(talk: Run, tmp_path: Path) -> None:
    folder = partner(tmp_path / "model", spelled=ESCAPE)
    shown = talk(folder, ["hello \x1b[2J", "/retry", "/why", "/show", "/nope\x1b]0;x\x07"], "--sample")
    assert "␛" in shown
    assert "\x1b" not in shown


def test_a_search_comes_whole(talk: Run, tmp_path: Path) -> None:
    folder = partner(tmp_path / "model")
    begun = chat(folder, beam_size="3")
    shown = talk(folder, ["hello there", "/retry"], "--beam_size", "3")
    note = "The prompt counts turns: in [6/8 turns], the model still reads the last 6 of 8."
    assert f"> {begun.say('hello there')}\n{note}\n[2/2 turns] > {begun.retry()}\n[2/2 turns] > " in shown


def test_a_very_long_message_is_told_and_the_loop_goes_on(talk: Run, model: Path) -> None:
    shown = talk(model, ["hello there " * 8400, "how are you", "/undo", "/load talk", "/save"])
    assert "Only the last 199 of the message's " in shown
    assert "[3/4 turns] > Taken back: how are you\n[1/2 turns] > There is no file talk." in shown
    assert "/save needs a file: /save FILE." in shown


def test_a_conversation_that_is_loaded_shows_its_turns_before_the_model_is_there(
    talk: Run, run: Run, model: Path, tmp_path: Path
) -> None:
    path = str(tmp_path / "talk.json")
    run("hello there\n", "--save", path)
    shown = talk(model, ["/undo", INTERRUPT, "/undo"], "--load", path, "--save", path)
    assert "[2 turns] > Taken back: hello there\n> \nCtrl-D leaves.\n> Nothing was said yet" in shown
