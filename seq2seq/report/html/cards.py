"""The top of ``report.html``: the verdict, the key figures as cards, and three examples."""

import difflib
import re

from seq2seq.plugin.report_blocks import Figure, Prediction
from seq2seq.report.html.attention_table import COPIED_NOTE, Reading, copied, drawn, legend
from seq2seq.report.html.page import empty, text
from seq2seq.report.report import Report
from seq2seq.report.verdict import explanation, sentence
from seq2seq.report.words.language import Say

MARKS_NOTE = "Words of the output that differ from the closest reference are marked."
_IDEOGRAPHS = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+|\s+|.", re.DOTALL)


def answer(report: Report, say: Say) -> str:
    """Return the verdict, what a reader must know before believing it, and the cards."""
    words = sentence(report.verdict, say)
    verdict = f'<p class="verdict">{text(words)}</p>' if words else ""
    notes = "".join(f'<p class="note">{text(say(note))}</p>' for note in report.notes)
    cards = "".join(card(one, say) for one in report.figures)
    return f'{verdict}{notes}<div class="tiles">{cards}</div>'


def card(one: Figure, say: Say) -> str:
    """Return a key figure as a card."""
    is_percent = one.unit.startswith("%")
    unit = one.unit.removeprefix("%").strip()
    direction = {True: "higher is better", False: "lower is better", None: ""}[one.higher_is_better]
    interval = say(f"{one.interval()} (95%)") if one.interval() else ""
    lines = [interval, say(", ").join(say(part) for part in (unit, direction) if part), say(one.beside)]
    percent = "<small> %</small>" if is_percent else ""
    spans = "".join(f"<span>{text(part)}</span>" for part in lines if part)
    return (
        f'<div class="tile"><span class="name">{text(say(one.name))}</span><b>{one.shown()}{percent}</b>'
        f"{spans}{_scale(one)}</div>"
    )


def three(report: Report, say: Say) -> str:
    """Return the good, the middling and the bad example."""
    assert report.examples is not None
    parts = []
    for title, number in report.examples.rows():
        one = report.predictions[number]
        parts.append(f"<article><h3><b>{text(say(title))}</b>{_facts(one, say)}</h3>{listed(one, say)}</article>")
    return f'<div class="three">{"".join(parts)}</div><p>{text(say(explanation(report.examples)))}</p>'


def example(one: Prediction, is_open: bool, say: Say) -> str:
    """Return an example with its attention, shown at once or on demand: drawings make long pages."""
    nats = -one.reference_log_probability / max(1, one.reference_tokens)
    facts = f"{_facts(one, say)} · {text(say(f'reference {nats:.2f} nats per token'))}"
    place = f" · {text(one.place)}" if one.place else ""
    return f"<article><h3>{facts[3:]}{place}</h3>{listed(one, say)}{attention(one, is_open, say)}</article>"


def listed(one: Prediction, say: Say) -> str:
    """Return source, references and output; of running text, the output."""
    rows = [("source", text(one.source))] if one.source else []
    closest = ""
    if any(one.references):
        closest = max(one.references, key=lambda reference: _matcher(one.hypothesis, reference).ratio())
        rows += [("reference", text(reference)) for reference in one.references]
    rows.append(("output", differing(one.hypothesis, closest) if closest else text(one.hypothesis)))
    if one.copied:
        rows.append(("copied", copied(one.pieces, one.copied, say)))
    return (
        "<dl>" + "".join(f"<dt>{text(say(name))}</dt><dd>{value or empty(say)}</dd>" for name, value in rows) + "</dl>"
    )


def differing(output: str, reference: str) -> str:
    """Return an output as HTML with the words marked that the reference does not have in this order."""
    words = _WORDS.findall(output)
    parts = []
    for kind, start, end, _, _ in _matcher(output, reference).get_opcodes():
        piece = text("".join(words[start:end]))
        parts.append(piece if kind == "equal" or not piece.strip() else f"<mark>{piece}</mark>")
    return "".join(parts)


def attention(one: Prediction, is_open: bool, say: Say) -> str:
    """Return the attention of an example; '' if there is none."""
    if not one.attention:
        return ""
    reading = Reading(one.source_pieces, one.pieces, one.attention)
    summary = f"{say('Attention')}{say(': ')}{say(legend(reading))}"
    return (
        f"<details{' open' if is_open else ''}><summary>{text(summary)}</summary>"
        f"{drawn(reading, f'read-{one.index}', say)}</details>"
    )


def copied_note(report: Report, numbers: tuple[int, ...]) -> str:
    """Return the meaning of the colours of copied pieces; '' if nothing is copied."""
    return COPIED_NOTE if any(report.predictions[number].copied for number in numbers) else ""


def _facts(one: Prediction, say: Say) -> str:
    parts = [f"{one.index + 1:,}"]
    if any(one.references):
        parts.append(f"chrF {one.chrf:.1f}")
    else:
        mean = one.log_probability / max(1, len(one.pieces) + 1)
        parts.append(text(say(f"log probability {mean:.2f} per token")))
    return "".join(f" · {part}" for part in parts)


def _scale(one: Figure) -> str:
    """Return a line from 0 to the largest value, with the interval and the number on it."""
    if one.most is None:
        return ""

    def share(value: float) -> float:
        return min(100.0, max(0.0, 100 * value / (one.most or 1)))

    bar = ""
    if one.low is not None and one.high is not None:
        low, high = share(one.low), share(one.high)
        bar = f'<i style="left:{low:.1f}%;width:{max(0.5, high - low):.1f}%"></i>'
    return f'<div class="scale" aria-hidden="true">{bar}<u style="left:{share(one.value):.1f}%"></u></div>'


def _matcher(output: str, reference: str) -> "difflib.SequenceMatcher[str]":
    return difflib.SequenceMatcher(None, _WORDS.findall(output), _WORDS.findall(reference), autojunk=False)
