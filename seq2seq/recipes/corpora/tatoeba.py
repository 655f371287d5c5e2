"""Prepare Tatoeba's English-Chinese sentences for training.

Reads a local folder (``--from``: either text that is already split, or Tatoeba's own exports) or the exports from
Tatoeba's server (``--download``), copies the originals to ``raw/`` and writes aligned text to ``processed/``, with the
attribution that the license (CC BY 2.0 FR) requires for each line. Running it again changes nothing.

UNTESTED: the URLs of the exports come from Tatoeba's download page, but could not be reached during development. The
tests use small files of the same format.
"""

import bz2
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from seq2seq.corpus.normalization import comparable, normalize
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from seq2seq.recipes.recipe import About, Recipe, fetch, joined, write_once
from seq2seq.recipes.splits import SPLITS, grouped_splits, report

ADDRESS = "https://downloads.tatoeba.org/exports/per_language/{folder}/{name}"
ENGLISH, CHINESE, LINKS = "eng_sentences_detailed.tsv.bz2", "cmn_sentences_detailed.tsv.bz2", "cmn-eng_links.tsv.bz2"
EXPORTS = {ENGLISH: "eng", CHINESE: "cmn", LINKS: "cmn"}
KINDS = ("en", "zh", "attribution")
# Fraction of the groups of pairs that go to the test set; the validation set gets the same fraction.
SHARE = 0.025
# Larger groups (mostly greetings) always go to the training set; one of them could fill a whole test set.
LARGEST_GROUP = 20


class Pair(NamedTuple):
    """Sentence with its translation and the attribution of both."""

    english: str
    chinese: str
    attribution: str


def split(pairs: list[Pair]) -> dict[str, list[Pair]]:
    """Split pairs so that no sentence of either language is in two splits.

    Pairs that share a sentence form a group and stay together. The split of a group is determined by a hash of the
    group's first sentence, so few pairs change their split in a newer export.

    Args:
        pairs: Pairs in any order; repeated ones are dropped.

    Returns:
        The pairs of each split in ``SPLITS``, sorted by `comparable` English and Chinese text.
    """
    unique = {(comparable(pair.english), comparable(pair.chinese)): pair for pair in reversed(pairs)}
    unique = {keys: pair for keys, pair in sorted(unique.items()) if all(keys)}
    sentences = [("en:" + english, "zh:" + chinese) for english, chinese in unique]
    divided: dict[str, list[Pair]] = {name: [] for name in SPLITS}
    for name, pair in zip(grouped_splits(sentences, SHARE, LARGEST_GROUP), unique.values(), strict=True):
        divided[name].append(pair)
    return divided


def export(path: Path) -> Iterator[list[str]]:
    """Yield the columns of each line in an export.

    Raises:
        UserError: If the file is damaged or not UTF-8.
    """
    try:
        with bz2.open(path, "rt", encoding="utf-8", newline="\n") as file:
            for line in file:
                yield line.rstrip("\r\n").split("\t")
    except (OSError, EOFError, UnicodeDecodeError) as fault:
        raise UserError(f"{path} is damaged: {fault}. Download it again.") from fault


def linked(raw: Path) -> list[Pair]:
    """Return the pairs linked in Tatoeba's exports.

    Raises:
        UserError: If a line has too few columns.
    """
    sentences: dict[str, dict[str, tuple[str, str]]] = {ENGLISH: {}, CHINESE: {}}
    for name, known in sentences.items():
        for number, columns in enumerate(export(raw / name), start=1):
            if len(columns) < 4:
                raise UserError(
                    f"{raw / name}, line {number}: 4 columns or more are needed: id, language, text, author."
                )
            known[columns[0]] = normalize(columns[2], "nfc"), columns[3]
    pairs = []
    for chinese_id, english_id, *_ in export(raw / LINKS):
        english, chinese = sentences[ENGLISH].get(english_id), sentences[CHINESE].get(chinese_id)
        if english and chinese:  # a sentence may have been deleted after the links were written
            attribution = f"tatoeba.org #{english_id} ({english[1]}) & #{chinese_id} ({chinese[1]})"
            pairs.append(Pair(english[0], chinese[0], f"CC-BY 2.0 (France) Attribution: {attribution}"))
    return pairs


def given_splits(raw: Path) -> dict[str, list[Pair]]:
    """Return the pairs of text that is already split.

    Raises:
        UserError: If files are not aligned, or if a sentence is in two splits.
    """
    divided = {}
    home: dict[tuple[str, str], str] = {}
    for name in SPLITS:
        columns = {kind: list(lines(raw / f"{name}.{kind}.gz")) for kind in KINDS}
        counts = {kind: len(column) for kind, column in columns.items()}
        if len(set(counts.values())) != 1:
            sizes = ", ".join(f"{name}.{kind} has {count:,}" for kind, count in counts.items())
            raise UserError(f"The files in {raw} are not aligned: {sizes} lines.")
        pairs = [Pair(*columns) for columns in zip(*columns.values(), strict=True)]
        for number, pair in enumerate(pairs, start=1):
            for language, text in zip(KINDS, pair[:2], strict=False):
                there = home.setdefault((language, comparable(text)), name)
                if comparable(text) and there != name:
                    raise UserError(f"{raw / name}.{language}.gz, line {number}: '{text}' is also in {there}.")
        divided[name] = [Pair(normalize(e, "nfc"), normalize(z, "nfc"), a) for e, z, a in pairs]
    return divided


def obtain(raw: Path, given: Path | None, is_download: bool) -> None:
    """Copy or download the files into ``raw/`` if needed.

    Raises:
        UserError: If there is no source for them.
    """
    ready = [f"{name}.{kind}.gz" for name in SPLITS for kind in KINDS]
    if given is not None:
        if not given.is_dir():
            raise UserError(f"There is no folder {given}: --from must name the folder with the files of Tatoeba.")
        for names in (ready, list(EXPORTS)):
            if all((given / name).exists() for name in names):
                for stale in {*ready, *EXPORTS} - set(names):
                    (raw / stale).unlink(missing_ok=True)
                for name in names:
                    write_once(raw / name, (given / name).read_bytes())
                return
        raise UserError(
            f"{given} has neither the nine files {ready[0]}, {ready[1]}, {ready[2]}, {ready[3]}, ... "
            f"nor the three exports {', '.join(EXPORTS)}."
        )
    if is_download and not (raw / ready[0]).exists():
        for name, folder in EXPORTS.items():
            fetch(ADDRESS.format(folder=folder, name=name), raw / name)
    if not ((raw / ready[0]).exists() or (raw / LINKS).exists()):
        raise UserError(f"{raw} contains nothing yet: give --from FOLDER with your copy, or --download.")


def prepare(folder: Path, given: Path | None, is_download: bool) -> None:
    """Write ``raw/`` and ``processed/``."""
    raw = folder / "raw"
    obtain(raw, given, is_download)
    divided = split(linked(raw)) if (raw / LINKS).exists() else given_splits(raw)
    changed = 0
    for name, pairs in divided.items():
        if not pairs:
            raise UserError(f"{raw} has too few pairs ({sum(map(len, divided.values()))}): {name} would be empty.")
        for kind, column in zip(KINDS, zip(*pairs, strict=True), strict=True):
            changed += write_once(folder / "processed" / f"{name}.{kind}", joined(column))
    report(folder / "processed", divided, "pairs", changed)


RECIPE = Recipe(
    "Tatoeba's English-Chinese sentences",
    About(
        name="tatoeba",
        task="translation",
        languages=("en", "zh"),
        size="29,155 pairs",
        source="tatoeba.org, exports by language",
        licence="CC BY 2.0 FR; name the authors, who are in processed/*.attribution",
        configs=("size/small translation/tatoeba-en-zh", "size/small translation/tatoeba-zh-en"),
    ),
    "train.en.gz, train.zh.gz, train.attribution.gz, valid.en.gz, ... or Tatoeba's exports " + ", ".join(EXPORTS),
    tuple(f"{name}.{kind}" for name in SPLITS for kind in KINDS),
    lambda request: prepare(request.folder, request.given, request.is_download),
    has_download=True,
)
