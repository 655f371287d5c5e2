"""Building blocks of reports: sections with paragraphs, tables and HTML; key figures; the model's outputs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Cell = str | int | float
"""A cell of a table."""
EQUAL, PERPLEXITY, BITS = "outputs equal to a reference", "perplexity per token", "bits per character"
DISTINCT, COPIED = "different pairs of words", "longest copied run"
"""Names of the figures that the suite adds to the task's figures."""


class Quoted(str):
    """Text from a model or a file, which is never translated."""


@dataclass(frozen=True)
class Figure:
    """A number with its confidence interval and context.

    Args:
        name: The name, unique in a report.
        value: The number.
        low: Lower end of the 95% confidence interval, or None.
        high: Upper end.
        unit: Unit of the number, such as '%'.
        higher_is_better: Whether larger values are better; None if neither direction is better.
        most: Maximum of the drawn scale, which begins at 0; None draws no scale.
        beside: A value for comparison, such as 'by chance: 10.0 %'; may be empty.
        digits: Number of decimals; None chooses it by magnitude.
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

    @property
    def percent(self) -> str:
        """' %' if the number is a percentage, otherwise ''."""
        return " %" if self.unit.startswith("%") else ""

    @property
    def unit_words(self) -> str:
        """The unit without the percent sign."""
        return self.unit.removeprefix("%").strip()

    def shown(self) -> str:
        """Format the number, without its unit."""
        return self._text(self.value)

    def interval(self) -> str:
        """Format the confidence interval; '' without one."""
        if self.low is None or self.high is None:
            return ""
        return f"{self._text(self.low)} to {self._text(self.high)}"

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
        index: Index of the example in the test set, from 0.
        source: The source text.
        hypothesis: The model's output as shown to users.
        references: All references.
        score: The score by which the search ranked the output; see the search options.
        log_probability: Natural log probability of the output, end token included.
        reference_log_probability: Natural log probability of the first reference, end token included.
        reference_tokens: Number of pieces of the first reference, end token included.
        reference_characters: Number of characters of the first reference.
        pieces: Pieces of the output.
        source_pieces: Pieces of the source.
        chrf: Sentence-level chrF, on a scale of 0 to 100.
        attention: [output pieces][source pieces], attention weights; empty unless the example is shown.
        place: ``FILE:LINE`` of the example; may be empty.
        copied: For each output piece, the fraction of its probability that came from copying; empty unless the example
            is shown and the network copies.
        reference_end_log_probability: The end token's contribution to `reference_log_probability`.
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

    @property
    def is_equal(self) -> bool:
        """Whether the output equals a reference."""
        return self.hypothesis.strip() in self.references

    @property
    def mean_log_probability(self) -> float:
        """Natural log probability per piece of the output, end token included."""
        return self.log_probability / (len(self.pieces) + 1)

    @property
    def reference_loss(self) -> float:
        """Nats per token of the first reference."""
        return -self.reference_log_probability / max(1, self.reference_tokens)


@dataclass(frozen=True)
class Table:
    """A table of a report.

    Args:
        columns: Headings, with units.
        rows: Cells; integers get thousands separators, floats two decimals.
        caption: One sentence above the table.
        bar: Index of a column of values from 0 to 100 that is drawn as bars in HTML, or None.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    caption: str = ""
    bar: int | None = None


@dataclass(frozen=True)
class Html:
    """HTML inserted into the report unchanged; the caller must escape all text from models and files.

    Args:
        html: The markup, or a function that takes the report's translator of phrases and returns the markup. The markup
            must not load anything or need a script.
        text: Plain text that replaces the markup in the Markdown report and in ``report.json``.
    """

    html: str | Callable[[Callable[[str], str]], str]
    text: str | Table = ""

    def markup(self, say: Callable[[str], str] = str) -> str:
        """Return the markup translated by `say`; English by default."""
        return self.html if isinstance(self.html, str) else self.html(say)


Block = str | Table | Html
"""A part of a section; a string is a paragraph of plain text."""


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading; a task adds its own in `Task.report`.

    Args:
        title: The heading.
        blocks: Paragraphs, tables and HTML, in order.
        figures: Figures of this section that may be chosen as `TaskReport.key_figures`.
    """

    title: str
    blocks: Sequence[Block] = ()
    figures: Sequence[Figure] = ()


def named(figures: Iterable[Figure], *names: str) -> list[Figure]:
    """Return the figures with the given names in that order, skipping names without a figure."""
    by_name = {figure.name: figure for figure in figures}
    return [by_name[name] for name in names if name in by_name]
