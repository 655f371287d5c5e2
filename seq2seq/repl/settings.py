"""Selects the settings to list, and explains settings that currently have no effect."""

from dataclasses import fields

from seq2seq.decoding.options import OF_SEARCH, RerankOptions, SamplingOptions, SearchOptions
from seq2seq.sessions.settings import Settings

MAIN = (
    *("sample", "temperature", "top_k", "top_p", "seed"),
    *("beam_size", "max_length", "no_repeat_ngram", "repetition_penalty", "banned"),
)
"""The main settings; ``/set all`` also lists the others."""
_OF_SAMPLING = tuple(field.name for field in fields(SamplingOptions))
_OF_RANKING = tuple(field.name for field in fields(RerankOptions))
_OF_SCORES = ("length_penalty", "length_alpha")


def listed(settings: Settings, begun: Settings, *, is_all: bool) -> list[str]:
    """Return the names of all settings, or unless `is_all`, of the main ones and those changed since `begun`."""
    now, before = settings.values(), begun.values()
    return [name for name in now if is_all or name in MAIN or now[name] != before[name]]


def idle(settings: Settings, name: str) -> str:
    """Return the reason why a setting has no effect on the next output; '' if it has an effect."""
    search, is_drawn, is_ranked = settings.search, settings.sample, settings.ranked
    if name in _OF_SAMPLING and not is_drawn:
        return "sample is false"
    if name in _OF_RANKING and not is_ranked:
        return "ranked is false"
    if name in OF_SEARCH and is_drawn:
        return "sample is true"
    if name in _OF_SCORES and not is_ranked and is_drawn:
        return "sample is true"
    if isinstance(search, SearchOptions):
        if name in (*_OF_SCORES, "coverage_beta") and not is_ranked and search.beam_size == 1:
            return "beam_size is 1"
        if name == "length_alpha" and search.length_penalty == "none":
            return "length_penalty is none"
        if name == "diversity" and search.groups == 1:
            return "groups is 1"
        if name in ("max_length_ratio", "max_length_extra") and search.max_length > 0:
            return f"max_length is {search.max_length}"
    if name == "anti_pieces" and settings.rerank.anti_weight == 0:
        return "anti_weight is 0"
    return ""
