"""LibreTranslate's endpoints: /translate, /languages, /detect, /translate_file and the like."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Literal, Protocol

from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.documents.formats.html_text import HtmlText
from seq2seq.server.endpoints.outputs import TextEvent
from seq2seq.server.endpoints.texts import (
    TextAnswer,
    TextRequest,
    all_of,
    answer_of,
    answer_with,
    decoding_for,
    job_of,
    require_streamable,
    streamed,
    texts_of,
)
from seq2seq.server.http.endpoint import Call, Endpoint
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import written_as
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import UNDETERMINED, ServedModel, UnknownModelError, primary
from seq2seq.server.translation.language_detection import Detected, detected

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
        glossary: Terms with their translations, 'a|b' for either; by default the server's glossary, if it has one. An
            empty object turns that off.
    """

    source: str = AUTO
    target: str | None = None
    format: Literal["text", "html"] = "text"
    glossary: Mapping[str, str] | None = None


class Languages(Protocol):
    """The languages and the model that a request names."""

    @property
    def source(self) -> str:
        """Language of the texts; 'auto' detects it."""

    @property
    def target(self) -> str | None:
        """Language of the translations."""

    @property
    def model(self) -> str | None:
        """Name of the model."""


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
class TranslateAnswer(TextAnswer):
    """Translations.

    Args:
        text: The translation of the text, or a list with one for each text.
        model: Name of the model; of several models, of the first text's.
        alternatives: Further translations of the text, or of each text, if asked for.
        outputs: All translations of the text, or of each text, with what was asked for; the best first.
        detected: The language of the text, or of each text, if the source is 'auto'.
    """

    text: str | tuple[str, ...] = field(metadata=written_as("translatedText"))
    detected: DetectedLanguage | tuple[DetectedLanguage, ...] | None = field(
        default=None, metadata=written_as("detectedLanguage")
    )


@dataclass(frozen=True)
class Choice:
    """The model for a text, and the language that was detected, if one was."""

    model: ServedModel
    detected: DetectedLanguage | None


async def translate(service: Service, asked: TranslateRequest, _call: Call) -> Any:  # noqa: ANN401
    """Translate texts."""
    texts = texts_of(asked.q)
    service.require_size(*texts)
    require_streamable(asked)
    candidates = models_for(service, asked)
    choices = [await choice_of(service, candidates, asked, text) for text in texts]
    is_single = isinstance(asked.q, str)
    language: Any = None
    if asked.source == AUTO:
        language = choices[0].detected if is_single else tuple(choice.detected for choice in choices)
    name = choices[0].model.name if choices else candidates[0].name

    def answer(outputs: Sequence[Sequence[Output]]) -> TranslateAnswer:
        return replace(answer_with(TranslateAnswer, asked, name, outputs), detected=language)

    if asked.format == "html":
        if asked.stream or asked.attention or asked.scores:
            raise RequestError(
                400, "stream, attention and scores are for texts: leave them out, or set format to 'text'."
            )
        written = await _translated_html(service, asked, texts, choices)
        return replace(answer_of(TranslateAnswer, asked, name, written), detected=language)
    if asked.stream:
        return streamed(service, choices[0].model, asked, texts[0], answer, glossary_for(service, asked))
    return answer(await all_of(service, _jobs(service, asked, choices, [[text] for text in texts])))


async def _translated_html(
    service: Service, asked: TranslateRequest, texts: Sequence[str], choices: Sequence[Choice]
) -> list[list[str]]:
    """Return the translations of each HTML document, the best first."""
    documents = [HtmlText(text) for text in texts]
    jobs = _jobs(service, asked, choices, [document.texts for document in documents])
    following = iter(await all_of(service, jobs))
    written = []
    for document in documents:
        outputs = list(islice(following, len(document.texts)))
        written.append([document.with_texts(_nth(outputs, rank)) for rank in range(asked.alternatives + 1)])
    return written


def _jobs(
    service: Service, asked: TranslateRequest, choices: Sequence[Choice], documents: Sequence[Sequence[str]]
) -> list[tuple[str, Job]]:
    """Return the jobs for the texts of each document, numbered through, so that equal texts get samples of their own.

    Args:
        service: What the endpoints share.
        asked: The request.
        choices: The model for each document.
        documents: The texts of each document.
    """
    models = {choice.model.name: choice.model for choice in choices}
    glossary = glossary_for(service, asked)
    decodings = {name: decoding_for(service, model, asked, glossary) for name, model in models.items()}
    named = [(choice.model.name, text) for choice, own in zip(choices, documents, strict=True) for text in own]
    return [(name, job_of(asked, decodings[name], text, number)) for number, (name, text) in enumerate(named)]


def glossary_for(service: Service, asked: TranslateRequest) -> Glossary | None:
    """Return the glossary of a request, or else that of the server."""
    if asked.glossary is None:
        return service.glossary
    return Glossary(asked.glossary) if asked.glossary else None


def _nth(outputs: Sequence[Sequence[Output]], rank: int) -> list[str]:
    """Return the n-th output for each text; a search may find fewer for some."""
    return [found[min(rank, len(found) - 1)].text for found in outputs]


def models_for(service: Service, asked: Languages) -> list[ServedModel]:
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


async def choice_of(service: Service, candidates: Sequence[ServedModel], asked: Languages, text: str) -> Choice:
    """Return the model for a text, one of the candidates."""
    if asked.source != AUTO:
        exact = [model for model in candidates if model.source_language.lower() == asked.source.lower()]
        return Choice((exact or candidates)[0], None)
    best = (await detected(candidates, text))[0]
    model = next(model for model in candidates if model.source_language == best.language)
    return Choice(model, detected_language(best))


def detected_language(found: Detected) -> DetectedLanguage:
    """Return a detected language as the endpoints do."""
    return DetectedLanguage(found.confidence, found.language)


TRANSLATE = Endpoint(
    "POST",
    "/translate",
    "Translate texts",
    TranslateRequest,
    TranslateAnswer,
    translate,
    events=TextEvent | TranslateAnswer,
    forms=True,
    tag=TAG,
)
