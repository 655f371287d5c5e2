"""Tags of corpora: special tokens before a source, which users cannot type.

A tag is a control piece of the sentencepiece model: encoding a text never produces one, and decoding it gives no text.
Johnson et al. 2017 mark the target language so, Caswell et al. 2019 the output of back-translation.
"""

from collections.abc import Iterable

from seq2seq.tokenization.control_pieces import with_control_pieces
from seq2seq.tokenization.tokenizer import Tokenizers, tag_piece


def with_tags(tokenizers: Tokenizers, names: Iterable[str]) -> Tokenizers:
    """Return tokenizers whose source has a piece for each tag; ids of existing pieces stay the same.

    Args:
        tokenizers: The tokenizers.
        names: Names of tags; '' and tags that exist are skipped.
    """
    new = [name for name in dict.fromkeys(names) if name and name not in tokenizers.source.tags]
    if not new:
        return tokenizers
    source = with_control_pieces(tokenizers.source, map(tag_piece, new))
    return Tokenizers(source, source if tokenizers.joint else tokenizers.target)
