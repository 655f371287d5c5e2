"""A small Transformer with random weights in CTranslate2, to compare speeds: see ``benchmarks/deploy.py``.

Its encoder and decoder have three layers of width 256, with four heads and a feed-forward width of 1,024: half of the
base model of Vaswani et al. (2017) in width and depth. The weights have 8 bits. Because they are random, the model
says nothing about quality, and its outputs are given the lengths of the LSTM's.

Started as a script, it translates one line in a process of its own:

    python benchmarks/small_transformer.py FOLDER TOKENIZER FILE
"""

import sys
from pathlib import Path
from typing import Any

LAYERS, WIDTH, HEADS, FEED_FORWARD = 3, 256, 4, 1024


def write(folder: Path, pieces: list[str], seed: int = 1) -> None:
    """Write a model with a vocabulary of pieces, which source and target share."""
    import numpy as np
    from ctranslate2.specs import transformer_spec

    random = np.random.default_rng(seed)

    def fill(layer: Any, outputs: int, inputs: int) -> None:  # noqa: ANN401 - a layer of the specification
        layer.weight = random.normal(0, inputs**-0.5, (outputs, inputs)).astype(np.float32)
        layer.bias = np.zeros(outputs, np.float32)

    def norm(layer: Any) -> None:  # noqa: ANN401
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def attention(layer: Any, parts: tuple[int, ...]) -> None:  # noqa: ANN401
        norm(layer.layer_norm)
        for linear, count in zip(layer.linear, parts, strict=True):
            fill(linear, count * WIDTH, WIDTH)

    spec = transformer_spec.TransformerSpec.from_config(LAYERS, HEADS)
    vectors = random.normal(0, WIDTH**-0.5, (len(pieces), WIDTH)).astype(np.float32)
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = vectors
    spec.decoder.projection.weight, spec.decoder.projection.bias = vectors, np.zeros(len(pieces), np.float32)
    for stack in (spec.encoder, spec.decoder):
        norm(stack.layer_norm)
        positions = random.normal(0, 0.1, (512, WIDTH)).astype(np.float32)
        stack.position_encodings.encodings = positions
        for layer in stack.layer:
            attention(layer.self_attention, (3, 1))
            if stack is spec.decoder:
                attention(layer.attention, (1, 2, 1))
            norm(layer.ffn.layer_norm)
            fill(layer.ffn.linear_0, FEED_FORWARD, WIDTH)
            fill(layer.ffn.linear_1, WIDTH, FEED_FORWARD)
    spec.register_source_vocabulary(pieces)
    spec.register_target_vocabulary(pieces)
    spec.validate()
    spec.optimize(quantization="int8")
    folder.mkdir()
    spec.save(str(folder))


def opened(folder: Path) -> Any:  # noqa: ANN401 - a translator of CTranslate2
    """Load a model, on one thread."""
    import ctranslate2

    return ctranslate2.Translator(str(folder), compute_type="int8", inter_threads=1, intra_threads=1)


def translate(translator: Any, sources: list[list[str]], beams: int, length: int) -> None:  # noqa: ANN401
    """Translate sources into outputs of a length."""
    translator.translate_batch(sources, beam_size=beams, min_decoding_length=length, max_decoding_length=length)


def main() -> None:
    """Translate the lines of a file."""
    from sentencepiece import SentencePieceProcessor

    folder, tokenizer, file = sys.argv[1:]
    processor = SentencePieceProcessor(model_file=tokenizer)
    translator = opened(Path(folder))
    for line in Path(file).read_text(encoding="utf-8").splitlines():
        translate(translator, [processor.encode(line, out_type=str)], 5, 15)


if __name__ == "__main__":
    main()
