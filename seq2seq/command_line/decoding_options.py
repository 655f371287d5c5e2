"""Decoding options on the command line, shared by the tasks' verbs, ``evaluate`` and ``chat``."""

import sys
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.command_line.arguments import add_options, chosen
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import OF_SEARCH, RerankOptions, SamplingOptions, SearchOptions, WritingOptions
from seq2seq.errors import UserError
from seq2seq.models.joint.companions import FORMS, Companions
from seq2seq.options import within
from seq2seq.safe_text import in_line

if TYPE_CHECKING:
    import argparse

    from seq2seq.models.bundle_config import BundleConfig

LM_WEIGHT = 0.2
"""Default weight of a language model."""
LANGUAGES = "--source_language CODE and --target_language CODE"
OF_DRAWING = ("temperature", "top_k", "top_p", "min_p", "drawing_seed")


def add_decoding(parser: "argparse.ArgumentParser", seed: str = "--seed", *, has_glossary: bool = True) -> None:
    """Add the decoding options to a parser; `seed` is the option for the sampling seed."""
    group = parser.add_argument_group("search or sample (default: as the model does)")
    group.add_argument("--search", action="store_true", help="search for the best outputs; implied by beam options")
    group.add_argument("--greedy", action="store_true", help="greedy search: take the most probable piece at each step")
    group.add_argument("--sample", action="store_true", help="sample outputs instead of searching for the best")
    add_options(parser, "search and constraints (default: the model's own)", SearchOptions, skip=["n_best"])
    parser.add_argument("--banned_file", metavar="FILE", help="a file of banned words or phrases, one per line")
    if has_glossary:
        parser.add_argument(
            "--glossary",
            metavar="FILE",
            help="terms that must be translated as given: a file with a term, a tab and its translation in each line "
            "('a|b' accepts either), or a .tmx or .tbx file",
        )
    drawing = add_options(parser, "sampling (default: the model's own)", SamplingOptions, skip=["seed"])
    drawing.add_argument(seed, dest="drawing_seed", type=int, metavar="N", help="Seed for sampling.")
    ranking = add_options(parser, "ranking candidates (default: the model's own)", RerankOptions)
    ranking.add_argument(
        "--reverse", metavar="MODEL", help="rank by mutual information with a model trained with --data.reverse true"
    )
    ensemble = parser.add_argument_group("ensemble")
    ensemble.add_argument(
        "--ensemble",
        metavar="MODEL",
        action="append",
        help="another model with the same tokenizer, whose predictions are averaged with the model's at each step; "
        "repeat for several",
    )
    ensemble.add_argument(
        "--ensemble_form", choices=FORMS, help="the mean of probabilities (linear, the default) or of their logarithms"
    )
    fusion = parser.add_argument_group("language model fusion")
    fusion.add_argument("--lm", metavar="MODEL", help="a model of running text (generation) with the same tokenizer")
    fusion.add_argument(
        "--lm_weight",
        metavar="X",
        type=float,
        help=f"weight of its log probability at each step ({LM_WEIGHT}; with --anti_weight 0)",
    )
    parser.set_defaults(drawing_seed_option=seed, **({} if has_glossary else {"glossary": None}))


def decoding_of(options: "argparse.Namespace", config: "BundleConfig", count: int = 1) -> Decoding:
    """Return the model's decoding settings updated by the options of `add_decoding`; `count` is outputs per source.

    Raises:
        UserError: If options contradict each other; the message names them.
    """
    if options.greedy:
        for name in ("sample", "nbest", *OF_SEARCH, *OF_DRAWING):
            if getattr(options, name, None):
                typed_name = options.drawing_seed_option if name == "drawing_seed" else f"--{name}"
                raise UserError(f"--greedy does not sample and uses one beam: leave it out, or {typed_name}.")
        options.beam_size = options.groups = 1
    names = {"drawing_seed": options.drawing_seed_option}
    searching, drawing = (
        [names.get(name, f"--{name}") for name in some if getattr(options, name) is not None]
        for some in (OF_SEARCH, OF_DRAWING)
    )
    if options.sample and options.search:
        raise UserError("--search looks for the best outputs and --sample samples: leave out one of them.")
    if options.sample and searching:
        raise UserError(f"{searching[0]} belongs to a search: leave out --sample.")
    if options.search and drawing:
        raise UserError(f"{drawing[0]} is for sampling: leave out --search.")
    if searching and drawing:
        raise UserError(f"{searching[0]} belongs to a search, but {drawing[0]} is for sampling: leave out one of them.")
    is_drawing = options.sample or (config.sampling is not None and not options.search and not searching)
    if drawing and not is_drawing:
        raise UserError(
            f"--temperature, --top_k, --top_p, --min_p and {options.drawing_seed_option} are for sampling: "
            "add --sample."
        )
    sampling = None
    if is_drawing:
        sampling = chosen(config.sampling or SamplingOptions(), options, skip=["seed"])
        sampling = sampling if options.drawing_seed is None else replace(sampling, seed=options.drawing_seed)
    search, rerank = search_of(options, config), _rerank(options, config)
    if options.glossary is None:
        return Decoding(search, sampling, rerank, count)
    from seq2seq.decoding.phrases.glossary import Glossary

    reader = config.reader
    source = getattr(options, "source_language", None) or reader.source_language
    target = getattr(options, "target_language", None) or reader.target_language
    glossary = Glossary.read(Path(options.glossary), source, target, LANGUAGES)
    return Decoding(search, sampling, rerank, count, glossary)


def say_of_glossary(decoding: Decoding) -> None:
    """Print what was left out of the glossary's file, if anything was."""
    if decoding.glossary is not None and decoding.glossary.note:
        print(in_line(decoding.glossary.note), file=sys.stderr)


def search_of(options: "argparse.Namespace", config: "BundleConfig") -> WritingOptions:
    """Return the search settings, with banned words from the command line and a file, or else from the model."""
    from seq2seq.files.text_lines import lines

    search = chosen(config.search, options)
    banned = search.banned
    if options.banned_file:
        banned = (*(options.banned or ()), *lines(Path(options.banned_file)))
    return replace(search, banned=tuple(word for word in banned if word.strip()))


def reverse_of(options: "argparse.Namespace", config: "BundleConfig") -> Path | None:
    """Return the folder of the reverse model, or None.

    Raises:
        UserError: If there is no such model, or if it is not the reverse of this one.
    """
    from seq2seq.models.bundle import find, read_config
    from seq2seq.models.bundle_config import require_reverse

    if not options.reverse:
        return None
    folder = find(options.reverse)
    require_reverse(config, read_config(folder), options.reverse)
    return folder


def companions_of(options: "argparse.Namespace") -> Companions:
    """Return the models that decode together with the model.

    Raises:
        UserError: If there is no such model, or if options need a model that is not given.
    """
    from seq2seq.models.bundle import find

    if options.ensemble_form and not options.ensemble:
        raise UserError("--ensemble_form says how several models are averaged: add --ensemble MODEL.")
    ensemble, form = tuple(find(name) for name in options.ensemble or ()), options.ensemble_form or FORMS[0]
    if not options.lm:
        if options.lm_weight is not None:
            raise UserError("--lm_weight weighs a language model: add --lm MODEL.")
        return Companions(ensemble, form)
    if options.lm_weight is not None:
        within("--lm_weight", options.lm_weight, 0, 1000)
    default = 0.0 if options.anti_weight else LM_WEIGHT
    return Companions(ensemble, form, find(options.lm), default if options.lm_weight is None else options.lm_weight)


def _rerank(options: "argparse.Namespace", config: "BundleConfig") -> RerankOptions | None:
    is_chosen = any(getattr(options, field.name) is not None for field in fields(RerankOptions))
    if options.anti_weight and not options.lm:
        raise UserError("--anti_weight weighs a language model: add --lm MODEL.")
    if options.anti_pieces is not None and not options.anti_weight:
        raise UserError("--anti_pieces belongs to --anti_weight: give it a weight above 0.")
    if not is_chosen and not options.reverse:
        return None
    rerank = chosen(config.rerank or RerankOptions(), options)
    if options.reverse and rerank.utility != "none":
        raise UserError(f"--utility {rerank.utility} ranks candidates by itself: leave out --reverse.")
    if not options.reverse:
        if options.reverse_weight:
            raise UserError("--reverse_weight weighs a reverse model: add --reverse MODEL.")
        return replace(rerank, reverse_weight=0.0)
    if not rerank.reverse_weight:
        raise UserError(
            "--reverse names a model that ranks candidates, but --reverse_weight is 0: leave out one of them."
        )
    return rerank
