"""The report's own words in Chinese, and texts of models and files as they are."""

import re

import pytest

from seq2seq.report import Quoted
from seq2seq.report_chinese import PHRASES
from seq2seq.report_html import html_report
from seq2seq.report_language import Catalogue, language_for, say_in
from seq2seq.report_markdown import markdown_report
from seq2seq.report_terminal import lines
from tests.seq2seq.test_report import HOSTILE, report


@pytest.mark.parametrize(("phrase", "text"), PHRASES.items())
def test_each_translation_uses_what_varies(phrase: str, text: str) -> None:
    places = set() if "{}" not in phrase else {str(place) for place in range(phrase.count("{}"))}
    if places:
        assert set(re.findall(r"\{(\d)\}", text)) == places


def test_phrases_are_found_whole_or_by_pattern_and_quoted_text_is_left_alone() -> None:
    say = Catalogue({"source": "原文", "{} of {}": "{1} 中的 {0}", "{} of {} outputs": "{1} 个输出中的 {0} 个"})
    assert say("source") == "原文"
    assert say("3 of 5 outputs") == "5 个输出中的 3 个"
    assert say("source of 5") == "5 中的 原文"
    assert say("nowhere") == "nowhere"
    assert say(Quoted("source")) == "source"
    assert say("a" * 5_000) == "a" * 5_000


def test_a_chinese_report_has_chinese_words_and_the_data_s_own_texts() -> None:
    say = say_in("zh")
    page = html_report(report(HOSTILE), say, "zh")
    assert page.startswith('<!DOCTYPE html>\n<html lang="zh">')
    for word in ("全部输出", "按原文长度", "搜索", "重复这次评测", "学习曲线"):
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
