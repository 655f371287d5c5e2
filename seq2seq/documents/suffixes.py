"""The suffixes of documents. The module is light to import."""

BINARY = (".po", ".pot", ".xlf", ".xliff", ".tmx", ".docx")
"""Suffixes of formats that name their encoding themselves."""
TEXT = (".srt", ".vtt", ".ass", ".ssa", ".html", ".htm", ".md", ".markdown", ".json", ".properties")
SUFFIXES = (*BINARY, *TEXT)


def suffix_of(name: str) -> str:
    """Return the suffix of a document's name; '' if it is no document."""
    return next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), "")
