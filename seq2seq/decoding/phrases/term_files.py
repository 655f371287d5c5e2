"""Terms of translation memories (TMX) and term bases (TBX) as pairs of a glossary.

Of a memory, the short units are terms, and sentences are not. Of a term base, each concept has the terms of one
language as sources and those of the other as alternatives, except those that it calls deprecated or superseded.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.amounts import amount
from seq2seq.corpus.form_note import left_out
from seq2seq.corpus.formats import translation_memory
from seq2seq.corpus.formats.form import Reading, Settings
from seq2seq.corpus.formats.language_pair import chosen, listed, same
from seq2seq.corpus.formats.xml_files import local
from seq2seq.corpus.formats.xml_stream import elements, root_name, text_of
from seq2seq.corpus.protected_spans import spans
from seq2seq.decoding.phrases.word_boundaries import is_spaced
from seq2seq.errors import UserError
from seq2seq.files.text_head import text_head

SUFFIXES = (".tmx", ".tbx")
MOST_WORDS = 5
"""Maximum number of words of a term."""
CHARACTERS_OF_A_WORD = 2
"""Number of characters that count as a word, in scripts without spaces between words."""
LONG = "unit of too many words or with placeholders"
INCOMPLETE = "concept without both languages"
_CONCEPTS, _LANGUAGES, _TERMS = ("termEntry", "conceptEntry"), ("langSet", "langSec"), ("tig", "ntig", "termSec")
_OLD = ("deprecated", "superseded")
ADVICE = "the options of the model's data; or write the terms as text, a term, a tab and its translation in each line"


@dataclass(frozen=True)
class TermFile:
    """The terms of a file.

    Args:
        pairs: Terms with their translations.
        note: A sentence about what was left out; '' if nothing was.
    """

    pairs: list[tuple[str, list[str]]]
    note: str = ""


def is_term_file(path: Path) -> bool:
    """Return whether a file is a translation memory or a term base, by the suffix of its name."""
    return path.name.lower().removesuffix(".gz").endswith(SUFFIXES)


def read_terms(path: Path, source_language: str = "", target_language: str = "", advice: str = ADVICE) -> TermFile:
    """Read the terms of a translation memory or a term base.

    Args:
        path: The file, which may be .gz.
        source_language: Language code of the terms; '' is the other one of the two in the file.
        target_language: Language code of the translations, likewise.
        advice: How a user names the languages, for messages.

    Raises:
        UserError: If the file is malformed, if it has more than two languages and they are not given, or if it has no
            term with a translation.
    """
    settings = Settings("source", "target", 0.0, source_language, target_language, advice)
    reading = Reading()
    is_memory = path.name.lower().removesuffix(".gz").endswith(".tmx")
    pairs = list((_of_memory if is_memory else _of_base)(path, settings, reading.left_out))
    about = left_out(reading)
    if not pairs:
        raise UserError(f"{path} has no terms, which have up to {MOST_WORDS} words{about}.")
    return TermFile(pairs, f"{path}: {amount(len(pairs), 'term')}{about}." if about else "")


def is_term(text: str) -> bool:
    """Return whether a text is short enough for a term, and has no placeholders."""
    unspaced = sum(not is_spaced(character) for character in text)
    words = len("".join(character if is_spaced(character) else " " for character in text).split())
    is_short = "\n" not in text and words + unspaced / CHARACTERS_OF_A_WORD <= MOST_WORDS
    return is_short and not spans(text)


def _of_memory(path: Path, settings: Settings, counts: Counter[str]) -> Iterator[tuple[str, list[str]]]:
    reading = Reading(counts)
    for _, record in translation_memory.read(path, settings, reading):
        source, target = str(record[settings.source_field]), str(record[settings.target_field])
        if is_term(source) and is_term(target):
            yield source, [target]
        else:
            counts[LONG] += 1


def _of_base(path: Path, settings: Settings, counts: Counter[str]) -> Iterator[tuple[str, list[str]]]:
    root = root_name(text_head(path))
    root = root if root in ("martif", "tbx") else "tbx"
    known = settings.source_language and settings.target_language
    codes = settings.source_language, settings.target_language
    if not known:
        found = dict[str, None]()
        for element in elements(path, root, "a term base (TBX)", *_CONCEPTS):
            found.update(dict.fromkeys(filter(None, map(_language, _children(element, _LANGUAGES)))))
        codes = chosen(path, found, "", settings)
    seen: set[str] = set()
    is_some = False
    for element in elements(path, root, "a term base (TBX)", *_CONCEPTS):
        place = f"{path}:{element.sourceline}"
        parts = _children(element, _LANGUAGES)
        seen.update(filter(None, map(_language, parts)))
        sources, targets = (
            [term for part in parts if same(_language(part), code) for term in _terms(part, place, is_target=is_target)]
            for code, is_target in zip(codes, (False, True), strict=True)
        )
        if not sources or not targets:
            counts[INCOMPLETE] += 1
            continue
        is_some = True
        for source in sources:
            yield source, targets
    if not is_some:
        raise UserError(
            f"{path} has no concept with a term in {codes[0]} and one in {codes[1]}; its languages are: {listed(seen)}."
        )


def _terms(part: Any, place: str, *, is_target: bool) -> list[str]:  # noqa: ANN401 - lxml has no types
    """Return the terms of a concept in a language; of translations, only those in use."""
    found = []
    for section in _children(part, _TERMS):
        notes = " ".join(str(note.text) for note in section.iter() if local(note) == "termNote").lower()
        if not is_target or not any(old in notes for old in _OLD):
            found += [text_of(term, place) for term in section.iter() if local(term) == "term"]
    return [text for text in found if text]


def _children(element: Any, names: Iterable[str]) -> list[Any]:  # noqa: ANN401 - lxml has no types
    return [child for child in element if local(child) in names]


def _language(part: Any) -> str:  # noqa: ANN401 - lxml has no types
    return str(part.get(translation_memory.LANG) or part.get("lang") or "")
