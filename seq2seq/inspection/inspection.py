"""Inspection of a corpus: its form, counts, lengths, first records, and warnings."""

import statistics
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from seq2seq.amounts import amount
from seq2seq.corpus.form_note import named, plural
from seq2seq.corpus.formats.form import CONVERSATIONS, EXCHANGES
from seq2seq.corpus.formats.reading_progress import watched
from seq2seq.corpus.languages import language_of
from seq2seq.corpus.recognition import ALIGNED
from seq2seq.files.text_encoding import encoding_of
from seq2seq.files.text_head import head_bytes
from seq2seq.inspection.cases import SOURCE, TARGET, TURN, Case, Source
from seq2seq.inspection.language_check import findings
from seq2seq.inspection.side_statistics import Lengths, SideStatistics, Tally

UNUSUAL_RATIO, RATIO_FLOOR = 5.0, 20
"""A pair is unusual if the ratio of its lengths is this many times the median or more, and one side is long enough."""
MOST_SPEAKERS = 5
Pieces = Mapping[str, Callable[[str], int]]
"""By side, what counts the pieces of a text."""


@dataclass
class Inspection:
    """The result.

    Attributes:
        files: The files.
        form: Name of their form.
        title: What such files are.
        encodings: Encodings and line ends, different ones once.
        size_bytes: Total size of the files.
        records: Number of records.
        unit: Name of a record.
        turns: Number of turns of each conversation.
        speakers: Number of turns by speaker.
        left_out: Number of messages or lines that were left out, by kind.
        sides: Statistics by side.
        languages: Language by side, where it is known.
        first: The first records.
        warnings: What is suspicious, a sentence each.
        keys: Hashes of all records and of all sources, each with the place of the first.
    """

    files: list[str]
    form: str
    title: str
    encodings: list[str]
    size_bytes: int
    unit: str = "record"
    records: int = 0
    turns: "array[int]" = field(default_factory=lambda: array("L"))
    speakers: Counter[str] = field(default_factory=Counter)
    left_out: dict[str, int] = field(default_factory=dict)
    sides: dict[str, SideStatistics] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    first: list[Case] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    keys: tuple[set[int], set[int]] = field(default_factory=lambda: (set(), set()))

    @property
    def name(self) -> str:
        """Names of the files, for sentences."""
        return named([Path(file) for file in self.files])

    def to_json(self) -> dict[str, Any]:
        """Return the result as JSON-serializable values."""
        turns = Lengths.of(self.turns)
        return {
            "files": self.files,
            "form": self.form,
            "title": self.title,
            "encodings": self.encodings,
            "size_bytes": self.size_bytes,
            "records": self.records,
            "unit": self.unit,
            "turns": {"count": sum(self.turns), **turns.to_json()} if turns else None,
            "speakers": dict(self.speakers.most_common(MOST_SPEAKERS)),
            "left_out": self.left_out,
            "sides": {name: self._side(name, side) for name, side in self.sides.items()},
            "first": [
                {"place": case.place, **{name: list(texts) for name, texts in case.sides.items()}}
                | ({"speakers": list(case.speakers)} if case.speakers else {})
                | ({"persona": list(case.persona)} if case.persona else {})
                for case in self.first
            ],
            "warnings": self.warnings,
        }

    def _side(self, name: str, side: SideStatistics) -> dict[str, Any]:
        lengths, pieces = Lengths.of(side.characters), Lengths.of(side.piece_counts)
        return {
            "count": len(side.characters),
            "empty": side.empty.count,
            "language": self.languages.get(name, ""),
            "characters": lengths.to_json() if lengths else None,
            "pieces": pieces.to_json() if pieces else None,
        }


def inspected(
    source: Source, shown: int, pieces: Pieces | None = None, earlier: Sequence[Inspection] = ()
) -> Inspection:
    """Read files and return what they contain.

    Args:
        source: The files.
        shown: Number of first records to keep.
        pieces: Counts pieces by side; None counts none.
        earlier: Other splits of the same data, of which nothing should occur here.

    Raises:
        UserError: If a record is malformed.
    """
    files = source.corpus.files
    result = Inspection(
        [str(path) for path in source.given or files],
        source.form.name,
        source.form.title,
        list(dict.fromkeys(map(encoding, files))),
        sum(path.stat().st_size for path in files),
    )
    checks = _Checks(earlier)
    for case in watched(source.cases(), f"Reading {result.name}", "record"):
        result.records += 1
        if len(result.first) < shown:
            result.first.append(case)
        for name, texts in case.sides.items():
            side = result.sides.setdefault(name, SideStatistics((pieces or {}).get(name)))
            for text in texts:
                side.add(text, case.place)
        if TURN in case.sides:
            result.turns.append(len(case.sides[TURN]))
            result.speakers.update(case.speakers)
        checks.add(case, result.keys)
    result.left_out = {kind: count for kind, count in source.reading.left_out.items() if count}
    result.unit = "conversation" if result.turns else "pair" if SOURCE in result.sides else "text"
    _add_warnings(result, source, checks)
    return result


def encoding(path: Path) -> str:
    """Return the encoding of a file, with its line ends if they are those of Windows."""
    head = head_bytes(path)
    name = encoding_of(head)
    has_mark = head.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    text = head.decode(name, "replace")
    parts = [name.upper(), "with a byte order mark" if has_mark else ""]
    parts += ["compressed" if path.suffix == ".gz" else "", "line ends of Windows" if "\r\n" in text else ""]
    return ", ".join(filter(None, parts)).replace(", with", " with")


class _Checks:
    """Counts of suspicious records."""

    def __init__(self, earlier: Sequence[Inspection]) -> None:
        self.earlier = earlier
        self.repeated, self.same, self.single = Tally(), Tally(), Tally()
        self.ratios = array("d")
        self.places: list[str] = []
        self.leaks = [(Tally(), Tally()) for _ in earlier]

    def add(self, case: Case, keys: tuple[set[int], set[int]]) -> None:
        """Look at a record; `keys` are those of the records before it, and grow."""
        whole, sources = keys
        if case.key in whole:
            self.repeated.add(case.place)
        if case.key:
            whole.add(case.key)
        if case.source_key:
            sources.add(case.source_key)
        for other, (pairs, alone) in zip(self.earlier, self.leaks, strict=True):
            if case.key in other.keys[0]:
                pairs.add(case.place)
            elif case.source_key and case.source_key in other.keys[1]:
                alone.add(case.place)
        if TURN in case.sides and len([turn for turn in case.sides[TURN] if turn.strip()]) < 2:
            self.single.add(case.place)
        if SOURCE in case.sides and TARGET in case.sides:
            source, target = case.sides[SOURCE][0].strip(), case.sides[TARGET][0].strip()
            if source and source == target:
                self.same.add(case.place)
            if source and target and max(len(source), len(target)) >= RATIO_FLOOR:
                self.ratios.append(len(target) / len(source))
                self.places.append(case.place)

    def unusual(self) -> tuple[Tally, float]:
        """Return the pairs with an unusual ratio of lengths, and the median ratio."""
        found = Tally()
        if not self.ratios:
            return found, 0.0
        usual = statistics.median(self.ratios)
        for ratio, place in zip(self.ratios, self.places, strict=True):
            if max(ratio / usual, usual / ratio) >= UNUSUAL_RATIO:
                found.add(place)
        return found, usual


def _add_warnings(result: Inspection, source: Source, checks: _Checks) -> None:
    add = result.warnings.append
    count, unit = result.records, result.unit
    if source.near:
        add(
            f"It looks like {source.near}: to read its lines as turns of a dialogue, give --form "
            "lines (in fit: --data.reader.form lines)."
        )
    if not count:
        add("It contains nothing to learn from.")
    if checks.repeated.count:
        add(
            f"{_of(checks.repeated, count, unit)} {_verb(checks.repeated, 'occurs', 'occur')} before in the same "
            f"data{_first(checks.repeated)}; compared without case and punctuation."
        )
    for other, (whole, alone) in zip(checks.earlier, checks.leaks, strict=True):
        if whole.count:
            add(
                f"{_of(whole, count, unit)} {_verb(whole, 'is', 'are')} in {other.name} too{_first(whole)}: scores on "
                "such data are too good."
            )
        if alone.count and source.form.kind not in (EXCHANGES, CONVERSATIONS):
            add(
                f"{_of(alone, count, unit)} {_verb(alone, 'has', 'have')} a source of {other.name} with another "
                f"target{_first(alone)}."
            )
    if checks.single.count:
        add(f"{_of(checks.single, count, unit)} {_verb(checks.single, 'has', 'have')} no reply{_first(checks.single)}.")
    if len(result.speakers) == 1:
        add(f"All turns are of one speaker, {next(iter(result.speakers))}: no turn replies to another.")
    if checks.same.count:
        add(f"{_of(checks.same, count, unit)} {_verb(checks.same, 'has', 'have')} equal sides{_first(checks.same)}.")
    unusual, usual = checks.unusual()
    if unusual.count:
        add(
            f"{_of(unusual, count, unit)} {_verb(unusual, 'has', 'have')} an unusual ratio of "
            f"lengths{_first(unusual)}: more than {UNUSUAL_RATIO:g} times the usual {usual:.2f} (target to source), or "
            "less than a fifth of it."
        )
    for name, side in result.sides.items():
        total, things = len(side.characters), f"{name}s"
        if side.empty.count:
            add(f"{_of(side.empty, total, name)} {_verb(side.empty, 'is', 'are')} empty{_first(side.empty)}.")
        if side.damaged.count:
            add(
                f"{_of(side.damaged, total, name)} {_verb(side.damaged, 'has', 'have')} signs of a wrong encoding, "
                f"such as \ufffd or Ã©{_first(side.damaged)}."
            )
        result.languages[name], found = findings(side.sample, things, _expected(source, name))
        result.warnings += found


def _expected(source: Source, side: str) -> str:
    """Return the language that the name of a side's file or field promises; '' if it promises none."""
    corpus = source.corpus
    if ALIGNED in corpus.forms:
        return language_of(corpus.files[side == TARGET].name) if side in (SOURCE, TARGET) else ""
    if source.reader is not None:
        reader = source.reader
        return {SOURCE: reader.source_language, TARGET: reader.target_language}.get(side, "")
    settings = corpus.settings
    given = {SOURCE: settings.source_language, TARGET: settings.target_language}.get(side, "")
    name = {SOURCE: settings.source_field, TARGET: settings.target_field}.get(side, "")
    # The first part of a name says what the file is about: it.txt need not be Italian.
    endings = corpus.files[0].name.partition(".")[2]
    return given or language_of(name) or (language_of(endings) if side not in (SOURCE, TARGET) else "")


def _of(tally: Tally, total: int, unit: str) -> str:
    return f"{tally.count:,} of {amount(total, *plural(unit))}"


def _verb(tally: Tally, one: str, many: str) -> str:
    return one if tally.count == 1 else many


def _first(tally: Tally) -> str:
    return f" (first at {tally.first})" if tally.count > 1 else f" ({tally.first})"
