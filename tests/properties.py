"""The number of examples for costly properties."""

from typing import Any

from hypothesis import settings

THOROUGH = "thorough"
"""The profile of `make test-numbers`, which tests all examples."""
FAST_SHARE = 0.4
"""Share of the examples that the fast tests try; each run tries different ones."""


def examples(count: int, **others: Any) -> settings:  # noqa: ANN401 - as hypothesis has it
    """Return settings for a property that `count` examples test thoroughly."""
    is_thorough = settings.get_current_profile_name() == THOROUGH
    return settings(max_examples=count if is_thorough else round(FAST_SHARE * count), **others)
