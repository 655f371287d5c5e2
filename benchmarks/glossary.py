"""Measure a glossary: share of terms right, scores, and speed, with and without it.

    python -m benchmarks.glossary MODEL SOURCE REFERENCE --train SOURCE TARGET [--terms 200]
        [--occurrences 10 1000] [--other] [--beams 5 10]
    python -m benchmarks.glossary MODEL SOURCE REFERENCE --glossary FILE

MODEL translates the lines of SOURCE, and REFERENCE has their translations. Without --glossary, a glossary is made from
training text (never from the lines that are translated): words of the source language with the translations that occur
with them most often, measured by the Dice coefficient of sentences. A translation and its inflections are alternatives.

--other requires other words instead: those that occur second most often with each term. Models rarely write them, so
most sources with terms are searched twice; this shows the cost of a glossary that contradicts the model.

A term counts for each source in which it matches. It is right if the output contains one of its translations. The share
is also given for those terms that the reference translates as the glossary does. Times are CPU seconds on one thread.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import process_time

import torch

from benchmarks.measurement import finish, matrix_rate
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.decoding.phrases.glossary import Glossary, Term, TermMatcher, occurs
from seq2seq.files.text_lines import lines
from seq2seq.malloc import keep_freed_memory
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.placement import Placement

WORD = re.compile(r"\w+")
STEM = 4
"""Number of first letters that the inflections of a word share."""


@dataclass(frozen=True)
class Figure:
    """What was measured of a search.

    Args:
        beam_size: Number of hypotheses.
        glossary: Whether the glossary was used.
        scores: The score of each of the task's metrics.
        terms: Number of terms in the sources.
        sources_again: Number of sources that were searched again, because an output lacked a term.
        right: Share of them that the outputs contain.
        right_in_reference: Share of those that the references contain, too.
        sentences_per_cpu_second: Throughput in batches.
    """

    beam_size: int
    glossary: bool
    scores: dict[str, float]
    terms: int
    sources_again: int
    right: float
    right_in_reference: float
    sentences_per_cpu_second: float


def induced(pairs: Iterable[tuple[str, str]], count: int, least: int, most: int, *, is_other: bool = False) -> Glossary:
    """Return the `count` terms whose translations are most certain.

    Args:
        pairs: Sentences and their translations, in languages with spaces between words.
        count: Number of terms.
        least: Minimum number of sentences that have a term.
        most: Maximum number.
        is_other: Whether to return the second best translations instead.
    """
    words = [(set(WORD.findall(source)), set(WORD.findall(target.lower()))) for source, target in pairs]
    sources = Counter(word for own, _ in words for word in own)
    targets = Counter(word for _, own in words for word in own)
    together: dict[str, Counter[str]] = {
        word: Counter() for word, times in sources.items() if least <= times <= most and len(word) >= STEM
    }
    for own, others in words:
        for word in own & together.keys():
            together[word].update(others)
    found: list[tuple[float, str, list[str]]] = []
    for word, counts in together.items():
        dice = {other: 2 * times / (sources[word] + targets[other]) for other, times in counts.items()}
        best = max(dice, key=lambda other: (dice[other], other))
        score = dice[best]
        if is_other:
            best = max(
                (other for other in dice if other[:STEM] != best[:STEM] and len(other) >= STEM),
                key=lambda other: (dice[other], other),
                default=best,
            )
        inflected = [other for other in dice if is_inflection(other, best) and 10 * dice[other] >= dice[best]]
        found.append((score, word, sorted(inflected, key=lambda other: (-dice[other], other))))
    found.sort(key=lambda term: (-term[0], term[1]))
    return Glossary([(word, translations) for _, word, translations in found[:count]])


def is_inflection(word: str, other: str) -> bool:
    """Return whether two words probably are forms of the same one."""
    return word[:STEM] == other[:STEM] and abs(len(word) - len(other)) <= 3


def right(terms: Sequence[tuple[int, Term]], texts: Sequence[str]) -> float:
    """Return the share of terms, each with the number of its text, that the texts contain."""
    return round(sum(any(occurs(target, texts[row]) for target in term.targets) for row, term in terms) / len(terms), 4)


def main(arguments: list[str] | None = None) -> None:
    """Measure each number of beams with and without the glossary, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a run or a model folder")
    parser.add_argument("source", type=Path, help="lines to translate")
    parser.add_argument("reference", type=Path, help="their translations")
    parser.add_argument("--glossary", type=Path, help="a glossary, instead of one made from training text")
    parser.add_argument("--train", nargs=2, type=Path, metavar=("SOURCE", "TARGET"), help="aligned training text")
    parser.add_argument("--terms", type=int, default=200, help="number of terms to make from training text")
    parser.add_argument(
        "--occurrences",
        nargs=2,
        type=int,
        default=[10, 1000],
        metavar=("LEAST", "MOST"),
        help="number of training sentences that have a term",
    )
    parser.add_argument("--other", action="store_true", help="require the second best translations instead")
    parser.add_argument("--beams", nargs="+", type=int, default=[5, 10], help="numbers of beams")
    parser.add_argument("--most", type=int, default=1000, help="largest number of lines to translate")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    if (given.glossary is None) == (given.train is None):
        parser.error("give either --glossary or --train")
    torch.set_num_threads(1)
    keep_freed_memory()
    before = matrix_rate()
    model = load(given.model, Placement(threads=1))
    assert isinstance(model, SourceModel)
    texts, references = (list(lines(path))[: given.most] for path in (given.source, given.reference))
    if given.glossary is not None:
        glossary = Glossary.read(given.glossary)
    else:
        glossary = induced(
            zip(*map(lines, given.train), strict=True), given.terms, *given.occurrences, is_other=given.other
        )
    matcher = TermMatcher(glossary)
    terms = [(row, term) for row, text in enumerate(texts) for term in matcher.terms(text)]
    in_reference = [
        (row, term) for row, term in terms if any(occurs(target, references[row]) for target in term.targets)
    ]
    has_terms = len({row for row, _ in terms})
    print(f"{len(glossary)} terms, {len(terms)} times in {has_terms} of {len(texts)} sources", flush=True)
    print(f"{len(in_reference)} of them as in the reference", flush=True)
    model.decode(texts[:32])
    figures: list[Figure] = []
    for beams in given.beams:
        lacking = 0
        for has_glossary in (False, True):
            search = replace(of_sources(model.search), beam_size=beams, n_best=1)
            decoding = Decoding(search, glossary=glossary if has_glossary else None)
            start = process_time()
            outputs = [candidates[0].text for candidates in model.decode(texts, decoding)]
            seconds = process_time() - start
            scores = {
                metric.name: round(metric.score(outputs, [[one] for one in references]), 2)
                for metric in model.task.metrics(model.reader)
            }
            figures.append(
                Figure(
                    beams,
                    has_glossary,
                    scores,
                    len(terms),
                    lacking,
                    right(terms, outputs),
                    right(in_reference, outputs),
                    round(len(texts) / seconds, 1),
                )
            )
            lacking = len({row for row, term in terms if not right([(row, term)], outputs)})
            print("  ".join(f"{name} {value}" for name, value in asdict(figures[-1]).items()), flush=True)
    finish("benchmarks/glossary.py", figures, before, given.json, terms=len(glossary), sources_with_terms=has_terms)


if __name__ == "__main__":
    main()
