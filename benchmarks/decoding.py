"""Decoding throughput in sentences per CPU second, for comparison with other toolkits.

    python -m benchmarks.decoding SOURCE TARGET TEST [--json FILE]

The network of ``benchmarks/training.py`` has random weights, so every output is forced to 15 decoder steps (14 pieces
and the end token). Decodes batches of 32 sentences of similar length with beam sizes 1 and 5, in float32, on one
thread. Runs include tokenization and detokenization. Each result is the difference between a long and a short run, so
start-up does not count. Times are CPU seconds (user + system), because machines are shared; the speed of a large matrix
product is measured in the same run.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import torch

from benchmarks.measurement import cpu_seconds, finish, matrix_rate
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.options import SearchOptions
from seq2seq.malloc import keep_freed_memory
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.training import train

STEPS = 15
"""Decoder steps per output, including one for the end token."""
BATCH = 32
SHORT, LONG = 100, 1000


@dataclass(frozen=True)
class Figure:
    """Throughput of a network with a beam size."""

    output: str
    beam_size: int
    sentences: int
    cpu_seconds: float
    sentences_per_cpu_second: float


def decode(network: Network, tokenizer: Tokenizer, texts: list[str], beams: int) -> float:
    """Decode texts in batches; return the CPU seconds taken."""
    options = SearchOptions(beam_size=beams, min_length=STEPS - 1, max_length=STEPS - 1)
    start = cpu_seconds()
    packing = network.pack()
    sources = sorted((tokenizer.encode(text) for text in texts), key=len)
    for first in range(0, len(sources), BATCH):
        batch = sources[first : first + BATCH]
        lengths = torch.tensor([len(ids) for ids in batch])
        source = torch.full((len(batch), int(lengths.max())), tokenizer.padding)
        for row, ids in enumerate(batch):
            source[row, : len(ids)] = torch.tensor(ids)
        for hypotheses in beam_search(network, EncodedSources(source, lengths), tokenizer, options, packing=packing):
            tokenizer.decode(hypotheses[0].ids)
    return cpu_seconds() - start


def main() -> None:
    """Measure both networks with both beam sizes and print a line for each."""
    parser = argparse.ArgumentParser(description="Measure decoding throughput on one thread.", allow_abbrev=False)
    parser.add_argument("source", type=Path, help="training source text, for the vocabulary")
    parser.add_argument("target", type=Path, help="training target text, aligned")
    parser.add_argument("test", type=Path, help=f"source text to decode, at least {LONG} lines")
    parser.add_argument("--vocabulary", type=int, default=8000, help="joint BPE pieces")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    keep_freed_memory()
    examples = Reader().read([arguments.source, arguments.target])
    tokenizer = train(examples, TokenizerOptions(vocabulary_size=arguments.vocabulary)).target
    texts = arguments.test.read_text(encoding="utf-8").splitlines()[:LONG]
    before = matrix_rate()
    figures = []
    for tied in ("none", "all"):
        torch.manual_seed(1)
        vocabulary, padding = tokenizer.vocabulary_size, tokenizer.padding
        network = Network(NetworkOptions(tied_embeddings=tied), vocabulary, vocabulary, padding, padding).eval()
        for beams in (1, 5):
            short = decode(network, tokenizer, texts[:SHORT], beams)
            seconds = decode(network, tokenizer, texts, beams) - short
            count = len(texts) - SHORT
            figures.append(Figure(tied, beams, count, round(seconds, 2), round(count / seconds, 1)))
            print(f"output tied: {tied}, beam {beams}: {count / seconds:.0f} sentences per CPU second", flush=True)
    finish("benchmarks/decoding.py", figures, before, arguments.json)


if __name__ == "__main__":
    main()
