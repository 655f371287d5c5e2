"""Recipes for conversations: corpus formats, and splits without conversations of earlier splits."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path

from seq2seq.corpus.formats.jsonl import objects
from seq2seq.corpus.normalization import comparable, normalize
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines
from seq2seq.recipes.recipe import FileSet, RawFiles, command, joined, write_split
from seq2seq.recipes.splits import SPLITS, report

UNSEEN = "_unseen"
"""Suffix of a split's second version, without the conversations of earlier splits."""

Turns = list[str]
Placed = Iterator[tuple[str, Turns]]


@dataclass(frozen=True)
class Form:
    """Format of a corpus.

    Args:
        files: File names of each split; each file may be gzipped, with ``.gz`` appended.
        read: Function that yields the conversations in the files of a split, with their ``FILE:LINE``.
    """

    files: Mapping[str, tuple[str, ...]]
    read: Callable[[Sequence[Path]], Placed]


@dataclass(frozen=True)
class Corpus:
    """Corpus of a recipe.

    Args:
        title: Usual name of the corpus.
        forms: Accepted formats, in order of preference; the last is the authors' own.
        natural: Function applied to each turn, to make it look like typed text.
        address: URL of the authors' files, with ``{name}`` for the file name; '' if none.
        checksums: SHA-256 of the processed splits that the scores in docs/results.md were measured on.
    """

    title: str
    forms: tuple[Form, ...]
    natural: Callable[[str], str] = str
    address: str = ""
    checksums: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> RawFiles:
        """The original files."""
        sets = [FileSet(tuple(chain.from_iterable(form.files.values()))) for form in self.forms]
        return RawFiles(self.title, sets, self.address)


def listed(files: Sequence[Path]) -> Placed:
    """Yield the conversations of a JSONL file whose objects have a list of strings ``turns``.

    Raises:
        UserError: If an object has no such list.
    """
    for place, record in objects(files[0]):
        turns = record.get("turns")
        if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
            raise UserError(f"{place}: 'turns' must be a list of texts. There are: {', '.join(record) or 'none'}.")
        yield place, turns


def ended(files: Sequence[Path], mark: str = "__eou__") -> Placed:
    """Yield the conversations of a text file, one per line; `mark` ends a turn, and text after a tab is ignored."""
    for number, line in enumerate(lines(files[0]), start=1):
        if line.strip():
            yield f"{files[0]}:{number}", line.split("\t")[0].split(mark)


def ours(train: str = "train") -> Form:
    """Return the format of JSONL files: ``valid.jsonl``, ``test.jsonl`` and a training file with the given stem."""
    return Form({split: (f"{train if split == 'train' else split}.jsonl",) for split in SPLITS}, listed)


def conversations(placed: Placed, natural: Callable[[str], str]) -> tuple[list[Turns], int]:
    """Return conversations of two turns or more, normalized to one line per turn, and the number of shorter ones."""
    read = [[natural(normalize(turn, "nfc").replace("\n", " ")) for turn in turns] for _, turns in placed]
    filled = [[turn for turn in turns if turn] for turns in read]
    kept = [turns for turns in filled if len(turns) > 1]
    return kept, len(filled) - len(kept)


def key(turns: Iterable[str]) -> tuple[str, ...]:
    """Return a key to compare conversations: the letters and numbers of each turn."""
    return tuple(comparable(turn) or turn for turn in turns)


def with_unseen(divided: Mapping[str, list[Turns]]) -> dict[str, list[Turns]]:
    """Return the splits, and for each but the first also a version without the conversations of earlier splits."""
    seen: set[tuple[str, ...]] = set()
    splits: dict[str, list[Turns]] = {}
    for split in SPLITS:
        splits[split] = divided[split]
        keys = [key(turns) for turns in divided[split]]
        if split != SPLITS[0]:
            pairs = zip(keys, divided[split], strict=True)
            splits[split + UNSEEN] = [turns for name, turns in pairs if name not in seen]
        seen.update(keys)
    return splits


def write_splits(folder: Path, divided: Mapping[str, Sequence[Turns]], checksums: Mapping[str, str]) -> int:
    """Write the splits as JSONL, note those that differ from the measured ones, and return the number of changes."""
    changed = 0
    for split, members in divided.items():
        content = joined(json.dumps({"turns": turns}, ensure_ascii=False) for turns in members)
        changed += write_split(folder / f"{split}.jsonl", content, checksums)
    return changed


def prepare(corpus: Corpus, folder: Path, given: Path | None, is_download: bool) -> None:
    """Write ``raw/`` and ``processed/``; report dropped conversations and overlaps of splits.

    Raises:
        UserError: If a file is missing or damaged, or if a split would be empty.
    """
    number, files = corpus.raw.obtain(folder / "raw", given, is_download)
    form = corpus.forms[number]
    paths = {split: [files[name] for name in names] for split, names in form.files.items()}
    divided = {}
    for split in SPLITS:
        divided[split], short = conversations(form.read(paths[split]), corpus.natural)
        if short:
            print(f"dropped from {split}: {short:,} of less than two turns")
        if not divided[split]:
            raise UserError(
                f"{paths[split][0]} contains no conversation of two turns or more, so {split} would be empty."
            )
    processed = folder / "processed"
    splits = with_unseen(divided)
    changed = write_splits(processed, splits, corpus.checksums)
    for split in SPLITS[1:]:
        count = len(splits[split]) - len(splits[split + UNSEEN])
        earlier = " or ".join(SPLITS[: SPLITS.index(split)])
        print(f"{split}: {count:,} of {len(splits[split]):,} are in {earlier} too; {split}{UNSEEN} is without them")
    report(processed, splits, "conversations", changed)


def main(corpus: Corpus, folder: Path, arguments: Sequence[str] | None) -> int:
    """Run a recipe as a command; see `recipe.command`."""
    return command(corpus.raw, folder, arguments, partial(prepare, corpus))
