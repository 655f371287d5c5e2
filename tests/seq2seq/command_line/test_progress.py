"""Progress of verbs: only at a terminal, and in a single line."""

import pytest

from seq2seq.command_line.progress import SourceProgress


def test_progress_is_for_people_who_wait(capsys: pytest.CaptureFixture[str]) -> None:
    early, late, unwanted = (SourceProgress(is_wanted=is_wanted) for is_wanted in (True, True, False))
    for progress in (late, unwanted):
        progress.start -= 10
        progress.last -= 10
    for progress in (early, unwanted):
        progress.show(50)
        progress.end()
    assert capsys.readouterr().err == ""
    late.show(50)
    late.show(60)
    late.end()
    shown = capsys.readouterr().err
    assert shown.startswith("\r\x1b[K50 sources  ")
    assert shown.count("sources/s") == 1
    assert shown.endswith("\n")


def test_progress_inside_a_long_source(capsys: pytest.CaptureFixture[str]) -> None:
    progress = SourceProgress(is_wanted=True)
    progress.step(3, 50)
    assert capsys.readouterr().err == ""
    progress.start -= 10
    progress.last -= 10
    progress.step(4, 50)
    progress.step(5, 50)
    assert capsys.readouterr().err == "\r\x1b[K0 sources  4 of at most 50 pieces written"
