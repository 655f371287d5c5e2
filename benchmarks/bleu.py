"""BLEU of a model's outputs, for the benchmarks of decoding."""

from collections.abc import Sequence

from seq2seq.metrics.sacrebleu_metrics import Bleu
from seq2seq.models.source_model import SourceModel


def bleu_of(model: SourceModel, outputs: Sequence[str], references: Sequence[str]) -> float:
    """Return BLEU with the tokenization for the model's target language."""
    bleu = Bleu("zh" if model.reader.target_language.startswith("zh") else "13a")
    return bleu.from_statistics(bleu.statistics(outputs, [[text] for text in references]).sum(0))
