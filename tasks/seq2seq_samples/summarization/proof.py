"""Verify the sample corpus: ``python -m seq2seq_samples.summarization.proof``.

The module generates the corpus and checks its texts, not the templates. The exit status is 1 if a claim does not hold.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from seq2seq_samples.engine.held_out import place_of, without, words_of
from seq2seq_samples.engine.proof import Finding, elsewhere, half_english, never, percentage, show, within
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
    ways = {report.way for report in splits["train"]}
    patterns = Counter((kind, language) for kind, language, _ in ways)
    poor = (
        f"{kind} in {language}" for kind in KINDS for language in LANGUAGES if patterns[kind, language] < LEAST_PATTERNS
    )
    findings = [
        never(f"train tells each kind in at least {LEAST_PATTERNS} ways in each language", poor),
        _all("every document is as long as it should be", reports, has_good_length),
        _all(
            "every summary is as long as it should be",
            reports,
            lambda report: length(report.language, report.summary) in LENGTHS_OF_SUMMARIES[report.language],
        ),
        _all("every name and number of a summary is in its document", reports, has_its_facts),
        _all(
            "every summary can be told from its document alone",
            reports,
            lambda report: retell(report.language, report.document) == {report.summary},
        ),
        within(
            f"at most {MOST_QUOTED} % of the summaries are a sentence of their document",
            percentage(map(is_quoted, reports)),
            most=MOST_QUOTED,
        ),
        within(
            f"at most {MOST_FIRST} % of the summaries hold the first name or number of each kind only",
            percentage(map(takes_the_first, reports)),
            most=MOST_FIRST,
        ),
        within(
            f"at least {LEAST_RIVALS} % of the documents distract by a name or number of the same kind",
            percentage(map(has_rivals, reports)),
            least=LEAST_RIVALS,
        ),
    ]
    trained = {language: _text(splits["train"], language) for language in LANGUAGES}
    for name in ("validation", "test"):
        findings += _held_out(name, splits, trained)
    return findings


def _held_out(name: str, splits: dict[str, list[Report]], trained: dict[str, str]) -> list[Finding]:
    split = splits[name]
    ways = {report.way for report in splits["train"]}
    others = elsewhere(splits, name)
    texts = {report.document for report in others} | {report.summary for report in others}
    values = {(report.language, value.text) for report in split for value in report.values}
    leaked = {value for language, value in values if place_of(value, trained[language]) >= 0}
    words = {language: set(words_of(language, text)) for language, text in trained.items()}
    spelling = {language: text.lower() for language, text in trained.items()}
    return [
        half_english(name, [report.language == "en" for report in split]),
        _all(f"no document of {name} is in another split", split, lambda report: report.document not in texts),
        _all(f"no summary of {name} is in another split", split, lambda report: report.summary not in texts),
        _all(
            f"no name or number of {name}, distractors included, is anywhere in train",
            split,
            lambda report: leaked.isdisjoint(value.text for value in report.values),
        ),
        _all(
            f"every summary of {name} needs at least {LEAST_FACTS} of them",
            split,
            lambda report: (
                len({fact.text for fact in report.facts if place_of(fact.text, report.summary) >= 0}) >= LEAST_FACTS
            ),
        ),
        _all(
            f"every syllable and character of the names of {name} is in train",
            split,
            lambda report: all(
                piece.lower() in spelling[report.language]
                for value in report.values
                for piece in value.pieces or value.text
            ),
        ),
        _all(
            f"every other word of {name} is in train",
            split,
            lambda report: words[report.language].issuperset(words_of(report.language, _without_values(report))),
        ),
        _all(f"every pattern of {name} is in train", split, lambda report: report.way in ways),
    ]


def has_good_length(report: Report) -> bool:
    """Return whether a document has three to six sentences and a length in `LENGTHS`."""
    sentences = len(sentences_of(report.language, report.document))
    return 3 <= sentences <= 6 and length(report.language, report.document) in LENGTHS[report.language]


def has_its_facts(report: Report) -> bool:
    """Return whether the document and the summary contain every fact in full."""
    return all(place_of(fact.text, text) >= 0 for fact in report.facts for text in (report.document, report.summary))


def is_quoted(report: Report) -> bool:
    """Return whether the summary is a verbatim sentence of the document."""
    return report.summary in sentences_of(report.language, report.document)


def has_rivals(report: Report) -> bool:
    """Return whether the document contains another value of the same kind as a fact in the summary."""
    kinds = {fact.kind for fact in report.facts}
    return any(value.kind in kinds and place_of(value.text, report.summary) < 0 for value in report.others)


def takes_the_first(report: Report) -> bool:
    """Return whether the facts of the summary are the first of their kinds in the document."""
    order = sorted(report.values, key=lambda value: place_of(value.text, report.document))
    asked = Counter(fact.kind for fact in report.facts)
    first = {value for kind, many in asked.items() for value in [x for x in order if x.kind == kind][:many]}
    return first == set(report.facts)


def main() -> int:
    """Generate and check the corpus, print the results, and return the exit status."""
    splits = generate(*SIZES, SEED)
    for name, reports in splits.items():
        for language, unit in (("en", "English words"), ("zh", "Chinese characters")):
            own = [report for report in reports if report.language == language]
            documents, summaries = (
                f"{min(lengths)} to {max(lengths)} ({sum(lengths) / len(lengths):.1f} on average)"
                for lengths in (
                    [length(language, report.document) for report in own],
                    [length(language, report.summary) for report in own],
                )
            )
            print(f"{name:<11} {len(own)} documents of {documents} {unit}, summaries of {summaries}")
        facts = [fact.text for report in reports for fact in report.facts]
        mean, different = len(facts) / len(reports), len(set(facts))
        print(f"{'':<11} {mean:.1f} names and numbers in a summary; {different} different ones")
        first = percentage(map(takes_the_first, reports))
        print(f"{'':<11} {first:.1f} % of the summaries take the first name or number of each kind")
    return show(check(splits))


def _text(reports: Sequence[Report], language: str) -> str:
    return "\n".join(f"{report.document}\n{report.summary}" for report in reports if report.language == language)


def _all(claim: str, reports: Iterable[Report], holds: Callable[[Report], bool]) -> Finding:
    return never(claim, (report.document for report in reports if not holds(report)))


def _without_values(report: Report) -> str:
    return without((value.text for value in report.values), f"{report.document}\n{report.summary}")


if __name__ == "__main__":
    sys.exit(main())
