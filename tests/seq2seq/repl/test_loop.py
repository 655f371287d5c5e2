"""The loop for independent texts: `--interactive`, without a terminal, in this process."""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.command_line.outputs import one_line
from seq2seq.decoding.options import SearchOptions
from seq2seq.models import bundle
from seq2seq.models.bundle_config import Introduction
from seq2seq.models.introduction import LONGEST, sureness
from seq2seq.repl.settings import MAIN
from seq2seq.safe_text import harmless
from seq2seq.sessions.settings import Settings
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.decoded import searched
from tests.seq2seq.repl.typing_in import INTERRUPT, Typed

TEXT = "the old dog sees two books"
Talk = Callable[..., str]


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A model of the toy task."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return toy_models.write(tmp_path / "model", toy_tokenizers)


@pytest.fixture
def talk(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Talk:
    """Type lines at the prompt; return what is shown."""
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("seq2seq.repl.screen.is_terminal", lambda: True)

    def typed(*lines: str, options: tuple[str, ...] = (), code: int = 0) -> str:
        monkeypatch.setattr(sys, "stdin", Typed(lines))
        assert cli.main(["mimic", str(model), "--interactive", *options]) == code
        shown = capsys.readouterr()
        return shown.out + shown.err

    return typed


def test_each_line_is_answered(talk: Talk, model: Path) -> None:
    one, two = seq2seq.load(model).mimic([TEXT, "birds"])
    shown = talk(TEXT, "birds")
    assert shown == (
        f"{model}: toy en-zh. /help lists the commands; Ctrl-D leaves.\n"
        "Trained on toy corpus, 300 examples, en-zh. It knows such texts and little else.\n"
        f"en-zh> {one}\nen-zh> {two}\nen-zh> \n"
    )


def test_search_options_and_settings_count(talk: Talk, model: Path) -> None:
    loaded = seq2seq.load(model)
    short, shorter = (searched(loaded, [TEXT], SearchOptions(max_length=n))[0][0].text for n in (3, 2))
    shown = talk(TEXT, "/set max_length 2", TEXT, options=("--max_length", "3", "--beam_size", "5"))
    assert f"> {short}\n" in shown
    assert f"> max_length is 2 now.\nen-zh> {shorter}\n" in shown


def test_several_lines_are_one_text(talk: Talk, model: Path) -> None:
    whole = seq2seq.load(model).mimic(["the old dog\nsees two\n\nbooks", "a\nb", "a b"])
    shown = talk(
        *("/multi", "the old dog", "sees two", "", "books", "."),
        *('"""a', 'b"""'),
        *('"""a b"""',),
        *("/multi", "a", "b", '"""'),
    )
    assert [line.split("> ")[-1].split("... ")[-1] for line in shown.splitlines()[3:-1]] == [
        *(whole[0], whole[1], whole[2]),
        *("Several lines, then a line with a single dot; Ctrl-C cancels.", whole[1]),
    ]


def test_ctrl_d_ends_a_text_of_several_lines_and_ctrl_c_lets_it_be(talk: Talk, model: Path) -> None:
    (whole,) = seq2seq.load(model).mimic(["a\nb"])
    assert f"... ... ... \n{whole}\n" in talk("/multi", "a", "b")
    shown = talk("/multi", "a", INTERRUPT, "birds")
    assert "Stopped." in shown
    assert shown.count(seq2seq.load(model).mimic(["birds"])[0]) == 1


def test_a_text_that_begins_with_a_slash(talk: Talk, model: Path) -> None:
    (said,) = seq2seq.load(model).mimic(["/help"])
    assert f"> {harmless(said)}\n" in talk("//help")


@pytest.mark.parametrize("word", ["/quit", "/bye", "/exit", "/q", "quit", "exit", " /quit "])
def test_ways_to_leave(talk: Talk, word: str) -> None:
    assert talk(word, "birds").endswith("little else.\nen-zh> ")


def test_mistakes_are_a_sentence_and_the_loop_goes_on(talk: Talk, model: Path) -> None:
    (said,) = seq2seq.load(model).mimic(["birds"])
    for line, sentence in (
        ("/hlep", "There is no command /hlep. Did you mean '/help'?"),
        ("/undo", "There is no command /undo."),
        ("/save x", "There is no command /save."),
        ("/retry", "There is no output yet to retry."),
        ("/why", "There is no output yet to explain."),
        ("/retry now", "/retry takes no argument, but 'now' was given."),
        ("/set temprature 2", "There is no setting 'temprature'. Did you mean 'temperature'?"),
        ("/set temprature", "There is no setting 'temprature'."),
        ("/set beam_size 0", "beam_size is 0, but it must be at least 1."),
        ("", "Nothing was said."),
        ("\x00", "Nothing was said."),
        ('""""""', "The text is empty"),
        ("/\x1b[2J", "There is no command /␛[2J."),
    ):
        shown = talk(line, "birds")
        assert f"> {sentence}" in shown
        assert "\x1b" not in shown
        assert f"> {said}\n" in shown


def test_ctrl_c_at_the_prompt_clears_the_line(talk: Talk) -> None:
    shown = talk(INTERRUPT, INTERRUPT, "/quit")
    assert shown.endswith("> \nCtrl-D leaves.\nen-zh> \nen-zh> ")


def test_what_is_shown(talk: Talk, model: Path) -> None:
    shown = talk("/set beam_size", "/set", "/set top_k 3", TEXT, "/show", "/retry", "/help")
    assert "> beam_size is 3: Number of hypotheses kept per source; 1 is greedy search.\n" in shown
    assert "top_k is 3 now." in shown
    assert "  top_k                   3   (was 0)   (no effect: sample is false)\n" in shown
    assert "It has no effect at present: sample is false.\n" in shown
    assert "<seq2seq model: toy en-zh, " in shown
    assert "remembered" not in shown
    assert "/retry" in shown
    assert "/undo" not in shown
    assert "Commands work at this prompt only; in a pipe, a line that begins with a slash is text.\n" in shown


def test_set_lists_the_main_settings_first(talk: Talk) -> None:
    shown = talk("/set")
    assert {line.split()[0] for line in shown.split("en-zh> ")[1].splitlines()[:-1]} == set(MAIN)
    assert f"/set all lists {len(Settings().values()) - len(MAIN)} more; /set NAME describes one.\n" in shown
    every = talk("/set all")
    assert all(f"\n  {name} " in every.replace("> ", "> \n") for name in Settings().values())
    assert "/set all lists" not in every


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/set temp", "There is no setting 'temp'. Did you mean 'temperature'?"),
        ("/set temp 0.7", "There is no setting 'temp'. Did you mean 'temperature'?"),
        ("/why so", "/why takes nothing or 'all', but 'so' was given."),
    ],
)
def test_what_is_not_there_is_said(talk: Talk, line: str, sentence: str) -> None:
    assert f"> {sentence}" in talk(line)


def test_the_attention_is_drawn(talk: Talk) -> None:
    shown = talk(TEXT, "/why")
    assert " 100 % │ the old dog sees two books\n" in shown
    assert " ← " in shown
    assert "\x1b" not in shown


def test_what_was_typed_is_kept(talk: Talk, tmp_path: Path) -> None:
    talk("birds", "/multi", "a secret", ".", options=())
    path = tmp_path / "state" / "seq2seq" / "typed"
    assert path.read_text(encoding="utf-8") == "birds\n/multi\n"
    talk("dogs", options=("--no_history",))
    assert path.read_text(encoding="utf-8") == "birds\n/multi\n"


def test_nothing_can_be_kept(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("", encoding="utf-8")
    assert "Typed lines are not stored: " in talk("birds")


def test_a_model_that_cannot_be_loaded_ends_the_loop(talk: Talk, model: Path) -> None:
    (model / "model.safetensors").write_bytes(b"no weights")
    shown = talk("birds", "dogs", code=2)
    assert "is damaged or not a safetensors file" in shown
    assert shown.count("> ") == 1


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (("--json",), "--json"),
        (("input.txt",), "input.txt"),
        (("--nbest", "2", "--scores"), "--nbest and --scores"),
        (("--prefix", "a"), "--prefix"),
    ],
)
def test_what_makes_no_sense_with_it(talk: Talk, options: tuple[str, ...], wrong: str) -> None:
    shown = talk(options=options, code=2)
    assert shown == f"seq2seq: --interactive is for typing and reading at a terminal: leave out {wrong}.\n"


def test_elsewhere_lines_come_in_and_go_out_as_usual(
    model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"birds\n/help\n"), encoding="utf-8"))
    assert cli.main(["mimic", str(model), "--interactive"]) == 0
    expected = seq2seq.load(model).mimic(["birds", "/help"])
    assert capsys.readouterr().out == "".join(f"{one_line(text)}\n" for text in expected)


@pytest.mark.parametrize(
    ("locale", "first", "mark"),
    [
        (
            "C.UTF-8",
            "Trained on toy corpus, 4,000 examples, en-zh. It knows",
            "Unsure ({}, usually -0.10): this may be",
        ),
        (
            "zh_CN.UTF-8",
            "训练数据：toy corpus，4,000 个例子，en-zh。它只熟悉",
            "把握不大（每词元 {}，通常为 -0.10）：输入可能",
        ),
    ],
)
def test_a_session_opens_with_what_works_and_marks_what_may_not(
    talk: Talk, model: Path, monkeypatch: pytest.MonkeyPatch, locale: str, first: str, mark: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    loaded = seq2seq.load(model)
    openers = ("a cat", "the\x1b[31m old dog", "x" * 300)
    introduction = Introduction(4_000, score_mean=-0.1, score_spread=0.05, openers=openers)
    config = replace(loaded.bundle.config, introduction=introduction)
    bundle.save(model, loaded.torch_network, config, loaded.tokenizers)
    lines = talk(TEXT).splitlines()
    assert lines[1].startswith(first)
    assert lines[2] in ("Try:", "试试：")
    assert lines[3:6] == ["  a cat", "  the␛[31m old dog", f"  {'x' * LONGEST}"]
    output = searched(loaded, [TEXT])[0][0]
    sure = f"{sureness(output):.2f}" + (" per token" if locale.startswith("C") else "")
    assert lines[7].startswith(mark.format(sure))
