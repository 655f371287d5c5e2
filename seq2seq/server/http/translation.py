"""LibreTranslate's endpoints: /translate, /languages, /detect, /translate_file and the like."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import PurePath
from typing import Any, Literal

from starlette.responses import Response

from seq2seq.decoding.output import Output
from seq2seq.server.documents import FORMATS, document_of
from seq2seq.server.html_text import HtmlText
from seq2seq.server.http.endpoint import Call, Endpoint
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.outputs import OutputAnswer, TextEvent
from seq2seq.server.http.service import Service
from seq2seq.server.http.text_endpoints import Decoded, TextRequest, all_of, decoding_for, job_of, streamed, texts_of
from seq2seq.server.http.typed_fields import Upload, written_as
from seq2seq.server.language_detection import Detected, detected
from seq2seq.server.language_names import language_name
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import UNDETERMINED, ServedModel, UnknownModelError, primary

VERB, AUTO = "translate", "auto"
TAG = "LibreTranslate"


@dataclass(frozen=True)
class TranslateRequest(TextRequest):
    """Texts to translate.

    Args:
        q: A text, or a list of texts.
        source: Language of the texts; 'auto' detects it.
        target: Language of the translations; may be left out if there is only one.
        format: 'html' translates the texts of an HTML document and keeps its markup.
        model: Name of the model; by default the first for the languages.
        alternatives: Number of further translations of each text.
        attention: Whether to return the attention weights.
        scores: Whether to return scores, pieces and their probabilities.
        stream: Whether to send the translation of a single text in parts, as server-sent events.
        options: How to decode.
    """

    source: str = AUTO
    target: str | None = None
    format: Literal["text", "html"] = "text"


@dataclass(frozen=True)
class DetectedLanguage:
    """A language that a text may be in.

    Args:
        confidence: From 0 to 100.
        language: Code of the language.
    """

    confidence: float
    language: str


@dataclass(frozen=True)
class TranslateAnswer:
    """Translations.

    Args:
        translated: The translation of the text, or a list with one for each text.
        model: Name of the model; of several models, of the first text's.
        detected: The language of the text, or of each text, if the source is 'auto'.
        alternatives: Further translations of the text, or of each text, if asked for.
        outputs: All translations of the text, or of each text, with what was asked for; the best first.
        done: True in the last event of a stream.
    """

    translated: str | tuple[str, ...] = field(metadata=written_as("translatedText"))
    model: str = ""
    detected: DetectedLanguage | tuple[DetectedLanguage, ...] | None = field(
        default=None, metadata=written_as("detectedLanguage")
    )
    alternatives: tuple[str, ...] | tuple[tuple[str, ...], ...] | None = None
    outputs: tuple[OutputAnswer, ...] | tuple[tuple[OutputAnswer, ...], ...] | None = None
    done: bool | None = None


@dataclass(frozen=True)
class _Choice:
    """The model for a text, and the language that was detected, if one was."""

    model: ServedModel
    detected: DetectedLanguage | None


async def translate(service: Service, asked: TranslateRequest, _call: Call) -> Any:  # noqa: ANN401
    """Translate texts."""
    texts = texts_of(asked.q)
    service.require_size(*texts)
    candidates = models_for(service, asked)
    choices = [await _choice(service, candidates, asked, text) for text in texts]
    is_single = isinstance(asked.q, str)
    language: Any = None
    if asked.source == AUTO:
        language = choices[0].detected if is_single else tuple(choice.detected for choice in choices)
    name = choices[0].model.name if choices else candidates[0].name

    def answer(found: Decoded) -> TranslateAnswer:
        return TranslateAnswer(found.best, name, language, found.others, found.details)

    if asked.format == "html":
        if asked.stream or asked.attention or asked.scores:
            raise RequestError(
                400, "stream, attention and scores are for texts: leave them out, or set format to 'text'."
            )
        return replace(await _translate_html(service, asked, texts, choices), model=name, detected=language)
    if asked.stream:
        return streamed(service, choices[0].model, asked, texts[0], answer)
    jobs = [
        (choice.model.name, job_of(asked, decoding_for(service, choice.model, asked), text, number))
        for number, (choice, text) in enumerate(zip(choices, texts, strict=True))
    ]
    outputs = await all_of(service, jobs)
    return answer(Decoded(outputs, is_single, asked.attention or asked.scores, asked.alternatives))


async def _translate_html(
    service: Service, asked: TranslateRequest, texts: Sequence[str], choices: Sequence[_Choice]
) -> TranslateAnswer:
    documents = [HtmlText(text) for text in texts]
    jobs: list[tuple[str, Job]] = []
    for document, choice in zip(documents, choices, strict=True):
        decoding = decoding_for(service, choice.model, asked)
        jobs += [(choice.model.name, job_of(asked, decoding, text, len(jobs))) for text in document.texts]
    following = iter(await all_of(service, jobs))
    written = []
    for document in documents:
        outputs = list(islice(following, len(document.texts)))
        written.append([document.with_texts(_nth(outputs, rank)) for rank in range(asked.alternatives + 1)])
    best, others = [one[0] for one in written], [tuple(one[1:]) for one in written]
    if isinstance(asked.q, str):
        return TranslateAnswer(best[0], alternatives=others[0] if asked.alternatives else None)
    return TranslateAnswer(tuple(best), alternatives=tuple(others) if asked.alternatives else None)


def _nth(outputs: Sequence[Sequence[Output]], rank: int) -> list[str]:
    """Return the n-th output for each text; a search may find fewer for some."""
    return [found[min(rank, len(found) - 1)].text for found in outputs]


def models_for(service: Service, asked: "TranslateRequest | FileRequest") -> list[ServedModel]:
    """Return the models that translate between the languages of a request.

    Raises:
        UnknownModelError: If there is none.
        RequestError: If the target is missing and there are several.
    """
    if asked.model is not None:
        models = [service.models.of_verb(VERB, asked.model)]
    else:
        models = [model for model in service.models if model.task.verb == VERB]
    if not models:
        raise UnknownModelError("", service.models.models, "No model here can translate.")
    fitting = [
        model
        for model in models
        if (asked.source == AUTO or is_language(model.source_language, asked.source))
        and (asked.target is None or is_language(model.target_language, asked.target))
    ]
    if not fitting:
        pairs = ", ".join(dict.fromkeys(f"{model.source_language} to {model.target_language}" for model in models))
        wanted = f"from '{asked.source}'" if asked.source != AUTO else ""
        wanted += f" to '{asked.target}'" if asked.target is not None else ""
        raise RequestError(400, f"No model here translates {wanted.strip()}. There are: {pairs}.", parameter="target")
    targets = list(dict.fromkeys(model.target_language for model in fitting))
    if asked.target is None and len(targets) > 1:
        raise RequestError(400, f"target is missing. Choose from: {', '.join(targets)}.", parameter="target")
    return fitting


def is_language(own: str, wanted: str) -> bool:
    """Return whether a model's language is a requested one: 'zh' also is 'zh-Hans'."""
    return own == UNDETERMINED or own.lower() == wanted.lower() or primary(own) == primary(wanted)


async def _choice(
    service: Service, candidates: Sequence[ServedModel], asked: "TranslateRequest | FileRequest", text: str
) -> _Choice:
    if asked.source != AUTO:
        exact = [model for model in candidates if model.source_language.lower() == asked.source.lower()]
        return _Choice((exact or candidates)[0], None)
    best = (await detected(service.scheduler, candidates, text))[0]
    model = next(model for model in candidates if model.source_language == best.language)
    return _Choice(model, _language(best))


def _language(found: Detected) -> DetectedLanguage:
    return DetectedLanguage(found.confidence, found.language)


@dataclass(frozen=True)
class DetectRequest:
    """A text whose language is wanted.

    Args:
        q: The text.
    """

    q: str


async def detect(service: Service, asked: DetectRequest, _call: Call) -> tuple[DetectedLanguage, ...]:
    """Detect the language of a text, among those that the models translate from."""
    service.require_size(asked.q)
    models = [model for model in service.models if model.task.verb == VERB]
    if not models:
        raise UnknownModelError("", service.models.models, "No model here can translate.")
    return tuple(map(_language, await detected(service.scheduler, models, asked.q)))


@dataclass(frozen=True)
class NoFields:
    """A request without fields."""


@dataclass(frozen=True)
class Language:
    """A language.

    Args:
        code: ISO 639 code.
        name: English name.
        targets: Codes of the languages into which it is translated.
    """

    code: str
    name: str
    targets: tuple[str, ...]


async def languages(service: Service, _asked: NoFields, _call: Call) -> tuple[Language, ...]:
    """List the languages."""
    targets: dict[str, list[str]] = {}
    models = [model for model in service.models if model.task.verb == VERB]
    for model in models:
        into = targets.setdefault(model.source_language, [])
        into += [model.target_language] if model.target_language not in into else []
    for model in models:
        targets.setdefault(model.target_language, [])
    return tuple(Language(code, language_name(code), tuple(into)) for code, into in targets.items())


@dataclass(frozen=True)
class LanguageChoice:
    """A language that a page selects at first.

    Args:
        code: ISO 639 code.
        name: English name.
    """

    code: str
    name: str


@dataclass(frozen=True)
class LanguagePair:
    """The languages that a page selects at first.

    Args:
        source: Language of the text.
        target: Language of the translation.
    """

    source: LanguageChoice
    target: LanguageChoice


@dataclass(frozen=True)
class SettingsAnswer:
    """What a page for translations needs to know.

    Args:
        api_keys: Whether there are API keys.
        limit: Maximum number of characters of a request.
        files: Whether files are translated.
        timeout: Milliseconds that a page waits after a key before it sends a request.
        key_required: Whether an API key is needed.
        language: The languages at first.
        suggestions: Whether better translations can be suggested.
        formats: Suffixes of the files that are translated.
    """

    api_keys: bool = field(metadata=written_as("apiKeys"))
    limit: int = field(metadata=written_as("charLimit"))
    files: bool = field(metadata=written_as("filesTranslation"))
    timeout: int = field(metadata=written_as("frontendTimeout"))
    key_required: bool = field(metadata=written_as("keyRequired"))
    language: LanguagePair
    suggestions: bool
    formats: tuple[str, ...] = field(metadata=written_as("supportedFilesFormat"))


async def settings(service: Service, _asked: NoFields, _call: Call) -> SettingsAnswer:
    """Describe the server for a page."""
    model = next((model for model in service.models if model.task.verb == VERB), None)
    target = model.target_language if model else UNDETERMINED
    has_keys = service.keys is not None
    pair = LanguagePair(LanguageChoice(AUTO, "Auto (Detect)"), LanguageChoice(target, language_name(target)))
    limit = service.limits.max_characters
    return SettingsAnswer(has_keys, limit, True, 500, has_keys, pair, False, FORMATS)


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
    choice = await _choice(service, candidates, asked, "\n".join(document.texts[:20]))
    decoding = choice.model.decoding
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


@dataclass(frozen=True)
class HealthAnswer:
    """The state of the server.

    Args:
        status: 'ok'.
    """

    status: str


async def health(_service: Service, _asked: NoFields, _call: Call) -> HealthAnswer:
    """Say that the server answers."""
    return HealthAnswer("ok")


ENDPOINTS = (
    Endpoint(
        "POST",
        "/translate",
        "Translate texts",
        TranslateRequest,
        TranslateAnswer,
        translate,
        events=TextEvent | TranslateAnswer,
        forms=True,
        tag=TAG,
    ),
    Endpoint(
        "GET",
        "/languages",
        "List the languages",
        NoFields,
        tuple[Language, ...],
        languages,
        is_open=True,
        tag=TAG,
    ),
    Endpoint(
        "POST",
        "/detect",
        "Detect the language of a text, among those that the models translate from",
        DetectRequest,
        tuple[DetectedLanguage, ...],
        detect,
        forms=True,
        tag=TAG,
    ),
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
    Endpoint(
        "GET",
        "/frontend/settings",
        "Describe the server for a page",
        NoFields,
        SettingsAnswer,
        settings,
        is_open=True,
        tag=TAG,
    ),
    Endpoint("GET", "/health", "Say that the server answers", NoFields, HealthAnswer, health, is_open=True, tag=TAG),
)
