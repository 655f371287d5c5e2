"""What the sample tales are made of: names, and classes of words and phrases that may stand for one another.

A name is a beginning and an ending, drawn one by one, for a woman or a man. A class lists its entries with ``|``
between; an entry may hold other classes (see `wording`), and in Chinese ``:`` divides a noun from
the measure word before it. Classes are large, so that a sentence is seldom told twice in the same words.
"""

from seq2seq_samples.generation import lexicon_en, lexicon_zh

NAMES = {"en": lexicon_en.NAMES, "zh": lexicon_zh.NAMES}
VILLAGES = {"en": lexicon_en.VILLAGES, "zh": lexicon_zh.VILLAGES}
"""Names of villages, made like those of people."""
CLASSES: dict[str, dict[str, str]] = {"en": lexicon_en.CLASSES, "zh": lexicon_zh.CLASSES}
