"""Templates yield conversations whose facts occur in earlier turns, and malformed tables are rejected."""

import re
from random import Random

import pytest

from seq2seq_samples.dialogue.grammar import Conversation, Pattern, patterns, write
from seq2seq_samples.dialogue.lexicon import WORDS
from seq2seq_samples.dialogue.proof import was_said
from seq2seq_samples.dialogue.sample import TURNS
from seq2seq_samples.dialogue.scenarios import PATTERNS, TOPICS
from seq2seq_samples.dialogue.values import SLOTS
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.templates import CHOICE, SLOT
from seq2seq_samples.engine.values import kind_of

EVERY = [pattern for language in LANGUAGES for pattern in PATTERNS[language]]
TABLE = """
call
- [Hello|Hi], this is {person}, call me at {time} or {time2}.
- I will.
? Not {day}, better {+day}. / Good, {day}.
2 When? / At {time}.
2 Who? / You, {person}.
2 How late? / Until {time2}.
- Bye.
- Bye, {person}.
< time time2
"""


@pytest.fixture
def call() -> Pattern:
    (pattern,) = patterns("booking", "en", TABLE)
    return pattern


def many(pattern: Pattern, count: int = 60) -> list[Conversation]:
    random = Random(5)
    return [write(pattern, random, "train") for _ in range(count)]


def test_facts_say_how_many_turns_ago_they_were_said_last(call: Pattern) -> None:
    for talk in many(call):
        person = next(value.text for value in talk.values if value.kind == "person")
        early, late = re.findall(r"[0-9]+:[0-9]+", talk.texts[0])
        assert talk.texts[-1] == f"Bye, {person}."
        (fact,) = talk.turns[-1].facts
        assert fact.value.text == person
        asked = next((place for place, text in enumerate(talk.texts) if text.startswith("You, ")), 0)
        assert fact.turns_ago == len(talk.turns) - 1 - asked
        first = next(turn for turn in talk.turns if turn.text in (f"At {early}.", f"You, {person}.", f"Until {late}."))
        place = talk.turns.index(first)
        assert [fact.turns_ago for fact in first.facts] == [place]
        assert len(first.far_facts) == (place >= 3)


def test_exchanges_vary_in_choice_and_order(call: Pattern) -> None:
    questions = {tuple(re.findall(r"\w+(?=\?)", " ".join(talk.texts))) for talk in many(call)}
    assert len(questions) == 6
    assert {len(talk.turns) for talk in many(call)} == {8, 10}
    assert {talk.texts[0].split(",")[0] for talk in many(call)} == {"Hello", "Hi"}


def test_who_corrects_himself_is_believed(call: Pattern) -> None:
    corrections = [talk.texts[2:4] for talk in many(call) if len(talk.turns) == 10]
    assert corrections
    for mistake, answer in corrections:
        old, new = re.findall(r"[A-Z]\w+day", mistake)
        assert old != new
        assert answer == f"Good, {new}."


def test_what_may_be_said_or_not_is_never_counted(call: Pattern) -> None:
    for talk in many(call):
        for before, turn in zip(talk.turns, talk.turns[1:], strict=False):
            if turn.text.endswith("?") or before.text == "I will.":
                assert not turn.is_certain
                assert not turn.far_facts
            if before.text.endswith("?"):
                assert turn.is_certain


def test_a_line_after_an_exchange_that_may_be_left_out_is_uncertain() -> None:
    (pattern,) = patterns("way", "en", "x\n- A.\n- B.\n? C? / D.\n- E.\n- F.")
    for talk in many(pattern):
        assert {turn.text: turn.is_certain for turn in talk.turns if turn.text in "E.F."} == {"E.": False, "F.": True}


def test_what_ascends_ascends(call: Pattern) -> None:
    for talk in many(call):
        first, second = re.findall(r"(\d+):(\d+)", talk.texts[0])
        assert tuple(map(int, first)) < tuple(map(int, second))


@pytest.mark.parametrize("pattern", EVERY, ids=lambda pattern: f"{pattern.topic}_{pattern.language}_{pattern.name}")
def test_every_pattern_gives_conversations_that_ask_for_memory(pattern: Pattern) -> None:
    talks = many(pattern, 40)
    for talk in talks:
        assert len(talk.turns) in TURNS
        for number, turn in enumerate(talk.turns):
            assert not re.search(r"[\[\]{}|/]|(?<!^) [?!,.]|  ", turn.text)
            assert turn.text[-1] in (".?!" if pattern.language == "en" else "。？！")
            assert not turn.text[0].islower()
            assert all(was_said(talk, number, fact) for fact in turn.facts)
    assert sum(len(talk.far_facts) for talk in talks) >= 1.5 * len(talks)
    assert len({tuple(talk.texts) for talk in talks}) == len(talks)


@pytest.mark.parametrize("pattern", EVERY, ids=lambda pattern: f"{pattern.topic}_{pattern.language}_{pattern.name}")
def test_patterns_say_no_value_of_their_slots_in_plain_words(pattern: Pattern) -> None:
    """Otherwise the fixed text of a template could be mistaken for a slot's value."""
    texts = [turn for line in pattern.lines for turn in line.turns]
    kinds = {kind_of(slot.removeprefix("+")) for text in texts for slot in SLOT.findall(text)}
    assert kinds <= SLOTS[pattern.language].keys()
    plain = [CHOICE.sub(lambda match: match[1].replace("|", " "), SLOT.sub(" ", text)) for text in texts]
    words = [word.replace("_", " ") for kind in kinds for word in WORDS[pattern.language].get(kind, "").split()]
    assert not [(word, text) for word in words for text in plain if place_of(word, text) >= 0]


def test_there_are_thirty_patterns_in_each_language() -> None:
    ways = [[(pattern.topic, pattern.name) for pattern in PATTERNS[language]] for language in LANGUAGES]
    assert ways[0] == ways[1]
    assert len(set(ways[0])) == 30
    assert {topic for topic, _ in ways[0]} == TOPICS.keys()


@pytest.mark.parametrize("line", ["Hello.", "! Hello.", "x Hello."])
def test_a_line_without_sign_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=f"begins with - [?] < or a digit and a blank, not '{line}'"):
        patterns("way", "en", f"x\n{line}")


@pytest.mark.parametrize("line", ["- One. / Two.", "? One.", "1 One. / Two. / Three."])
def test_a_line_with_a_wrong_number_of_turns_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="one turn after -, else two with ' / ' between"):
        patterns("way", "en", f"x\n{line}")


def test_wordings_with_different_slots_are_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("hold the same slots, but not in '[At {time}|Late]'")):
        patterns("way", "en", "x\n- [At {time}|Late].")


def test_too_few_exchanges_are_refused() -> None:
    with pytest.raises(ValueError, match="'x' has fewer exchanges in a row than the 2 that are to take place"):
        patterns("way", "en", "x\n2 Who? / Me.")
