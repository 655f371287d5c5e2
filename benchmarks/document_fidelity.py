"""Measure what of a document survives its translation: texts, placeholders, comments, order and everything else.

    python -m benchmarks.document_fidelity FILE... --model MODEL [--all] [--schema XSD]... [--output FOLDER]

Each file is translated by `seq2seq translate` and compared with its translation, both read by other parsers than those
of seq2seq.documents (`benchmarks.document_parsers`). A fault is a text that is missing or empty, a placeholder that is
lost or invented, and anything that differs outside of the texts. With --schema, XLIFF is validated, too, by the schema
of its namespace (OASIS publishes those of XLIFF 1.2 and 2). Catalogues are checked with `msgfmt --check` where GNU
gettext is installed. Violations of the sources do not count.

A table by format and size is printed. The exit code is 1 if there is a fault.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.document_parsers import PARSERS, Parsed, Text
from seq2seq.cli import main as seq2seq

_FORMAT = r"%(?:\d+\$|\(\w+\))?[+0#]*(?:-?\d+)?(?:\.\d+)?(?:ll?|z)?[diouxXfgGcrs]"
PLACEHOLDER = re.compile(
    rf"(?<![\d%]){_FORMAT}|(?<=\d){_FORMAT}(?![A-Za-z])|%%|\{{(?:[\w.]*|#[\w-]+)(?:[:!][^{{}}\s]*)?\}}"
    r"|</?[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>|&#?\w+;|https?://[!#-'*-;=?-Z_-~]+(?<![.,:;])",
    re.ASCII,
)
SHOWN = 10
"""Number of faults of a file that are printed."""


@dataclass
class Fidelity:
    """What became of a document.

    Args:
        suffix: Its format.
        size: Its size in bytes.
        texts: Number of its texts.
        changed: Number of texts that were translated.
        placeholders: Number of placeholders in its texts.
        comments: Number of its comments and notes.
        seconds: CPU seconds of the translation.
        checks: The tools that checked the translation.
        faults: A sentence for each fault.
    """

    suffix: str
    size: int
    texts: int = 0
    changed: int = 0
    placeholders: int = 0
    comments: int = 0
    seconds: float = 0.0
    checks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def compared(before: Parsed, after: Parsed) -> tuple[list[str], int]:
    """Return the faults of a translation, and the number of texts that changed."""
    faults: list[str] = []
    for number, (old, new) in enumerate(zip_longest(before.frame, after.frame)):
        if old != new:
            faults.append(f"part {number} was {str(old)[:150]!r} and is {str(new)[:150]!r}")
            break
    if len(before.texts) != len(after.texts):
        faults.append(f"{len(before.texts)} texts became {len(after.texts)}")
        return faults, 0
    changed = 0
    for old, new in zip(before.texts, after.texts, strict=True):
        if old.source != new.source:
            faults.append(f"{old.place}: the source {old.source[:60]!r} became {new.source[:60]!r}")
        if (old.written or "").strip() and not (new.written or "").strip():
            faults.append(f"{old.place}: the text {str(old.written)[:60]!r} became empty")
        if new.written is None or old.written == new.written:
            continue
        changed += 1
        if not any(found(option) == found(new.written) for option in _sources(old)):
            lost, invented = (
                [*(one - other).elements()]
                for first, second in [(found(_sources(old)[0]), found(new.written))]
                for one, other in [(first, second), (second, first)]
            )
            faults.append(f"{old.place}: lost {lost}, invented {invented} in {new.written[:200]!r}")
    return faults, changed


def found(text: str) -> Counter[str]:
    """Return the placeholders of a text."""
    return Counter(match[0] for match in PLACEHOLDER.finditer(text))


def _sources(text: Text) -> list[str]:
    """Return the texts, one of which was translated: of a plural, two."""
    return text.source.split("\0") if text.source else [text.written or ""]


def violations(document: bytes, schemas: dict[str, Any]) -> list[str] | None:
    """Return the violations of the schema of a document's namespace; None if no schema is given for it."""
    from lxml import etree

    tree = etree.fromstring(document)
    schema = schemas.get(str(tree.tag).rpartition("}")[0][1:])
    if schema is None:
        return None
    schema.validate(tree)
    return [re.sub(r"\{[^}]*\}", "", fault.message) for fault in schema.error_log]


def schemas_of(paths: Sequence[Path]) -> dict[str, Any]:
    """Return the schemas of some files, by their namespaces; what they import is read from the folders of all."""
    from lxml import etree

    found: dict[str, Any] = {}
    for path in paths:
        tree = etree.parse(str(path))
        for imported in tree.getroot().iterfind("{http://www.w3.org/2001/XMLSchema}import"):
            name = imported.get("schemaLocation", "").rpartition("/")[2]
            known = [folder / name for folder in (other.parent for other in paths) if (folder / name).is_file()]
            if known:
                imported.set("schemaLocation", str(known[0].resolve()))
        found[tree.getroot().get("targetNamespace", "")] = etree.XMLSchema(tree)
    return found


def complaints(document: Path) -> list[str] | None:
    """Return what msgfmt complains about in a catalogue, without line numbers; None if it is not installed."""
    program = shutil.which("msgfmt")
    if program is None:
        return None
    done = subprocess.run(
        [program, "--check", "--output-file=/dev/null", str(document)], capture_output=True, check=False
    )
    lines = done.stderr.decode("utf-8", "replace").splitlines()
    return [re.sub(r"^\S+?:(?:\d+:)?", "", line).strip() for line in lines if document.name in line]


def measured(file: Path, model: Path, output: Path, schemas: dict[str, Any], *more: str) -> Fidelity:
    """Translate a document, and return what became of it."""
    before = file.read_bytes()
    result = Fidelity(file.suffix.lower(), len(before))
    start = process_time()
    seq2seq(["translate", str(model), str(file), "--output", str(output), *more])
    result.seconds = process_time() - start
    after = output.read_bytes()
    old, new = (PARSERS[result.suffix](content) for content in (before, after))
    result.texts, result.comments = len(old.texts), old.comments
    result.placeholders = sum(found(_sources(text)[0]).total() for text in old.texts)
    result.faults, result.changed = compared(old, new)
    if result.suffix in (".xlf", ".xliff") and (given := violations(before, schemas)) is not None:
        result.checks.append("schema" if not given else "schema (the source violates it)")
        result.faults += (Counter(violations(after, schemas)) - Counter(given)).elements()
    if result.suffix == ".po" and (given := complaints(file)) is not None:
        result.checks.append("msgfmt" if not given else "msgfmt (complains about the source)")
        result.faults += (Counter(complaints(output)) - Counter(given)).elements()
    return result


def main(arguments: list[str] | None = None) -> int:
    """Translate documents, print a table, and return 1 if anything is lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, help="documents")
    parser.add_argument("--model", required=True, type=Path, help="a run or a model folder of a translator")
    parser.add_argument("--all", action="store_true", help="also translate what has a finished translation")
    parser.add_argument("--schema", action="append", default=[], type=Path, help="an XML schema of XLIFF; repeatable")
    parser.add_argument("--output", type=Path, help="keep the translations in this folder")
    parser.add_argument("--option", action="append", default=[], help="an option of seq2seq translate; repeatable")
    given = parser.parse_args(arguments)
    schemas = schemas_of(given.schema)
    results: list[Fidelity] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.output or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        for file in given.files:
            more = ["--all"] if given.all and file.suffix in (".po", ".xlf", ".xliff", ".tmx") else []
            result = measured(file, given.model, folder / file.name, schemas, *more, *given.option)
            results.append(result)
            for fault in result.faults[:SHOWN]:
                print(f"{file}: {fault}", file=sys.stderr)
    print("| format | KB | texts | translated | placeholders | comments | checked by | faults |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for result in sorted(results, key=lambda one: (one.suffix, one.size)):
        cells = (
            *(result.suffix, f"{result.size / 1000:,.0f}", f"{result.texts:,}", f"{result.changed:,}"),
            *(f"{result.placeholders:,}", f"{result.comments:,}", ", ".join(result.checks), len(result.faults)),
        )
        print(f"| {' | '.join(map(str, cells))} |")
    return int(any(result.faults for result in results))


if __name__ == "__main__":
    sys.exit(main())
