"""All conversation templates of the sample corpus: ten tables, one per topic and language."""

from seq2seq_samples.dialogue.grammar import Pattern, patterns
from seq2seq_samples.dialogue.scenarios import (
    booking_en,
    booking_zh,
    introductions_en,
    introductions_zh,
    shopping_en,
    shopping_zh,
    small_talk_en,
    small_talk_zh,
    way_en,
    way_zh,
)
from seq2seq_samples.engine.splits import LANGUAGES

TOPICS = {
    "booking": {"en": booking_en, "zh": booking_zh},
    "way": {"en": way_en, "zh": way_zh},
    "shopping": {"en": shopping_en, "zh": shopping_zh},
    "introductions": {"en": introductions_en, "zh": introductions_zh},
    "small talk": {"en": small_talk_en, "zh": small_talk_zh},
}
PATTERNS: dict[str, list[Pattern]] = {
    language: [
        pattern for topic, tables in TOPICS.items() for pattern in patterns(topic, language, tables[language].TABLE)
    ]
    for language in LANGUAGES
}
