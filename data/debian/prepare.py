"""Prepare Debian's package descriptions, long text to synopsis, for training: ``python data/debian/prepare.py --help``.

Downloads the lists of your machine's package sources with ``apt-get``, into a temporary folder and without root, or
reads local ``Translation-en`` files (``--from``). Copies them to ``raw/`` and writes ``processed/``: pairs of a long
description and its synopsis, and for each additional language (``--languages de``) also aligned text in that language
and English. Running it again changes nothing; remove ``raw/`` to run ``apt-get`` again.
"""

import argparse
import bz2
import gzip
import lzma
import re
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from seq2seq.corpus.normalization import comparable, normalize
from seq2seq.errors import UserError, WorldError
from seq2seq.recipes.documents import Document, write_documents
from seq2seq.recipes.recipe import joined, run, write_once
from seq2seq.recipes.splits import SPLITS, grouped_splits, sizes_of

# Fraction of the groups of descriptions that go to the test set; the validation set gets the same fraction.
SHARE = 0.02
# Larger groups (mostly the language packs of one program) always go to the training set.
LARGEST_GROUP = 20
# Descriptions share a passage if their first PASSAGE letters are equal, or if both have the same paragraph of at least
# PASSAGE letters.
PASSAGE = 100
UNPACK: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.decompress, ".xz": lzma.decompress, ".bz2": bz2.decompress}
TIMEOUT_S = 600
_ITEM = re.compile(r"(?:[-*+o•·°]|\d{1,2}[.)]) ")
# Chinese and Japanese, which put no spaces between words.
_WIDE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


class Description(NamedTuple):
    """Entry of a list: a one-line synopsis, and the lines of the long text without their leading space."""

    package: str
    digest: str
    synopsis: str
    body: tuple[str, ...]


def descriptions(text: str, language: str, place: Path) -> Iterator[Description]:
    """Yield the descriptions of a ``Translation`` file.

    Raises:
        UserError: If a line is neither a field nor its continuation.
    """
    fields: dict[str, list[str]] = {}
    name = ""
    for number, line in enumerate((*text.split("\n"), ""), start=1):
        if line.startswith((" ", "\t")) and name:
            fields[name].append(line[1:])
        elif line.strip():
            name, colon, value = line.partition(":")
            if not colon:
                raise UserError(f"{place}, line {number}: 'Field: value' is needed, but it begins with: {line[:60]}")
            fields[name] = [value.strip()]
        elif fields:
            if f"Description-{language}" in fields:
                synopsis, *body = fields[f"Description-{language}"]
                package, digest = (fields.get(key, [""])[0] for key in ("Package", "Description-md5"))
                yield Description(package, digest, normalize(synopsis, "nfc"), tuple(body))
            fields, name = {}, ""


def passages(body: Sequence[str]) -> list[str]:
    """Restore the paragraphs and list items of a long description with wrapped lines.

    Lines of flowing text are joined. A list item with the more indented lines below it is a passage, and so is every
    other indented line. A line with only a full stop separates paragraphs.
    """
    restored: list[str] = []
    indent = -1  # indentation of the current item, -1 outside of items
    is_flowing = False
    for line in body:
        bare = line.strip()
        depth = len(line) - len(line.lstrip())
        if bare in ("", "."):
            indent, is_flowing = -1, False
        elif _ITEM.match(bare + " "):
            restored.append(bare)
            indent, is_flowing = depth, False
        elif restored and ((is_flowing and depth == 0) or (indent >= 0 and depth > indent)):
            is_wide = _WIDE.match(restored[-1][-1]) and _WIDE.match(bare)
            restored[-1] += ("" if is_wide else " ") + bare
        else:
            restored.append(bare)
            indent, is_flowing = -1, depth == 0
    return [passage for passage in (normalize(passage, "nfc") for passage in restored) if passage]


def grouped(texts: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Split texts, keeping texts with a common passage together.

    Args:
        texts: Passages of each text by key.

    Returns:
        Split of each key.
    """
    names = []
    for parts in texts.values():
        letters = [comparable(part) for part in parts]
        # The suffix keeps names of paragraphs distinct from names of beginnings with the same letters.
        paragraphs = [f"{part}." for part in letters if len(part) >= PASSAGE]
        names.append(["".join(letters)[:PASSAGE], *paragraphs])
    return dict(zip(texts, grouped_splits(names, SHARE, LARGEST_GROUP), strict=True))


def summaries(english: Iterable[Description]) -> tuple[dict[str, list[Document]], dict[str, str]]:
    """Pair long descriptions with their synopses.

    Returns:
        The distinct pairs in each split, and a mapping from each description's digest to its split.
    """
    pairs: dict[tuple[str, str], Document] = {}
    texts: dict[str, list[str]] = {}
    digests: dict[str, str] = {}
    for description in english:
        parts = passages(description.body)
        source = "\n".join(parts)
        if comparable(source) and comparable(description.synopsis):
            texts[comparable(source)] = parts
            digests[description.digest] = comparable(source)
            key = comparable(source), comparable(description.synopsis)
            pairs.setdefault(key, Document(source, description.synopsis, identity=description.package))
    home = grouped(texts)
    divided: dict[str, list[Document]] = {split: [] for split in SPLITS}
    for (source, _), document in sorted(pairs.items()):
        divided[home[source]].append(document)
    return divided, {digest: home[key] for digest, key in digests.items()}


def translations(
    english: Iterable[Description], foreign: Iterable[Description], home: Mapping[str, str]
) -> dict[str, list[tuple[str, str]]]:
    """Align descriptions in two languages: synopses, and passages if both have the same number.

    Args:
        english: Original descriptions.
        foreign: Translations, with the digests of the originals.
        home: Split of each digest.

    Returns:
        Pairs of each split, foreign text first. No text of either language is in two splits, and untranslated text is
        dropped.
    """
    by_digest = {translation.digest: translation for translation in foreign}
    pairs: dict[str, dict[tuple[str, str], None]] = {split: {} for split in SPLITS}
    for original in english:
        translation = by_digest.get(original.digest)
        if translation is None or original.digest not in home:
            continue
        theirs, ours = passages(translation.body), passages(original.body)
        aligned = zip(theirs, ours, strict=True) if len(theirs) == len(ours) else ()
        for pair in ((translation.synopsis, original.synopsis), *aligned):
            keys = comparable(pair[0]), comparable(pair[1])
            if all(keys) and keys[0] != keys[1]:
                pairs[home[original.digest]][pair] = None
    seen: set[tuple[str, str]] = set()
    divided = {}
    for split in reversed(SPLITS):
        keyed = {pair: {("theirs", comparable(pair[0])), ("ours", comparable(pair[1]))} for pair in pairs[split]}
        divided[split] = [pair for pair, keys_of_pair in keyed.items() if not keys_of_pair & seen]
        seen.update(*keyed.values())
    return {split: sorted(divided[split]) for split in SPLITS}


def content_of(path: Path) -> bytes:
    """Return the contents of a file, uncompressed according to its suffix.

    Raises:
        UserError: If the file is damaged, or if Python does not support its compression.
    """
    if path.suffix in (".lz4", ".zst"):
        raise UserError(
            f"{path}: Python cannot unpack {path.suffix}; unpack it, for example with {path.suffix[1:]} -d, and retry."
        )
    try:
        return UNPACK.get(path.suffix, bytes)(path.read_bytes())
    except (OSError, EOFError, ValueError, lzma.LZMAError, zlib.error) as fault:
        raise UserError(f"{path} is damaged: {fault}.") from fault


def lists(folder: Path, language: str) -> list[Path]:
    """Return the ``Translation`` files of a language in a folder, sorted by name."""
    name = re.compile(rf"(?:.*_)?Translation-{re.escape(language)}(?:\.\w+)?")
    return sorted(path for path in folder.iterdir() if name.fullmatch(path.name)) if folder.is_dir() else []


def run_apt(languages: Sequence[str], folder: Path, program: str = "apt-get") -> None:
    """Download the lists of this machine's package sources into a folder with apt, uncompressed.

    Raises:
        WorldError: If the program is missing or fails.
    """
    places = {"Dir::State": "state", "Dir::State::lists": "lists", "Dir::Cache": "cache"}
    for name in ("state", "lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = [f"{key}={folder / name}" for key, name in places.items()]
    settings += [f"Acquire::Languages={','.join(languages)}", "Acquire::GzipIndexes=false", "APT::Sandbox::User=root"]
    command = [program, "update", "-q", *(word for setting in settings for word in ("-o", setting))]
    ways = "Give --from FOLDER with Translation-en files of another machine (there: /var/lib/apt/lists)."
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=TIMEOUT_S)
    except FileNotFoundError as fault:
        raise WorldError(f"There is no {program} here: this machine is not Debian-based. {ways}") from fault
    except subprocess.TimeoutExpired as fault:
        raise WorldError(f"{program} update did not finish in {TIMEOUT_S} s. {ways}") from fault
    messages = [line for line in done.stderr.splitlines() if line.startswith(("E:", "W:"))]
    if done.returncode or not lists(folder / "lists", "en"):
        cause = messages[-1] if messages else f"exit code {done.returncode}, and no Translation-en"
        raise WorldError(f"{program} update downloaded no lists ({cause}). Is the machine offline? {ways}")
    for line in messages:
        print(f"note: {program} says {line}", file=sys.stderr)


def obtain(raw: Path, given: Path | None, languages: Sequence[str], program: str = "apt-get") -> None:
    """Copy or download the lists into ``raw/`` if needed, gzipped.

    Raises:
        UserError: If the given folder lacks a language.
        WorldError: If apt downloads nothing.
    """
    if given is None and all(lists(raw, language) for language in languages):
        return
    with tempfile.TemporaryDirectory() as temporary:
        if given is None:
            print(f"downloading the lists with {program}", file=sys.stderr)
            run_apt(languages, Path(temporary), program)
        folder = given or Path(temporary) / "lists"
        files = {language: lists(folder, language) for language in languages}
        for language, paths in files.items():
            if not paths:
                where = given or f"the lists of {program}"
                raise UserError(f"There is no Translation-{language} in {where}: name other --languages, or none.")
        kept = {}
        for path in (path for paths in files.values() for path in paths):
            bare = path.name.removesuffix(path.suffix) if path.suffix in UNPACK else path.name
            kept[raw / f"{bare}.gz"] = gzip.compress(content_of(path), mtime=0)
    for stale in {path for language in languages for path in lists(raw, language)} - set(kept):
        stale.unlink()
    for path, content in kept.items():
        write_once(path, content)


def read(raw: Path, language: str) -> list[Description]:
    """Return the descriptions of a language.

    Raises:
        UserError: If there are none, or a file is not UTF-8.
    """
    members: list[Description] = []
    for path in lists(raw, language):
        try:
            text = content_of(path).decode("utf-8")
        except UnicodeDecodeError as fault:
            raise UserError(f"{path} is not UTF-8: {fault.reason} at byte {fault.start:,}.") from fault
        members += descriptions(text, language, path)
    if not members:
        raise UserError(f"The lists in {raw} hold no Description-{language}: remove {raw}, and give others.")
    return members


def prepare(folder: Path, given: Path | None, languages: Sequence[str], program: str = "apt-get") -> None:
    """Write ``raw/`` and ``processed/``."""
    raw, processed = folder / "raw", folder / "processed"
    obtain(raw, given, ["en", *languages], program)
    english = read(raw, "en")
    divided, home = summaries(english)
    if not all(divided.values()):
        raise UserError(f"{raw} has too few descriptions ({sizes_of(divided)}): a split would be empty.")
    changed = write_documents(processed, divided, {})
    print(f"{processed}: {sizes_of(divided)} descriptions with synopses")
    for language in languages:
        aligned = translations(english, read(raw, language), home)
        sizes = sizes_of(aligned)
        if not all(aligned.values()):
            raise UserError(f"{raw} has too few texts in {language} and English ({sizes}): a split would be empty.")
        for split, pairs in aligned.items():
            for name, column in zip((language, "en"), zip(*pairs, strict=True), strict=True):
                changed += write_once(processed / f"{split}.{language}-en.{name}", joined(column))
        print(f"{processed}: {sizes} aligned texts, {language} and English")
    print(f"{changed} files written, the others were up to date")


def main(arguments: list[str] | None = None) -> int:
    """Run the recipe as a command."""
    parser = argparse.ArgumentParser(description="Prepare Debian's package descriptions.", allow_abbrev=False)
    parser.add_argument(
        "--from", dest="given", type=Path, metavar="FOLDER", help="folder with Translation-en(.gz|.xz|.bz2) files"
    )
    parser.add_argument(
        "--languages", nargs="+", default=[], metavar="LANGUAGE", help="also aligned text: de, fr, ja, zh_CN, ..."
    )
    parser.add_argument("--to", type=Path, default=Path(__file__).parent, metavar="FOLDER", help="for raw/, processed/")
    options = parser.parse_args(arguments)
    return run(lambda: prepare(options.to, options.given, options.languages))


if __name__ == "__main__":
    sys.exit(main())
