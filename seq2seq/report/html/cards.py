"""The top of ``report.html``: verdict, key figures as cards, and three examples."""

import difflib
import re

from seq2seq.plugin.report_blocks import Figure, Prediction
from seq2seq.report.html.attention_table import COPIED_NOTE, Reading, copied, drawn, legend
from seq2seq.report.html.page import empty, text
from seq2seq.report.language import Say
from seq2seq.report.report import Report
from seq2seq.report.verdict import explanation, sentence

MARKS_NOTE = "Words of the output that differ from the closest reference are marked."
_IDEOGRAPHS = r"\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_WORDS = re.compile(rf"[{_IDEOGRAPHS}]|[^\W{_IDEOGRAPHS}]+|\s+|.", re.DOTALL)


def answer(report: Report, say: Say) -> str:
    """Return the verdict, the notes and the cards."""
    words = sentence(report.verdict, say)
    verdict = f'<p class="verdict">{text(words)}</p>' if words else ""
    notes = "".join(f'<p class="note">{text(say(note))}</p>' for note in report.notes)
    cards = "".join(card(figure, say) for figure in report.figures)
    return f'{verdict}{notes}<div class="tiles">{cards}</div>'


def card(figure: Figure, say: Say) -> str:
    """Return a key figure as a card."""
    direction = {True: "higher is better", False: "lower is better", None: ""}[figure.higher_is_better]
    interval = say(f"{figure.interval()} (95%)") if figure.interval() else ""
    lines = [interval, say(", ").join(say(part) for part in (figure.unit_words, direction) if part), say(figure.beside)]
    percent = f"<small>{figure.percent}</small>" if figure.percent else ""
    spans = "".join(f"<span>{text(part)}</span>" for part in lines if part)
    return (
        f'<div class="tile"><span class="name">{text(say(figure.name))}</span><b>{figure.shown()}{percent}</b>'
        f"{spans}{_scale(figure)}</div>"
    )


def three(report: Report, say: Say) -> str:
    """Return the good, the average and the bad example."""
    assert report.examples is not None
    parts = []
    for title, number in report.examples.rows():
        prediction = report.predictions[number]
        parts.append(
            f"<article><h3><b>{text(say(title))}</b>{_facts(prediction, say)}</h3>{listed(prediction, say)}</article>"
        )
    return f'<div class="three">{"".join(parts)}</div><p>{text(say(explanation(report.examples)))}</p>'


def example(prediction: Prediction, is_open: bool, say: Say) -> str:
    """Return an example with its attention, which is collapsed unless `is_open`."""
    loss = f"reference {prediction.reference_loss:.2f} nats per token"
    facts = f"{_facts(prediction, say)} · {text(say(loss))}"
    place = f" · {text(prediction.place)}" if prediction.place else ""
    return (
        f"<article><h3>{facts[3:]}{place}</h3>{listed(prediction, say)}{attention(prediction, is_open, say)}</article>"
    )


def listed(prediction: Prediction, say: Say) -> str:
    """Return source, references and output, where present."""
    rows = [("source", text(prediction.source))] if prediction.source else []
    closest = ""
    if any(prediction.references):
        closest = max(prediction.references, key=lambda reference: _matcher(prediction.hypothesis, reference).ratio())
        rows += [("reference", text(reference)) for reference in prediction.references]
    rows.append(("output", differing(prediction.hypothesis, closest) if closest else text(prediction.hypothesis)))
    if prediction.copied:
        rows.append(("copied", copied(prediction.pieces, prediction.copied, say)))
    return (
        "<dl>" + "".join(f"<dt>{text(say(name))}</dt><dd>{value or empty(say)}</dd>" for name, value in rows) + "</dl>"
    )


def differing(output: str, reference: str) -> str:
    """Return an output as HTML, highlighting the words that differ from the reference."""
    words = _WORDS.findall(output)
    parts = []
    for kind, start, end, _, _ in _matcher(output, reference).get_opcodes():
        piece = text("".join(words[start:end]))
        parts.append(piece if kind == "equal" or not piece.strip() else f"<mark>{piece}</mark>")
    return "".join(parts)


def attention(prediction: Prediction, is_open: bool, say: Say) -> str:
    """Return the attention of an example; '' if there is none."""
    if not prediction.attention:
        return ""
    reading = Reading(prediction.source_pieces, prediction.pieces, prediction.attention)
    summary = f"{say('Attention')}{say(': ')}{say(legend(reading))}"
    return (
        f"<details{' open' if is_open else ''}><summary>{text(summary)}</summary>"
        f"{drawn(reading, f'read-{prediction.index}', say)}</details>"
    )


def copied_note(report: Report, numbers: tuple[int, ...]) -> str:
    """Return the legend of copied pieces; '' if nothing is copied."""
    return COPIED_NOTE if any(report.predictions[number].copied for number in numbers) else ""


def _facts(prediction: Prediction, say: Say) -> str:
    parts = [f"{prediction.index + 1:,}"]
    if any(prediction.references):
        parts.append(f"chrF {prediction.chrf:.1f}")
    else:
        parts.append(text(say(f"log probability {prediction.mean_log_probability:.2f} per token")))
    return "".join(f" · {part}" for part in parts)


def _scale(figure: Figure) -> str:
    """Return a scale from 0 to the maximum, with the value and its interval marked."""
    if figure.most is None:
        return ""

    def share(value: float) -> float:
        return min(100.0, max(0.0, 100 * value / (figure.most or 1)))

    bar = ""
    if figure.low is not None and figure.high is not None:
        low, high = share(figure.low), share(figure.high)
        bar = f'<i style="left:{low:.1f}%;width:{max(0.5, high - low):.1f}%"></i>'
    return f'<div class="scale" aria-hidden="true">{bar}<u style="left:{share(figure.value):.1f}%"></u></div>'


def _matcher(output: str, reference: str) -> "difflib.SequenceMatcher[str]":
    return difflib.SequenceMatcher(None, _WORDS.findall(output), _WORDS.findall(reference), autojunk=False)
