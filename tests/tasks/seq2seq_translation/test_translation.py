"""The interface of the plugin."""

import subprocess
import sys

import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import of_sources
from seq2seq_translation import Translation


def test_the_task_describes_itself() -> None:
    task = Translation()
    assert (task.name, task.verb, task.reader) == ("translation", "translate", Reader)
    assert of_sources(task.decoding.search).beam_size == 5
    assert "\n" not in task.summary


def test_the_sample_translates_english_to_chinese() -> None:
    sample = Translation().sample(Reader())
    assert sample is not None
    assert (sample.reader.source_language, sample.reader.target_language) == ("en", "zh")


@pytest.mark.parametrize(("language", "tokenizer"), [("zh", "zh"), ("de", "13a"), ("", "13a")])
def test_bleu_cuts_the_target_language_rightly(language: str, tokenizer: str) -> None:
    metrics = Translation().metrics(Reader(target_language=language))
    assert [metric.name for metric in metrics] == ["BLEU", "chrF", "TER"]
    metrics[0].score(["a"], [["a"]])
    assert f"tok:{tokenizer}" in metrics[0].signature()


def test_importing_the_plugin_stays_cheap() -> None:
    heavy = "{'torch', 'lightning', 'sacrebleu', 'sentencepiece', 'numpy'} & set(sys.modules)"
    code = f"import sys, seq2seq_translation as t; t.Translation().sample(t.Translation.reader()); print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=None)
    assert done.stdout.strip() == "set()"
