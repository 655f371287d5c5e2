"""Languages of a corpus, guessed from file names and from scripts."""

import pytest

from seq2seq.corpus.languages import language_of, language_of_script


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("train.en", "en"),
        ("train.zh.gz", "zh"),
        ("a.zh-CN.txt", "zh"),
        ("a.zh_Hans.gz", "zh"),
        ("en", "en"),
        ("train.src", ""),
        ("tok.bpe.de", "de"),
        ("train.txt.gz", ""),
    ],
)
def test_languages_from_names(name: str, language: str) -> None:
    assert language_of(name) == language


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["他买了3本 Python 书，很高兴"], "zh"),
        (["He bought the book 三国演义 yesterday."], ""),
        (["彼は本を三冊買いました。"], "ja"),
        (["그는 책 세 권을 샀다."], "ko"),
        (["123 !", ""], ""),
        ([], ""),
        (["他买了书。", "He bought a book."], ""),
        (["他买了书。"] * 9 + ["OK.", "!!!"], "zh"),
        (["他买了书。"] * 8 + ["OK."] * 2, ""),
    ],
)
def test_the_script_tells_some_languages(texts: list[str], language: str) -> None:
    assert language_of_script(texts) == language
