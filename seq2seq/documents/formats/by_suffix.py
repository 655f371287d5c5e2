"""The formats of documents, by the suffix of a file's name."""

from collections.abc import Callable

from seq2seq.documents.formats.gettext_catalogue import Catalogue
from seq2seq.documents.formats.html_document import html
from seq2seq.documents.formats.json_strings import json_strings
from seq2seq.documents.formats.markdown_text import markdown
from seq2seq.documents.formats.properties import properties
from seq2seq.documents.formats.subtitles import subrip, substation
from seq2seq.documents.formats.translation_memory import Memory
from seq2seq.documents.formats.word_document import WordDocument
from seq2seq.documents.formats.xliff import Xliff
from seq2seq.documents.languages import Languages
from seq2seq.documents.suffixes import suffix_of
from seq2seq.documents.unit import Document, TextDocument
from seq2seq.errors import UserError
from seq2seq.files.text_encoding import advice, encoding_of

OfBytes = Callable[[bytes, str, Languages], Document]
OfText = Callable[[str, str, str, Languages], TextDocument]
OF_BYTES: dict[str, OfBytes] = {
    **dict.fromkeys((".po", ".pot"), Catalogue),
    **dict.fromkeys((".xlf", ".xliff"), Xliff),
    ".tmx": Memory,
    ".docx": WordDocument,
}
OF_TEXT: dict[str, OfText] = {
    **dict.fromkeys((".srt", ".vtt"), subrip),
    **dict.fromkeys((".ass", ".ssa"), substation),
    **dict.fromkeys((".html", ".htm"), html),
    **dict.fromkeys((".md", ".markdown"), markdown),
    ".json": json_strings,
    ".properties": properties,
}


def read(content: bytes, name: str, languages: Languages) -> Document:
    """Read a document.

    Args:
        content: The file.
        name: Its name, whose suffix determines the format.
        languages: Languages of the model.

    Raises:
        UserError: If the file is not of its format, or if the library that reads it is not installed.
    """
    suffix = suffix_of(name)
    if suffix in OF_BYTES:
        return OF_BYTES[suffix](content, name, languages)
    encoding = encoding_of(content).replace("utf-8", "utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as fault:
        if suffix != ".properties":
            raise UserError(f"{name} is not {encoding.upper()} text. {advice(content)}") from fault
        encoding = "latin-1"  # the encoding of .properties files before Java 9
        text = content.decode(encoding)
    return OF_TEXT[suffix](text, encoding, name, languages)
