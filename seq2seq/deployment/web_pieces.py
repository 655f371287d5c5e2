"""Describes sentencepiece models for the page's tokenizer (`seq2seq/page/engine/sentencepiece.js`)."""

import base64
from typing import Any

from seq2seq.corpus.example import Mark
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers

KINDS = {1: "unigram", 2: "bpe", 3: "word", 4: "char"}
"""Names of sentencepiece's model types."""
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = range(1, 7)
"""Sentencepiece's types of pieces."""


def described(tokenizers: Tokenizers) -> dict[str, Any]:
    """Return the contents of pieces.json: `joint`, or `source` and `target`.

    Raises:
        UserError: If a model has an option that the page's tokenizer does not have.
    """
    return {name: _described(tokenizer) for name, tokenizer in tokenizers.by_name().items()}


def _described(tokenizer: Tokenizer) -> dict[str, Any]:
    # The library's classes expose neither the kind of a model nor its normalization.
    from sentencepiece import sentencepiece_model_pb2

    model = sentencepiece_model_pb2.ModelProto.FromString(tokenizer.serialized)  # type: ignore[attr-defined]
    normalizer, trainer = model.normalizer_spec, model.trainer_spec
    types = [piece.type for piece in model.pieces]
    for is_used, what in (
        (USER_DEFINED in types, "pieces defined by its user"),
        (trainer.treat_whitespace_as_suffix, "spaces at the ends of words"),
        (bool(model.denormalizer_spec.precompiled_charsmap), "a table that changes its outputs"),
        (not normalizer.escape_whitespaces, "spaces that are not spelled as U+2581"),
    ):
        if is_used:
            raise UserError(
                f"The model's tokenizer has {what}, which the page in the browser cannot compute: export the model "
                "with --format onnx."
            )

    def of_type(kind: int) -> list[int]:
        return [number for number, found in enumerate(types) if found == kind]

    marks = {mark.value: tokenizer.marks[mark] for mark in (Mark.TURN, Mark.SPEAKER, Mark.LINE)}
    return {
        "kind": KINDS[trainer.model_type],
        "pieces": [piece.piece for piece in model.pieces],
        "scores": [piece.score for piece in model.pieces],
        "unknown": tokenizer.unknown,
        "unknownText": trainer.unk_surface,
        "control": of_type(CONTROL),
        "unused": of_type(UNUSED),
        "bytes": of_type(BYTE),
        "byteFallback": trainer.byte_fallback,
        "addsPrefix": normalizer.add_dummy_prefix,
        "removesSpaces": normalizer.remove_extra_whitespaces,
        "characterMap": base64.b64encode(normalizer.precompiled_charsmap).decode(),
        "ids": {"padding": tokenizer.padding, "start": tokenizer.start, "end": tokenizer.end, **marks},
    }
