"""Verify the sample tales: ``python -m seq2seq_samples.generation.proof [MODEL] [--count N] ...``.

The module generates the corpus and checks its texts. Given a model (a run folder or an exported bundle), it also
samples tales from the model and compares them with the training set. The exit status is 1 if a claim does not hold, and
2 if the model or a sampling option is unsuitable.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from seq2seq.decoding.options import SamplingOptions
from seq2seq.errors import UserError
from seq2seq.metrics.longest_copies import Source
from seq2seq_samples.engine.proof import Finding, at_least, elsewhere, never, show, within
from seq2seq_samples.engine.splits import LANGUAGE_NAMES, LANGUAGES
from seq2seq_samples.generation.grammar import Plot, Tale
from seq2seq_samples.generation.lexicon import CLASSES
from seq2seq_samples.generation.model_tales import ModelTales, compare, sampled
from seq2seq_samples.generation.plots import PLOTS
from seq2seq_samples.generation.repeats import Repeats
from seq2seq_samples.generation.sample import SEED, SIZES
from seq2seq_samples.generation.tales import LENGTHS, RUN, generate, is_fit, words_of
from seq2seq_samples.generation.wording import fragments, parsed, words

if TYPE_CHECKING:
    from seq2seq.models.language_model import LanguageModel

LEAST_PLOTS = 12
LEAST_WAYS = 10**20
"""Minimum number of possible tales per plot, not counting the choice of characters and things."""
LEAST_KNOWN = 97
"""Minimum percentage of the words in a model's tales that occur in the training set."""
UNITS = {"en": "words", "zh": "characters"}
_SENTENCE = re.compile(r"[.!?。！？]")


def check(splits: dict[str, list[Tale]]) -> list[Finding]:
    """Check every claim about the corpus."""
    findings = []
    for split, tales in splits.items():
        others = elsewhere(splits, split)
        texts = {tale.text for tale in others}
        taken = {character for tale in others for character in tale.characters}
        english = sum(tale.language == "en" for tale in tales)
        findings += [
            Finding(f"half of {split} is Chinese", "" if 2 * english == len(tales) else f"{english} are English"),
            never(f"no tale of {split} is in another split", (tale.text for tale in tales if tale.text in texts)),
            never(
                f"no character of {split}, a name with its kind, is in another split",
                (" ".join(character) for tale in tales for character in tale.characters if character in taken),
            ),
            never(
                f"every tale of {split} has several sentences and one or two paragraphs",
                (tale.text for tale in tales if len(_SENTENCE.findall(tale.text)) < 4 or tale.text.count("\n") > 1),
            ),
        ]
    for language in LANGUAGES:
        findings += _of_language(
            language, {split: [tale for tale in tales if tale.language == language] for split, tales in splits.items()}
        )
    return findings


def describe(splits: dict[str, list[Tale]]) -> None:
    """Print statistics of splits, vocabularies and plots, and the longest run that validation shares with training."""
    for split, tales in splits.items():
        size = sum(len(tale.text.encode()) for tale in tales)
        print(f"{split:<11} {len(tales)} tales, {size / 1e6:.2f} MB")
    for language in LANGUAGES:
        train = [tale for tale in splits["train"] if tale.language == language]
        texts = [tale.text for tale in splits["validation"] if tale.language == language]
        ways = [plot.ways() for plot in PLOTS[language]]
        run = Source([tale.text for tale in train]).longest_run(texts).text
        print(
            f"{LANGUAGE_NAMES[language]:<11} {len(_vocabulary(train))} different {UNITS[language]}, {len(ways)} plots"
        )
        print(f"{'':<11} each can be told in {min(ways):.0e} to {max(ways):.0e} ways, characters and things aside")
        print(f"{'':<11} longest run of validation in train: {len(run)} characters, {run!r}")


def check_model(measured: Mapping[str, ModelTales]) -> list[Finding]:
    """Check a model's tales, by language."""
    findings = []
    for language, tales in measured.items():
        name = LANGUAGE_NAMES[language]
        findings += [
            Finding(f"the model writes {name} tales", "" if tales.texts else "it wrote none"),
            within(
                f"at least {LEAST_KNOWN} % of the {UNITS[language]} of its {name} tales are in train",
                tales.percent,
                least=LEAST_KNOWN,
            ),
            Finding(
                f"none of its {name} tales has {RUN} characters in a row in common with train",
                tales.copied if len(tales.copied) >= RUN else "",
            ),
        ]
    return findings


def main(arguments: Sequence[str] | None = None) -> int:
    """Generate and check the corpus, print the results, and return the exit status."""
    parser = argparse.ArgumentParser(
        "python -m seq2seq_samples.generation.proof", description="Check the sample tales."
    )
    parser.add_argument("model", nargs="?", help="a model of the tales, to look at what it writes")
    parser.add_argument("--count", type=int, default=100, metavar="N", help="tales that it writes")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed of their draw")
    parser.add_argument("--top_p", type=float, metavar="P", help="sample with this instead of the model's options")
    parser.add_argument("--min_p", type=float, metavar="P", help="the same")
    given = parser.parse_args(arguments)
    own = {name: getattr(given, name) for name in ("top_p", "min_p") if getattr(given, name) is not None}
    try:
        model = _opened(given.model) if given.model else None  # first, because generating the corpus takes a while
        sampling = SamplingOptions(**own)
    except UserError as error:
        parser.error(str(error))
    splits = generate(*SIZES, SEED)
    describe(splits)
    findings = check(splits)
    if model:
        try:
            drawing = replace(sampling if own else model.sampling or sampling, seed=given.seed)
            measured = compare(sampled(model, given.count, drawing), splits["train"])
        except UserError as error:
            parser.error(str(error))
        for language, tales in measured.items():
            print(
                f"the model   {len(tales.texts)} {LANGUAGE_NAMES[language]} tales; {tales.percent:.1f} % of "
                f"{tales.words} {UNITS[language]} are in train; longest run copied: {len(tales.copied)} characters, "
                f"{tales.copied!r}"
            )
        findings += check_model(measured)
    return show(findings)


def _opened(path: str) -> "LanguageModel":
    from seq2seq.models.language_model import LanguageModel
    from seq2seq.models.load import load

    model = load(path)
    if not isinstance(model, LanguageModel):
        raise UserError(f"{path} is a model for {model.task.name}: give one for generation.")
    return model


def _of_language(language: str, splits: dict[str, list[Tale]]) -> Iterator[Finding]:
    """Check the claims about the tales of one language."""
    name, train, plots = LANGUAGE_NAMES[language], splits["train"], PLOTS[language]
    known = _vocabulary(train)
    learned = Repeats((tale.text for tale in train), RUN)
    lengths = LENGTHS[language]
    for split, tales in splits.items():
        yield never(
            f"every {name} tale of {split} has {lengths[0]} to {lengths[-1]} {UNITS[language]}",
            (tale.text for tale in tales if not is_fit(tale)),
        )
        told_plots = {tale.plot for tale in tales}
        yield never(f"every {name} plot is in {split}", (plot.name for plot in plots if plot.name not in told_plots))
        if split != "train":
            yield never(
                f"all {name} {UNITS[language]} of {split} are in train",
                (word for tale in tales for word in sorted(words_of(tale) - known)),
            )
            yield never(
                f"no {name} tale of {split} has {RUN} characters in a row in common with train",
                filter(None, (learned.find(tale.text) for tale in tales)),
            )
    text = "\n".join(tale.text for tale in train).casefold()
    yield at_least(f"there are at least {LEAST_PLOTS} {name} plots", len(plots), LEAST_PLOTS)
    yield never(
        f"every {name} plot can be told in at least {LEAST_WAYS:.0e} ways",
        (f"{plot.name}: {plot.ways():.1e}" for plot in plots if plot.ways() < LEAST_WAYS),
    )
    yield never(f"every wording of every {name} plot is in train", chain(*(_untold(plot, train) for plot in plots)))
    yield never(
        f"everything in the {name} lexicon is in train",
        (entry for kind in CLASSES[language] for entry in _listed(language, kind) if entry.casefold() not in text),
    )


def _untold(plot: Plot, train: list[Tale]) -> Iterator[str]:
    """Yield every fixed part of a plot's text that occurs in none of its training tales."""
    text = "\n".join(tale.text for tale in train if tale.plot == plot.name).casefold()
    for line in plot.lines:
        for fragment in fragments(line.wording):
            if fragment.casefold() not in text:
                yield f"{plot.name}: {fragment}"


def _listed(language: str, kind: str) -> Iterator[str]:
    """Yield the fixed parts of a lexicon class's entries, without measure words."""
    for entry in words(language, kind):
        yield from fragments(parsed(entry.partition(":")[2] or entry))


def _vocabulary(tales: Iterable[Tale]) -> set[str]:
    return set(chain.from_iterable(map(words_of, tales)))


if __name__ == "__main__":
    sys.exit(main())
