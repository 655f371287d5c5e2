"""ROUGE equals the library's on ASCII text, and is consistent in all other scripts."""

import string
import unicodedata
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from rouge_score.tokenizers import DefaultTokenizer

from seq2seq import __version__
from seq2seq.errors import UserError
from seq2seq.metrics.rouge import KINDS, Rouge, words
from seq2seq.metrics.significance import compare
from tests.environments import REPOSITORY

LIBRARY = {stemming: DefaultTokenizer(stemming) for stemming in (False, True)}
# Characters that determine where a word ends and which rule of the stemmer applies.
PARTS = (
    "un re a the runn connect happi troubl 3 19 _ - ' . \n ing ed s ies ness ational fulli ously sses Y TION ly".split(
        " "
    )
)
ASCII = st.one_of(
    st.text(string.printable, max_size=80), st.lists(st.sampled_from([*PARTS, " "]), max_size=30).map("".join)
)
TEXTS = st.text(max_size=40)
SCRIPTS = st.lists(
    st.sampled_from([*"Ä ß é İ ſ Σ a 7 . _ 我 们 。 か カ゛ ー 한 ж ह ि ส วั ١".split(), "\u0301", "\u200d", "\n", " "]),
    max_size=20,
).map("".join)


def prose() -> list[str]:
    """The ASCII lines of this repository's documents and sources: real English, Markdown, tables and code."""
    files = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").glob("*.md"), *(REPOSITORY / "seq2seq").glob("*.py")]
    lines = {line for path in files for line in path.read_text(encoding="utf-8").splitlines()}
    return sorted(line for line in lines if line.isascii())


@settings(max_examples=500)
@given(ASCII, st.booleans())
def test_ascii_is_cut_and_stemmed_as_the_library_does(text: str, stemming: bool) -> None:
    assert list(words(text, stemming)) == LIBRARY[stemming].tokenize(text)


def test_thousands_of_real_lines_are_cut_and_stemmed_as_the_library_does() -> None:
    lines = prose()
    assert len(lines) > 3000
    for stemming, library in LIBRARY.items():
        assert [line for line in lines if list(words(line, stemming)) != library.tokenize(line)] == []


@given(ASCII, ASCII, st.booleans())
def test_scores_of_ascii_are_those_of_the_library(hypothesis: str, reference: str, stemming: bool) -> None:
    expected = RougeScorer([f"rouge{kind}" for kind in KINDS], use_stemmer=stemming).score(reference, hypothesis)
    for kind in KINDS:
        metric = Rouge(kind, stemming=stemming, split="lines")
        parts = metric.parts(metric.statistics([hypothesis], [[reference]]))
        assert parts == pytest.approx([100 * part for part in expected[f"rouge{kind}"]])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Meet me at 3pm, don't be late_again!", "meet me at 3pm don t be late again"),
        ("3.5 Millionen Größen", "3 5 millionen größen"),
        ("Привет, Мир!", "привет мир"),
        ("नमस्ते दुनिया।", "नमस्ते दुनिया"),
        ("안녕하세요, 세계!", "안녕하세요 세계"),
        ("我们买了3本iPhone手册。", "我 们 买 了 3 本 iphone 手 册"),
        ("コーヒー・ミルクを2杯", "コ ー ヒ ー ミ ル ク を 2 杯"),
        ("か\u309aも", "か\u309a も"),  # Unicode has no composed character for this kana with its mark
        ("สวัสดี๑๒", "ส วั ส ดี ๑๒"),
        ("٣ كتب", "٣ كتب"),
        ("x² + ½", "x² ½"),
        ("👍🏽 \U0001f468\u200d\U0001f469 3\ufe0f\u20e3 \u0301", "3"),
        ("Fuß\u00adball", "fußball"),
        ("می\u200cخواهم", "میخواهم"),
        ("\U00020000\U00020001", "\U00020000 \U00020001"),
        ("ＡＢＣ", "ａｂｃ"),
    ],
)
def test_words_of_other_scripts(text: str, expected: str) -> None:
    assert words(text) == tuple(expected.split())


def test_only_ascii_words_of_four_characters_are_stemmed() -> None:
    assert words("running cats was Häuser лошади", stemming=True) == ("run", "cat", "was", "häuser", "лошади")
    assert words("naïves", stemming=True) == ("naïves",)
    assert words("bus buses 3rds", stemming=True) == ("bus", "buse", "3rd")


@given(TEXTS | SCRIPTS)
def test_no_letter_is_lost(text: str) -> None:
    whole = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    kept = [character for character in whole if character.isalnum()]
    assert [character for word in words(text) for character in word if character.isalnum()] == kept


@given(TEXTS | SCRIPTS)
def test_composed_and_decomposed_characters_are_equal(text: str) -> None:
    assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@given(TEXTS | SCRIPTS)
def test_lines_are_cut_alone(text: str) -> None:
    assert words(f"{text}\n{text}") == words(text) * 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", ["他星期一买了三本书。", "она читает книгу", "この本は面白い", "Größe zählt", "the cat sat"]
)
def test_what_is_identical_is_perfect(kind: str, text: str) -> None:
    metric = Rouge(kind)
    assert metric.parts(metric.statistics([text], [[text]])) == pytest.approx((100, 100, 100))
    assert metric.score([""], [[text]]) == 0


def test_umlauts_tell_words_apart() -> None:
    assert Rouge("1").score(["Größe"], [["Gräße"]]) == 0
    assert Rouge("1").score(["Gro\u0308ße"], [["Größe"]]) == 100


def test_one_character_of_chinese_makes_a_small_difference() -> None:
    assert Rouge("1").score(["他星期一买了三本书"], [["他星期二买了三本书"]]) == pytest.approx(100 * 8 / 9)
    assert Rouge("2").score(["他星期一买了三本书"], [["他星期二买了三本书"]]) == pytest.approx(100 * 6 / 8)
    assert Rouge("L").score(["书三本"], [["三本书"]]) == pytest.approx(100 * 2 / 3)


@given(st.lists(st.sampled_from("cat dog bird 猫 狗".split()), min_size=1, max_size=8), st.randoms())
def test_order_counts_for_sequences_only(text: list[str], random: Random) -> None:
    mixed = list(text)
    random.shuffle(mixed)
    one, other = " ".join(text), " ".join(mixed)
    assert Rouge("1").score([one], [[other]]) == pytest.approx(100)
    forth, back = (Rouge("L").statistics([a], [[b]])[0] for a, b in ((one, other), (other, one)))
    assert forth[:2] == pytest.approx(back[1::-1])  # precision and recall are swapped


def test_texts_without_words_score_nothing() -> None:
    for kind in KINDS:
        assert Rouge(kind).score(["", "...", "cat"], [["cat"], ["..."], [""]]) == 0


def test_lines_are_sentences_for_lsum_only() -> None:
    hypothesis, reference = "the dog ran\nthe cat sat", "the cat sat\nthe dog ran"
    assert Rouge("Lsum").score([hypothesis], [[reference]]) == pytest.approx(100)
    assert Rouge("L").score([hypothesis], [[reference]]) == pytest.approx(50)
    flat = [hypothesis.replace("\n", " ")], [[reference.replace("\n", " ")]]
    assert Rouge("Lsum").score(*flat) == Rouge("L").score(*flat)


def test_sentences_inside_lines_count_for_lsum_unless_told_otherwise() -> None:
    for hypothesis, reference in (
        ("The dog ran. The cat sat.", "The cat sat. The dog ran."),
        ("狗跑了。猫坐着。", "猫坐着。狗跑了。"),
    ):
        assert Rouge("Lsum").score([hypothesis], [[reference]]) == pytest.approx(100)
        assert Rouge("Lsum", split="lines").score([hypothesis], [[reference]]) < 70
    with pytest.raises(UserError, match="takes 'lines' or 'sentences' for sentences, but split is 'words'"):
        Rouge("Lsum", split="words")


@pytest.mark.parametrize("separator", [" . ", " . <q> ", "<q>", ". \n", " . </s> <s> "])
def test_lower_cased_and_tagged_sentences_count_for_lsum(separator: str) -> None:
    one, two = "the board met", "kelwick leads the work"
    outputs, references = [separator.join((two, one))], [[separator.join((one, two))]]
    for kind in KINDS:
        expected = {"L": 100 * 4 / 7, "2": 100 * 5 / 6}.get(kind, 100)
        metric = Rouge(kind)
        assert metric.score(outputs, references) == pytest.approx(expected)
    assert metric.note().startswith("ROUGE-Lsum found 2 sentences in the outputs and 2 in the references")
    assert Rouge("1").note() == ""


def test_tags_between_sentences_are_no_words() -> None:
    for kind in KINDS:
        assert Rouge(kind).score(["a b <q> c d"], [["a b\nc d"]]) == pytest.approx(100)
        assert Rouge(kind).score(["<t> a b </t>"], [["a b"]]) == pytest.approx(100)
        assert Rouge(kind, split="lines").score(["a <q> b"], [["a\nb"]]) == pytest.approx(100)


def test_the_number_of_lines_found_is_said() -> None:
    metric = Rouge("Lsum", split="lines")
    metric.score(["a. B c.\nd", "e"], [["a", "b\nc"], ["e"]])
    assert metric.note() == (
        "ROUGE-Lsum found 3 sentences in the outputs and 4 in the references (line breaks end them)."
    )


def test_of_several_references_the_best_counts_or_the_mean() -> None:
    hypotheses, references = ["the cat sat"], [["a dog ran", "the cat", "cat sat there"]]
    best, mean = Rouge("1"), Rouge("1", references="mean")
    assert best.parts(best.statistics(hypotheses, references)) == pytest.approx((200 / 3, 100, 80))
    f1 = (0 + 0.8 + 2 / 3) / 3
    assert mean.parts(mean.statistics(hypotheses, references)) == pytest.approx((400 / 9, 500 / 9, 100 * f1))
    # Each kind uses its best reference: the first one contains all words, the second one a pair of them.
    for kind, expected in (("1", 100), ("2", 40)):
        assert Rouge(kind).score(["a b c"], [["c b a", "a b d e"]]) == pytest.approx(expected)
    assert "refs:max" in best.signature()
    assert "refs:mean" in mean.signature()


def test_the_score_is_the_mean_over_texts() -> None:
    hypotheses, references = ["the cat", "a dog", ""], [["the cat"], ["a cat"], ["none"]]
    metric = Rouge("1")
    assert metric.sentences(hypotheses, references) == pytest.approx([100, 50, 0])
    report = metric.report(hypotheses, references, samples=100)
    assert report.value == pytest.approx(50)
    assert report.low is not None
    assert report.high is not None
    assert report.low <= report.value <= report.high
    assert report.signature.endswith("|bs:100|seed:12345")
    assert metric.score(hypotheses[::-1], references[::-1]) == pytest.approx(50)


def test_the_signature_says_what_changes_the_number() -> None:
    metric = Rouge("L")
    assert "nrefs:?" in metric.signature()
    metric.score(["a"], [["a"]])
    expected = f"ROUGE-L|nrefs:1|refs:max|tok:unicode|stem:yes|lib:rouge-score-0.1.2|version:{__version__}"
    assert metric.signature() == expected
    metric.score(["a", "b"], [["a"], ["a", "b"]])
    assert "nrefs:var" in metric.signature()
    plain = Rouge("Lsum", stemming=False)
    assert "stem:no|split:sentences" in plain.signature()
    assert "split:lines" in Rouge("Lsum", split="lines").signature()
    assert "split" not in Rouge("L").signature()
    assert [Rouge(kind).name for kind in KINDS] == ["ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum"]
    assert Rouge("1").score(["cats"], [["cat"]]) == 100
    assert Rouge("1", stemming=False).score(["cats"], [["cat"]]) == 0


def test_the_paired_tests_work_on_it() -> None:
    references = [[f"the {size} {animal} sleeps in the house"] for size in "big small red".split()
                  for animal in "猫 dog bird horse cow".split()]  # fmt: skip
    good = [texts[0].replace("sleeps", "slept") for texts in references]
    bad = [texts[0].replace("the", "a").replace("house", "garden") for texts in references]
    for kind in KINDS:
        comparison = compare(Rouge(kind), bad, good, references, samples=200)
        assert comparison.metric == f"ROUGE-{kind}"
        assert comparison.low > 0
        assert max(comparison.p_bootstrap, comparison.p_randomisation) < 0.05
        assert compare(Rouge(kind), good, good, references, samples=50).difference == 0


@pytest.mark.parametrize(
    ("kind", "references", "sentence"),
    [
        ("3", "max", "There is no ROUGE-3 here. Choose from: 1, 2, L, Lsum."),
        ("l", "max", "There is no ROUGE-l here"),
        ("1", "best", "the 'max' or the 'mean' of their scores, but references is 'best'"),
    ],
)
def test_other_kinds_and_ways_are_refused(kind: str, references: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence.replace(".", r"\.")):
        Rouge(kind, references=references)


@pytest.mark.parametrize(
    ("hypotheses", "references", "sentence"),
    [
        (["a", "b"], [["a"]], "2 outputs came with references for 1"),
        ([], [], "nothing to score"),
        (["a"], ["a"], "one inner list per output"),
        (["a", "b"], [["a"], []], "Sentence 2 has no reference"),
    ],
)
def test_what_cannot_be_scored_is_refused(hypotheses: list[str], references: list[list[str]], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        Rouge("1").score(hypotheses, references)
