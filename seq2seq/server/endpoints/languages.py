"""LibreTranslate's endpoints that describe the server: /languages, /detect, /frontend/settings, /health."""

from dataclasses import dataclass, field

from seq2seq.server.endpoints.translation import AUTO, TAG, VERB, DetectedLanguage, detected_language
from seq2seq.server.http.endpoint import Call, Endpoint
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import written_as
from seq2seq.server.served_models import UNDETERMINED, UnknownModelError
from seq2seq.server.translation.file_translation import formats
from seq2seq.server.translation.language_detection import detected
from seq2seq.server.translation.language_names import language_name


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
    return tuple(map(detected_language, await detected(models, asked.q)))


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
    return SettingsAnswer(has_keys, limit, True, 500, has_keys, pair, False, formats())


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
