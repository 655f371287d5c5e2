"""The result of an inspection as lines for a terminal."""

from collections.abc import Iterator

from seq2seq.amounts import amount
from seq2seq.corpus.form_note import plural
from seq2seq.inspection.cases import TURN, Case
from seq2seq.inspection.inspection import MOST_SPEAKERS, Inspection
from seq2seq.inspection.side_statistics import Lengths
from seq2seq.models.model_card import readable
from seq2seq.plugin.report_blocks import Cell, Table
from seq2seq.report.table_layout import terminal
from seq2seq.safe_text import in_line

LONGEST, MOST_TURNS = 160, 6
"""Maximum number of characters shown of a text, and of turns shown of a conversation."""


def lines(result: Inspection) -> list[str]:
    """Return the result as lines."""
    facts = [
        ("form", f"{result.title} ({result.form})"),
        ("encoding", "; ".join(result.encodings)),
        ("size", readable(result.size_bytes)),
        ("contents", _contents(result)),
    ]
    if result.speakers:
        facts.append(("speakers", _speakers(result)))
    if result.left_out:
        parts = (amount(count, *plural(kind)) for kind, count in result.left_out.items())
        facts.append(("left out", ", ".join(parts)))
    if languages := {name: code for name, code in result.languages.items() if code}:
        facts.append(("language", ", ".join(f"{name} {code}" for name, code in languages.items())))
    width = max(len(name) for name, _ in facts) + 2
    shown = [", ".join(result.files), *(f"  {name:<{width}}{in_line(value)}" for name, value in facts), ""]
    shown += [f"  {line}" for line in terminal(_lengths(result))]
    if result.first:
        shown += ["", "  First examples", *(f"    {line}" for case in result.first for line in _example(case))]
    shown += ["", "  Warnings", *(f"    {in_line(sentence)}" for sentence in result.warnings or ["none"])]
    return shown


def _contents(result: Inspection) -> str:
    many = amount(result.records, result.unit)
    return f"{many}, {amount(sum(result.turns), 'turn')}" if result.turns else many


def _speakers(result: Inspection) -> str:
    most = result.speakers.most_common(MOST_SPEAKERS)
    more = len(result.speakers) - len(most)
    parts = [f"{name or 'without a name'} ({count:,})" for name, count in most]
    return ", ".join(parts) + (f" and {more:,} more" if more else "")


def _lengths(result: Inspection) -> Table:
    rows: list[list[Cell]] = []
    if turns := Lengths.of(result.turns):
        rows.append(_row("turns of a conversation", turns))
    for name, side in result.sides.items():
        for unit, lengths in (("characters", side.characters), ("pieces", side.piece_counts)):
            if found := Lengths.of(lengths):
                rows.append(_row(f"{unit} of a {name}", found))
    return Table(["length", "least", "5 %", "median", "95 %", "most", "mean"], rows)


def _row(name: str, lengths: Lengths) -> list[Cell]:
    return [name, *lengths.quantiles, f"{lengths.mean:,.1f}"]


def _example(case: Case) -> Iterator[str]:
    yield in_line(case.place)
    for fact in case.persona:
        yield f"  persona: {_short(fact)}"
    if TURN in case.sides:
        turns = case.sides[TURN]
        speakers = case.speakers or [f"turn {number}" for number in range(1, len(turns) + 1)]
        for speaker, turn in list(zip(speakers, turns, strict=False))[:MOST_TURNS]:
            yield f"  {in_line(speaker)}: {_short(turn)}"
        if len(turns) > MOST_TURNS:
            yield f"  ... {amount(len(turns) - MOST_TURNS, 'more turn')}"
        return
    for name, texts in case.sides.items():
        for text in texts:
            yield f"  {name}: {_short(text)}"


def _short(text: str) -> str:
    line = in_line(text)
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} ... ({len(text):,} characters)"
