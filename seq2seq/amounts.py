"""Numbers of things in messages: ``1 pair``, ``1,234 pairs``."""


def amount(number: float, thing: str, things: str = "") -> str:
    """Return a number of things in words.

    Args:
        number: How many, a whole number (a float may hold it).
        thing: The noun's singular.
        things: Its plural; by default the singular and an s.
    """
    return f"{number:,.0f} {thing if number == 1 else things or thing + 's'}"
