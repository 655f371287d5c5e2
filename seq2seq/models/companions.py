"""The models that are asked beside a model: one of the other direction, and a language model.

The first ranks candidates by the log probability of their source (`seq2seq.decoding.reranking`). The second scores each
step of search and sampling (`seq2seq.decoding.shallow_fusion`), or whole candidates.
"""

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SearchOptions
from seq2seq.decoding.output import Output
from seq2seq.decoding.reranking import distinct, scores
from seq2seq.decoding.shallow_fusion import Fused
from seq2seq.errors import UserError
from seq2seq.models.bundle_config import require_reverse
from seq2seq.options import require, within

if TYPE_CHECKING:
    from seq2seq.models.source_model import Model


def with_language_model(model: "Model", other: "Model", weight: float) -> "Model":
    """Return a model fused with a language model; see `Model.along`."""
    from seq2seq.models.language_model import LanguageModel  # it is of the same class as `model`

    within("lm_weight", weight, 0, 1000)
    name, own_name = other.bundle.folder, model.bundle.folder
    if not isinstance(other, LanguageModel):
        raise UserError(
            f"{name} is a model for '{other.task.name}', which reads a source: only a model of running text, such "
            "as one of seq2seq fit generation, can be fused with another."
        )
    require(
        model.network.has_source,
        f"{own_name} writes without a source, but a language model is fused with a model that "
        "reads one: type reading.along(model, weight), where reading is such a model.",
    )
    made = copy.copy(model)
    made.language_model = other
    if weight:
        own, its = model.tokenizers.target, other.tokenizers.target
        require(
            own.digest() == its.digest(),
            f"{name} was trained with other pieces than {own_name} writes, so that it cannot score "
            "each of them: train it with the same tokenizer, --data.tokenizer.source_model "
            f"{own_name}/tokenizer/{'joint' if model.tokenizers.joint else 'target'}.model.",
        )
        require(
            other.has_end,
            f"{name} has learnt from one running text, and so knows no end of an output: train it on documents or, "
            "with --data.reader.lines true, on sentences.",
        )
        made.steps = Fused(model.network, other.network.to(model.device), weight, own.unknown)
    return made


def require_companions(model: "Model", decoding: Decoding, reverse: "Model | None") -> None:
    """Refuse a decoding without the models that it needs, and a reverse model that is none or has no say.

    Args:
        model: The model.
        decoding: Decoding options of its outputs.
        reverse: The reverse model; None if none was given.

    Raises:
        UserError: If one is missing or useless; names it.
    """
    rerank = decoding.rerank
    if rerank is not None and rerank.anti_weight and model.language_model is None:
        raise UserError(
            f"anti_weight {rerank.anti_weight:g} weighs a language model, but there is none: name "
            "one (--lm MODEL, model.along(other, 0)), or set anti_weight to 0."
        )
    if rerank is None or not rerank.reverse_weight:
        if reverse is not None:
            raise UserError(
                "A reverse model ranks candidates, but reverse_weight is 0 or no candidates are ranked: give "
                "Decoding(..., rerank=RerankOptions()), or leave it out."
            )
        return
    if reverse is None:
        raise UserError(
            f"reverse_weight {rerank.reverse_weight:g} weighs a reverse model, but none was given: name "
            "one, or set reverse_weight to 0."
        )
    require_reverse(model.bundle.config, reverse.bundle.config, str(reverse.bundle.folder))


def reranked(
    model: "Model",
    texts: Sequence[str | Example],
    found: Sequence[Sequence[Output]],
    options: RerankOptions,
    search: SearchOptions,
    reverse: "Model | None",
) -> list[list[Output]]:
    """Return the candidates of each text, each text once, best first, with the score that ranks them.

    Args:
        model: The model that produced the candidates.
        texts: The sources of the candidates.
        found: The candidates of each.
        options: Weights.
        search: Options that give the length penalty.
        reverse: The reverse model; None if its weight is zero.
    """
    kept = []
    for outputs in found:
        places = distinct([one.text for one in outputs], [one.log_probability for one in outputs])
        kept.append([outputs[place] for place in places])
    backwards = iter([0.0] * sum(map(len, kept)))
    if reverse is not None:
        pairs = []
        for text, outputs in zip(texts, kept, strict=True):
            source = text.source if isinstance(text, Example) else model.reader.source(text)
            targets = (model.reader.target(one.text) for one in outputs)
            pairs += [model.reader.reversed(Example(source, target)) for target in targets]
        backwards = iter([pair.log_probability / pair.tokens for pair in reverse.score(pairs, pairs)])
    alone = iter([0.0] * sum(map(len, kept)))
    if model.language_model is not None and options.anti_weight:
        replies = [one.text for outputs in kept for one in outputs]
        alone = iter(model.language_model.beginnings(replies, options.anti_pieces))
    result = []
    for outputs in kept:
        values = scores(
            [one.log_probability for one in outputs],
            [len(one.ids) + 1 for one in outputs],
            [next(backwards) for _ in outputs],
            options,
            search,
            [next(alone) for _ in outputs],
        )
        ranked = [replace(one, score=value) for one, value in zip(outputs, values, strict=True)]
        result.append(sorted(ranked, key=lambda one: -one.score))
    return result
