"""Verify the sample corpus: ``python -m seq2seq_samples.summarization.proof``.

The module generates the corpus and checks its texts, not the templates. The exit status is 1 if a claim does not hold.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.proof import Finding, elsewhere, first, half_english, show
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.summarization.grammar import Report
from seq2seq_samples.summarization.reports import KINDS
from seq2seq_samples.summarization.retelling import retell, sentences_of
from seq2seq_samples.summarization.sample import LENGTHS, SEED, SIZES, generate, length

LEAST_PATTERNS = 10
LEAST_FACTS = 2
LENGTHS_OF_SUMMARIES = {"en": range(8, 17), "zh": range(12, 36)}
# Maximum percentages of summaries that quote a sentence or take the first facts; minimum percentage of documents with
# rivals.
MOST_QUOTED, MOST_FIRST, LEAST_RIVALS = 5, 45, 95


def check(splits: dict[str, list[Report]]) -> list[Finding]:
    """Check every claim about the corpus."""
    reports = list(chain.from_iterable(splits.values()))
    ways = {(one.kind, one.language, one.pattern) for one in splits["train"]}
    patterns = Counter((kind, language) for kind, language, _ in ways)
    poor = (
        f"{kind} in {language}" for kind in KINDS for language in LANGUAGES if patterns[kind, language] < LEAST_PATTERNS
    )
    findings = [
        Finding(f"train tells each kind in at least {LEAST_PATTERNS} ways in each language", first(poor)),
        _all("every document is as long as it should be", reports, has_good_length),
        _all(
            "every summary is as long as it should be",
            reports,
            lambda one: length(one.language, one.summary) in LENGTHS_OF_SUMMARIES[one.language],
        ),
        _all("every name and number of a summary is in its document", reports, has_its_facts),
        _all(
            "every summary can be told from its document alone",
            reports,
            lambda one: retell(one.language, one.document) == {one.summary},
        ),
        _share(
            f"at most {MOST_QUOTED} % of the summaries are a sentence of their document",
            is_quoted,
            reports,
            MOST_QUOTED,
        ),
        _share(
            f"at most {MOST_FIRST} % of the summaries hold the first name or number of each kind only",
            takes_the_first,
            reports,
            MOST_FIRST,
        ),
        _share(
            f"at least {LEAST_RIVALS} % of the documents distract by a name or number of the same kind",
            lambda one: not has_rivals(one),
            reports,
            100 - LEAST_RIVALS,
        ),
    ]
    trained = {language: _text(splits["train"], language) for language in LANGUAGES}
    for name in ("validation", "test"):
        findings += _held_out(name, splits, trained)
    return findings


def _held_out(name: str, splits: dict[str, list[Report]], trained: dict[str, str]) -> list[Finding]:
    split = splits[name]
    ways = {(one.kind, one.language, one.pattern) for one in splits["train"]}
    others = elsewhere(splits, name)
    texts = {one.document for one in others} | {one.summary for one in others}
    values = {(one.language, value.text) for one in split for value in (*one.facts, *one.others)}
    leaked = {value for language, value in values if place_of(value, trained[language]) >= 0}
    words = {language: set(words_of(language, text)) for language, text in trained.items()}
    spelling = {language: text.lower() for language, text in trained.items()}
    return [
        half_english(name, [one.language == "en" for one in split]),
        _all(f"no document of {name} is in another split", split, lambda one: one.document not in texts),
        _all(f"no summary of {name} is in another split", split, lambda one: one.summary not in texts),
        _all(
            f"no name or number of {name}, distractors included, is anywhere in train",
            split,
            lambda one: leaked.isdisjoint(value.text for value in (*one.facts, *one.others)),
        ),
        _all(
            f"every summary of {name} needs at least {LEAST_FACTS} of them",
            split,
            lambda one: len({fact.text for fact in one.facts if place_of(fact.text, one.summary) >= 0}) >= LEAST_FACTS,
        ),
        _all(
            f"every syllable and character of the names of {name} is in train",
            split,
            lambda one: all(
                piece.lower() in spelling[one.language]
                for value in (*one.facts, *one.others)
                for piece in value.pieces or value.text
            ),
        ),
        _all(
            f"every other word of {name} is in train",
            split,
            lambda one: words[one.language].issuperset(words_of(one.language, without_values(one))),
        ),
        _all(f"every pattern of {name} is in train", split, lambda one: (one.kind, one.language, one.pattern) in ways),
    ]


def has_good_length(one: Report) -> bool:
    """Return whether a document has three to six sentences and a length in `LENGTHS`."""
    sentences = len(sentences_of(one.language, one.document))
    return 3 <= sentences <= 6 and length(one.language, one.document) in LENGTHS[one.language]


def has_its_facts(one: Report) -> bool:
    """Return whether the document and the summary contain every fact in full."""
    return all(place_of(fact.text, text) >= 0 for fact in one.facts for text in (one.document, one.summary))


def is_quoted(one: Report) -> bool:
    """Return whether the summary is a verbatim sentence of the document."""
    return one.summary in sentences_of(one.language, one.document)


def has_rivals(one: Report) -> bool:
    """Return whether the document contains another value of the same kind as a fact in the summary."""
    kinds = {fact.kind for fact in one.facts}
    return any(value.kind in kinds and place_of(value.text, one.summary) < 0 for value in one.others)


def takes_the_first(one: Report) -> bool:
    """Return whether the facts of the summary are the first of their kinds in the document."""
    order = sorted((*one.facts, *one.others), key=lambda value: place_of(value.text, one.document))
    asked = Counter(fact.kind for fact in one.facts)
    first = {value for kind, many in asked.items() for value in [x for x in order if x.kind == kind][:many]}
    return first == set(one.facts)


def words_of(language: str, text: str) -> list[str]:
    """Return the English words or the Chinese characters of a text, and its punctuation."""
    return re.findall("[A-Za-z]+|[^A-Za-z0-9 \n]" if language == "en" else "[^0-9\n]", text)


def without_values(one: Report) -> str:
    """Return the document and the summary without names and numbers."""
    text = f"{one.document}\n{one.summary}"
    for value in (*one.facts, *one.others):
        while (start := place_of(value.text, text)) >= 0:
            text = text[:start] + text[start + len(value.text) :]
    return text


def main() -> int:
    """Generate and check the corpus, print the results, and return the exit status."""
    splits = generate(*SIZES, SEED)
    for name, made in splits.items():
        for language, unit in (("en", "English words"), ("zh", "Chinese characters")):
            reports = [one for one in made if one.language == language]
            documents, summaries = (
                f"{min(lengths)} to {max(lengths)} ({sum(lengths) / len(lengths):.1f} on average)"
                for lengths in (
                    [length(language, one.document) for one in reports],
                    [length(language, one.summary) for one in reports],
                )
            )
            print(f"{name:<11} {len(reports)} documents of {documents} {unit}, summaries of {summaries}")
        many = sum(len(one.facts) for one in made)
        different = len({fact.text for one in made for fact in one.facts})
        print(f"{'':<11} {many / len(made):.1f} names and numbers in a summary; {different} different ones")
        first = 100 * sum(map(takes_the_first, made)) / len(made)
        print(f"{'':<11} {first:.1f} % of the summaries take the first name or number of each kind")
    findings = check(splits)
    return show(findings)


def _text(reports: Sequence[Report], language: str) -> str:
    return "\n".join(f"{one.document}\n{one.summary}" for one in reports if one.language == language)


def _all(claim: str, reports: Iterable[Report], holds: Callable[[Report], bool]) -> Finding:
    return Finding(claim, first(one.document for one in reports if not holds(one)))


def _share(claim: str, counts: Callable[[Report], bool], reports: Sequence[Report], most: float) -> Finding:
    share = 100 * sum(map(counts, reports)) / len(reports)
    return Finding(claim, "" if share <= most else f"{share:.1f} %")


if __name__ == "__main__":
    sys.exit(main())
