"""Progress and prompt answers of the verbs that apply a model."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.command_line.outputs import one_line
from seq2seq.command_line.progress import SourceProgress
from tests.seq2seq.commands.typed import Captured, TypeIn


def test_lines_before_a_fault_are_answered(model: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in(b"a cat\nbirds\n\xff\nthe dog\n")
    assert cli.main(["mimic", str(model)]) == 2
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 2
    assert shown.err.startswith("seq2seq: standard input, line 3: not UTF-8 (byte 0xff at position 1).")


@pytest.mark.parametrize(
    ("terminals", "files", "options", "is_wanted"),
    [
        ({"stdin", "stderr"}, ["a.txt"], [], True),
        ({"stdin", "stderr"}, ["-"], [], False),
        ({"stdin", "stderr"}, [], [], False),
        ({"stderr"}, [], [], True),
        ({"stdout", "stderr"}, [], [], False),
        ({"stdout", "stderr"}, [], ["--output", "out.txt"], True),
        (set(), ["a.txt"], [], False),
    ],
)
def test_progress_disturbs_neither_typing_nor_reading(
    model: Path,
    tmp_path: Path,
    type_in: TypeIn,
    monkeypatch: pytest.MonkeyPatch,
    terminals: set[str],
    files: list[str],
    options: list[str],
    is_wanted: bool,
) -> None:
    type_in("a cat\n")
    (tmp_path / "a.txt").write_text("a cat\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(f"sys.{name}.isatty", lambda name=name: name in terminals)
    asked = []
    monkeypatch.setattr(SourceProgress, "end", lambda progress: asked.append(progress.is_wanted))
    assert cli.main(["mimic", str(model), *files, *options]) == 0
    assert asked == [is_wanted]


def test_a_program_that_writes_a_line_and_waits_gets_its_answer(model: Path) -> None:
    code = (
        "import sys; from seq2seq.cli import main; code = main(sys.argv[1:]);"
        "heavy = {'lightning', 'jsonargparse', 'sacrebleu', 'torch._dynamo', 'sympy'} & set(sys.modules);"
        "sys.exit(', '.join(heavy) or code)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(model.parent / "site"), *sys.path])}
    pipe = subprocess.PIPE
    words = [sys.executable, "-c", code, "mimic", str(model)]
    with subprocess.Popen(words, env=environment, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        best = seq2seq.load(model).mimic(["a cat", "birds"])
        for line, answer in zip((b"a cat\n", b"birds\n"), best, strict=True):
            process.stdin.write(line)
            process.stdin.flush()
            assert process.stdout.readline().decode() == one_line(answer) + "\n"
        # If the reader closes the pipe, the verb ends silently.
        process.stdout.close()
        process.stdin.write(b"a cat\n")
        process.stdin.close()
        complaint = process.stderr.read()
        assert (process.wait(timeout=60), complaint) == (1, b"")  # and nothing slow was imported
