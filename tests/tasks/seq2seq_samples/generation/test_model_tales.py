"""A model's texts are grouped by language and compared with the training tales."""

from seq2seq_samples.generation.grammar import Tale
from seq2seq_samples.generation.model_tales import compare


def tale(language: str, text: str) -> Tale:
    return Tale(language, "a plot", (), text)


TRAIN = [tale("en", "The fox laughed at the moon."), tale("zh", "狐狸笑着看月亮。")]


def test_words_are_known_in_their_own_language_alone() -> None:
    results = compare(["The moon laughed 月", "狐狸看月亮 a"], TRAIN)
    assert (results["en"].words, results["en"].known) == (4, 3)
    assert (results["zh"].words, results["zh"].known) == (6, 5)
    assert results["en"].percent == 75


def test_the_longest_copied_run_is_found() -> None:
    results = compare(["A fox laughed at me.", "他笑着看月"], TRAIN)
    assert results["en"].copied == " fox laughed at "
    assert results["zh"].copied == "笑着看月"


def test_a_language_that_nothing_is_written_in_is_there_too() -> None:
    results = compare(["The fox."], TRAIN)
    assert (results["zh"].texts, results["zh"].words, results["zh"].percent, results["zh"].copied) == ([], 0, 0.0, "")
