"""The languages of a translation, as a document's format names them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Languages:
    """The languages between which a model translates.

    Args:
        source: Language code; '' if unknown.
        target: Language code; '' if unknown.
        advice: How a user names both, for messages.
    """

    source: str = ""
    target: str = ""
    advice: str = "give --source_language CODE and --target_language CODE"


def same(given: str, wanted: str) -> bool:
    """Return whether two codes name the same language; regions and scripts count if both have one."""
    ours, theirs = (code.replace("_", "-").lower().split("-") for code in (given, wanted))
    return bool(given and wanted) and ours[0] == theirs[0] and (len(ours) == 1 or len(theirs) == 1 or ours == theirs)
