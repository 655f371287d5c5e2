"""The opening lines of a session (training data, suggested inputs), and notes on unsure answers."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from seq2seq.models.introduction import LONGEST, OPENERS
from seq2seq.plugin.phrases import phrases
from seq2seq.report.language import Say, language_for, say_in

if TYPE_CHECKING:
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.plugin.task import Task

CHINESE = {
    "Trained on {}, {#} examples, {}.": "训练数据：{0}，{1} 个例子，{2}。",
    "Trained on {}, {#} examples.": "训练数据：{0}，{1} 个例子。",
    "Trained on {}, {}.": "训练数据：{0}，{1}。",
    "Trained on {}.": "训练数据：{0}。",
    "the sample corpus of {}": "{0}样例语料",
    "It knows such texts and little else.": "它只熟悉这类文本。",
    "Try:": "试试：",
    "Unsure ({#} per token, usually {#}): this may be unlike what the model was trained on.": (
        "把握不大（每词元 {0}，通常为 {1}）：输入可能与训练数据差别较大。"
    ),
    "Unsure of 1 output (first at {}): its source may be unlike what the model was trained on.": (
        "1 个输出把握不大（在 {0}）：其原文可能与训练数据差别较大。"
    ),
    "Unsure of 1 output: its source may be unlike what the model was trained on.": (
        "1 个输出把握不大：其原文可能与训练数据差别较大。"
    ),
    "Unsure of {#} outputs (first at {}): their sources may be unlike what the model was trained on.": (
        "{0} 个输出把握不大（第一个在 {1}）：其原文可能与训练数据差别较大。"
    ),
    "Unsure of {#} outputs: their sources may be unlike what the model was trained on.": (
        "{0} 个输出把握不大：其原文可能与训练数据差别较大。"
    ),
    "Unsure ({#} per token): this may be unlike what the model was trained on.": (
        "把握不大（每词元 {0}）：输入可能与训练数据差别较大。"
    ),
}
"""Chinese translations of these lines."""
NAMED_FILES = 3
"""Maximum number of training files named."""
_SAMPLE = re.compile("the sample corpus of .+")


def say_for(config: "BundleConfig", task: "Task") -> Say:
    """Return the translator of these lines into the interface language (`language_for`)."""
    language = language_for(config.reader.source_language, config.reader.target_language)
    return say_in(language, {**phrases(task, language), **CHINESE})


def opening(config: "BundleConfig", task: "Task", say: Say) -> list[str]:
    """Return the opening lines of a session, translated by `say`."""
    known, lines = config.introduction, []
    data, languages = _data(config.training.data), config.languages
    if data:
        count = f", {known.pairs:,} examples" if known.pairs else ""
        first = f"Trained on {data}{count}{f', {languages}' if languages else ''}."
        lines.append(say(first) + _space(say) + say("It knows such texts and little else."))
    if known.openers:
        lines.append(say("Try:"))
        lines += [f"  {opener[:LONGEST]}" for opener in known.openers[:OPENERS]]
    return lines


def doubt(config: "BundleConfig", sureness: float, say: Say) -> str:
    """Return a translated note on an unsure answer, given its log probability per piece."""
    mean = config.introduction.score_mean
    usual = "" if mean is None else f", usually {mean:.2f}"
    return say(f"Unsure ({sureness:.2f} per token{usual}): this may be unlike what the model was trained on.")


def doubts(places: Sequence[str]) -> str:
    """Return an English note on unsure outputs, given the positions (FILE:LINE) of their sources."""
    where = f" (first at {places[0]})" if places[0] else ""
    if len(places) == 1:
        return f"Unsure of 1 output{where}: its source may be unlike what the model was trained on."
    return f"Unsure of {len(places):,} outputs{where}: their sources may be unlike what the model was trained on."


def _data(named: str) -> str:
    """Return the name of the training data: the sample corpus, or file names without folders."""
    if not named or _SAMPLE.fullmatch(named):
        return named
    names = [word.rpartition("/")[2] for word in named.split()]
    return " ".join(names[:NAMED_FILES]) + (" …" if len(names) > NAMED_FILES else "")


def _space(say: Say) -> str:
    return "" if say("Try:") != "Try:" else " "
