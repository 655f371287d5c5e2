"""BLEU-1 to BLEU-4 of replies."""

from seq2seq.plugin import Bleu

ORDERS = (2, 1, 3, 4)
"""Orders as listed in a report; by default training monitors the first one."""


class BleuOfOrder(Bleu):
    """Corpus BLEU (Papineni et al. 2002) with n-grams of up to `order` words, computed by sacrebleu.

    This is the unweighted geometric mean of the clipped corpus precisions for n-grams of 1 to `order` words, times the
    brevity penalty of the corpus. Dialogue papers also call the mean of sentence scores, or the precision of a single
    order, BLEU-n.

    Args:
        order: Maximum n-gram size, 1 to 4.
        tokenize: See `seq2seq.metrics.sacrebleu_metrics.Bleu`.
    """

    def __init__(self, order: int, tokenize: str = "13a") -> None:
        super().__init__(tokenize, order)
        self.name = f"BLEU-{order}"
        self.order = order

    def signature(self) -> str:
        """Return sacrebleu's signature, extended by the order and the brevity penalty."""
        return f"{super().signature()}|order:{self.order}|bp:corpus"
