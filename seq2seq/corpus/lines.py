r"""Files as records: the lines of text files, the rows of TSV and CSV, the objects of JSONL, one at a time.

Only ``\n`` and ``\r\n`` end a line; the other line ends of Unicode (U+2028, U+0085, ...) are text. Every error in a
file is one sentence that names the file and the line.
"""

import csv
import gzip
import re
import shlex
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from seq2seq.amounts import amount
from seq2seq.errors import UserError, nearest
from seq2seq.files.bounded_lines import DOCUMENT_BYTES, LONGEST_LINE, byte_lines, opened, text_lines
from seq2seq.files.parsing import json_value
from seq2seq.files.text_encoding import HEAD_BYTES, advice, encoding_of

TABLES = {".tsv": "\t", ".csv": ","}
OBJECTS = (".jsonl", ".ndjson", ".json")
# The two-letter codes of ISO 639-1, and the three-letter ones (ISO 639-3) that corpora of Chinese use.
_CODES = """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka
    kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl
    nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu cmn yue wuu lzh"""
LANGUAGES = frozenset(_CODES.split())
# A quoted CSV field may span lines; an unclosed quote must not swallow the whole file into memory.
LONGEST_FIELD = 1 << 24


def existing(path: Path) -> Path:
    """Return the path of a readable file, or say what is wrong with it."""
    if path.is_dir():
        raise UserError(f"{path} is a folder, but a file is needed here.")
    if not path.exists():
        folder = path.parent
        name = f"'{path}'" if re.search(r"\s|\.$", str(path)) else str(path)
        if not folder.is_dir():
            raise UserError(f"No file {name}: its folder {folder} does not exist.")
        names = sorted(child.name for child in folder.iterdir())
        raise UserError(f"No file {name}. {nearest(path.name, names)}".strip())
    if not path.is_file():
        raise UserError(
            f"{path} is a pipe or a device, but a file that can be read several times is needed: save its text to a "
            "file, or give it on standard input where '-' is possible."
        )
    if path.stat().st_size == 0:
        raise UserError(f"{path} is empty.")
    return path


def lines(path: Path, longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield the lines of a text file, without their ``\n`` or ``\r\n``; see `ended_lines`."""
    for line in ended_lines(path, longest):
        yield line.removesuffix("\n")


def ended_lines(path: Path, longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield the lines of a text file with a ``\n`` at the end of each; ``.gz`` is unpacked on the way.

    Only the last one may have none, if the file ends without a line break. The file is UTF-8, or UTF-16 or UTF-32
    recognised by its byte order mark or by its zero bytes (`text_encoding`).

    Args:
        path: The file.
        longest: Bytes of the longest line.

    Raises:
        UserError: If the file is missing, empty, not gzip, in another encoding, or has a line that is too long (names
            the line).
    """
    existing(path)
    number, encoding = 0, "utf-8"
    try:
        with opened(path) as file:
            encoding = encoding_of(file.peek(HEAD_BYTES))
            if encoding != "utf-8":
                for text in text_lines(file, encoding, str(path), longest):
                    number += 1
                    yield text.removesuffix("\n").removesuffix("\r") + ("\n" if text.endswith("\n") else "")
                return
            for number, line in enumerate(byte_lines(file, str(path), longest), start=1):
                # The mark is removed as bytes: only here is it a byte order mark and not a character.
                body = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                text = body.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
                yield text + "\n" if body.endswith(b"\n") else text
    except UnicodeDecodeError as fault:
        if encoding != "utf-8":
            raise UserError(f"{path} looks like {encoding.upper()}, but is damaged after line {number:,}.") from fault
        raise UserError(
            f"{path}, line {number}: not UTF-8 (byte {fault.object[fault.start]:#04x} at position {fault.start + 1}). "
            f"{advice(fault.object)}"
        ) from fault
    except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
        raise UserError(f"{path} is damaged or not a gzip file (after line {number}): {fault}.") from fault
    except OSError as fault:
        raise UserError(f"{path} could not be read: {fault.strerror}.") from fault
    if number == 0:
        raise UserError(f"{path} is empty.")


def documents(folder: Path) -> list[Path]:
    """Return the documents of a folder, each a ``.txt`` file, in the order of their names; hidden files are none.

    Raises:
        UserError: If there are none (names what is there instead), or the folder cannot be read.
    """
    try:
        names = sorted(child.name for child in folder.iterdir() if not child.name.startswith("."))
    except OSError as fault:
        raise UserError(f"The folder {folder} could not be read: {fault.strerror}.") from fault
    found = [folder / name for name in names if name.endswith(".txt") and not (folder / name).is_dir()]
    if not found:
        there = f"It holds: {', '.join(names[:5])}{', ...' if len(names) > 5 else ''}." if names else "It is empty."
        raise UserError(f"The folder {folder} holds no document, which is a file NAME.txt. {there}")
    return found


def blocks(path: Path, characters: int) -> Iterator[tuple[int, str]]:
    """Yield a UTF-8 file in parts of whole lines, each with the number of its first line.

    Args:
        path: The file.
        characters: A part ends with the line that reaches this number.

    Raises:
        UserError: See `ended_lines`.
    """
    part: list[str] = []
    size, first, number = 0, 1, 0
    for number, line in enumerate(ended_lines(path), start=1):
        part.append(line)
        size += len(line)
        if size >= characters:
            yield first, "".join(part)
            part, size, first = [], 0, number + 1
    if part:
        yield first, "".join(part)


def document(path: Path) -> str:
    r"""Return a whole UTF-8 file as one text, its line breaks as ``\n`` and none at its end; an empty file is ''.

    Raises:
        UserError: If it is missing, a folder, not UTF-8 (names the line), or too long.
    """
    if path.is_file() and path.stat().st_size == 0:
        return ""
    return "\n".join(bounded_text(lines(path), str(path)))


def bounded_text(texts: Iterable[str], name: str) -> Iterator[str]:
    """Yield the lines of a text that is read as a whole.

    Args:
        texts: The lines.
        name: Their origin, for the message.

    Raises:
        UserError: If there are more than `DOCUMENT_BYTES` characters.
    """
    count = 0
    for line in texts:
        count += len(line) + 1
        if count > DOCUMENT_BYTES:
            raise UserError(
                f"{name} is longer than {DOCUMENT_BYTES:,} characters, the limit for one text: divide it into several."
            )
        yield line


def matched(sources: Path, targets: Path) -> list[tuple[Path, Path]]:
    """Pair the documents of two folders by their names.

    Raises:
        UserError: If a document of either folder has no counterpart; names the first and their number.
    """
    one, two = ({path.name: path for path in documents(folder)} for folder in (sources, targets))
    faults = []
    for given, other, folder in ((one, two, targets), (two, one, sources)):
        if alone := [name for name in given if name not in other]:
            more = f" (and {len(alone) - 1:,} more like it)" if len(alone) > 1 else ""
            faults.append(f"{given[alone[0]]} has no counterpart {folder / alone[0]}{more}")
    if faults:
        raise UserError(f"{', and '.join(faults)}: the two folders need files of the same names.")
    return [(path, two[name]) for name, path in one.items()]


def language_of(name: str) -> str:
    """Guess a language from a file or field name (``train.en``, ``a.zh-CN.txt.gz``, ``en``); '' if it names none."""
    for part in reversed(name.split(".")):
        code = re.split("[-_]", part)[0].lower()
        if code in LANGUAGES and re.fullmatch(r"[a-z]{2,3}([-_](hans|hant|[a-z]{2}))?", part.lower()):
            return code
    return ""


def aligned(source: Path, target: Path, source_field: str, target_field: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield pairs of lines; the message gives both counts if they differ."""
    if source.exists() and target.exists() and source.samefile(target):
        raise UserError(
            f"{source} is given as source and as target: give the file of the targets second (or a copy of this one, "
            "to learn copying)."
        )
    one, two = lines(source), lines(target)
    number = 0
    for number, first in enumerate(one, start=1):
        second = next(two, None)
        if second is None:
            raise _unequal(source, number + sum(1 for _ in one), target, number - 1)
        yield f"{source}:{number}", {source_field: first, target_field: second}
    if more := sum(1 for _ in two):
        raise _unequal(source, number, target, number + more)


def _unequal(source: Path, source_lines: int, target: Path, target_lines: int) -> UserError:
    return UserError(
        f"{source} has {amount(source_lines, 'line')}, but {target} has {target_lines:,}: "
        "aligned files need one target line for every source line."
    )


def rows(path: Path, delimiter: str, wanted: tuple[str, str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a table's rows by column; if columns are selected by number, they are named '1', '2', ..."""
    table = _tabbed(path) if delimiter == "\t" else _quoted(path, delimiter)
    columns: list[str] = []
    filled = False
    for number, row in table:
        place = f"{path}:{number}"
        if not columns and not wanted[0].isdecimal():
            columns = row
            for name in wanted:
                if name not in columns:
                    raise UserError(
                        f"{path} has no column '{name}'. {nearest(name, columns)}Its first line is: "
                        f"{' | '.join(columns)}. Is that a header? Name two of its columns as data.reader.source_field "
                        "and data.reader.target_field. If it is none, number them: --data.reader.source_field 1 "
                        "--data.reader.target_field 2 (evaluate: --source_field 1 --target_field 2)."
                    )
            continue
        filled = True
        names = columns or [str(column) for column in range(1, len(row) + 1)]
        if len(row) > len(names):
            raise UserError(f"{place}: the line has {len(row)} columns, but the header names {len(names)}.")
        fields = dict(zip(names, row, strict=False))
        for name in wanted:
            if name not in fields:
                raise UserError(f"{place}: column {name} is missing; the line has {len(row)} columns.")
        yield place, fields
    if not filled:
        raise UserError(f"{path} holds a header but no rows.")


def _tabbed(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a TSV, which has no quoting: a sentence may begin with a quotation mark."""
    return ((number, line.split("\t")) for number, line in enumerate(lines(path), start=1) if line)


def _quoted(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of a CSV, numbered by their last lines."""
    csv.field_size_limit(LONGEST_FIELD)
    table = csv.reader((line + "\n" for line in lines(path)), delimiter=delimiter, strict=True)
    try:
        for row in table:
            if row:
                yield table.line_num, row
    except csv.Error as fault:
        raise UserError(f"{path}, line {table.line_num}: not a valid table ({fault}).") from fault


def is_objects(path: Path) -> bool:
    """Return whether a file's name says that it holds a JSON object in each line."""
    return path.name.removesuffix(".gz").endswith(OBJECTS)


def objects(path: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield the objects of a JSONL file; blank lines are skipped."""
    filled = False
    for number, line in enumerate(lines(path), start=1):
        if not line.strip():
            continue
        filled = True
        place = f"{path}:{number}"
        try:
            value = json_value(line)
        except ValueError as fault:
            _require_object_in_each_line(path, number, line)
            raise UserError(f"{place}: not JSON ({fault}); the line begins with: {line[:60]}") from fault
        if not isinstance(value, dict):
            _require_object_in_each_line(path, number, line)
            raise UserError(f"{place}: a JSON object like {{...}} is needed, but the line begins with: {line[:60]}")
        yield place, value
    if not filled:
        raise UserError(f"{path} holds blank lines only.")


def _require_object_in_each_line(path: Path, number: int, line: str) -> None:
    """Return advice for a file that is one JSON list, or whose objects span several lines.

    Raises:
        UserError: If the first line looks like that.
    """
    if number == 1 and (line.strip() in ("[", "{", "[{") or line.lstrip().startswith(("[{", "[ {"))):
        program = ".[]" if line.lstrip().startswith("[") else "."
        given, made = shlex.quote(str(path)), shlex.quote(f"{path.with_name(path.name.split('.')[0])}-lines.jsonl")
        command = f"gzip -dc {given} | jq -c '{program}'" if path.suffix == ".gz" else f"jq -c '{program}' {given}"
        raise UserError(
            f"{path} is JSON, but not with one object in each line (JSONL): convert it with {command} > {made}"
        )
