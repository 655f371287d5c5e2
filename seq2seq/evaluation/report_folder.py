"""Writes a report in all formats."""

import json
from collections.abc import Mapping
from pathlib import Path

from seq2seq.files.atomic_folders import write_together
from seq2seq.report.html.document import html_report
from seq2seq.report.language import say_in
from seq2seq.report.markdown import markdown_report
from seq2seq.report.report import Report
from seq2seq.report.report_file import HTML, JSON, MARKDOWN, as_json
from seq2seq.safe_text import encodable


def write(report: Report, folder: Path, *, language: str = "en", phrases: Mapping[str, str] | None = None) -> Path:
    """Write ``report.json``, ``report.md`` and ``report.html`` to a folder, and return the path of ``report.html``.

    The folder is created if missing. ``report.json`` is always English; the others use `language` and the task's
    catalogue of `phrases`.

    Raises:
        WorldError: If the disk is full or not writable.
    """
    say = say_in(language, phrases)
    texts = {
        JSON: json.dumps(as_json(report), ensure_ascii=False, indent=1) + "\n",
        MARKDOWN: markdown_report(report, say),
        HTML: html_report(report, say, language),
    }
    write_together(folder, {name: encodable(text, is_json=name == JSON).encode() for name, text in texts.items()})
    return folder / HTML
