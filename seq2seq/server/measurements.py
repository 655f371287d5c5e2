"""Counters, gauges and histograms of a server, in the text format of Prometheus.

The format is version 0.0.4 of https://prometheus.io/docs/instrumenting/exposition_formats/. All classes are safe to use
from several threads.
"""

from collections.abc import Sequence
from threading import Lock
from typing import Protocol, TypeVar

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds of a histogram of seconds."""
ROWS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
"""Upper bounds of a histogram of numbers of texts."""
Labels = tuple[str, ...]


class Metric:
    """A named series of numbers for each combination of labels.

    Args:
        name: Name of the metric.
        help_text: One sentence on what is measured.
        labels: Names of the labels.
    """

    kind = "untyped"

    def __init__(self, name: str, help_text: str, labels: Sequence[str] = ()) -> None:
        self.name, self.help_text, self.labels = name, help_text, tuple(labels)
        self._lock = Lock()
        self._values: dict[Labels, float] = {}

    def value(self, *labels: str) -> float:
        """Return a value; 0 if there is none yet."""
        with self._lock:
            return self._values.get(labels, 0.0)

    def lines(self) -> list[str]:
        """Return the samples as lines of the text format."""
        with self._lock:
            values = sorted(self._values.items())
        if not values and not self.labels:
            values = [((), 0.0)]
        return [f"{self.name}{_labelled(self.labels, labels)} {_number(value)}" for labels, value in values]


class Counter(Metric):
    """A number that only grows."""

    kind = "counter"

    def add(self, amount: float, *labels: str) -> None:
        """Add an amount that is not negative to the value with these labels."""
        self._require(labels)
        with self._lock:
            self._values[labels] = self._values.get(labels, 0.0) + amount

    def _require(self, labels: Labels) -> None:
        if len(labels) != len(self.labels):
            raise ValueError(f"{self.name} has the labels {self.labels}, but was given {labels}.")


class Gauge(Counter):
    """A number that grows and shrinks."""

    kind = "gauge"

    def set(self, value: float, *labels: str) -> None:
        """Set the value with these labels."""
        self._require(labels)
        with self._lock:
            self._values[labels] = value


class Histogram(Counter):
    """Numbers of observations up to each bound, their sum and their count.

    Args:
        name: Name of the metric.
        help_text: One sentence on what is measured.
        bounds: Upper bounds, in order.
        labels: Names of the labels.
    """

    kind = "histogram"

    def __init__(self, name: str, help_text: str, bounds: Sequence[float], labels: Sequence[str] = ()) -> None:
        super().__init__(name, help_text, labels)
        self.bounds = tuple(bounds)
        self._counts: dict[Labels, list[int]] = {}

    def observe(self, value: float, *labels: str) -> None:
        """Add an observation; `value` of the histogram is the sum of all."""
        self._require(labels)
        with self._lock:
            counts = self._counts.setdefault(labels, [0] * (len(self.bounds) + 1))
            place = next((place for place, bound in enumerate(self.bounds) if value <= bound), len(self.bounds))
            counts[place] += 1
            self._values[labels] = self._values.get(labels, 0.0) + value

    def count(self, *labels: str) -> int:
        """Return the number of observations."""
        with self._lock:
            return sum(self._counts.get(labels, ()))

    def lines(self) -> list[str]:
        """Return the samples as lines of the text format."""
        with self._lock:
            rows = sorted((labels, self._values[labels], list(counts)) for labels, counts in self._counts.items())
        lines = []
        for labels, total, counts in rows:
            below = 0
            for bound, count in zip((*map(_number, self.bounds), "+Inf"), counts, strict=True):
                below += count
                bucket = _labelled((*self.labels, "le"), (*labels, bound))
                lines.append(f"{self.name}_bucket{bucket} {below}")
            lines.append(f"{self.name}_sum{_labelled(self.labels, labels)} {_number(total)}")
            lines.append(f"{self.name}_count{_labelled(self.labels, labels)} {below}")
        return lines


Kind = TypeVar("Kind", bound=Metric)


class Counts(Protocol):
    """Where an engine counts what it does; all methods may be called in any thread."""

    def count_step(self, jobs: int, rows: int, model: str) -> None:
        """Count a step of a batch of some jobs, with a number of beams or samples."""

    def count_pieces(self, number: int, model: str, direction: str) -> None:
        """Count pieces that were 'read' or 'generated'."""


class Measurements:
    """All metrics of a server.

    Attributes:
        jobs: Jobs by model and end: 'done', 'failed', 'cancelled' or 'refused'.
        queued: Jobs that wait, by model.
        running: Jobs that are being decoded, by model.
        waited: Histogram of the seconds that jobs waited.
        took: Histogram of the seconds from the arrival of a job to its end.
        batch_jobs: Histogram of the number of jobs in a batch, at each step.
        batch_rows: Histogram of the number of beams or samples in a batch, at each step.
        tokens: Tokens by model and direction: 'read' or 'generated'.
    """

    def __init__(self) -> None:
        self._metrics: dict[str, Metric] = {}
        model = ("model",)
        self.jobs = self.add(Counter("seq2seq_jobs_total", "Texts, by how they ended.", ("model", "end")))
        self.queued = self.add(Gauge("seq2seq_queued_jobs", "Texts that wait.", model))
        self.running = self.add(Gauge("seq2seq_running_jobs", "Texts that are being decoded.", model))
        self.waited = self.add(Histogram("seq2seq_wait_seconds", "How long texts waited.", SECONDS, model))
        self.took = self.add(
            Histogram("seq2seq_job_seconds", "From the arrival of a text to the end of its output.", SECONDS, model)
        )
        self.batch_jobs = self.add(Histogram("seq2seq_batch_jobs", "Texts in a batch, at each step.", ROWS, model))
        self.batch_rows = self.add(
            Histogram("seq2seq_batch_rows", "Beams or samples in a batch, at each step.", ROWS, model)
        )
        self.tokens = self.add(Counter("seq2seq_tokens_total", "Tokens read and generated.", ("model", "direction")))

    def count_step(self, jobs: int, rows: int, model: str) -> None:
        """Count a step; see `Counts`."""
        self.batch_jobs.observe(jobs, model)
        self.batch_rows.observe(rows, model)

    def count_pieces(self, number: int, model: str, direction: str) -> None:
        """Count pieces; see `Counts`."""
        self.tokens.add(number, model, direction)

    def add(self, metric: Kind) -> Kind:
        """Add a metric, and return it.

        Raises:
            ValueError: If there is one of that name.
        """
        if metric.name in self._metrics:
            raise ValueError(f"There is a metric {metric.name} already.")
        self._metrics[metric.name] = metric
        return metric

    def text(self) -> str:
        """Return all metrics in the text format, which has the media type `text/plain; version=0.0.4`."""
        lines = []
        for metric in list(self._metrics.values()):
            lines += [f"# HELP {metric.name} {_escaped(metric.help_text)}", f"# TYPE {metric.name} {metric.kind}"]
            lines += metric.lines()
        return "\n".join(lines) + "\n"


def _labelled(names: Labels, values: Labels) -> str:
    """Return labels in braces; '' if there are none."""
    if not names:
        return ""
    pairs = (f'{name}="{_escaped(value, quotes=True)}"' for name, value in zip(names, values, strict=True))
    return "{" + ",".join(pairs) + "}"


def _escaped(text: str, *, quotes: bool = False) -> str:
    text = text.replace("\\", "\\\\").replace("\n", "\\n")
    return text.replace('"', '\\"') if quotes else text


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
