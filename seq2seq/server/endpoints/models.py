"""Endpoints that list the models: our own, /models, and OpenAI's, /v1/models."""

from dataclasses import dataclass
from typing import Literal

from seq2seq.decoding.options import SamplingOptions
from seq2seq.server.endpoints.languages import NoFields
from seq2seq.server.endpoints.openai_answers import openai_endpoint
from seq2seq.server.http.endpoint import Call, Endpoint
from seq2seq.server.http.service import Service
from seq2seq.server.served_models import UNDETERMINED, ServedModel, endpoint
from seq2seq.server.translation.language_names import language_name


@dataclass(frozen=True)
class DecodingAnswer:
    """How a model decodes if a request does not say.

    Args:
        method: 'beam', 'greedy' or 'sample'.
        beam_size: Number of hypotheses of a search.
        temperature: Divisor of the logits of a sample.
        top_p: See the request's options.
        top_k: See the request's options.
        min_p: See the request's options.
        max_length: Maximum number of pieces of an output; 0 depends on the length of the source.
    """

    method: Literal["beam", "greedy", "sample"]
    beam_size: int
    temperature: float
    top_p: float
    top_k: int
    min_p: float
    max_length: int


@dataclass(frozen=True)
class ModelAnswer:
    """A model.

    Args:
        name: The name that requests use.
        task: The task that it was trained for.
        verb: What it does.
        endpoint: Path of its endpoint.
        kind: What it reads: 'source' a text, 'dialogue' a conversation, 'text' a text to continue.
        source_language: Language of its sources; 'und' if it is unknown.
        target_language: Language of its outputs; 'und' if it is unknown.
        title: A name to show, such as its languages.
        summary: One line on the task.
        openers: Texts to try first.
        has_attention: Whether outputs have attention weights.
        copies: Whether it copies words of its source.
        decoding: How it decodes by default.
        weights: Number of its weights.
    """

    name: str
    task: str
    verb: str
    endpoint: str
    kind: Literal["source", "dialogue", "text"]
    source_language: str
    target_language: str
    title: str
    summary: str
    openers: tuple[str, ...]
    has_attention: bool
    copies: bool
    decoding: DecodingAnswer
    weights: int


@dataclass(frozen=True)
class ModelsAnswer:
    """The models of the server.

    Args:
        models: The models, in the order in which they were named.
    """

    models: tuple[ModelAnswer, ...]


def described(model: ServedModel) -> ModelAnswer:
    """Return a model as the endpoint does."""
    loaded = model.loaded
    own, sampling = loaded.decoding, loaded.decoding.sampling or loaded.sampling or SamplingOptions()
    method: Literal["beam", "greedy", "sample"] = "beam" if own.beams > 1 else "greedy"
    decoding = DecodingAnswer(
        "sample" if own.sampling else method,
        own.beams,
        float(sampling.temperature),
        float(sampling.top_p),
        sampling.top_k,
        float(sampling.min_p),
        own.search.max_length,
    )
    return ModelAnswer(
        model.name,
        model.task.name,
        model.task.verb,
        endpoint(model),
        model.kind,  # type: ignore[arg-type] # one of the three
        model.source_language,
        model.target_language,
        _title(model),
        model.task.summary,
        tuple(loaded.bundle.config.introduction.openers),
        model.has_attention,
        loaded.network.options.copying,
        decoding,
        loaded.network.weight_count(),
    )


def _title(model: ServedModel) -> str:
    source, target = model.source_language, model.target_language
    if UNDETERMINED in (source, target):
        return model.name
    if source == target:
        return f"{model.name} ({language_name(source)})"
    return f"{language_name(source)} to {language_name(target)}"


async def models(service: Service, _asked: NoFields, _call: Call) -> ModelsAnswer:
    """List the models."""
    return ModelsAnswer(tuple(map(described, service.models)))


MODELS = Endpoint("GET", "/models", "List the models", NoFields, ModelsAnswer, models)


@dataclass(frozen=True)
class OpenAIModel:
    """A model.

    Args:
        id: The name that requests use.
        created: When the server began, in seconds since 1970.
        object: 'model'.
        owned_by: 'seq2seq'.
    """

    id: str
    created: int
    object: Literal["model"] = "model"
    owned_by: str = "seq2seq"


@dataclass(frozen=True)
class OpenAIModels:
    """The models.

    Args:
        data: The models.
        object: 'list'.
    """

    data: tuple[OpenAIModel, ...]
    object: Literal["list"] = "list"


@dataclass(frozen=True)
class ModelRequest:
    """The name of a model.

    Args:
        model: The name.
    """

    model: str


def _as_openai(model: ServedModel) -> OpenAIModel:
    return OpenAIModel(model.name, model.begun)


async def openai_models(service: Service, _asked: NoFields, _call: Call) -> OpenAIModels:
    """List the models."""
    return OpenAIModels(tuple(map(_as_openai, service.models)))


async def openai_model(service: Service, asked: ModelRequest, _call: Call) -> OpenAIModel:
    """Describe a model."""
    return _as_openai(service.models.of_name(asked.model))


OPENAI_MODELS = (
    openai_endpoint("/v1/models", "List the models", NoFields, OpenAIModels, openai_models),
    openai_endpoint("/v1/models/{model:path}", "Describe a model", ModelRequest, OpenAIModel, openai_model),
)
