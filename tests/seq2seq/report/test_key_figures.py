"""Key figures: how they are made of scores, and which ones each task puts first."""

from dataclasses import asdict
from typing import cast

import pytest

from seq2seq.evaluation.evaluate import Evaluation, without_attention
from seq2seq.metrics.metric import Score
from seq2seq.plugin import Scorer
from seq2seq.plugin.registry import load
from seq2seq.plugin.report_blocks import Figure, named
from seq2seq.report.key_figures import of_score


def test_scores_become_figures_and_errors_have_no_scale() -> None:
    bleu = of_score(Score("BLEU", 31.0, 30.0, 32.0, "s"))
    ter = of_score(Score("TER", 50.0, None, None, "s", "edits per 100 words", False))
    assert (bleu.most, bleu.higher_is_better, bleu.interval()) == (100.0, True, "30.0 to 32.0")
    assert (ter.most, ter.higher_is_better, ter.interval()) == (None, False, "")
    assert Figure(**asdict(bleu)) == bleu


FIRST = {
    "translation": ["BLEU", "chrF", "TER", "outputs equal to a reference", "perplexity per token"],
    "summarization": ["ROUGE-1", "ROUGE-2", "ROUGE-L", "facts copied right"],
    "dialogue": ["facts remembered", "true reply ranked first of ten", "different replies", "perplexity per token"],
    "generation": ["bits per character", "perplexity per word", "different pairs of words"],
}


@pytest.mark.parametrize(("task", "names"), FIRST.items())
def test_each_task_leads_with_its_own_figures(task: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are chosen from the measured figures in any order; missing figures are left out."""
    others = [Figure(name, 1.0) for name in ("BLEU-1", "BLEU-4", "ROUGE-Lsum", "something else")]
    # Without a model and outputs there are no sections, only the choice of figures.
    for module in ("seq2seq_dialogue.report_sections", "seq2seq_summarization.report_sections"):
        monkeypatch.setattr(f"{module}.sections", lambda evaluated: [])
    evaluation = Evaluation(cast(Scorer, None), (), [], seed=1, samples=0, shown=0, attend=without_attention)
    wanted = load(task).report(evaluation).key_figures or ()
    chosen = named([*others, *(Figure(name, 2.0) for name in reversed(names))], *wanted)
    assert [figure.name for figure in chosen] == names
