"""The kinds of slots in sample conversations: names, times and numbers, and words from closed lists.

Words from closed lists (days, colours, dishes) occur in every split, but in different combinations.
"""

from seq2seq_samples.dialogue import lexicon as lex
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.values import Make, date, listed, name, number, time, word

_STREETS = [f" {ending}" for ending in ("Street", "Road", "Lane")]
_NAMES = {
    "en": {
        "person": name("person", *map(str.split, lex.PERSONS)),
        "nickname": name("nickname", *map(str.split, lex.NICKNAMES)),
        "street": name("street", *map(str.split, lex.STREETS), endings=_STREETS),
    },
    "zh": {
        "person": name("person", *lex.PERSONS_ZH),
        "nickname": name("nickname", *lex.NICKNAMES_ZH),
        "street": name("street", *lex.STREETS_ZH, endings=lex.STREET_ENDINGS_ZH.split()),
    },
}
# Prices and line numbers exceed all minutes, days and shoe sizes, so a held-out value cannot occur as one of these.
SLOTS: dict[str, dict[str, Make]] = {
    language: {
        **_NAMES[language],
        "time": time(1, "{}点{:02}分"),
        "date": date("号"),
        "price": number("price", 61, 999),
        "line": number("line", 61, 999),
        "room": number("room", 100, 999),
        "code": number("code", 1000, 9999),
        **{kind: word(kind, listed(entries)) for kind, entries in lex.WORDS[language].items()},
    }
    for language in LANGUAGES
}
