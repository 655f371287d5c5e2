"""The report's own words in Chinese, and unchanged texts of models and files."""

import re
from dataclasses import replace

import pytest

from seq2seq.evaluation.output_facts import output_facts
from seq2seq.metrics.metric import Score
from seq2seq.plugin.phrases import phrases
from seq2seq.plugin.registry import installed, load
from seq2seq.plugin.report_blocks import BITS, EQUAL, PERPLEXITY, Figure, Quoted
from seq2seq.report.error_analysis import summary
from seq2seq.report.html.document import html_report
from seq2seq.report.key_figures import of_score
from seq2seq.report.language import Catalogue, language_for, say_in
from seq2seq.report.markdown import markdown_report
from seq2seq.report.report import Report
from seq2seq.report.terminal import lines
from seq2seq.report.verdict import drawn, verdict
from tests.chinese_words import NAMES, PHRASES, english_in
from tests.seq2seq.report.sample_reports import HOSTILE, Checker, report, score


@pytest.mark.parametrize(("phrase", "text"), PHRASES.items())
def test_each_translation_uses_what_varies(phrase: str, text: str) -> None:
    places = {str(place) for place in range(len(re.findall("{#?}", phrase)))}
    if places:
        assert set(re.findall(r"\{(\d)\}", text)) == places


def test_phrases_are_found_whole_or_by_pattern_and_quoted_text_is_left_alone() -> None:
    words = {"source": "原文", "{} of {}": "{1} 中的 {0}", "{#} of {#} outputs": "{1} 个输出中的 {0} 个", ", ": "，"}
    say = Catalogue({**words, "It is {}.": "它是{0}。", "{#} tokens": "{0} 词元"})
    assert say("source") == "原文"
    assert say("1,234.5 tokens") == "1,234.5 词元"
    assert say("no tokens") == "no tokens"
    assert say("It is source. It is 5 tokens.") == "它是原文。它是5 词元。"
    assert say("It is source. Unknown.") == "It is source. Unknown."
    assert say("source, 3 tokens, 7") == "原文，3 词元，7"
    assert say("3 of 5 outputs") == "5 个输出中的 3 个"
    assert say("source of 5") == "5 中的 原文"
    assert say("nowhere") == "nowhere"
    assert say(Quoted("source")) == "source"
    assert say("a" * 5_000) == "a" * 5_000


def test_a_chinese_report_has_chinese_words_and_the_data_s_own_texts() -> None:
    say = say_in("zh")
    page = html_report(report(HOSTILE), say, "zh")
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh">')
    for word in ("全部输出", "按原文长度", "搜索", "复现这次评测", "学习曲线"):
        assert word in page
    assert "<script>alert" not in page
    assert "## 得分" in markdown_report(report(), say)
    assert any(line.startswith("指标") for line in lines(report(), say))


@pytest.mark.parametrize(
    ("locale", "source", "target", "language"),
    [
        ("zh_CN.UTF-8", "en", "de", "zh"),
        ("C.UTF-8", "zh", "zh-CN", "zh"),
        ("en_US.UTF-8", "en", "zh", "en"),
        ("", "", "", "en"),
        ("C", "", "zh", "zh"),
    ],
)
def test_the_language_follows_the_locale_or_an_all_chinese_model(
    monkeypatch: pytest.MonkeyPatch, locale: str, source: str, target: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_MESSAGES", locale)
    assert language_for(source, target) == language


def full() -> Report:
    """Return a report of Chinese texts with every part that a report can have."""
    whole = report("我们去北京")
    texts = tuple(
        replace(
            prediction,
            index=number,
            source="我们去北京",
            hypothesis=hypothesis,
            references=(reference,),
            place="",
            pieces=tuple(hypothesis),
            source_pieces=tuple("我们去北京"),
            attention=((0.2,) * 5,) * len(hypothesis) if number < 3 else (),
            copied=(0.5,) * len(hypothesis) if number < 2 else (),
        )
        for number, prediction, hypothesis, reference in (
            (
                place,
                whole.predictions[1],
                "我们我们我们我们" if place % 3 else "",
                f"他们去了二十{'三' * (place % 4)}次",
            )
            for place in range(40)
        )
    )
    figures = (
        *map(of_score, (score(), Score("TER", 50.0, 45.0, 55.0, "TER|x", "edits per 100 words", False))),
        Figure(EQUAL, 12.0, 10.0, 14.0),
        Figure(PERPLEXITY, 12.0, unit="of the references", higher_is_better=False, most=None),
        Figure(BITS, 1.0, 0.5, 1.5, unit="bits", higher_is_better=False, most=None),
    )
    buckets = (replace(whole.buckets[0], sentences=20), replace(whole.buckets[1], sentences=20))
    return replace(
        whole,
        title="测试",
        notes=("The best weights were chosen on these sentences: the scores are slightly too good.",),
        recipe={
            **whole.recipe,
            "model": {"path": "", "steps": 20},
            "command": "",
            "decoding": {"method": "greedy search"},
        },
        predictions=texts,
        worst=(0, 1),
        typical=(2, 3),
        best=(4, 5),
        sections=(),
        figures=figures,
        verdict=verdict(figures, texts, output_facts(texts), buckets),
        examples=drawn(texts, 1),
        errors=tuple(summary(texts)),
        buckets=buckets,
    )


def test_no_english_is_left_in_a_chinese_report() -> None:
    assert english_in(full(), {}) == {}


def test_no_english_is_read_on_a_chinese_page() -> None:
    """This finds words that bypass the catalogue."""
    checker = Checker()
    checker.feed(html_report(full(), say_in("zh"), "zh"))
    # The recipe's keys are names of options.
    known = NAMES | {"path", "steps", "target", "language", "method", "description", "name", "SHA", "nrefs", "tok"}
    assert set(re.findall("[A-Za-z]{2,}", " ".join(checker.texts))) <= known


@pytest.mark.parametrize("name", [plugin.name for plugin in installed()])
def test_every_task_is_called_by_its_chinese_name(name: str) -> None:
    say = say_in("zh", phrases(load(name), "zh"))
    for phrase in (name, name.capitalize(), f"test split of the sample corpus of {name}"):
        assert not re.search("[A-Za-z]", say(phrase)), phrase
    assert not phrases(load(name), "en")
