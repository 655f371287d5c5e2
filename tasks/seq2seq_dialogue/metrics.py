"""BLEU-1 to BLEU-4 of replies."""

from seq2seq.plugin import Bleu

ORDERS = (2, 1, 3, 4)
"""The orders in the order of a report; training monitors the first one, unless it monitors the loss."""


class BleuOfOrder(Bleu):
    """Corpus BLEU (Papineni et al. 2002) over n-grams of up to `order` words, computed by sacrebleu.

    The precisions of n-grams of 1 to `order` words, each clipped and summed over all replies, have a geometric mean of
    equal weights, times the brevity penalty of the corpus. It is not the mean of scores of single replies, nor the
    precision of one order alone; dialogue papers publish both under the same name.

    Args:
        order: Words of the longest n-gram, 1 to 4.
        tokenize: See `seq2seq.metrics.sacrebleu_metrics.Bleu`.
    """

    def __init__(self, order: int, tokenize: str = "13a") -> None:
        super().__init__(tokenize, order)
        self.name = f"BLEU-{order}"
        self.order = order

    def signature(self) -> str:
        """Return sacrebleu's signature with the order and the brevity penalty, which it leaves out."""
        return f"{super().signature()}|order:{self.order}|bp:corpus"
