"""Numbers of things in messages: ``1 pair``, ``1,234 pairs``."""


def amount(number: float, thing: str, things: str = "") -> str:
    """Return a number of things in words.

    Args:
        number: A whole number, possibly as a float.
        thing: The noun's singular.
        things: Its plural; by default the singular with an s.
    """
    return f"{number:,.0f} {thing if number == 1 else things or thing + 's'}"
