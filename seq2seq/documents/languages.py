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
