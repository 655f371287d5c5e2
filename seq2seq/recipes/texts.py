"""Recipes of running text: common file formats in, splits out, spaces and line breaks kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.text_lines import ended_lines
from seq2seq.recipes.recipe import FileSet, RawFiles, command, write_split


@dataclass(frozen=True)
class TextCorpus:
    """A recipe's description of its corpus.

    Args:
        title: Its usual name.
        forms: The accepted formats, in order of preference: names of the files of each split; each may be gzipped, with
            ``.gz`` after its name.
        whole: Name of the file with the whole text, if the authors do not split it; '' if they do.
        cut: Splits the whole text; not used by default.
        natural: Applied to each line, without its line break.
        held_out: Share of the training text, at its end, that becomes the split ``held_out``, for choosing models if
            the authors give only one other split, on which results are reported. 0 uses the whole training text.
        address: URL of the files of the last format, or of the whole, with ``{name}``; '' if none.
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
    """Return the text of each split, from the files of a folder or from ``raw/``, where they are kept.

    Raises:
        UserError: If they cannot be obtained.
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
    """Return a training text and its held-out end, cut at a line break."""
    border = text.find("\n", int((1 - share) * len(text))) + 1
    return {"train": text[:border], "held_out": text[border:]}


def prepare(corpus: TextCorpus, folder: Path, given: Path | None, is_download: bool) -> None:
    """Write ``raw/`` and ``processed/``.

    Raises:
        UserError: For a missing or damaged file, or a split that would be empty.
    """
    changed, told = 0, []
    for split, text in read(corpus, folder / "raw", given, is_download).items():
        if not text.strip():
            raise UserError(f"{split} of {corpus.title} would be empty: the files hold too little text.")
        changed += write_split(folder / "processed" / f"{split}.txt", text.encode("utf-8"), corpus.checksums)
        told.append(f"{len(text):,} {split}")
    print(f"{folder / 'processed'}: {', '.join(told)} characters; {changed} files written, the others were up to date")


def main(corpus: TextCorpus, folder: Path, arguments: Sequence[str] | None) -> int:
    """Run a recipe as a command; see `recipe.command`."""
    return command(corpus.raw, folder, arguments, partial(prepare, corpus))


def _natural(line: str, natural: Callable[[str], str]) -> str:
    return natural(line.removesuffix("\n")) + ("\n" if line.endswith("\n") else "")
