"""Templates yield coherent documents, and malformed tables are rejected."""

import re
from collections.abc import Iterator
from itertools import chain
from random import Random

import pytest

from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.values import Draw, kind_of
from seq2seq_samples.summarization.grammar import Pattern, patterns, write
from seq2seq_samples.summarization.reports import KINDS, PATTERNS
from seq2seq_samples.summarization.values import MAKERS, SLOTS

EVERY = [pattern for language in LANGUAGES for pattern in PATTERNS[language]]
TABLE = """
news
- The heads of {company} met in {town} on {date}.
+ The talks ended at {time2} with [a smile|a handshake].
> The talks had begun at {time}.
> In {town2} nobody knew.
< time time2
= The talks of {company} in {town} ended at {time2}.
"""
PASSING = """
~ It rained in {town8}.
~ It snowed in {town8}.
~ The sun shone in {town8}.
"""


@pytest.fixture
def news() -> Pattern:
    (pattern,) = patterns("meeting", "en", TABLE, PASSING)
    return pattern


def many(pattern: Pattern, count: int = 100) -> Iterator[tuple[str, ...]]:
    random = Random(5)
    return (write(pattern, random, "train").sentences for _ in range(count))


def test_names_are_the_same_throughout_a_report(news: Pattern) -> None:
    report = write(news, Random(1), "train")
    kinds = [value.kind for value in report.facts]
    assert kinds == ["company", "town", "time"]
    company, town, time = (value.text for value in report.facts)
    assert report.summary == f"The talks of {company} in {town} ended at {time}."
    assert re.search(f"The heads of {company} met in {town} on [A-Z][a-z]+ [0-9]+[.]", report.document)
    assert f"The talks ended at {time} with" in report.document
    assert {value.kind for value in report.others} <= {"town", "date", "time"}
    assert not {value.text for value in report.others} & {company, town, time}


def test_sentences_stand_where_they_can_be_read(news: Pattern) -> None:
    openings = set()
    for sentences in many(news):
        places = {
            start: [place for place, sentence in enumerate(sentences) if sentence.startswith(start)]
            for start in ("The heads", "The talks ended", "The talks had", "In ", "It ")
        }
        (heads,), (ended,) = places["The heads"], places["The talks ended"]
        assert heads < ended, "a sentence with + comes after the one above it"
        assert all(place > heads for place in places["The talks had"] + places["In "]), "> refers to the facts"
        openings.add(sentences[0].split()[0])
    assert openings == {"The", "It"}, "a sentence with ~ may come first"


def test_order_distractors_and_wordings_vary(news: Pattern) -> None:
    documents = list(many(news))
    assert {len(sentences) for sentences in documents} == {3, 4, 5, 6}
    assert {re.split("[.]", text)[0][-5:] for text in chain(*documents) if "ended" in text} == {"smile", "shake"}
    assert {sentences.index(text) for sentences in documents for text in sentences if "ended" in text} >= {1, 2, 3, 4}


def test_the_opening_comes_first() -> None:
    openings = [pattern for pattern in EVERY if pattern.told[0].sign == "^"]
    assert openings
    for pattern in openings:
        start = re.split(r"[{\[]", pattern.told[0].text)[0]
        assert all(sentences[0].startswith(start) for sentences in many(pattern, 5))


def test_what_ascends_ascends(news: Pattern) -> None:
    began_and_ended = [
        [tuple(map(int, time)) for time in re.findall("The talks (?:had begun|ended) at ([0-9]+):([0-9]+)", text)]
        for text in (" ".join(sorted(sentences, reverse=True)) for sentences in many(news))
    ]
    pairs = [times for times in began_and_ended if len(times) == 2]
    assert pairs
    assert all(began < ended for began, ended in pairs)


def test_passing_sentences_do_not_share_their_names(news: Pattern) -> None:
    towns = [
        tuple(text.split()[-1] for text in sentences if text.startswith(("It ", "The sun"))) for sentences in many(news)
    ]
    assert any(len(pair) > 1 for pair in towns)
    assert all(len(set(pair)) == len(pair) for pair in towns)


@pytest.mark.parametrize("pattern", EVERY, ids=lambda pattern: f"{pattern.kind}_{pattern.language}_{pattern.name}")
def test_every_pattern_is_complete(pattern: Pattern) -> None:
    told = set(chain.from_iterable(line.slots for line in pattern.told))
    asked = set(pattern.summary.slots)
    assert asked <= told, "the summary says nothing that the document does not always say"
    draw = Draw(Random(1), pattern.language, "train", MAKERS[pattern.language])
    assert sum(draw.value(slot).is_held_out for slot in asked) >= 2
    assert any(map(pattern.is_rival, pattern.rivals))
    mark = "." if pattern.language == "en" else "。"
    for line in (*pattern.told, *pattern.rivals, *pattern.passing, pattern.summary):
        assert line.text.count(mark) == 1
        assert line.text.endswith(mark)
        assert {kind_of(slot) for slot in line.slots} <= SLOTS[pattern.language].keys()


def test_both_languages_tell_the_same_kinds_in_as_many_ways() -> None:
    ways = [[(pattern.kind, pattern.name) for pattern in PATTERNS[language]] for language in LANGUAGES]
    assert ways[0] == ways[1]
    assert len(set(ways[0])) == 10 * len(KINDS)


def test_a_line_without_sign_is_refused() -> None:
    with pytest.raises(ValueError, match=r"begins with one of .* not 'It rained.'"):
        patterns("weather", "en", "rain\nIt rained.\n= Rain.", "")


@pytest.mark.parametrize(("summaries", "count"), [("", 0), ("\n= Rain.\n= More rain.", 2)])
def test_a_pattern_has_one_summary(summaries: str, count: int) -> None:
    with pytest.raises(ValueError, match=f"'rain' has {count} summaries, but needs one"):
        patterns("weather", "en", f"rain\n- It rained.{summaries}", "")
