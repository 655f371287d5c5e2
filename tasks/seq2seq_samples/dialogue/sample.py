"""The dialogue sample corpus: English and Chinese conversations in which answers depend on earlier turns.

The turns of both speakers are training targets, each with all earlier turns as its source. Test replies cannot be
guessed, because their names, times, dates and numbers never occur in the training set (`values` splits them by
checksum), and words from closed lists, which all splits share, occur in other combinations.

The training set also has short chats of first lines and replies (`first_lines`), so a model can answer a greeting.
"""

from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from itertools import chain
from random import Random

from seq2seq.corpus.example import Example
from seq2seq_samples.dialogue import first_lines
from seq2seq_samples.dialogue.conversation_reader import ConversationReader
from seq2seq_samples.dialogue.grammar import Conversation, write
from seq2seq_samples.dialogue.scenarios import PATTERNS
from seq2seq_samples.engine import held_out
from seq2seq_samples.engine.splits import in_turns

SEED = 1
SIZES = (9500, 120, 120)
"""Numbers of conversations for training, validation and test."""
CHATS = 10_500
"""Number of short chats added to the training set."""
TURNS = range(6, 13)
"""Permitted numbers of turns per conversation."""
LEAST_FACTS = 2
"""Minimum number of different far facts per conversation."""
OTHERS = 0.13
"""Fraction to keep of the training replies that have no far facts."""
# Maximum number of attempts per conversation.
TRIES = 3000


@cache
def generate(train: int, validation: int, test: int, seed: int) -> dict[str, list[Conversation]]:
    """Generate the splits: languages and templates alternate, and no combination of facts occurs in two splits.

    Returns:
        The conversations by split, in random order.

    Raises:
        ValueError: If a template cannot yield enough different conversations.
    """

    def rule(conversations: Sequence[Conversation]) -> Callable[[Conversation], bool]:
        # Validation and test measure memory, so all of their words also occur in training.
        known = set(chain.from_iterable(map(words_of, conversations)))
        return lambda conversation: words_of(conversation) <= known

    return in_turns(
        PATTERNS,
        {"train": train, "validation": validation, "test": test},
        seed,
        write,
        is_fit=is_fit,
        identity=lambda conversation: tuple(conversation.texts),
        rule=rule,
        tries=TRIES,
        failure="The pattern '{pattern}' gives no more new conversations for {split}.",
    )


def is_fit(conversation: Conversation, split: str) -> bool:
    """Return whether a conversation has a valid length and enough far facts, all of which belong to the split."""
    return (
        len(conversation.turns) in TURNS
        and len({fact.value for fact in conversation.far_facts}) >= LEAST_FACTS
        and split_of_combination(conversation) == split
    )


def split_of_combination(conversation: Conversation) -> str:
    """Return the split to which all far facts of a conversation belong; '' if there is none.

    A checksum assigns two or more words from closed lists to a split, regardless of their order and template. If only
    one such word must be remembered, the names and numbers alone determine the split.
    """
    far = {fact.value for fact in conversation.far_facts}
    words = sorted(value.text for value in far if not value.is_held_out)
    splits = {held_out.split_of(value.stem) for value in far if value.is_held_out}
    if len(words) > 1:
        splits.add(held_out.split_of(" ".join(words)))
    return splits.pop() if len(splits) == 1 else ""


def words_of(conversation: Conversation) -> set[str]:
    """Return the English words or the Chinese characters of a conversation, without held-out values."""
    values = (value.text for value in conversation.values if value.is_held_out)
    return set(held_out.words_of(conversation.language, held_out.without(values, conversation.text)))


def examples(split: str, conversations: list[Conversation], reader: ConversationReader) -> list[Example]:
    """Return an example for each turn after the first, with the place of its conversation.

    Only a fraction (`OTHERS`) of the training replies without far facts is kept, because they are easy and make up 70 %
    of all replies.
    """
    random = Random(SEED)
    return [
        example
        for number, conversation in enumerate(conversations, 1)
        for turn, example in zip(
            conversation.turns[1:],
            reader.examples({"turns": conversation.texts}, f"sample {split}:{number}"),
            strict=True,
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

    The caller must configure the reader to keep at least `TURNS[-1]` turns.
    """
    conversations = generate(train, validation, test, seed)
    splits = {split: examples(split, conversations[split], reader) for split in conversations}
    splits["train"] += first_lines.examples(first_lines.chats(chats, seed), reader, seed)
    return splits


def conversations(split: str) -> list[Conversation]:
    """Return the conversations of a split, in the order of `sample()`."""
    return generate(*SIZES, SEED)[split]
