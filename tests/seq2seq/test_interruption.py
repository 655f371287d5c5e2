"""Signals that end a command: none is lost, each gives its exit code and one line, no file is half written."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seq2seq import cli
from seq2seq.batching.token_store import TokenStore
from seq2seq.commands import fit
from seq2seq.interruption import SIGNALS, Interrupted, Watch, announce
from seq2seq.runs import fit as training
from seq2seq.training import pair_data
from tests.environments import REPOSITORY
from tests.seq2seq.kills import names
from tests.seq2seq.reversing import Reversing
from tests.seq2seq.trained import EVERYTHING, accident, curves, differences, here

__all__ = ["here"]


def send(number: int) -> None:
    os.kill(os.getpid(), number)


class Deaf:
    """Sends a signal where exceptions are dropped: in a destructor.

    Args:
        number: The signal.
    """

    def __init__(self, number: int) -> None:
        self.number = number

    def __del__(self) -> None:
        """Send it."""
        send(self.number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_raised_at_once(number: int) -> None:
    before = signal.getsignal(number)
    with Watch() as watch, pytest.raises(Interrupted) as raised:
        send(number)
    assert (raised.value.exit_code, watch.received) == (128 + number, number)
    assert raised.value.name == signal.Signals(number).name
    assert signal.getsignal(number) == before


def test_a_deferred_signal_waits_for_the_check_and_a_second_does_not() -> None:
    with Watch() as watch:
        watch.check()
        watch.defer(True)
        send(signal.SIGTERM)
        with pytest.raises(Interrupted, match="15"):
            watch.check()
        with pytest.raises(Interrupted, match="2"):
            send(signal.SIGINT)
        assert watch.received == signal.SIGTERM


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_in_a_destructor_is_not_lost() -> None:
    with Watch() as watch:
        Deaf(signal.SIGINT)
        with pytest.raises(Interrupted):
            watch.check()


def test_what_was_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does
    try:
        with Watch() as watch:
            watch.install()
            send(signal.SIGHUP)
            watch.check()
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_message_begins_on_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    announce("Stopped.")
    assert capsys.readouterr().err == "Stopped.\n"
    ours, theirs = pty.openpty()
    terminal = os.fdopen(theirs, "w", encoding="utf-8")
    monkeypatch.setattr(sys, "stderr", terminal)
    terminal.write("epoch 1/3")
    announce("Stopped.")
    assert os.read(ours, 100) == b"epoch 1/3\r\nStopped.\r\n"
    os.close(ours)  # the window is closed
    announce("Nobody reads this.")
    announce("Nor this.")
    monkeypatch.undo()
    with pytest.raises(OSError, match="Input/output"):
        terminal.close()


READING, TOKENIZER, STORE = "reading", "tokenizer", "store"


@pytest.mark.parametrize(
    ("moment", "number"),
    [(READING, signal.SIGINT), (TOKENIZER, signal.SIGINT), (TOKENIZER, signal.SIGHUP), (STORE, signal.SIGTERM)],
)
@pytest.mark.parametrize("is_dropped", [False, True])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_signal_before_training_leaves_nothing(
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    moment: str,
    number: int,
    is_dropped: bool,
) -> None:
    place: Any
    place, name = {
        READING: (Reversing, "sample"),
        TOKENIZER: (pair_data, "train_tokenizers"),
        STORE: (TokenStore, "build"),
    }[moment]
    original: Callable[..., Any] = getattr(place, name)

    def interrupted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever is interrupted
        if is_dropped:
            Deaf(number)
        else:
            send(number)
        return original(*arguments, **named)

    monkeypatch.setattr(place, name, interrupted)
    assert cli.main(["fit", "reversing", "--run_dir", "run"]) == 128 + number
    assert capsys.readouterr().err == f"Stopped by {signal.Signals(number).name} before training began.\n"
    assert "run" not in names(here)
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("seq2seq.commands.fit", "seq2seq: Stopped by SIGINT.\n"),
        ("seq2seq.runs.fit", "Loading PyTorch ...\nStopped by SIGINT before training began.\n"),
        ("torch", "Loading PyTorch ...\nStopped by SIGINT before training began.\n"),
    ],
)
def test_a_ctrl_c_while_importing_is_one_line(tmp_path: Path, module: str, said: str) -> None:
    code = (
        "import os, signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "from seq2seq.cli import main\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.exit(main(['fit', 'translation']))\n"
    )
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tasks")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 130
    assert done.stderr == said
    assert not names(tmp_path)


def test_another_verb_stops_with_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for number in SIGNALS:
        monkeypatch.setattr(cli, "run", lambda _words, number=number: send(number))
        assert cli.main(["info"]) == 128 + number
        assert capsys.readouterr().err == f"seq2seq: Stopped by {signal.Signals(number).name}.\n"


def test_a_signal_after_training_says_so(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(training, "introduce", lambda *_, **__: send(signal.SIGINT))
    assert cli.main(["fit", "reversing", "--trainer.max_steps", "2", "--run_dir", "run"]) == 130
    assert "Stopped by SIGINT at step 2; saved in run/checkpoints/last.ckpt. Continue with:" in capsys.readouterr().err
    assert (here / "run" / "bundle" / "config.json").is_file()
    monkeypatch.setattr(training, "save_bundle", lambda *_: send(signal.SIGINT))  # a second signal during the first
    assert cli.main(["fit", "--run_dir", "run", "--resume", "--trainer.max_steps", "3"]) == 130
    assert "Stopped by SIGINT at step 3; saved in run/checkpoints/last.ckpt. Continue with:" in capsys.readouterr().err
    monkeypatch.undo()


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_training_is_saved(here: Path, capsys: pytest.CaptureFixture[str], number: int) -> None:
    options = ["reversing", *EVERYTHING, "--trainer.max_epochs", "1", "--trainer.limit_train_batches", "10"]
    assert fit.main([*options, "--run_dir", "run", *accident(batch=7, signal=number)]) == 128 + number
    stopped = capsys.readouterr().err
    assert f"Stopped by {signal.Signals(number).name} at step 4; saved in run/checkpoints/last.ckpt." in stopped
    assert "Continue with: seq2seq fit reversing --run_dir run --resume" in stopped
    assert len(curves(here / "run")) > 0
    if number == signal.SIGHUP:
        assert fit.main(["--run_dir", "run", "--resume", "--trainer.callbacks", "null"]) == 0
        assert fit.main([*options, "--run_dir", "whole"]) == 0
        assert differences(here / "whole", here / "run") == []
