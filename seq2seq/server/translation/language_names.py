"""English names of languages by ISO 639 code, for lists that people read."""

_NAMES = """
ar Arabic|bg Bulgarian|bn Bengali|ca Catalan|cmn Mandarin|cs Czech|cy Welsh|da Danish|de German|el Greek|en English
eo Esperanto|es Spanish|et Estonian|eu Basque|fa Persian|fi Finnish|fr French|ga Irish|gl Galician|he Hebrew|hi Hindi
hr Croatian|hu Hungarian|id Indonesian|is Icelandic|it Italian|ja Japanese|ka Georgian|ko Korean|la Latin|lt Lithuanian
lv Latvian|lzh Classical Chinese|mk Macedonian|ms Malay|mt Maltese|nb Norwegian Bokmål|nl Dutch|nn Norwegian Nynorsk
no Norwegian|pl Polish|pt Portuguese|ro Romanian|ru Russian|sk Slovak|sl Slovenian|sq Albanian|sr Serbian|sv Swedish
sw Swahili|ta Tamil|te Telugu|th Thai|tl Tagalog|tr Turkish|uk Ukrainian|und Undetermined|ur Urdu|vi Vietnamese
wuu Wu Chinese|yue Cantonese|zh Chinese|zu Zulu"""
NAMES = dict(entry.strip().split(" ", 1) for line in _NAMES.strip().splitlines() for entry in line.split("|"))


def language_name(code: str) -> str:
    """Return the name of a language; the code itself if it has none here."""
    return NAMES.get(code, NAMES.get(code.split("-")[0], code))
