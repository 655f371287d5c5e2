"""Sentences in four languages and turns of chats; nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.metrics.sentences import is_chat, sentences, separated, units

PARTS = '. ! ? … 。 ！ ？ ； " “ ” 」 「 ） ( ) Mr A I a 3 12 Mai z.B 猫 と か Wort no'.split()
TEXTS = st.text(max_size=40) | st.lists(st.sampled_from([*PARTS, " ", "\n"]), max_size=30).map("".join)


# A bar separates the expected sentences.
@pytest.mark.parametrize(
    "text",
    [
        "The shop is open. | We went in! | Did you? | Yes… | Good.",
        "Mr. Brown met Dr. Lee at St. Mary's. | Both were late.",
        "Bring fruit, e.g. Apples or pears, i.e. Food. | Thanks.",
        "The book is by J. R. Smith. | So am I. | Good.",
        "It costs 3.5 dollars, or 4. | That is a lot.",
        "See Fig. 3 and No. 7 for more. | He said no. | We left.",
        "1. Wash the rice. | Boil it.",
        "“Stop!” he said. | “Why?” | “Because.”",
        'He said "stop." | "Why?" asked she.',
        "They came at last... | Nobody saw them ... but us.",
        "It was cold (very cold.) | Snow fell. | 20 people came.",
        "What?! | No way!!! | Über uns nichts.",
        "Das ist z. B. Brot. | Herr Dr. Groß kam am 3. Oktober an. | Er blieb.",
        "„Komm!“ | „Nein.“ | Im 19. Jahrhundert war das anders. | Es waren 19. | Mehr nicht.",
        "Das kostet ca. Zehn Euro bzw. Mark, d. h. Wenig. | Schön.",
        "今天下雨了。|我没有带伞！|你呢？|还好；|走吧",
        "他说：“走吧。”|我们走了。|（真的。）|好",
        '他说"走吧。"|我们走了。|"好！"|她笑了。',
        "他问“去吗？”，我点头。|好的!|走吧?|嗯。",
        "明日は雨です。|「行こう！」と彼は言った。|「はい。」|終わり",
        "版本 3.5 出来了。| It works. | 好 。",
        "第一行没有句号\n|第二行也没有",
        "A title\n|A sentence. | Another\n\n|The end",
        "",
        "...",
        "the board met . | kelwick leads the work .",
        "on june 30, they met . | it was agreed . | did it rain ? | yes ! | so am i . | good",
        "`` stop . '' | he left . | ( really . ) | they met mr . smith .",
        'he said " stop . " | " why ? " | she left .',
        "wait . . . what ? ! now",
        "it rose to 3 . | then it fell",
        "in the u.s. . | then home . -rrb- | x",
        "我 没有 带 伞 。 | 你 呢 ？",
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str) -> None:
    assert sentences(text.replace("|", "")) == [part.strip() for part in text.split("|") if part.strip()]


@given(TEXTS)
def test_every_character_but_blanks_is_kept_in_order(text: str) -> None:
    for cut in (sentences, units):
        parts = cut(text)
        assert "".join("".join(parts).split()) == "".join(text.split())
        assert all(part == part.strip() != "" for part in parts)
        assert not any("\n" in part for part in parts)


@given(TEXTS)
def test_lines_are_cut_alone(text: str) -> None:
    assert sentences(f"{text}\nx\n{text}") == [*sentences(text), "x", *sentences(text)]


@given(TEXTS)
def test_a_sentence_is_one_sentence(text: str) -> None:
    for sentence in sentences(text):
        assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("Ann: Hi! How are you?\nBen: Fine. You?\n", ["Ann: Hi! How are you?", "Ben: Fine. You?"]),
        ("小王：你好！吃了吗？\n老李：吃了。你呢？", ["小王：你好！吃了吗？", "老李：吃了。你呢？"]),
        ("Speaker 1: Yes. No.\nhaha. Really.\nDr. Lee: Oh. Well.", ["Speaker 1: Yes. No.", "haha. Really.",
                                                                     "Dr. Lee: Oh. Well."]),
        ("We met at 10:30. It rained.\nThen we left.", ["We met at 10:30.", "It rained.", "Then we left."]),
        ("Note: one line. Only.", ["Note: one line.", "Only."]),
        ("", []),
    ],
)  # fmt: skip
def test_turns_of_a_chat_stay_whole(document: str, expected: list[str]) -> None:
    assert units(document) == expected


def test_a_chat_is_known_by_its_speakers() -> None:
    assert is_chat("Ann: hi\nBen:\nAnn: there?")
    assert not is_chat("Ann: hi")
    assert not is_chat("Prices:rise\nWages:fall")
    assert not is_chat("What is this? a list: no\nA second line\nThird: line")


def test_the_tags_of_summarization_corpora_are_line_breaks() -> None:
    assert sentences(separated("<t> a b . </t> <t> c d . </t>")) == ["a b .", "c d ."]
    assert sentences(separated("a b<q>c d <n> e")) == ["a b", "c d", "e"]
    assert separated("a < b <qq> <b>") == "a < b <qq> <b>"


@pytest.mark.parametrize("part", ["Mr. ", ". ", ' . " a', '。"、'])
def test_a_long_line_without_an_end_takes_no_time(part: str) -> None:
    """Would take half an hour for "Mr. " if each full stop examined the whole line before or after it."""
    assert "".join(sentences(part * 60_000)).replace(" ", "") == (part * 60_000).replace(" ", "")
