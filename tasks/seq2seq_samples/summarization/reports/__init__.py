"""All report templates of the sample corpus: eight tables, one per kind and language."""

from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.summarization.grammar import Pattern, patterns
from seq2seq_samples.summarization.reports import (
    delivery_en,
    delivery_zh,
    match_en,
    match_zh,
    meeting_en,
    meeting_zh,
    weather_en,
    weather_zh,
)

KINDS = {
    "weather": {"en": weather_en, "zh": weather_zh},
    "match": {"en": match_en, "zh": match_zh},
    "meeting": {"en": meeting_en, "zh": meeting_zh},
    "delivery": {"en": delivery_en, "zh": delivery_zh},
}
PATTERNS: dict[str, list[Pattern]] = {
    language: [
        pattern
        for kind, tables in KINDS.items()
        for pattern in patterns(kind, language, tables[language].TABLE, tables[language].PASSING)
    ]
    for language in LANGUAGES
}
