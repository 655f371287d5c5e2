"""Translation of a file, in steps: of its lines, of its objects, or of a document with protected placeholders."""

from dataclasses import dataclass

from seq2seq.corpus.formats.jsonl import has_text
from seq2seq.corpus.reader import Reader
from seq2seq.documents.document_translation import DocumentReport, translate_document
from seq2seq.documents.formats.by_suffix import read
from seq2seq.documents.formats.word_document import require_size
from seq2seq.documents.languages import Languages
from seq2seq.documents.steps import Steps
from seq2seq.documents.suffixes import readable, suffix_of
from seq2seq.documents.unit import Document
from seq2seq.server.translation.documents import LINES, Lines, lines_of


@dataclass(frozen=True)
class TranslatedFile:
    """A translated file.

    Args:
        content: Its bytes.
        report: What became of the texts of a document; None for lines and objects.
    """

    content: bytes
    report: DocumentReport | None = None


@dataclass(frozen=True)
class FileTranslation:
    """A file that is being translated.

    Args:
        beginning: Its first texts, by which its language is detected.
        steps: Yield its texts, and return the translated file.
    """

    beginning: str
    steps: Steps[TranslatedFile]


READ = 20
"""Number of texts by which the language of a file is detected."""


def formats() -> tuple[str, ...]:
    """Return the suffixes of the files that are translated; those whose library is not installed are left out."""
    return (*LINES, *readable())


def format_of(name: str) -> str:
    """Return the suffix of a file's name; '' if such files are not translated."""
    return next((suffix for suffix in LINES if name.lower().endswith(suffix)), "") or suffix_of(name)


def file_translation(
    content: bytes, name: str, reader: Reader, languages: Languages, most_bytes: int, *, has_masks: bool = False
) -> FileTranslation:
    """Read a file to translate.

    Args:
        content: The file.
        name: Its name, whose suffix determines the format.
        reader: Reader of the model, which names the keys of objects.
        languages: The languages that the request names, or the model's.
        most_bytes: Largest size of a .docx when it is unpacked.
        has_masks: Whether the model was trained with masks; see `translate_document`.

    Raises:
        UserError: If the file cannot be read, or if the library that reads it is not installed.
    """
    suffix = format_of(name)
    # As on the command line, a .json file of sources is JSONL.
    is_objects = suffix == ".json" and has_text(content.partition(b"\n")[0], reader.source_field)
    if suffix in LINES or is_objects:
        found = lines_of(".jsonl" if is_objects else suffix, content, reader.source_field, reader.target_field)
        return FileTranslation("\n".join(found.texts[:READ]), _of_lines(found))
    if suffix == ".docx":
        require_size(content, name, most_bytes)
    document = read(content, name, languages)
    wanted = [unit.text for unit in document.units if unit.is_wanted]
    return FileTranslation("\n".join(wanted[:READ]), _of_document(document, has_masks=has_masks))


def _of_lines(found: Lines) -> Steps[TranslatedFile]:
    outputs = yield found.texts
    return TranslatedFile(found.write(outputs).encode())


def _of_document(document: Document, *, has_masks: bool) -> Steps[TranslatedFile]:
    report = yield from translate_document(document, has_masks=has_masks)
    return TranslatedFile(document.content(), report)
