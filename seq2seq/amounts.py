"""Format counts in messages: ``1 pair``, ``1,234 pairs``."""


def amount(number: float, thing: str, things: str = "") -> str:
    """Return a count with its noun; ``things`` is the plural if it is irregular."""
    return f"{number:,.0f} {thing if number == 1 else things or thing + 's'}"
