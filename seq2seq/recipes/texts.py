"""Recipes for running text, in which spaces and line breaks are kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.text_lines import ended_lines
from seq2seq.recipes.recipe import About, FileSet, RawFiles, Recipe, write_split
from seq2seq.recipes.splits import report


@dataclass(frozen=True)
class TextCorpus:
    """Corpus of a recipe.

    Args:
        title: Usual name of the corpus.
        forms: Accepted formats, in order of preference. A format maps each split to its file name; the file may be
            gzipped, with ``.gz`` appended.
        whole: Name of the file with the whole text, if the authors do not split it; '' if they do.
        cut: Function that splits the whole text.
        natural: Function applied to each line, without its line break.
        held_out: Fraction of the training text, at its end, that becomes the split ``held_out``; 0 for none. It is used
            to choose models if results are reported on the authors' only other split.
        address: URL of the whole text or of the files in the last format, with ``{name}`` for the file name; '' if
            none.
        checksums: SHA-256 of the processed splits.
    """

    title: str
    forms: tuple[Mapping[str, str], ...]
    whole: str = ""
    cut: Callable[[str], Mapping[str, str]] = field(default=lambda text: {})
    natural: Callable[[str], str] = str
    held_out: float = 0.0
    address: str = ""
    checksums: Mapping[str, str] = field(default_factory=dict)

    @property
    def raw(self) -> RawFiles:
        """The original files."""
        sets = [FileSet(tuple(form.values())) for form in self.forms]
        return RawFiles(self.title, [*sets, FileSet((self.whole,))] if self.whole else sets, self.address)


def read(corpus: TextCorpus, raw: Path, given: Path | None, is_download: bool) -> dict[str, str]:
    """Return the text of each split. The files are first copied to ``raw/`` from a given folder, or downloaded.

    Raises:
        UserError: If the files cannot be obtained.
    """
    number, paths = corpus.raw.obtain(raw, given, is_download)
    texts = {
        name: "".join(_natural(line, corpus.natural) for line in ended_lines(path)) for name, path in paths.items()
    }
    if number < len(corpus.forms):
        splits = {split: texts[name] for split, name in corpus.forms[number].items()}
    else:
        splits = dict(corpus.cut(texts[corpus.whole]))
    return {**splits, **_divided(splits["train"], corpus.held_out)} if corpus.held_out else splits


def _divided(text: str, share: float) -> dict[str, str]:
    """Split off the end of a training text, at a line break."""
    border = text.find("\n", int((1 - share) * len(text))) + 1
    return {"train": text[:border], "held_out": text[border:]}


def prepare(corpus: TextCorpus, folder: Path, given: Path | None, is_download: bool) -> None:
    """Write ``raw/`` and ``processed/``.

    Raises:
        UserError: If a file is missing or damaged, or if a split would be empty.
    """
    changed = 0
    splits = read(corpus, folder / "raw", given, is_download)
    for split, text in splits.items():
        if not text.strip():
            raise UserError(f"{split} of {corpus.title} would be empty: the files contain too little text.")
        changed += write_split(folder / "processed" / f"{split}.txt", text.encode("utf-8"), corpus.checksums)
    report(folder / "processed", splits, "characters", changed)


def recipe(corpus: TextCorpus, about: About) -> Recipe:
    """Return the recipe of a corpus."""
    return Recipe(
        corpus.title,
        about,
        corpus.raw.accepted,
        tuple(f"{split}.txt" for split in corpus.forms[0]) + (("held_out.txt",) if corpus.held_out else ()),
        lambda request: prepare(corpus, request.folder, request.given, request.is_download),
        has_download=bool(corpus.address),
        checksums=corpus.checksums,
    )


def _natural(line: str, natural: Callable[[str], str]) -> str:
    return natural(line.removesuffix("\n")) + ("\n" if line.endswith("\n") else "")
