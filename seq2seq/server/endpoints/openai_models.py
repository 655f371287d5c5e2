"""OpenAI's endpoints that list the models."""

from dataclasses import dataclass
from typing import Literal

from seq2seq.server.endpoints.languages import NoFields
from seq2seq.server.endpoints.openai_answers import openai_endpoint
from seq2seq.server.http.endpoint import Call
from seq2seq.server.http.service import Service
from seq2seq.server.served_models import ServedModel


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


def _described(model: ServedModel) -> OpenAIModel:
    return OpenAIModel(model.name, model.begun)


async def models(service: Service, _asked: NoFields, _call: Call) -> OpenAIModels:
    """List the models."""
    return OpenAIModels(tuple(map(_described, service.models)))


async def model(service: Service, asked: ModelRequest, _call: Call) -> OpenAIModel:
    """Describe a model."""
    return _described(service.models.of_name(asked.model))


ENDPOINTS = (
    openai_endpoint("/v1/models", "List the models", NoFields, OpenAIModels, models),
    openai_endpoint("/v1/models/{model:path}", "Describe a model", ModelRequest, OpenAIModel, model),
)
