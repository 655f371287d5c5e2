"""Translation of documents by a model that shouts."""

from seq2seq.documents.document_translation import DocumentReport, translate_document
from seq2seq.documents.formats.by_suffix import read
from seq2seq.documents.languages import Languages
from seq2seq.documents.steps import finished


def shout(text: str) -> str:
    """Return a text in capitals, with formats kept."""
    return text.upper().replace("%S", "%s").replace("%D", "%d")


def shouted(
    content: str | bytes, name: str, languages: Languages | None = None, *, everything: bool = False
) -> tuple[bytes, DocumentReport]:
    """Return a translated document and its report."""
    given = content.encode() if isinstance(content, str) else content
    document = read(given, name, languages or Languages("en", "de"))
    steps = translate_document(document, everything=everything)
    report = finished(steps, lambda texts: [shout(text) for text in texts])
    return document.content(), report
