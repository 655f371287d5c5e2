"""JSON objects with the keys under which pairs are published: Alpaca, SAMSum, CNN/DailyMail, XSum."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from seq2seq.corpus.formats.form import PAIRS, Form, Head, Placed, Reading, Settings, has_texts
from seq2seq.corpus.formats.jsonl import objects
from seq2seq.errors import UserError


def _form(name: str, title: str, keys: tuple[str, ...], source: Callable[[Mapping[str, Any]], str]) -> Form:
    """Return a form; the last key is that of the target."""

    def matches(head: Head, _settings: Settings) -> bool:
        return head.have(lambda record: has_texts(record, *keys))

    def read(path: Path, settings: Settings, _reading: Reading) -> Placed:
        for place, record in objects(path):
            for key in keys:
                if not isinstance(record.get(key), str):
                    raise UserError(
                        f"{place}: '{key}' must be a text, but "
                        + (f"it is {str(record[key])[:60]}." if key in record else f"there are: {', '.join(record)}.")
                    )
            texts = (text.replace("\r\n", "\n") for text in (source(record), str(record[keys[-1]])))
            yield place, dict(zip((settings.source_field, settings.target_field), texts, strict=True))

    shown = " and ".join(f"'{key}'" for key in keys)
    return Form(name, title, PAIRS, matches, read, f"objects with {shown}")


def _instruction(record: Mapping[str, Any]) -> str:
    """Return an instruction with its input, if it has one, in further lines."""
    given = record.get("input")
    return f"{record['instruction']}\n{given}" if isinstance(given, str) and given.strip() else record["instruction"]


ALPACA = _form("alpaca", "JSON of Alpaca instructions", ("instruction", "output"), _instruction)
SAMSUM = _form("samsum", "JSON of SAMSum", ("dialogue", "summary"), lambda record: str(record["dialogue"]))
CNN_DAILYMAIL = _form(
    "cnn-dailymail", "JSON of CNN/DailyMail", ("article", "highlights"), lambda record: str(record["article"])
)
XSUM = _form("xsum", "JSON of XSum", ("document", "summary"), lambda record: str(record["document"]))
