"""The words of a task in another language: ``phrases/zh.yaml`` beside its module maps English phrases to Chinese ones.

`seq2seq.report.words.language.Catalogue` describes placeholders in phrases.
"""

from collections.abc import Mapping

from seq2seq.errors import UserError
from seq2seq.files.parsing import read_yaml
from seq2seq.plugin.task import Task, folder_of


def phrases(task: Task, language: str) -> Mapping[str, str]:
    """Return the translations of a task's phrases, by their English form; none if the task has no such file.

    Args:
        task: The task.
        language: Code of the language, such as 'zh'.

    Raises:
        UserError: If the file is not a mapping of strings.
    """
    path = folder_of(task) / "phrases" / f"{language}.yaml"
    if not path.is_file():
        return {}
    found = read_yaml(path)
    if not isinstance(found, dict) or not all(isinstance(word, str) for pair in found.items() for word in pair):
        raise UserError(f"{path} is not a mapping of English phrases to their translations.")
    return found
