"""The lexicon of the sample tales: names, and classes of interchangeable words and phrases.

A name is a beginning and an ending, drawn separately, for a woman or a man. A class lists its entries, separated by
``|``; an entry may hold other classes (see `wording`), and in Chinese ``:`` divides a noun from
the measure word before it. Classes are large, so that few sentences occur twice.
"""

from seq2seq_samples.generation import lexicon_en, lexicon_zh

NAMES = {"en": lexicon_en.NAMES, "zh": lexicon_zh.NAMES}
VILLAGES = {"en": lexicon_en.VILLAGES, "zh": lexicon_zh.VILLAGES}
"""Names of villages, made like those of people."""
CLASSES: dict[str, dict[str, str]] = {"en": lexicon_en.CLASSES, "zh": lexicon_zh.CLASSES}
