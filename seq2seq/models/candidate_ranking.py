"""Rank candidates with the scores of a reverse model (source given candidate) and of a language model, or by utility.

The formulas are in `seq2seq.decoding.ranking`.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SearchOptions
from seq2seq.decoding.output import Output, PairScore
from seq2seq.decoding.ranking.expected_utility import expected_utilities
from seq2seq.decoding.ranking.reranking import distinct, scores
from seq2seq.errors import UserError
from seq2seq.models.bundle import Bundle
from seq2seq.models.bundle_config import require_reverse
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.sources import source_of


def require_rankers(decoding: Decoding, own: Bundle, reverse: Bundle | None, *, has_language_model: bool) -> None:
    """Check that the models needed for ranking are given, and that no reverse model is given without need.

    Raises:
        UserError: If a model is missing, if the reverse model is unused, or if it is not a reverse model.
    """
    rerank = decoding.rerank
    if rerank is not None and rerank.anti_weight and not has_language_model:
        raise UserError(
            f"anti_weight {rerank.anti_weight:g} weighs a language model, but there is none: name "
            "one (--lm MODEL, model.along(other, 0)), or set anti_weight to 0."
        )
    if rerank is None or not rerank.uses_reverse:
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
    require_reverse(own.config, reverse.config, str(reverse.folder))


def ranked(
    texts: Sequence[str | Example],
    candidates: Sequence[Sequence[Output]],
    options: RerankOptions,
    search: SearchOptions,
    reader: Reader,
    reverse_score: Callable[[Sequence[Example], Sequence[Example]], list[PairScore]] | None,
    language_model: LanguageModel | None,
    *,
    are_drawn: bool,
) -> list[list[Output]]:
    """Return the distinct candidates of each source, best first, with their ranking scores.

    Args:
        texts: The sources.
        candidates: The candidates of each source.
        options: Ranking weights.
        search: Search options, which include the length penalty.
        reader: The forward model's reader.
        reverse_score: Scores pairs with the reverse model; None if its weight is zero.
        language_model: Scores candidates without their source; None if its weight is zero.
        are_drawn: Whether the candidates are draws and not those of a search.
    """
    if options.utility != "none":
        return [_by_utility(outputs, options.utility, are_drawn=are_drawn) for outputs in candidates]
    kept = []
    for outputs in candidates:
        places = distinct([output.text for output in outputs], [output.log_probability for output in outputs])
        kept.append([outputs[place] for place in places])
    backward, alone = (iter([0.0] * sum(map(len, kept))) for _ in range(2))
    if reverse_score is not None:
        pairs = []
        for text, outputs in zip(texts, kept, strict=True):
            source = source_of(text, reader)
            targets = (reader.target(output.text) for output in outputs)
            pairs += [reader.reversed(Example(source, target)) for target in targets]
        backward = iter([pair.log_probability / pair.tokens for pair in reverse_score(pairs, pairs)])
    if language_model is not None:
        written = [output.text for outputs in kept for output in outputs]
        alone = iter(language_model.beginnings(written, options.anti_pieces))
    result = []
    for outputs in kept:
        values = scores(
            [output.log_probability for output in outputs],
            [len(output.ids) + 1 for output in outputs],
            [next(backward) for _ in outputs],
            options,
            search,
            [next(alone) for _ in outputs],
        )
        result.append(_sorted(outputs, values))
    return result


def _by_utility(outputs: Sequence[Output], utility: str, *, are_drawn: bool) -> list[Output]:
    """Return the distinct candidates of a source, that of the highest expected utility first."""
    texts, logs = [output.text for output in outputs], [output.log_probability for output in outputs]
    kept = [outputs[place] for place in distinct(texts, logs)]
    mass = dict.fromkeys(texts, 0.0)  # the weight of a text is that of all its candidates
    for text, log in zip(texts, logs, strict=True):
        mass[text] += 1.0 if are_drawn else math.exp(log - max(logs))
    weights = [mass[output.text] for output in kept]
    values = expected_utilities([output.text for output in kept], [output.ids for output in kept], weights, utility)
    return _sorted(kept, values)


def _sorted(outputs: Sequence[Output], scores: Sequence[float]) -> list[Output]:
    """Return outputs with their ranking scores, best first."""
    scored = [replace(output, score=value) for output, value in zip(outputs, scores, strict=True)]
    return sorted(scored, key=lambda output: -output.score)
