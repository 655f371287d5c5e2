"""Measure a model's usual confidence, and choose sources that a new user can try first.

Confidence is the log probability per piece of an output. It is lower for text unlike the training data: a model trained
on the translation sample has a mean of -0.03 (standard deviation 0.07) on validation sentences, but -0.49 to -0.81 on
sentences of another kind. Such outputs are marked as doubtful.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from seq2seq.corpus.example import Example, Mark, plain
from seq2seq.models.bundle_config import Introduction

if TYPE_CHECKING:
    from seq2seq.decoding.method import Decoding
    from seq2seq.decoding.output import Output
    from seq2seq.models.loaded_model import LoadedModel
    from seq2seq.models.source_model import SourceModel

MEASURED = 32
"""Number of validation examples used for measuring confidence."""
TRIED, OPENERS = 24, 3
"""Number of short sources that are tried, and number of openers that are kept."""
LONGEST = 240
"""Maximum number of characters in an opener."""


def sureness(output: "Output") -> float:
    """Return the log probability per piece, end token included; for an output of several sentences, the lowest."""
    return min(part.log_probability / (len(part.pieces) + 1) for part in output.parts or (output,))


def introduced(model: "LoadedModel", examples: Sequence[Example], *, pairs: int, has_openers: bool) -> Introduction:
    """Measure a model on validation examples, and choose openers for which its outputs are good.

    `pairs` is the number of training examples. If `has_openers` is false, no openers are chosen, so no validation text
    is stored with the model.
    """
    from seq2seq.models.source_model import SourceModel

    if not isinstance(model, SourceModel):
        return Introduction(openers=_beginnings(examples) if has_openers else ())
    decoding = replace(model.decoding, count=1)
    chosen = _spread(examples, MEASURED)
    values = [sureness(output) for output in _outputs(model, chosen, decoding)]
    if not values:
        return Introduction(pairs)
    mean = sum(values) / len(values)
    spread = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    openers = _openers(model, examples, decoding) if has_openers else ()
    return Introduction(pairs, round(mean, 4), round(spread, 4), openers)


def _outputs(model: "SourceModel", examples: Sequence[Example], decoding: "Decoding") -> "list[Output]":
    return [outputs[0] for outputs in model.decode(list(examples), decoding, split=False)] if examples else []


def _openers(model: "SourceModel", examples: Sequence[Example], decoding: "Decoding") -> tuple[str, ...]:
    """Return short sources, alternating between scripts: first correct outputs, then the most confident ones."""
    short: dict[str, Example] = {}
    for example in _spread(examples, 20 * TRIED):
        text = plain(example.source)
        is_alone = not any(part in (Mark.TURN, Mark.LINE) for part in example.source if isinstance(part, Mark))
        if is_alone and "\n" not in text and 0 < len(text) <= LONGEST:
            short.setdefault(text, example)
    shortest = sorted(short.values(), key=lambda example: len(plain(example.source)))
    # The shortest sources resemble each other, so longer ones are tried, too.
    tried = _spread(shortest[: max(TRIED, len(shortest) // 2)], TRIED)

    def rank(pair: "tuple[Example, Output]") -> tuple[bool, float]:
        example, output = pair
        return output.text not in (plain(example.target), *example.references), -sureness(output)

    ranked = sorted(zip(tried, _outputs(model, tried, decoding), strict=True), key=rank)
    return _by_turns([plain(example.source).removeprefix(": ") for example, _ in ranked])


def _beginnings(examples: Sequence[Example]) -> tuple[str, ...]:
    """Return the first words of a few documents."""
    beginnings = []
    for example in _spread(examples, 4 * OPENERS):
        line = plain(example.target).strip().partition("\n")[0]
        words = line.split()
        beginnings.append(" ".join(words[:4]) if len(words) > 4 else line[:8])
    return _by_turns(list(dict.fromkeys(filter(None, beginnings))))


def _by_turns(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the first texts, alternating between Chinese and other languages."""
    chinese = [text for text in texts if any("\u4e00" <= character <= "\u9fff" for character in text)]
    others = [text for text in texts if text not in chinese]
    groups = [group for group in (others, chinese) if group]
    alternating = [text for row in range(OPENERS) for group in groups for text in group[row : row + 1]]
    return tuple(alternating[:OPENERS])


def _spread(examples: Sequence[Example], count: int) -> list[Example]:
    """Return at most `count` examples, evenly spaced."""
    size = min(count, len(examples))
    return [examples[place * len(examples) // size] for place in range(size)]
