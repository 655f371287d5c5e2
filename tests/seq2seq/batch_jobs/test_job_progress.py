"""Progress of a batch job."""

import pytest

from seq2seq.batch_jobs.job_progress import JobProgress, duration


def test_a_line_has_count_speed_and_remaining_time() -> None:
    progress = JobProgress(is_terminal=False)
    progress.begin(1_000_000)
    progress.skip(200_000)
    progress.add(300_000)
    assert progress.parts(1000.0) == ["500,000 of 1,000,000 sources", "300.0 sources/s", "28 min left"]
    progress.add(600_000)  # more than the line breaks told
    assert progress.parts(900.0) == ["1,100,000 of 1,100,000 sources", "1,000.0 sources/s"]
    assert progress.rate > 0


def test_a_log_gets_a_line_a_minute(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = 0.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    progress = JobProgress(is_terminal=False)
    progress.begin(100)
    for now in (10.0, 59.0, 61.0, 90.0, 130.0):  # noqa: B007 - read by the clock
        progress.add(10)
    progress.end()
    assert capsys.readouterr().err.splitlines() == [
        "30 of 100 sources  0.5 sources/s  142 s left".replace("142 s", "2 min"),
        "50 of 100 sources  0.4 sources/s  2 min left",
    ]


def test_durations() -> None:
    assert [duration(s) for s in (5, 119, 120, 7199, 7200, 86_400 * 2)] == [
        "5 s",
        "119 s",
        "2 min",
        "120 min",
        "2 h",
        "2 days",
    ]
