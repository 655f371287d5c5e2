"""Translation memories (TMX): units with variants in several languages, two of which make a pair."""

from pathlib import Path
from typing import Any

from seq2seq.corpus.formats.form import PAIRS, Form, Head, Placed, Reading, Settings
from seq2seq.corpus.formats.language_pair import chosen, listed, same
from seq2seq.corpus.formats.reading_progress import watched
from seq2seq.corpus.formats.xml_files import local
from seq2seq.corpus.formats.xml_stream import children, elements, root_name, text_of
from seq2seq.errors import UserError

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
CHANGER = "lstm-seq2seq"
"""Attribute changeid of a variant that a model wrote (`seq2seq.documents`)."""
INCOMPLETE, OF_MODEL = "unit without both languages", "unit of machine translation"
MOST_LANGUAGES = 1000
"""Maximum number of language codes that are remembered."""


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether the root element of a file is that of TMX."""
    return root_name(head.text) == "tmx"


def languages(path: Path, settings: Settings) -> tuple[str, str]:
    """Return the source and target language of a memory: those of the reader, or the only two in the file.

    Raises:
        UserError: If they are not given, and the file has not just two; or if the file is malformed.
    """
    if settings.source_language and settings.target_language:
        return settings.source_language, settings.target_language
    first, codes = "", dict[str, None]()
    units = elements(path, "tmx", "TMX", "header", "tu")
    for element in watched(units, f"Looking for the languages of {path.name}", "unit"):
        if local(element) == "header":
            first = element.get("srclang", "")
        elif len(codes) < MOST_LANGUAGES:
            codes.update(dict.fromkeys(filter(None, map(language_of, children(element, "tuv")))))
    return chosen(path, codes, first, settings)


def read(path: Path, settings: Settings, reading: Reading) -> Placed:
    """Yield the pairs of a memory.

    Raises:
        UserError: If the file is malformed, or if no unit has both languages (names those that there are).
    """
    source, target = languages(path, settings)
    codes: set[str] = set()
    is_some = False
    for element in elements(path, "tmx", "TMX", "tu"):
        place = f"{path}:{element.sourceline}"
        variants = children(element, "tuv")
        if len(codes) < MOST_LANGUAGES:
            codes.update(map(language_of, variants))
        pair = [variant_in(variants, code) for code in (source, target)]
        texts = ["" if (found := segment_of(variant)) is None else text_of(found, place) for variant in pair]
        if not all(texts):
            reading.left_out[INCOMPLETE] += 1
        elif pair[1].get("changeid") == CHANGER:
            reading.left_out[OF_MODEL] += 1
        else:
            is_some = True
            yield place, dict(zip((settings.source_field, settings.target_field), texts, strict=True))
    if not is_some:
        raise UserError(
            f"{path} has no unit with a text in {source} and one in {target} that a person wrote; its languages are: "
            f"{listed(codes - {''})}."
        )


def language_of(variant: Any) -> str:  # noqa: ANN401 - lxml has no types
    """Return the language code of a variant; '' if it has none."""
    return str(variant.get(LANG) or variant.get("lang") or "")


def variant_in(variants: list[Any], code: str) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the first variant in a language, rather one with the very same code; None if there is none."""
    exact = (found for found in variants if language_of(found).lower() == code.lower())
    found = next(exact, None)
    return found if found is not None else next((found for found in variants if same(language_of(found), code)), None)


def segment_of(variant: Any) -> Any:  # noqa: ANN401 - lxml has no types
    """Return the segment of a variant, or None."""
    return None if variant is None else next(iter(children(variant, "seg")), None)


TMX = Form(
    "tmx",
    "a translation memory (TMX)",
    PAIRS,
    matches,
    read,
    "a translation memory, XML with units 'tu' and a variant 'tuv' per language",
    unit="pair",
    languages=languages,
)
