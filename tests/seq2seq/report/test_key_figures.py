"""Key figures: how they are written, chosen by name, and made of scores."""

from typing import cast

import pytest

from seq2seq.evaluation.evaluate import Evaluation, without_attention
from seq2seq.metrics.metric import Score
from seq2seq.plugin import Scorer
from seq2seq.plugin.registry import load
from seq2seq.plugin.report_blocks import Figure, named
from seq2seq.report.key_figures import of_score


@pytest.mark.parametrize(
    ("figure", "shown", "interval"),
    [
        (Figure("f", 91.449, 90.0, 93.25), "91.4", "90.0 to 93.2"),
        (Figure("f", 1.59321, 1.4, 1.7, most=None), "1.593", "1.400 to 1.700"),
        (Figure("f", 1234.56, None, None, most=None), "1,234.6", ""),
        (Figure("f", 38, 1.0, None, most=None, digits=0), "38", ""),
        (Figure("f", 0.25, most=1.0), "0.250", ""),
    ],
)
def test_digits_follow_the_size(figure: Figure, shown: str, interval: str) -> None:
    assert (figure.shown(), figure.interval()) == (shown, interval)


def test_scores_become_figures_and_errors_have_no_scale() -> None:
    bleu = of_score(Score("BLEU", 31.0, 30.0, 32.0, "s"))
    ter = of_score(Score("TER", 50.0, None, None, "s", "edits per 100 words", False))
    assert (bleu.most, bleu.higher_is_better, bleu.interval()) == (100.0, True, "30.0 to 32.0")
    assert (ter.most, ter.higher_is_better, ter.interval()) == (None, False, "")
    assert Figure(**bleu.to_json()) == bleu


def test_figures_are_chosen_by_name_in_the_order_asked_for() -> None:
    figures = [Figure(name, 1.0) for name in "abc"]
    assert [one.name for one in named(figures, "c", "x", "a")] == ["c", "a"]


FIRST = {
    "translation": ["BLEU", "chrF", "TER", "outputs equal to a reference", "perplexity per token"],
    "summarization": ["ROUGE-1", "ROUGE-2", "ROUGE-L", "facts copied right"],
    "dialogue": ["facts remembered", "true reply ranked first of ten", "different replies", "perplexity per token"],
    "generation": ["bits per character", "perplexity per word", "different pairs of words"],
}


@pytest.mark.parametrize(("task", "names"), FIRST.items())
def test_each_task_leads_with_its_own_figures(task: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """They are chosen from what is measured, whatever its order, and nothing that is missing is made up."""
    others = [Figure(name, 1.0) for name in ("BLEU-1", "BLEU-4", "ROUGE-Lsum", "something else")]
    # Without a model and outputs there are no sections, only the choice of figures.
    for module in ("seq2seq_dialogue.report_sections", "seq2seq_summarization.report_sections"):
        monkeypatch.setattr(f"{module}.sections", lambda evaluated: [])
    evaluation = Evaluation(cast(Scorer, None), (), [], seed=1, samples=0, shown=0, attend=without_attention)
    wanted = load(task).report(evaluation).key_figures or ()
    chosen = named([*others, *(Figure(name, 2.0) for name in reversed(names))], *wanted)
    assert [one.name for one in chosen] == names
