"""BLEU by script equals 13a on English and zh on Chinese exactly, and is correct on a mixed corpus."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.metrics.sacrebleu_metrics import Bleu, Ter, bleu_for, ter_for
from seq2seq.metrics.script_tokenizer import BY_SCRIPT, ScriptTokenizer

ENGLISH = st.lists(
    st.sampled_from(
        "the cat's sat 3.5 1,000 9- x-1 . , ! “so” it’s — … & &amp; &quot; <skipped> é € ✓ naïve 10%".split()
    ),
    max_size=12,
).map(" ".join)
CHINESE = st.builds(
    "".join,
    st.lists(
        st.sampled_from([*"我们去了。，！？“”…—《》（）", "iPhone", " ", "12", "3.5", "A&amp;B", ".", "OK!"]),
        max_size=12,
    ),
).map(lambda text: f"我{text}")


def corpus(texts: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(texts, texts.filter(str.strip)), min_size=1, max_size=6)


@given(corpus(ENGLISH))
def test_english_is_cut_as_by_13a(pairs: list[tuple[str, str]]) -> None:
    outputs, references = [output for output, _ in pairs], [[other] for _, other in pairs]
    assert bleu_for("").statistics(outputs, references).tolist() == Bleu("13a").statistics(outputs, references).tolist()


@given(corpus(CHINESE))
def test_chinese_is_cut_as_by_zh(pairs: list[tuple[str, str]]) -> None:
    outputs, references = [output for output, _ in pairs], [[other] for _, other in pairs]
    assert bleu_for("").statistics(outputs, references).tolist() == Bleu("zh").statistics(outputs, references).tolist()
    assert "tok:zh|" in bleu_for("").report(outputs, references, samples=0).signature or not any(outputs)


@given(corpus(ENGLISH), corpus(CHINESE))
def test_a_mixed_corpus_is_the_sum_of_its_languages(
    english: list[tuple[str, str]], chinese: list[tuple[str, str]]
) -> None:
    pairs = [*english, *chinese]
    outputs, references = [output for output, _ in pairs], [[other] for _, other in pairs]
    cut = len(english)
    expected = Bleu("13a").statistics(outputs[:cut], references[:cut]).sum(0)
    expected += Bleu("zh").statistics(outputs[cut:], references[cut:]).sum(0)
    metric = bleu_for("")
    assert metric.statistics(outputs, references).sum(0).tolist() == expected.tolist()
    assert metric.tokenizers() == "13a+zh"


def test_the_chinese_half_of_a_mixed_corpus_counts() -> None:
    outputs, references = ["we go there now", "我们明天去北京。"], [["we go there now"], ["我们今天去北京。"]]
    assert Bleu("13a").sentences(outputs, references)[1] == 0
    assert bleu_for("").sentences(outputs, references) == pytest.approx(
        [100, Bleu("zh").sentences(outputs[1:], references[1:])[0]]
    )


@pytest.mark.parametrize(
    ("text", "words", "signature"),
    [
        ("Yes, we do.", "Yes , we do .", "13a"),
        ("我用iPhone 12。", "我 用 iPhone 12 。", "zh"),
        ("本をかう", "本 を か う", "zh+char"),
        ("책을", "책 을", "zh+char"),
        ("น้ำ", "น ้ ำ", "zh+char"),
        ("？！", "？ ！", "zh"),
        ("“so” ✓…", "“so” ✓…", "13a"),
        (" ", "", "13a"),
    ],
)
def test_each_script_is_cut_by_its_own_rules(text: str, words: str, signature: str) -> None:
    tokenizer = ScriptTokenizer()
    assert tokenizer(text) == words
    assert tokenizer.signature() == signature


def test_a_signature_names_the_tokenizers_that_were_used() -> None:
    metric = Bleu(BY_SCRIPT)
    assert "|tok:13a|" in metric.report(["a b"], [["a b"]], samples=0).signature
    assert "|tok:13a+zh|" in metric.report(["我们"], [["我们"]], samples=0).signature


def test_words_are_counted_by_script() -> None:
    metric = bleu_for("")
    assert metric.word_counts(["Yes, we do.", "我们去 Peking。", ""]) == [5, 5, 0]
    assert Bleu("13a").word_counts(["我们去。"]) == [1]


def test_edits_are_counted_by_the_script_of_the_reference() -> None:
    outputs, references = ["the cat sat", "我们今天去"], [["the dog sat"], ["我们明天去"]]
    metric = ter_for("")
    expected = (
        Ter().statistics(outputs[:1], references[:1]).tolist()
        + Ter(asian=True).statistics(outputs[1:], references[1:]).tolist()
    )
    assert metric.statistics(outputs, references).tolist() == expected
    score = metric.report(outputs, references, samples=0)
    assert score.unit == "edits per 100 words or characters"
    assert "|norm:no+yes|punct:yes|asian:no+yes|" in score.signature
    for asian in (False, True):
        rows = slice(int(asian), int(asian) + 1)
        ours, theirs = (
            metric.report(outputs[rows], references[rows], samples=0) for metric in (ter_for(""), Ter(asian))
        )
        assert ours == theirs
