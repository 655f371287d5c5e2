"""The suffixes of documents. The module is light to import."""

from seq2seq.corpus.formats.xml_files import is_installed

BINARY = (".po", ".pot", ".xlf", ".xliff", ".tmx", ".docx")
"""Suffixes of formats that name their encoding themselves."""
TEXT = (".srt", ".vtt", ".ass", ".ssa", ".html", ".htm", ".md", ".markdown", ".json", ".properties")
SUFFIXES = (*BINARY, *TEXT)
PACKAGES = {
    **dict.fromkeys((".po", ".pot"), "translate"),
    **dict.fromkeys((".xlf", ".xliff", ".tmx", ".docx"), "lxml"),
    **dict.fromkeys((".md", ".markdown"), "markdown_it"),
}
"""The package of the extra `formats` that reads a format; formats left out need none."""


def readable() -> tuple[str, ...]:
    """Return the suffixes of the formats whose library is installed."""
    return tuple(suffix for suffix in SUFFIXES if suffix not in PACKAGES or is_installed(PACKAGES[suffix]))


def suffix_of(name: str) -> str:
    """Return the suffix of a document's name; '' if it is no document."""
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")
