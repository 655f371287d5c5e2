"""Settings of a session, changed by name."""

import pytest

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.sessions.settings import Settings


def test_settings_are_changed_one_by_one() -> None:
    settings = Settings(SearchOptions(beam_size=3))
    for name, text, value in (
        ("sample", "true", True),
        ("beam_size", "7", 7),
        ("temperature", "0.5", 0.5),
        ("length_penalty", "gnmt", "gnmt"),
        ("banned", "i don't know, sorry", ("i don't know", "sorry")),
        ("banned", '""', ()),
        ("length_bonus", "0.1", 0.1),
    ):
        settings = settings.changed(name, text)
        assert settings.values()[name] == value
    assert settings.decoding == Decoding(settings.search, SamplingOptions(temperature=0.5))
    assert settings.search == SearchOptions(beam_size=7, length_penalty="gnmt")
    assert settings.changed("sample", "false").decoding == Decoding(settings.search)


def test_settings_that_do_not_go_together_are_told() -> None:
    settings = Settings().changed("candidates", "9")
    with pytest.raises(UserError, match="9 candidates are wanted for each source, but a search with beam_size 5 finds"):
        settings.changed("ranked", "true")
    assert settings.changed("sample", "true").changed("ranked", "true").decoding.candidates == 9


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "temprature",
            "1",
            r"There is no setting 'temprature'. Did you mean 'temperature'\? There are: sample, ranked",
        ),
        ("groups", "2", "beam_size is 5, which 2 groups cannot share"),
        ("n_best", "2", "There is no setting 'n_best'"),
        ("beam_size", "two", "beam_size must be a whole number, but 'two' was given."),
        ("temperature", "warm", "temperature must be a number, but 'warm' was given."),
        ("sample", "yes", "sample must be true or false, but 'yes' was given."),
        (
            "temperature",
            "0",
            "must be at least 0.001. For the likeliest piece each time, set sample to false and beam_",
        ),
        ("temperature", "nan", "temperature is nan, but it must lie between 0.001 and 1,000."),
        ("beam_size", "200000", "beam_size is 200000, but it must lie between 1 and 1,000."),
        ("top_p", "2", "top_p is 2.0, but it must be above 0 and at most 1."),
        ("length_penalty", "gmnt", r"length_penalty is 'gmnt', which does not exist. Did you mean 'gnmt'\?"),
    ],
)
def test_settings_that_cannot_be_are_told(name: str, text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        Settings().changed(name, text)
