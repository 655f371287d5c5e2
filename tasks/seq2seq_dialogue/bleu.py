"""BLEU-1 to BLEU-4 of replies."""

from collections.abc import Iterable

from sacrebleu.metrics.bleu import BLEU

from seq2seq.metrics import Bleu

ORDERS = (2, 1, 3, 4)
"""The orders in the order of a report; the first one steers training where no loss does."""


class BleuOfOrder(Bleu):
    """Corpus BLEU (Papineni et al. 2002) over runs of at most so many words, computed by sacrebleu.

    The precisions of runs of 1 to `order` words, each clipped and summed over all replies, have a geometric mean of
    equal weights, times the brevity penalty of the corpus. It is not the mean of scores of single replies, nor the
    precision of one order alone; dialogue papers publish both under the same name.

    Args:
        order: Words of the longest run, 1 to 4.
        tokenize: See `seq2seq.metrics.Bleu`.
    """

    def __init__(self, order: int, tokenize: str = "13a") -> None:
        super().__init__(tokenize)
        self.name = f"BLEU-{order}"
        self.order = order
        # `force` silences a warning about blanks before full stops, which corpora of conversations have in both sides.
        self.scorer = BLEU(tokenize=tokenize, max_ngram_order=order, force=True)
        self.sentence_scorer = BLEU(tokenize=tokenize, max_ngram_order=order, effective_order=True, force=True)

    def signature(self) -> str:
        """Return sacrebleu's signature and what it leaves out: the order, and that short corpora are punished."""
        return f"{super().signature()}|order:{self.order}|bp:corpus"


def word_counts(texts: Iterable[str], tokenize: str) -> list[int]:
    """Return how many words each text has as BLEU counts them: marks of punctuation are words.

    Args:
        texts: Any texts.
        tokenize: sacrebleu's tokenizer; 'zh' counts each Chinese character.
    """
    cut = BLEU(tokenize=tokenize).tokenizer
    return [len(cut(text.rstrip()).split()) for text in texts]
