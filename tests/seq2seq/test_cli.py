"""The dispatcher: verbs, suggestions, exit codes, and help that stays light."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from seq2seq import __version__, cli, verbs
from seq2seq.plugin import registry

ENTRY_POINTS = """[seq2seq.tasks]
dates = dates_plugin:Dates
shadow = dates_plugin:Nothing
wreck = wrecked_plugin:Wreck
"""
PLUGIN = """
from seq2seq.plugin import Task

class Dates(Task):
    name, verb, summary = "dates", "normalise", "Normalise dates"

Nothing = 3
"""


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution with one sound plugin and two broken ones, as pip would install it, and no other."""
    info = tmp_path / "seq2seq_dates-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seq2seq-dates\nVersion: 1.2\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    (tmp_path / "dates_plugin.py").write_text(PLUGIN, encoding="utf-8")
    (tmp_path / "wrecked_plugin.py").write_text("raise OSError('no such library')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    real = registry.installed
    names = ("dates", "shadow", "wreck")
    monkeypatch.setattr(registry, "installed", lambda: [found for found in real() if found.name in names])


def verb(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> None:
    """Add a verb ``probe`` that runs a statement."""
    (tmp_path / "probe_verb.py").write_text(
        f"import errno\nfrom seq2seq.errors import *\nSUMMARY = ''\ndef main(arguments):\n    {body}\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(verbs.VERBS, "probe", (verbs.USE, "probe_verb"))
    sys.modules.pop("probe_verb", None)


def test_help_names_every_verb_in_groups_and_fits_a_screen(plugins: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in [*verbs.VERBS, "normalise"]:
        assert f"\n  {name} " in shown
    assert all(group in shown for group in (verbs.TRAIN, verbs.USE, verbs.EVALUATE))
    assert len(shown.splitlines()) <= 33
    assert max(map(len, shown.splitlines())) <= 100
    assert cli.main([]) == 0
    assert capsys.readouterr().out == shown


def test_help_and_tasks_import_nothing_heavy() -> None:
    code = (
        "import sys; from seq2seq.cli import main; main(['--help']); main(['tasks']);"
        "heavy = {'torch', 'lightning', 'sentencepiece', 'sacrebleu', 'numpy', 'jsonargparse'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture
def without_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what the light distribution leaves out."""
    for name, (group, _) in list(verbs.VERBS.items()):
        if name not in ("tasks", "new-task", "score", "info"):
            monkeypatch.setitem(verbs.VERBS, name, (group, f"seq2seq.commands.left_out_{name}"))


@pytest.mark.parametrize(("word", "verb"), [("fit", "fit"), ("train", "fit"), ("Evaluate", "evaluate")])
def test_a_verb_that_is_left_out_is_said_to_be(
    word: str, verb: str, without_training: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main([word]) == 2
    assert capsys.readouterr().err == (
        f"seq2seq: This installation only uses models and has no '{verb}'. To train, evaluate and export, install the "
        "whole: pip uninstall lstm-seq2seq-light, then pip install lstm-seq2seq.\n"
    )


def test_verbs_that_are_left_out_are_not_proposed(without_training: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["translation"]) == 2
    assert "'translation' is a task: apply it with 'seq2seq translate'. Commands: chat, generate, info, new-task, " in (
        capsys.readouterr().err
    )
    assert cli.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert "\n  tasks " in shown
    assert "Train:" not in shown
    assert "\n  fit " not in shown


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"seq2seq {__version__}\n"


def test_a_broken_plugin_is_named_with_its_cause_and_the_others_listed(
    plugins: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["tasks"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[0].split(maxsplit=2) == ["dates", "1.2", "Normalise dates"]
    assert "is not a subclass of seq2seq.plugin.Task" in lines[1]
    assert "from seq2seq-dates 1.2) could not be imported: OSError: no such library" in lines[2]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("normalize", "seq2seq: No command named 'normalize'. Did you mean 'normalise'? Commands: "),
        ("ft", "seq2seq: No command named 'ft'. Did you mean 'fit'? Commands: "),
        ("Normalise", "Did you mean 'normalise'?"),
        ("train", "No command named 'train'. Did you mean 'fit'? Commands: "),
        ("eval", "Did you mean 'evaluate'? Commands: "),
        ("date", "No command named 'date'. 'dates' is a task: train it with 'seq2seq fit dates', "),
        ("--verison", "No option '--verison' before a command. Did you mean '--version'? seq2seq --help lists the"),
        ("--xyzzy", "No option '--xyzzy' before a command. Options follow a command. seq2seq --help lists the"),
        ("xyzzy", "No command named 'xyzzy'. Commands: "),
        ("dates", "'dates' is a task: train it with 'seq2seq fit dates', apply it with 'seq2seq normalise'. "),
        (
            "wreck",
            "seq2seq: Task 'wreck' (wrecked_plugin:Wreck, from seq2seq-dates 1.2) could not be imported: OSError",
        ),
        ("unheard", "Task 'wreck' (wrecked_plugin:Wreck"),
    ],
)
def test_an_unknown_verb_is_met_with_the_nearest(
    plugins: None, capsys: pytest.CaptureFixture[str], typed: str, sentence: str
) -> None:
    assert cli.main([typed]) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.out == ""
    assert shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        ("return 0", 0, ""),
        ("raise UserError('Wrong.')", 2, "seq2seq: Wrong.\n"),
        ("raise WorldError('Gone.')", 1, "seq2seq: Gone.\n"),
        ("raise KeyboardInterrupt", 130, "seq2seq: Stopped by SIGINT.\n"),
        ("raise BrokenPipeError", 1, ""),
        ("raise MemoryError", 1, "seq2seq: Memory is full. For decoding, a smaller --batch_tokens needs less.\n"),
        ("raise OSError(errno.ENOSPC, 'x', 'out.txt')", 1, "seq2seq: The disk is full: out.txt was not written.\n"),
        ("raise OSError(errno.ENOSPC, 'x')", 1, "seq2seq: The disk is full.\n"),
        ("raise OSError(errno.EACCES, 'Permission denied', 'out')", 1, "seq2seq: out: Permission denied.\n"),
        ("raise OSError(36, 'Too long', 'ab' * 4000)", 1, f"seq2seq: {'ab' * 99} … {'ab' * 49}: Too long.\n"),
    ],
)
def test_faults_become_a_sentence_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    body: str,
    code: int,
    sentence: str,
) -> None:
    verb(monkeypatch, tmp_path, body)
    assert cli.main(["probe"]) == code
    assert capsys.readouterr().err == sentence


def test_the_traceback_can_be_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    verb(monkeypatch, tmp_path, "raise UserError('Wrong.')")
    monkeypatch.setenv("SEQ2SEQ_TRACEBACK", "1")
    assert cli.main(["probe"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_closed_pipe_is_met_in_silence() -> None:
    code = "import sys; from seq2seq.cli import main; sys.exit(main(['--help']))"
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([sys.executable, "-m", "seq2seq.cli", "nosuch"], stderr=writer, check=False)
    os.close(writer)
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("words", "redirection", "code"), [("--help", ">&-", 0), ("nosuch", "2>&-", 2), ("tasks", ">&- 2>&-", 0)]
)
def test_closed_streams_are_met_in_silence(words: str, redirection: str, code: int) -> None:
    command = f"exec {shlex.quote(sys.executable)} -m seq2seq.cli {words} {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


def test_a_closed_standard_input_is_empty(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(cli, "run", lambda _words: print(repr(sys.stdin.buffer.read()), sys.stdin.isatty()) or 0)
    assert cli.main(["translate"]) == 0
    assert capsys.readouterr().out == "b'' False\n"
