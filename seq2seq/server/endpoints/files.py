"""LibreTranslate's endpoints for files: /translate_file, and where its result is fetched."""

from dataclasses import dataclass, field, replace
from pathlib import PurePath

from starlette.responses import Response

from seq2seq.server.endpoints.texts import all_of
from seq2seq.server.endpoints.translation import AUTO, TAG, choice_of, models_for
from seq2seq.server.http.endpoint import Call, Endpoint
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import Upload, written_as
from seq2seq.server.scheduler import Job
from seq2seq.server.translation.documents import FORMATS, document_of

TEXTS = 100
"""How many times as many texts as another request a file may have."""


@dataclass(frozen=True)
class FileRequest:
    """A file to translate.

    Args:
        file: The file: .txt, a text in each line, or .jsonl, an object with a text in each line.
        source: Language of the texts; 'auto' detects it.
        target: Language of the translations; may be left out if there is only one.
        model: Name of the model; by default the first for the languages.
    """

    file: Upload
    source: str = AUTO
    target: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class FileAnswer:
    """A translated file.

    Args:
        url: Its address; it is kept for 15 minutes.
    """

    url: str = field(metadata=written_as("translatedFileUrl"))


async def translate_file(service: Service, asked: FileRequest, call: Call) -> FileAnswer:
    """Translate a file."""
    suffix = PurePath(asked.file.name).suffix.lower()
    if suffix not in FORMATS:
        raise RequestError(400, f"A file is translated if its name ends in {' or '.join(FORMATS)}.", parameter="file")
    candidates = models_for(service, asked)
    reader = candidates[0].loaded.reader
    document = document_of(suffix, asked.file.content, reader.source_field, reader.target_field)
    most = TEXTS * service.limits.max_texts
    if len(document.texts) > most:
        raise RequestError(
            400, f"The file has {len(document.texts):,} texts, but this server translates files of at most {most:,}."
        )
    choice = await choice_of(service, candidates, asked, "\n".join(document.texts[:20]))
    decoding = replace(choice.model.decoding, glossary=service.glossary)
    jobs = [(choice.model.name, Job(text, decoding, number)) for number, text in enumerate(document.texts)]
    outputs = await all_of(service, jobs)
    name = service.documents.put(suffix, document.write([found[0].text for found in outputs]))
    return FileAnswer(f"{call.base}download_file/{name}")


@dataclass(frozen=True)
class DownloadRequest:
    """A translated file.

    Args:
        name: Name of the file.
    """

    name: str


async def download(service: Service, asked: DownloadRequest, _call: Call) -> Response:
    """Return a translated file."""
    content = service.documents.get(asked.name)
    if content is None:
        raise RequestError(404, "There is no such file: translated files are kept for 15 minutes.")
    suffix = PurePath(asked.name).suffix
    headers = {
        "Content-Disposition": f'attachment; filename="translation{suffix}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Response(content, headers=headers, media_type="text/plain; charset=utf-8")


ENDPOINTS = (
    Endpoint(
        "POST", "/translate_file", "Translate a file", FileRequest, FileAnswer, translate_file, forms=True, tag=TAG
    ),
    Endpoint(
        "GET",
        "/download_file/{name}",
        "Fetch a translated file",
        DownloadRequest,
        str,
        download,
        is_open=True,
        media_type="text/plain",
        tag=TAG,
    ),
)
