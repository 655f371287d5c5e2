"""Metrics and their text, which Prometheus reads."""

from threading import Thread

import pytest

from seq2seq.server.measurements import Counter, Gauge, Histogram, Measurements


def test_the_text_has_the_format_of_prometheus() -> None:
    measurements = Measurements()
    answers = measurements.add(Counter("answers_total", "Answers\nby path \\.", ("path", "status")))
    answers.add(1, '/a"b\\c\nd', "200")
    answers.add(2.5, "/", "404")
    seconds = measurements.add(Histogram("answer_seconds", "Seconds.", (0.1, 1.0)))
    for value in (0.05, 0.1, 0.5, 7):
        seconds.observe(value)
    measurements.add(Gauge("open", "Open connections.")).set(3)
    text = measurements.text()
    assert text.endswith(
        """\
# HELP answers_total Answers\\nby path \\\\.
# TYPE answers_total counter
answers_total{path="/",status="404"} 2.5
answers_total{path="/a\\"b\\\\c\\nd",status="200"} 1
# HELP answer_seconds Seconds.
# TYPE answer_seconds histogram
answer_seconds_bucket{le="0.1"} 2
answer_seconds_bucket{le="1"} 3
answer_seconds_bucket{le="+Inf"} 4
answer_seconds_sum 7.65
answer_seconds_count 4
# HELP open Open connections.
# TYPE open gauge
open 3
"""
    )
    assert "# TYPE seq2seq_jobs_total counter" in text


def test_threads_lose_no_count() -> None:
    counter, histogram = Counter("total", "Total."), Histogram("size", "Size.", (1, 2))

    def count() -> None:
        for _ in range(5000):
            counter.add(1)
            histogram.observe(2)

    threads = [Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.value() == 20_000
    assert (histogram.count(), histogram.value()) == (20_000, 40_000)


def test_a_name_or_label_that_does_not_fit_is_refused() -> None:
    measurements = Measurements()
    with pytest.raises(ValueError, match="already"):
        measurements.add(Counter("seq2seq_jobs_total", "Again."))
    with pytest.raises(ValueError, match="has the labels"):
        measurements.jobs.add(1, "model")
