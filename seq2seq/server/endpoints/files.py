"""LibreTranslate's endpoints for files: /translate_file, and where its result is fetched."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from starlette.responses import Response

from seq2seq.documents.document_translation import DocumentReport
from seq2seq.documents.languages import Languages
from seq2seq.documents.steps import Finished, Steps, advanced
from seq2seq.server.endpoints.texts import all_of
from seq2seq.server.endpoints.translation import AUTO, TAG, choice_of, models_for
from seq2seq.server.http.endpoint import Call, Endpoint
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.options import RequestLimits
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import Upload, written_as
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import ServedModel
from seq2seq.server.translation.documents import LINES
from seq2seq.server.translation.file_translation import TranslatedFile, file_translation, format_of, formats

TEXTS = 100
"""How many times as many texts as another request a file may have."""
UNPACKED = 16
"""How many times as large as a request a .docx may be when it is unpacked."""
NOTES = 20
"""Number of notes about a document that are sent."""
BINARY = "application/octet-stream"


@dataclass(frozen=True)
class FileRequest:
    """A file to translate.

    Args:
        file: The file: .txt, a text in each line; .jsonl, an object with a text in each line; or a document, which is
            written again in its own format. /frontend/settings lists the formats.
        source: Language of the texts; 'auto' detects it.
        target: Language of the translations; may be left out if there is only one.
        model: Name of the model; by default the first for the languages.
    """

    file: Upload
    source: str = AUTO
    target: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class FileReport:
    """What became of the texts of a document.

    Args:
        texts: Number of texts.
        translated: Number of texts that got a translation.
        finished: Number of texts that had one, and kept it.
        noted: Number of notes.
        notes: What was repaired and what was left untranslated, a sentence for each text; at most 20.
    """

    texts: int
    translated: int
    finished: int
    noted: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class FileAnswer:
    """A translated file.

    Args:
        url: Its address; it is kept for 15 minutes.
        report: What became of the texts of a document; left out for .txt and .jsonl.
    """

    url: str = field(metadata=written_as("translatedFileUrl"))
    report: FileReport | None = None


async def translate_file(service: Service, asked: FileRequest, call: Call) -> FileAnswer:
    """Translate a file."""
    name = PurePath(asked.file.name).name
    suffix = format_of(name)
    if not suffix:
        *others, last = formats()
        raise RequestError(
            400, f"A file is translated if its name ends in {', '.join(others)} or {last}.", parameter="file"
        )
    candidates = models_for(service, asked)
    # Parsing and writing a large file takes long, so it must not hold up the event loop.
    translation = await asyncio.to_thread(
        file_translation,
        asked.file.content,
        name,
        candidates[0].loaded.reader,
        _languages(candidates, asked),
        UNPACKED * service.limits.max_body,
        has_masks=all(model.loaded.reader.masks for model in candidates),
    )
    choice = await choice_of(service, candidates, asked, translation.beginning)
    file = await _translated(service, choice.model, translation.steps)
    kept = await asyncio.to_thread(service.documents.put, suffix, file.content)
    return FileAnswer(f"{call.base}download_file/{kept}", None if file.report is None else _summary(file.report))


def _languages(candidates: Sequence[ServedModel], asked: FileRequest) -> Languages:
    """Return the languages of a request, or else those of the models, as far as they agree."""
    sources = {model.loaded.reader.source_language for model in candidates}
    source = (sources.pop() if len(sources) == 1 else "") if asked.source == AUTO else asked.source
    target = asked.target or candidates[0].loaded.reader.target_language
    return Languages(source, target, "send the fields source and target")


async def _translated(service: Service, model: ServedModel, steps: Steps[TranslatedFile]) -> TranslatedFile:
    """Return a translated file, whose texts are decoded together with those of other requests.

    Raises:
        RequestError: If it has too many texts, or too long ones.
    """
    decoding = replace(model.decoding, glossary=service.glossary)
    done = 0
    found = await asyncio.to_thread(advanced, steps)
    while not isinstance(found, Finished):
        _require_size(service.limits, found)
        jobs = [(model.name, Job(text, decoding, number)) for number, text in enumerate(found, done)]
        done += len(jobs)
        outputs = await all_of(service, jobs)
        found = await asyncio.to_thread(advanced, steps, [candidates[0].text for candidates in outputs])
    return found.result


def _require_size(limits: RequestLimits, texts: Sequence[str]) -> None:
    most = TEXTS * limits.max_texts
    if len(texts) > most:
        raise RequestError(
            400, f"The file has {len(texts):,} texts, but this server translates files of at most {most:,}."
        )
    count = sum(map(len, texts))
    if count > limits.max_body:  # of a file that is compressed
        raise RequestError(
            400,
            f"The texts of the file have {count:,} characters, but this server translates at most {limits.max_body:,}.",
        )


def _summary(report: DocumentReport) -> FileReport:
    notes = tuple(report.notes[:NOTES])
    return FileReport(report.units, report.translated, report.finished, len(report.notes), notes)


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
    # A document names its encoding itself, or has that of the file that was sent.
    media_type = "text/plain; charset=utf-8" if suffix in LINES else BINARY
    return Response(content, headers=headers, media_type=media_type)


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
        media_type=BINARY,
        tag=TAG,
    ),
)
