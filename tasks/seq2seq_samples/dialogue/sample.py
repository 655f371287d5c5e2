"""The sample corpus: English and Chinese conversations in which answers depend on earlier turns.

The turns of both speakers are learned, each with all turns before it as its source. The test cannot be guessed: its
names, times, dates and numbers never occur in train (`values` splits them by checksum), and words
of closed lists, which all splits share, have to be remembered in other combinations.

Training also has short chats of first lines and replies (`first_lines`), so that a model can answer a
greeting.
"""

import re
from functools import cache, lru_cache
from itertools import chain
from random import Random

from seq2seq.corpus.example import Example
from seq2seq_samples.dialogue import first_lines
from seq2seq_samples.dialogue.conversation_reader import ConversationReader
from seq2seq_samples.dialogue.grammar import Conversation, write
from seq2seq_samples.dialogue.scenarios import PATTERNS
from seq2seq_samples.engine.held_out import place_of, split_of
from seq2seq_samples.engine.splits import in_turns

SEED = 1
SIZES = (9500, 120, 120)
"""Conversations of train, validation and test."""
CHATS = 10_500
"""Short chats of first lines, added to the conversations of train."""
TURNS = range(6, 13)
"""Turns of a conversation."""
LEAST_FACTS = 2
"""Least number of different values to remember for three or more turns in each conversation."""
OTHERS = 0.13
"""Share of train's replies without far facts that is kept."""
# Attempts per pattern before giving up.
TRIES = 3000


def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Conversation]]:
    """Generate the splits: languages and patterns alternate, and no combination of facts occurs in two splits.

    Args:
        train: Number of conversations to train on.
        validation: Number of conversations for validation.
        test: Number of conversations for the test.
        seed: Seed of all draws.

    Returns:
        The conversations by split, in random order.

    Raises:
        ValueError: If a pattern cannot provide the requested number.
    """
    known: set[str] = set()

    def may_enter(one: Conversation, split: str) -> bool:
        # Validation and test require memory, not unknown words.
        return is_fit(one, split) and (split == "train" or words_of(one) <= known)

    return in_turns(
        PATTERNS,
        {"train": train, "validation": validation, "test": test},
        seed,
        write,
        is_fit=may_enter,
        identity=lambda one: tuple(one.texts),
        learn=lambda made: known.update(chain.from_iterable(map(words_of, made))),
        tries=TRIES,
        failure="The pattern '{pattern}' gives no more new conversations for {split}.",
    )


def is_fit(one: Conversation, split: str) -> bool:
    """Return whether a conversation has a valid length, enough facts to remember, and a combination of its split."""
    return (
        len(one.turns) in TURNS
        and len({fact.value for fact in one.far_facts}) >= LEAST_FACTS
        and split_of_combination(one) == split
    )


def split_of_combination(one: Conversation) -> str:
    """Return the split that a conversation's far facts belong to; '' if there is no single one.

    Two or more words of closed lists belong to a split by their checksum, whatever their order and pattern. If there is
    only one, an accompanying name or number must make the difference.
    """
    far = {fact.value for fact in one.far_facts}
    words = sorted(value.text for value in far if not value.is_held_out)
    splits = {split_of(value.stem) for value in far if value.is_held_out}
    if len(words) > 1:
        splits.add(split_of(" ".join(words)))
    return splits.pop() if len(splits) == 1 else ""


def words_of(one: Conversation) -> set[str]:
    """Return the English words or the Chinese characters of a conversation, without values of its split alone."""
    text = "\n".join(one.texts)
    for value in one.values:
        while value.is_held_out and (start := place_of(value.text, text)) >= 0:
            text = text[:start] + text[start + len(value.text) :]
    return set(re.findall("[A-Za-z]+|[^A-Za-z0-9 \n]" if one.language == "en" else "[^0-9\n]", text))


def examples(split: str, conversations: list[Conversation], reader: ConversationReader) -> list[Example]:
    """Return the turns after the first as replies to learn; all replies of a conversation have its place.

    Only `OTHERS` of train's replies that need no memory are learned: they are easy and make up seventy percent.
    """
    random = Random(SEED)
    return [
        example
        for number, one in enumerate(conversations, 1)
        for turn, example in zip(
            one.turns[1:], reader.examples({"turns": one.texts}, f"sample {split}:{number}"), strict=True
        )
        if split != "train" or turn.far_facts or random.random() < OTHERS
    ]


@lru_cache(maxsize=1)
def sample(
    reader: ConversationReader,
    train: int = SIZES[0],
    validation: int = SIZES[1],
    test: int = SIZES[2],
    seed: int = SEED,
    chats: int = CHATS,
) -> dict[str, list[Example]]:
    """Return the examples of each split; the same at every call.

    Args:
        reader: Converts conversations to examples; it must keep `TURNS[-1]` turns.
        train: Number of conversations to train on.
        validation: Number of conversations for validation.
        test: Number of conversations for the test.
        seed: Seed of all draws.
        chats: Number of additional short chats to train on.
    """
    made = {split: examples(split, some, reader) for split, some in _generated(train, validation, test, seed).items()}
    made["train"] += first_lines.examples(first_lines.chats(chats, seed), reader, seed)
    return made


def conversations(split: str) -> list[Conversation]:
    """Return the conversations of a split of `sample()`, in its order."""
    return _generated(*SIZES, SEED)[split]


@cache
def _generated(train: int, validation: int, test: int, seed: int) -> dict[str, list[Conversation]]:
    return generate(train, validation, test, seed)
