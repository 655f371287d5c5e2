"""Train sentencepiece models on a sample of the training text."""

import io
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from seq2seq.corpus.example import Example, Mark, Text
from seq2seq.errors import UserError
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.subword_sampling import BLANK
from seq2seq.tokenization.tokenizer import STAND_IN, TAB, Tokenizer, Tokenizers

# sentencepiece drops lines above a length limit, and its BPE trainer stores positions in a run of letters (a whole line
# of Chinese) as 16-bit integers. So lines are split into chunks, at a space if possible.
CHUNK_CHARACTERS = 2000
_CHUNK = re.compile(rf".{{1,{CHUNK_CHARACTERS}}}(?: |$)|.{{1,{CHUNK_CHARACTERS}}}")
# The trainer drops lines with these characters, because it uses them internally.
_RESERVED = re.compile(f"[\x00{BLANK}{STAND_IN}{TAB}\u2585\ud800-\udfff]")


def train(examples: Iterable[Example], options: TokenizerOptions, *, seed: int = 1) -> Tokenizers:
    """Train the tokenizers, or load the given models.

    Args:
        examples: The training set, read once as a stream; not read if every model is given.
        options: Training options. With `joint`, `sample_sentences` counts the sentences of both sides.
        seed: Seed for sampling.

    Returns:
        The tokenizers, which depend only on the text, the options and the seed. If the text is too short for the
        vocabulary size, the vocabulary is smaller, with a note on stderr.

    Raises:
        UserError: If the vocabulary size is too small for the characters (the message gives the minimum), if there is
            no text, or if a given model cannot be loaded.
    """
    size = options.sample_sentences // 2 if options.joint else options.sample_sentences
    sample = [] if options.is_given else _sample(examples, size, seed)

    def tokenizer(model: str, texts: list[Text], what: str) -> Tokenizer:
        return Tokenizer.load(Path(model)) if model else _train(texts, options, what)

    if options.joint:
        joint = tokenizer(options.source_model, [text for pair in sample for text in pair], "source and target text")
        return Tokenizers(joint, joint)
    return Tokenizers(
        tokenizer(options.source_model, [source for source, _ in sample], "source text"),
        tokenizer(options.target_model, [target for _, target in sample], "target text"),
    )


def _sample(examples: Iterable[Example], size: int, seed: int) -> list[tuple[Text, Text]]:
    """Sample at most `size` pairs uniformly in one pass (Vitter 1985, algorithm R)."""
    draw = random.Random(seed)
    kept: list[tuple[Text, Text]] = []
    for number, example in enumerate(examples):
        if len(kept) < size:
            kept.append((example.source, example.target))
        elif (place := draw.randrange(number + 1)) < size:
            kept[place] = (example.source, example.target)
    return kept


def chunks(text: Text) -> Iterator[str]:
    """Yield a text's lines for the trainer, without marks and reserved characters; long lines are split."""
    for part in (text,) if isinstance(text, str) else text:
        if not isinstance(part, Mark):
            for line in part.split("\n"):
                yield from _CHUNK.findall(_RESERVED.sub(" ", line).replace("\t", TAB))


def _train(texts: list[Text], options: TokenizerOptions, what: str) -> Tokenizer:
    from sentencepiece import SentencePieceTrainer

    model = io.BytesIO()
    try:
        SentencePieceTrainer.train(
            sentence_iterator=(chunk for text in texts for chunk in chunks(text) if chunk.strip()),
            model_writer=model,
            model_type=options.model,
            vocab_size=options.vocabulary_size,
            byte_fallback=options.byte_fallback and options.model in ("bpe", "unigram"),
            character_coverage=options.character_coverage,
            split_digits=options.split_digits,
            # The reader has already normalised the text as the user chose. sentencepiece's own NFKC would change the
            # targets ("…" to "...").
            normalization_rule_name="identity",
            remove_extra_whitespaces=False,
            # Character models add no space before a line, because a space is a character like any other.
            add_dummy_prefix=options.model != "char",
            # A word vocabulary has all words if they fit, or else the most frequent ones.
            hard_vocab_limit=options.model != "word",
            max_sentence_length=8 * CHUNK_CHARACTERS,
            # `Tokenizer` adds all special tokens except the unknown piece.
            unk_id=0,
            bos_id=-1,
            eos_id=-1,
            pad_id=-1,
            # The spaces of the default " ⁇ " would be wrong in Chinese.
            unk_surface="⁇",
            # With several threads, the model would depend on their number.
            num_threads=1,
            minloglevel=2,
        )
    except (RuntimeError, ValueError) as fault:
        most = re.search(r"Vocabulary size too high .* <= (\d+)", str(fault))
        if most is None or int(most[1]) >= options.vocabulary_size:
            raise _explained(fault, options, what) from fault
        print(
            f"data.tokenizer.vocabulary_size is {options.vocabulary_size:,}, but the {what} gives at most "
            f"{int(most[1]):,} tokens: the vocabulary has {int(most[1]):,}.",
            file=sys.stderr,
        )
        return _train(texts, replace(options, vocabulary_size=int(most[1])), what)
    return Tokenizer(model.getvalue())


def _explained(fault: Exception, options: TokenizerOptions, what: str) -> UserError:
    """Convert sentencepiece's C++ error messages to readable ones."""
    size = options.vocabulary_size
    if least := re.search(r"smaller than required_chars\. \d+ vs (\d+)", str(fault)):
        return UserError(
            f"vocabulary_size is {size:,}, but the {what} needs at least {int(least[1]):,} pieces for its characters"
            f"{' and the 256 bytes' if options.byte_fallback else ''}: give --data.tokenizer.vocabulary_size "
            f"{int(least[1])} or more, or lower data.tokenizer.character_coverage (0.9995 leaves out the rarest "
            "characters)."
        )
    if "sentences_.empty()" in str(fault):
        return UserError(f"There is no {what} to train a tokenizer on: every line is empty.")
    return UserError(f"sentencepiece could not be trained on the {what}: {fault}")
