"""What a task's report consists of: sections of paragraphs, tables and HTML, key figures, and the model's outputs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Cell = str | int | float
"""A cell of a table."""
EQUAL, PERPLEXITY, BITS = "outputs equal to a reference", "perplexity per token", "bits per character"
DISTINCT, COPIED = "different pairs of words", "longest copied run"
"""Names of the figures that the core adds to those of metrics and sections."""


class Quoted(str):
    """Text of a model or of a file: never translated."""


@dataclass(frozen=True)
class Figure:
    """A number with its interval and context.

    Args:
        name: Its name; unique in a report.
        value: The number.
        low: Lower end of its 95% interval; None without one.
        high: Upper end.
        unit: Unit of the number, such as '%'.
        higher_is_better: Its direction; None if neither end is better.
        most: End of its scale, which begins at 0; None draws no scale.
        beside: A number to compare it with, such as 'by chance: 10.0 %'; may be empty.
        digits: Decimals shown; None chooses them by the number's size.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = "%"
    higher_is_better: bool | None = True
    most: float | None = 100.0
    beside: str = ""
    digits: int | None = None

    def shown(self) -> str:
        """Return the number as text."""
        return self._text(self.value)

    def interval(self) -> str:
        """Return the ends of the interval; '' without one."""
        if self.low is None or self.high is None:
            return ""
        return f"{self._text(self.low)} to {self._text(self.high)}"

    def to_json(self) -> dict[str, Any]:
        """Return the figure as a JSON-able dictionary."""
        return asdict(self)

    def _text(self, value: float) -> str:
        if self.digits is not None:
            return f"{value:,.{self.digits}f}"
        if self.most is not None and self.most >= 10:
            return f"{value:.1f}"
        return f"{value:.3f}" if abs(self.value) < 10 else f"{value:,.1f}"


@dataclass(frozen=True)
class Prediction:
    """A model's output for one example.

    Args:
        index: Number of the example in the test set, from 0.
        source: The source's text.
        hypothesis: The model's output, as a user sees it.
        references: All references; the log probability is that of the first.
        score: Value that the search ranked the output by; see the search options.
        log_probability: Natural logarithm of the output's probability, end mark included.
        reference_log_probability: The same of the first reference.
        reference_tokens: Pieces of the first reference, end mark included.
        reference_characters: Characters of the first reference.
        pieces: Pieces of the output.
        source_pieces: Pieces of the source.
        chrf: chrF of this sentence alone, 0 to 100.
        attention: For each output piece the weight of each source piece; empty unless the example is shown.
        place: ``FILE:LINE`` of the example; may be empty.
        copied: For each output piece the share of its probability that came from copying, 0 to 1; empty unless the
            example is shown and the network copies.
        reference_end_log_probability: The end mark's part of `reference_log_probability`.
    """

    index: int
    source: str
    hypothesis: str
    references: tuple[str, ...]
    score: float
    log_probability: float
    reference_log_probability: float
    reference_tokens: int
    reference_characters: int
    pieces: tuple[str, ...] = ()
    source_pieces: tuple[str, ...] = ()
    chrf: float = 0.0
    attention: tuple[tuple[float, ...], ...] = ()
    place: str = ""
    copied: tuple[float, ...] = ()
    reference_end_log_probability: float = 0.0


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Args:
        columns: Headings, with units.
        rows: Cells; whole numbers get thousands separators, other numbers two decimals.
        caption: One sentence above it.
        bar: Index of a column of values from 0 to 100 that HTML draws as bars; None for none.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    bar: int | None = None


@dataclass(frozen=True)
class Html:
    """A piece of HTML, put into the report as it is: its author escapes all text of models and files.

    Args:
        html: The markup, or a function that returns it, given a function that returns phrases in the report's language.
            It must need nothing from outside the file, and no script.
        text: Its replacement in the Markdown report and ``report.json``.
    """

    html: str | Callable[[Callable[[str], str]], str]
    text: str | Table = ""

    def markup(self, say: Callable[[str], str] = str) -> str:
        """Return the markup in the language that phrases are returned in; English by default."""
        return self.html if isinstance(self.html, str) else self.html(say)


Block = str | Table | Html
"""A part of a section; a string is a paragraph of plain text."""


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading; `Task.report` adds those of a task.

    Args:
        title: The heading.
        blocks: Paragraphs, tables and HTML, in order.
        figures: Numbers of this section that `Task.key_figures` may choose to lead the report with.
    """

    title: str
    blocks: Sequence[Block] = ()
    figures: Sequence[Figure] = ()


def named(figures: Iterable[Figure], *names: str) -> list[Figure]:
    """Return the figures with the given names, in that order; names without a figure are skipped."""
    found = {one.name: one for one in figures}
    return [found[name] for name in names if name in found]
