"""Settings that have no effect, checked against what each needs."""

import pytest

from seq2seq.repl.settings import MAIN, idle
from seq2seq.sessions.settings import Settings


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({}, "temperature", "sample is false"),
        ({"sample": "true"}, "temperature", ""),
        ({}, "beam_size", ""),
        ({"sample": "true"}, "beam_size", "sample is true"),
        ({"sample": "true"}, "length_penalty", "sample is true"),
        ({"sample": "true", "ranked": "true"}, "length_penalty", ""),
        ({"beam_size": "1"}, "length_alpha", "beam_size is 1"),
        ({"length_penalty": "none"}, "length_alpha", "length_penalty is none"),
        ({}, "candidates", "ranked is false"),
        ({"ranked": "true"}, "candidates", ""),
        ({"ranked": "true"}, "anti_pieces", "anti_weight is 0"),
        ({}, "diversity", "groups is 1"),
        ({"beam_size": "4", "groups": "2"}, "diversity", ""),
        ({"max_length": "9"}, "max_length_ratio", "max_length is 9"),
        ({}, "banned", ""),
    ],
)
def test_what_has_no_effect(changes: dict[str, str], name: str, reason: str) -> None:
    settings = Settings()
    for changed, value in changes.items():
        settings = settings.changed(changed, value)
    assert idle(settings, name) == reason


def test_ten_settings_matter() -> None:
    assert len(MAIN) == 10
    assert set(MAIN) <= set(Settings().values())
