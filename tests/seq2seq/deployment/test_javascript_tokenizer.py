"""The page's tokenizer and normalisation equal Python's on thousands of texts."""

import io
import random
import unicodedata
from collections.abc import Iterator
from functools import cache

import pytest
from sentencepiece import SentencePieceTrainer

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.normalization import NORMALIZATIONS, normalize
from seq2seq.deployment import web_pieces
from seq2seq.errors import UserError
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from seq2seq.tokenization.training import train
from seq2seq_samples.translation.sample import sample
from tests.seq2seq.deployment.javascript import needs_node, result

KINDS = {
    "bpe": TokenizerOptions(1200),
    "unigram": TokenizerOptions(1200, "unigram"),
    "bpe without bytes": TokenizerOptions(700, byte_fallback=False, character_coverage=0.99),
    "unigram without bytes": TokenizerOptions(700, "unigram", byte_fallback=False, character_coverage=0.99),
    "digits": TokenizerOptions(1200, split_digits=True),
    "word": TokenizerOptions(500, "word"),
    "char": TokenizerOptions(300, "char"),
}
ODD = [
    *"abc 　 ▁\t的一是在éñß…ＡＢ①ﬁ½ไทย한국어עבריİı019.,!?\"'🙂👩\u200d\u200b\ufeff\u0301\u0300\u0327\u0334\u0345\uff9e",
    *("\n", "  ", "\x1c", "\x85", "\xa0", "\u2028", "\ud800", "\ufdd0", "\ufdd1"),
]


@cache
def corpus() -> list[Example]:
    """Sentences in English and Chinese."""
    return sample()["train"][:2500]


def written() -> Iterator[str]:
    """Yield sentences, and texts of odd characters."""
    for example in corpus()[:1000]:
        yield plain(example.source)
        yield plain(example.target)
    draw = random.Random(7)
    for _ in range(1000):
        yield "".join(draw.choice(ODD) for _ in range(draw.randrange(40)))
    # A browser may know newer characters than Python does.
    assigned = [chr(code) for code in range(0x20, 0x30000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    for _ in range(1000):
        yield "".join(draw.choice(assigned) for _ in range(draw.randrange(1, 12)))
    for _ in range(50):  # more marks than a letter can have
        yield "a" + "".join(
            draw.choice("\u0301\u0327\u0334\u0345\u0fb2\uff9e\u0344") for _ in range(draw.randrange(90))
        )
    yield from ("", " ", "  a", "▁", "a" * 3000, "的" * 3000)


TEXTS = list(written())


def require_equal(tokenizer: Tokenizer) -> None:
    """Check that Python and JavaScript encode and decode all texts alike."""
    pieces = web_pieces.described(Tokenizers(tokenizer, tokenizer))
    for text, found in zip(TEXTS, result("tokenize", pieces=pieces, texts=TEXTS), strict=True):
        ids = tokenizer.encode(text)
        wanted = {"ids": ids, "text": tokenizer.decode(ids), "unknowns": tokenizer.unknowns(text)}
        assert found == wanted, ascii(text)


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("options", KINDS.values(), ids=KINDS)
def test_texts_have_the_same_pieces(options: TokenizerOptions) -> None:
    require_equal(train(corpus(), options).source)


@pytest.mark.slow
@needs_node
@pytest.mark.parametrize("kind", ["bpe", "unigram"])
def test_a_model_made_elsewhere_normalises_texts_in_the_same_way(kind: str) -> None:
    """By default, sentencepiece composes characters by a table and removes repeated spaces."""
    model = io.BytesIO()
    lines = [plain(text) for example in corpus() for text in (example.source, example.target)]
    SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=model, model_type=kind, vocab_size=1200, byte_fallback=True
    )
    require_equal(Tokenizer(model.getvalue()))


@needs_node
@pytest.mark.parametrize("how", NORMALIZATIONS)
def test_texts_are_normalised_alike(how: str) -> None:
    for text, found in zip(TEXTS, result("normalize", texts=TEXTS, how=how), strict=True):
        assert found == normalize(text, how), ascii(text)


def test_a_tokenizer_that_the_page_cannot_compute_is_refused() -> None:
    model = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e"] * 20),
        model_writer=model,
        vocab_size=11,
        user_defined_symbols=["<name>"],
        minloglevel=2,
    )
    tokenizer = Tokenizer(model.getvalue())
    with pytest.raises(UserError, match="has pieces defined by its user, which the page in the browser cannot compute"):
        web_pieces.described(Tokenizers(tokenizer, tokenizer))
