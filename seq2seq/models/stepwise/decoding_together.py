"""Requests and batches of either kind of model."""

from collections.abc import Sequence
from typing import cast

from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.models.stepwise.job import Batch, Job, Part, Request
from seq2seq.models.stepwise.prompt_batch import PromptBatch, PromptPart, PromptRequest
from seq2seq.models.stepwise.source_batch import SourceBatch
from seq2seq.models.stepwise.source_request import SourcePart, SourceRequest


def request_of(model: LoadedModel, job: Job, *, is_streamed: bool, batch_tokens: int) -> Request:
    """Return the request of a job.

    Args:
        model: The model.
        job: The job.
        is_streamed: Whether its text is shown while it is generated.
        batch_tokens: Maximum number of source tokens per batch, beams or samples included.

    Raises:
        UserError: If the model does not support the decoding.
    """
    if isinstance(model, LanguageModel):
        return PromptRequest(model, job, is_streamed=is_streamed)
    return SourceRequest(cast(SourceModel, model), job, is_streamed=is_streamed, batch_tokens=batch_tokens)


def batch_of(model: LoadedModel, parts: Sequence[Part]) -> Batch:
    """Return a batch of parts of the model's requests, which have equal keys."""
    if isinstance(model, LanguageModel):
        return PromptBatch(model, cast(Sequence[PromptPart], parts))
    return SourceBatch(cast(SourceModel, model), cast(Sequence[SourcePart], parts))
