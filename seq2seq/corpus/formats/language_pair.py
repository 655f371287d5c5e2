"""Language codes of translation files: which are the same language, and which two make a corpus."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from seq2seq.corpus.formats.form import Settings
from seq2seq.errors import UserError

OPTIONS = (
    "--data.reader.source_language CODE and --data.reader.target_language CODE (inspect, evaluate: --source_language "
    "CODE --target_language CODE)"
)
MOST_SHOWN = 20
"""Maximum number of languages that a message lists."""


@lru_cache(maxsize=1024)
def same(given: str, wanted: str) -> bool:
    """Return whether two codes name the same language; regions and scripts count if both have one."""
    ours, theirs = (code.replace("_", "-").lower().split("-") for code in (given, wanted))
    return bool(given and wanted) and ours[0] == theirs[0] and (len(ours) == 1 or len(theirs) == 1 or ours == theirs)


def distinct(codes: Iterable[str]) -> list[str]:
    """Return the languages among some codes; a code without a region counts as each one with a region."""
    found: list[str] = []
    for code in codes:
        if not any(same(code, other) for other in found):
            found.append(code)
    return found


def chosen(path: Path, codes: Iterable[str], first: str, settings: Settings) -> tuple[str, str]:
    """Return source and target of a file with variants in several languages.

    Args:
        path: The file, for messages.
        codes: Codes of its variants.
        first: Code of the source that the file names; '' if it names none.
        settings: Options of the reader, which may name one language or both.

    Returns:
        Codes without regions, unless the two languages differ in nothing else or an option gives a region.

    Raises:
        UserError: If the languages are more than two and not given, or fewer.
    """
    source, target = settings.source_language, settings.target_language
    if source and target:
        return source, target
    known = distinct(codes)
    others = [code for code in known if not same(code, source or target)]
    if source or target:
        if len(others) != 1:
            raise _unclear(path, known, settings)
        other = base(others[0])
        return (source, other) if source else (other, target)
    if len(known) != 2:
        raise _unclear(path, known, settings)
    if same(known[1], first):
        known.reverse()
    bases = [base(code) for code in known]
    return (bases[0], bases[1]) if bases[0] != bases[1] else (known[0], known[1])


def is_turned(place: str, found: tuple[str, str], settings: Settings) -> bool:
    """Return whether a file translates from the reader's target language to its source language.

    Args:
        place: The file, for messages.
        found: Source and target of the file; '' is unknown.
        settings: Options of the reader.

    Raises:
        UserError: If the file has another language than the reader.
    """
    wanted = settings.source_language, settings.target_language
    is_target_known = same(found[1], wanted[0]) and not wanted[1]
    if _fits(found, wanted) and not is_target_known:
        return False
    if _fits(found, (wanted[1], wanted[0])):
        return True
    shown = " to ".join(code or "an unnamed language" for code in found)
    raise UserError(
        f"{place}: a translation from {shown}, but the reader's languages are {wanted[0] or 'any'} and "
        f"{wanted[1] or 'any'}: give {OPTIONS}, or another file."
    )


def _fits(found: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return all(not ours or not theirs or same(ours, theirs) for ours, theirs in zip(found, wanted, strict=True))


def base(code: str) -> str:
    """Return a code without region and script."""
    return code.replace("_", "-").split("-")[0].lower()


def listed(codes: Iterable[str]) -> str:
    """Return languages for a message."""
    known = sorted(codes)
    more = f" and {len(known) - MOST_SHOWN:,} more" if len(known) > MOST_SHOWN else ""
    return ", ".join(known[:MOST_SHOWN]) + more if known else "none"


def _unclear(path: Path, known: list[str], settings: Settings) -> UserError:
    need = "Terms need" if settings.language_options else "A corpus needs"
    return UserError(
        f"{path} has texts in these languages: {listed(known)}. {need} two: name the source and the target with "
        f"{settings.language_options or OPTIONS}."
    )
