"""Conversations in a report, with the model's reply beside each turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from seq2seq.amounts import amount
from seq2seq.plugin import Block, Cell, Evaluated, Example, Html, Mark, Prediction, Quoted, Section, Table, plain
from seq2seq.report.html.attention_table import Reading, shaded
from seq2seq.report.html.page import empty, text
from seq2seq.report.language import Say, english

TITLE = "Conversations"
LONGEST = 8
"""Maximum number of replies shown per conversation."""
SHORTEST = 3
"""Minimum number of replies in a shown conversation, unless all have fewer."""
SPEAKERS = "AB"
STYLE = """
.talk { container-type: inline-size; }
.turns { list-style: none; margin: 10px 0 0; padding: 0; }
.turns > li { display: grid; grid-template-columns: 1fr 1fr; gap: 4px 14px; margin-top: 10px; align-items: start; }
.turns > li > p { margin: 0; padding: 8px 13px; border-radius: 12px; overflow-wrap: anywhere; }
.turns .said { background: var(--soft); border-top-left-radius: 3px; }
.turns .b .said { box-shadow: inset 3px 0 0 var(--series-1); }
.turns .a .said { box-shadow: inset 3px 0 0 var(--series-0); }
.turns .reply { border: 1px solid var(--line); border-top-right-radius: 3px; }
.turns b { font-size: 0.8rem; font-weight: 600; color: var(--muted); display: block; }
.turns .a .said b { color: var(--series-0); }
.turns .b .said b { color: var(--series-1); }
.turns details { grid-column: 1 / -1; margin: 2px 0 6px; }
.turns .knows { grid-column: 1 / -1; color: var(--muted); font-size: 0.92rem; padding: 0; }
@container (max-width: 560px) {
  .turns > li { grid-template-columns: 1fr; }
  .turns .reply { margin-left: 28px; }
}
"""


@dataclass(frozen=True)
class Turn:
    """A turn of a conversation.

    Attributes:
        speaker: 'A' or 'B'.
        text: Text of the turn.
        number: Index of the example with this turn as its reference; None if there is none.
    """

    speaker: str
    text: str
    number: int | None = None


@dataclass(frozen=True)
class Conversation:
    """A conversation of a test set.

    Attributes:
        place: Its ``FILE:LINE``.
        persona: Persona or background facts of the responder, one per line.
        turns: The turns, oldest first.
    """

    place: str
    persona: tuple[str, ...]
    turns: tuple[Turn, ...]


def together(places: Sequence[str]) -> list[range]:
    """Group adjacent examples with the same place; an example without a place forms its own group."""
    groups, start = [], 0
    for place, group in groupby(places):
        size = len(list(group))
        length = size if place else 1
        groups += [range(first, first + length) for first in range(start, start + size, length)]
        start += size
    return groups


def chosen(places: Sequence[str], count: int) -> list[range]:
    """Return the examples of at most `count` conversations, evenly spaced in the test set."""
    every = together(places)
    long = [numbers for numbers in every if len(numbers) >= SHORTEST] or every
    size = min(count, len(long))
    return [long[place * len(long) // size][:LONGEST] for place in range(size)]


def conversation(examples: Sequence[Example], numbers: range) -> Conversation:
    """Return the conversation formed by the examples with the given indices; the first responder is B."""
    persona, turns = segments(examples[numbers[0]])
    replier = 1
    shown = [Turn(SPEAKERS[replier if is_own else 1 - replier], text) for text, is_own in turns]
    for number in numbers:
        if number != numbers[0]:
            # The last turn of this source is the previous reply. If it is marked as own, the same speaker continues.
            _, remembered = segments(examples[number])
            replier = replier if remembered and remembered[-1][1] else 1 - replier
        shown.append(Turn(SPEAKERS[replier], plain(examples[number].target), number))
    return Conversation(examples[numbers[0]].place, persona, tuple(shown))


def segments(example: Example) -> tuple[tuple[str, ...], list[tuple[str, bool]]]:
    """Return the persona lines of a source, and its turns; a turn's flag is True if it is the responder's own."""
    if isinstance(example.source, str):
        return (), [(example.source, False)] if example.source else []
    persona: list[str] = []
    turns: list[tuple[str, bool]] = []
    words, is_own = "", False
    for part in example.source:
        if part is Mark.SPEAKER:
            is_own = True
        elif part is Mark.LINE:
            persona.append(words)
            words = ""
        elif part is Mark.TURN:
            turns.append((words, is_own))
            words, is_own = "", False
        elif isinstance(part, str):
            words += part
    if words:
        turns.append((words, is_own))
    return tuple(persona), turns


def section(evaluated: Evaluated) -> Section:
    """Return the section with example conversations."""
    examples = evaluated.examples
    shown = chosen([example.place for example in examples], evaluated.shown)
    evaluated.attended([number for numbers in shown for number in numbers])
    predictions = evaluated.predictions
    blocks: list[Block] = [
        "The reference conversation is on the left. On the right are the model's replies, each given the reference "
        "turns before it. The conversations are spread evenly over the test set; the first "
        f"{LONGEST} replies of each are shown. The attention is under each reply: choose a word, and the stronger the "
        "colour of a piece of the history, the more attention it received.",
    ]
    for place, numbers in enumerate(shown):
        told = conversation(examples, numbers)
        blocks.append(Html(partial(drawn, told, predictions, place == 0), table(told, predictions)))
    return Section(TITLE, blocks)


def table(told: Conversation, predictions: Sequence[Prediction]) -> Table:
    """Return a conversation as a table."""
    rows: list[list[Cell]] = [["known", Quoted(line), ""] for line in told.persona]
    for turn in told.turns:
        reply = "" if turn.number is None else Quoted(predictions[turn.number].hypothesis) or "(empty)"
        rows.append([turn.speaker, Quoted(turn.text), reply])
    return Table(["who", "said", "model"], rows, Quoted(told.place))


def drawn(told: Conversation, predictions: Sequence[Prediction], is_first: bool, say: Say = english) -> str:
    """Return a conversation as HTML.

    The attention of the last reply is expanded only in the first conversation on a page.
    """
    items = [f'<li><p class="knows"><b>{text(say("known"))}</b>{text(line)}</p></li>' for line in told.persona]
    for turn in told.turns:
        inside = f'<p class="said"><b>{turn.speaker}</b>{text(turn.text) or empty(say)}</p>'
        if turn.number is not None:
            prediction = predictions[turn.number]
            inside += f'<p class="reply"><b>{text(say(f"model as {turn.speaker}"))}</b>'
            inside += f"{text(prediction.hypothesis) or empty(say)}</p>"
            inside += _attention(prediction, is_first and turn is told.turns[-1], say)
        items.append(f'<li class="{turn.speaker.lower()}">{inside}</li>')
    count = len([turn for turn in told.turns if turn.number is not None])
    replies = amount(count, "reply", "replies")
    title = f"{text(told.place) or text(say('one example'))} · {text(say(replies))}"
    style = f"<style>{STYLE}</style>" if is_first else ""
    return f'<article class="talk">{style}<h3>{title}</h3><ol class="turns">{"".join(items)}</ol></article>'


def _attention(prediction: Prediction, is_open: bool, say: Say) -> str:
    if not prediction.attention:
        return ""
    reading = Reading(prediction.source_pieces, prediction.pieces, prediction.attention)
    return (
        f"<details{' open' if is_open else ''}><summary>{text(say('Its attention'))}</summary>"
        f"{shaded(reading, f'talk-{prediction.index}', say)}</details>"
    )
