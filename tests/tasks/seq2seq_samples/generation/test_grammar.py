"""Plots: parsing, generating tales, and counting the possible tales."""

from random import Random

import pytest

from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.generation.grammar import plots, tell

FOX = """
the fox
@ hero: fox|owl
@ friend: bird
- <when>, {hero} the {hero kind} saw a {thing}. "[oh|ah], {hero his} {thing}!"
? {friend} [sang|slept].
* One.
* Two.
a Three.
a Four.
b Five.
--
- an end for
  {hero}.
"""


def told(table: str, language: str = "en", seed: int = 0) -> str:
    (plot,) = plots(language, table)
    return tell(plot, Random(seed), "train").text


def test_lines_are_told_as_their_signs_say() -> None:
    texts = [told(FOX, seed=seed) for seed in range(60)]
    assert 10 < sum("sang." in text or "slept." in text for text in texts) < 50
    assert all(("Three." in text) != ("Four." in text) for text in texts)
    assert all("One." in text and "Two." in text and "Five.\nAn end for " in text for text in texts)
    assert len({text.index("One.") < text.index("Two.") for text in texts}) == 2


def test_what_is_remembered_stays_the_same() -> None:
    (plot,) = plots(
        "en", "x\n@ hero: fox\n@ friend: fox\n- {hero}|{hero}|{friend}|{fruit}|{fruit2}|{fruit}".replace("|", " / ")
    )
    for seed in range(40):
        hero, again, friend, fruit, other, same = tell(plot, Random(seed), "train").text.split(" / ")
        assert hero == again != friend
        assert fruit.lower() == same.lower() != other.lower()


def test_pronouns_follow_the_name() -> None:
    (plot,) = plots("en", "x\n@ hero: fox\n- {hero} {hero he} {hero him} {hero his} {hero pos}")
    pronouns = {}
    for seed in range(40):
        name, *rest, owner = tell(plot, Random(seed), "train").text.split()
        assert owner == f"{name}'s"
        pronouns[name] = tuple(rest)
    assert set(pronouns.values()) == {("she", "her", "her"), ("he", "him", "his")}


def test_animals_are_it_in_chinese_and_people_are_not() -> None:
    fox, potter = (
        {told(f"x\n@ hero: {kind}\n- {{hero ta}}", "zh", seed) for seed in range(20)} for kind in ("狐狸", "陶匠")
    )
    assert fox == {"它"}
    assert potter == {"他", "她"}


def test_measure_words_go_with_their_nouns() -> None:
    text = told("x\n@ hero: 狐狸\n- {thing}，{thing one}，{thing that}", "zh")
    noun, single, that = text.split("，")
    assert single[0] == "一"
    assert single[2:] == noun
    assert that == f"那{single[1:]}"


def test_english_is_finished() -> None:
    assert told('x\n@ hero: fox\n- "oh [|] , a apple!" cried A. he is a owl . "no," he said, "but a end.') == (
        '"Oh, an apple!" cried A. He is an owl. "No," he said, "but an end.'
    )


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_characters_belong_to_their_split(split: str) -> None:
    (plot,) = plots("en", FOX)
    for seed in range(30):
        tale = tell(plot, Random(seed), split)
        assert tale.characters[0][1] in ("fox", "owl")
        for name, kind in tale.characters:
            assert name in tale.text
            assert split_of(f"{name} {kind}") == split


def test_ways_of_telling_are_counted() -> None:
    (plot,) = plots("en", "x\n@ hero: fox\n- [a|b|c]\n? [d|e]\n? f\n* g\n* [h|i]\na j\na [k|l]\nb m")
    assert plot.ways() == 3 * (1 + 2) * (1 + 1) * (2 * 2) * (1 + 2) * 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("! no", r"A line of a plot begins with @ - \? \* or a letter and a blank, or is --, not '! no'"),
        ("- {hero her}", "'{hero}' of the plot 'x' has no form 'her'"),
        ("- {fruit one}", "'{fruit}' of the plot 'x' has no form 'one'"),
        ("- {weapon}", "The lexicon of 'en' has no class 'weapon'"),
        ("- <weapon>", "The lexicon of 'en' has no class 'weapon'"),
        ("- [a", r"'\[a' has a '\[' without a ']' after it\."),
    ],
)
def test_faulty_plots_are_refused(line: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        plots("en", f"x\n@ hero: fox\n{line}")
