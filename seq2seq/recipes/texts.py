"""Recipes of running text: common file formats in, splits out, spaces and line breaks kept."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.text_lines import ended_lines
from seq2seq.recipes.recipe import checksum, command, fetch, write_once


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


def obtain(corpus: TextCorpus, raw: Path, given: Path | None, is_download: bool) -> dict[str, str]:
    """Return the text of each split, from the files of a folder or from ``raw/``, where they are kept.

    Raises:
        UserError: If they are missing, and cannot be obtained.
    """
    if given is not None:
        if not given.is_dir():
            raise UserError(
                f"There is no folder {given}: --from must name the folder with the files of {corpus.title}."
            )
        names = _found(corpus, given)
        if not names:
            wanted = " or ".join(", ".join(one) for one in _choices(corpus))
            raise UserError(f"{given} does not have {wanted}; each may have .gz after its name.")
        for name in names:
            path = _path(given, name)
            write_once(raw / path.name, path.read_bytes())
            other = raw / (path.name.removesuffix(".gz") if path.suffix == ".gz" else f"{path.name}.gz")
            other.unlink(missing_ok=True)
    elif is_download and not _found(corpus, raw):
        for name in [corpus.whole] if corpus.whole else corpus.forms[-1].values():
            fetch(corpus.address.format(name=name), raw / name)
    names = _found(corpus, raw)
    if not names:
        ways = "give --from FOLDER with your copy" + (", or --download" if corpus.address else "")
        raise UserError(f"{raw} holds no {corpus.title} yet: {ways}.")
    texts = {name: "".join(_natural(line, corpus.natural) for line in ended_lines(_path(raw, name))) for name in names}
    form = next((form for form in corpus.forms if set(form.values()) == set(names)), None)
    splits = dict(corpus.cut(texts[corpus.whole])) if form is None else {split: texts[form[split]] for split in form}
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
    for split, text in obtain(corpus, folder / "raw", given, is_download).items():
        if not text.strip():
            raise UserError(f"{split} of {corpus.title} would be empty: the files hold too little text.")
        content = text.encode("utf-8")
        if split in corpus.checksums and checksum(content) != corpus.checksums[split]:
            print(f"note: {split} differs from the text that docs/results.md was measured on", file=sys.stderr)
        changed += write_once(folder / "processed" / f"{split}.txt", content)
        told.append(f"{len(text):,} {split}")
    print(f"{folder / 'processed'}: {', '.join(told)} characters; {changed} files written, the others were up to date")


def main(corpus: TextCorpus, folder: Path, arguments: Sequence[str] | None) -> int:
    """Run a recipe as a command.

    Args:
        corpus: The corpus to prepare.
        folder: Folder of ``raw/`` and ``processed/``, unless the user names another.
        arguments: The command line; None takes that of the process.
    """
    names = " or ".join(", ".join(one) for one in _choices(corpus))
    return command(
        corpus.title,
        names,
        folder,
        arguments,
        lambda to, given, is_download: prepare(corpus, to, given, is_download),
        has_download=bool(corpus.address),
    )


def _choices(corpus: TextCorpus) -> list[list[str]]:
    """Return the names of the files of each form."""
    return [*(list(form.values()) for form in corpus.forms), *([[corpus.whole]] if corpus.whole else [])]


def _found(corpus: TextCorpus, folder: Path) -> list[str]:
    """Return the file names of the first format that a folder holds completely; empty if there is none."""
    return next((names for names in _choices(corpus) if all(_exists(folder, name) for name in names)), [])


def _exists(folder: Path, name: str) -> bool:
    return (folder / name).is_file() or (folder / f"{name}.gz").is_file()


def _path(folder: Path, name: str) -> Path:
    return folder / name if (folder / name).is_file() else folder / f"{name}.gz"


def _natural(line: str, natural: Callable[[str], str]) -> str:
    return natural(line.removesuffix("\n")) + ("\n" if line.endswith("\n") else "")
