"""The lexicon of the sample tales: names, and classes of interchangeable words and phrases.

A female or male name joins a beginning and an ending, drawn separately. A class lists its entries, separated by ``|``.
An entry may contain other classes (see `wording`). In Chinese, ``:`` separates a measure word from its noun. Classes
are large, so few sentences repeat.
"""

from seq2seq_samples.generation import lexicon_en, lexicon_zh

NAMES = {"en": lexicon_en.NAMES, "zh": lexicon_zh.NAMES}
VILLAGES = {"en": lexicon_en.VILLAGES, "zh": lexicon_zh.VILLAGES}
"""Beginnings and endings of village names."""
CLASSES: dict[str, dict[str, str]] = {"en": lexicon_en.CLASSES, "zh": lexicon_zh.CLASSES}
