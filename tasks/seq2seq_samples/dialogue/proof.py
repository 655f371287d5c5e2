"""Verify the sample corpus: ``python -m seq2seq_samples.dialogue.proof [MODEL] [--split SPLIT]``.

The module generates the corpus and checks its texts, not the templates. Given a model (a run folder or an exported
bundle), it also counts the far facts that are right in the model's replies with each of `histories.HISTORIES`, and the
first lines that the model answers sensibly. The exit status is 1 if a claim does not hold, and 2 if the model is
unsuitable.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError
from seq2seq_samples.dialogue.first_lines import OPENERS, chats
from seq2seq_samples.dialogue.grammar import FAR, Conversation, Fact
from seq2seq_samples.dialogue.remembered_facts import measured
from seq2seq_samples.dialogue.sample import CHATS, LEAST_FACTS, SEED, SIZES, TURNS, generate, words_of
from seq2seq_samples.dialogue.scenarios import TOPICS
from seq2seq_samples.engine.facts import FactCounts
from seq2seq_samples.engine.first_lines import bare, count_right
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.proof import Finding, at_least, elsewhere, half_english, never, percentage, show, within
from seq2seq_samples.engine.splits import LANGUAGE_NAMES, LANGUAGES

LEAST_PATTERNS = 30
# Minimum percentage of far facts with a rival: another value of the same kind in an earlier turn.
LEAST_RIVALS = 70
LEAST_ANSWERED = 27
"""Minimum number of sensible answers to the first lines of each language."""
LEAST_RIGHT = 95
"""Minimum percentage of facts that are right with the true history."""
MOST_WITHOUT = {"shuffled": 75, "exchanged": 25}
"""Maximum percentages of facts that are right with the other histories."""


def check(splits: dict[str, list[Conversation]], first_lines: Sequence[Conversation] = ()) -> list[Finding]:
    """Check every claim.

    Args:
        splits: Conversations of 'train', 'validation' and 'test'.
        first_lines: The short chats that the training set also contains.
    """
    every = list(chain.from_iterable(splits.values()))
    ways = {talk.way for talk in splits["train"]}
    patterns = Counter(language for _, language, _ in ways)
    poor = (language for language in LANGUAGES if patterns[language] < LEAST_PATTERNS)
    missing = (
        f"{topic} in {language}"
        for topic in TOPICS
        for language in LANGUAGES
        if not any(way[:2] == (topic, language) for way in ways)
    )
    facts = [(talk, number, fact) for talk in every for number, turn in enumerate(talk.turns) for fact in turn.facts]
    far = [(talk, number, fact) for talk in every for number, turn in enumerate(talk.turns) for fact in turn.far_facts]
    findings = [
        never(f"train has at least {LEAST_PATTERNS} patterns in each language", poor),
        never("train has every topic in each language", missing),
        _all(f"every conversation has {TURNS[0]} to {TURNS[-1]} turns", every, lambda talk: len(talk.turns) in TURNS),
        _all(
            f"every conversation needs at least {LEAST_FACTS} facts from {FAR} or more turns before",
            every,
            lambda talk: len({fact.value.text for fact in talk.far_facts}) >= LEAST_FACTS,
        ),
        never(
            "every fact was said last as many turns before as it says",
            (talk.texts[number] for talk, number, fact in facts if not was_said(talk, number, fact)),
        ),
        within(
            f"at least {LEAST_RIVALS} % of the facts to remember have a rival, said before too",
            percentage(has_rival(talk, number, fact) for talk, number, fact in far),
            least=LEAST_RIVALS,
        ),
    ]
    trained = {language: _text([*splits["train"], *first_lines], language) for language in LANGUAGES}
    known = {
        language: set().union(*(words_of(talk) for talk in splits["train"] if talk.language == language))
        for language in LANGUAGES
    }
    for name in ("validation", "test"):
        findings += _held_out(name, splits, trained, known)
    lines = {bare(text) for talk in [*every, *first_lines] for text in talk.texts[::2]}
    asked = (opener.text for openers in OPENERS.values() for opener in openers if bare(opener.text) in lines)
    return [*findings, never("no first line to ask with is said in any conversation", asked)]


def _held_out(
    name: str, splits: dict[str, list[Conversation]], trained: dict[str, str], known: dict[str, set[str]]
) -> list[Finding]:
    split = splits[name]
    ways = {talk.way for talk in splits["train"]}
    others = elsewhere(splits, name)
    texts = {tuple(talk.texts) for talk in others}
    combinations = {combination(talk) for talk in others}
    values = {(talk.language, value.text) for talk in split for value in talk.values if value.is_held_out}
    leaked = {value for value in values if place_of(value[1], trained[value[0]]) >= 0}
    return [
        half_english(name, [talk.language == "en" for talk in split]),
        _all(f"no conversation of {name} is in another split", split, lambda talk: tuple(talk.texts) not in texts),
        _all(
            f"no combination of facts to remember of {name}, whatever the pattern, is in another split",
            split,
            lambda talk: combination(talk) not in combinations,
        ),
        _all(
            f"no name, street, time, date or number of {name}, rivals included, is anywhere in train",
            split,
            lambda talk: all((talk.language, value.text) not in leaked for value in talk.values),
        ),
        _all(f"every other word of {name} is in train", split, lambda talk: words_of(talk) <= known[talk.language]),
        _all(f"every pattern of {name} is in train", split, lambda talk: talk.way in ways),
    ]


def combination(talk: Conversation) -> tuple[str, frozenset[str]]:
    """Return the language and all far facts of a conversation."""
    return talk.language, frozenset(fact.value.text for fact in talk.far_facts)


def was_said(talk: Conversation, number: int, fact: Fact) -> bool:
    """Return whether a turn repeats a fact that was last said `turns_ago` turns earlier."""
    *_, last = (place for place, text in enumerate(talk.texts[:number]) if place_of(fact.value.text, text) >= 0)
    return last == number - fact.turns_ago and place_of(fact.value.text, talk.texts[number]) >= 0


def has_rival(talk: Conversation, number: int, fact: Fact) -> bool:
    """Return whether an earlier turn contains another value of the fact's kind."""
    rivals = [value for value in talk.values if value.kind == fact.value.kind and value != fact.value]
    return any(place_of(rival.text, text) >= 0 for rival in rivals for text in talk.texts[:number])


def check_model(counts: dict[str, FactCounts]) -> list[Finding]:
    """Check the claims about a model, given its counts of right facts by history."""
    true = counts["true"]
    languages = {
        name.removeprefix("language: "): 100 * right / total
        for name, (right, total) in true.groups.items()
        if name.startswith("language: ")
    }
    return [
        *(
            within(f"at least {LEAST_RIGHT} % of the facts are right in {name}", percent, least=LEAST_RIGHT)
            for name, percent in languages.items()
        ),
        *(
            within(f"at most {most} % are right with the history {name}", counts[name].percent, most=most)
            for name, most in MOST_WITHOUT.items()
        ),
    ]


def check_openers(language: str, replies: Sequence[str]) -> Finding:
    """Check a model's replies to the `OPENERS` of a language, and print the unaccepted ones."""
    openers, name = OPENERS[language], f"first lines in {LANGUAGE_NAMES[language]}"
    right = count_right(openers, replies, name)
    return at_least(f"at least {LEAST_ANSWERED} of {len(openers)} {name} are answered sensibly", right, LEAST_ANSWERED)


def describe(splits: dict[str, list[Conversation]]) -> None:
    """Print the size of each split, and statistics of its far facts."""
    for name, talks in splits.items():
        turns = [len(talk.turns) for talk in talks]
        facts = [len(talk.far_facts) for talk in talks]
        ago = Counter(fact.turns_ago for talk in talks for fact in talk.far_facts)
        mean = sum(turn * many for turn, many in ago.items()) / ago.total()
        lengths = f"{min(turns)} to {max(turns)} turns, {sum(turns) - len(talks)} replies"
        print(f"{name:<11} {len(talks)} conversations of {lengths}")
        print(
            f"{'':<11} {sum(facts) / len(talks):.1f} facts to remember in each, said {min(ago)} to {max(ago)} turns "
            f"before ({mean:.1f} on average)"
        )


def main(arguments: Sequence[str] = ()) -> int:
    """Generate and check the corpus, print the results, and return the exit status."""
    parser = argparse.ArgumentParser("python -m seq2seq_samples.dialogue.proof", description="Check the sample corpus.")
    parser.add_argument("model", nargs="?", help="a model of the sample corpus, to measure what it remembers")
    parser.add_argument("--split", choices=["validation", "test"], default="test", help="what the model replies to")
    given = parser.parse_args(arguments)
    model = None
    if given.model:  # load it first, because generating the corpus takes a while
        from seq2seq.command_line.open_model import load_source_model
        from seq2seq.runtime.placement import Placement

        try:
            model = load_source_model(given.model, Placement())
        except UserError as error:
            parser.error(str(error))
    splits = generate(*SIZES, SEED)
    describe(splits)
    findings = check(splits, list(chats(CHATS, SEED)))
    if model:
        try:
            counts = measured(model, splits[given.split])
        except UserError as error:
            parser.error(str(error))
        for history, count in counts.items():
            print(f"{count.percent:5.1f} % of {count.total} facts are right with the {history} history")
        for name in counts["true"].groups:
            shares = (f"{history} {_percent(count.groups[name])}" for history, count in counts.items())
            print(f"        {name}: {', '.join(shares)}")
        findings += check_model(counts)
        for language, openers in OPENERS.items():
            outputs = model.decode([opener.text for opener in openers], Decoding(model.search))
            findings.append(check_openers(language, [best[0].text for best in outputs]))
    return show(findings)


def _percent(counts: tuple[int, int]) -> str:
    return f"{100 * counts[0] / counts[1]:.1f} % of {counts[1]}"


def _text(talks: Sequence[Conversation], language: str) -> str:
    return "\n".join(talk.text for talk in talks if talk.language == language)


def _all(claim: str, every: Iterable[Conversation], holds: Callable[[Conversation], bool]) -> Finding:
    return never(claim, (talk.text for talk in every if not holds(talk)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
