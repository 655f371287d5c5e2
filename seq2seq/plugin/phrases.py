"""Loads translations: ``phrases/zh.yaml`` beside the module of a task (or of the suite) maps English to Chinese.

For placeholders in phrases see `seq2seq.report.language.Catalogue`.
"""

from collections.abc import Mapping
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.parsing import read_yaml
from seq2seq.plugin.task import Task, folder_of


def phrases(task: Task, language: str) -> Mapping[str, str]:
    """Return a mapping from a task's English phrases to translations; see `phrases_in`."""
    return phrases_in(folder_of(task), language)


def phrases_in(folder: Path, language: str) -> Mapping[str, str]:
    """Return the mapping in a folder's ``phrases/LANGUAGE.yaml`` from English to translation; empty without this file.

    Raises:
        UserError: If the file is not a mapping of strings.
    """
    path = folder / "phrases" / f"{language}.yaml"
    if not path.is_file():
        return {}
    catalogue = read_yaml(path)
    if not isinstance(catalogue, dict) or not all(isinstance(text, str) for pair in catalogue.items() for text in pair):
        raise UserError(f"{path} is not a mapping of English phrases to their translations.")
    return catalogue
