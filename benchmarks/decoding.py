"""Decoding throughput in sentences per CPU second, for comparison with other toolkits.

    python -m benchmarks.decoding SOURCE TARGET TEST [--json FILE]

The network of ``benchmarks/training.py`` has random weights, so every output is forced to 15 decoder steps (14 pieces
and the end token). Decodes batches of 32 sentences of similar length with beam sizes 1 and 5 on one thread: in float32
with PyTorch, and in 8 bits with ONNX Runtime, among all pieces and among the shortlist of the training text. Runs
include tokenization and detokenization. Each result is the difference between a long and a short run, so start-up does
not count. Times are CPU seconds (user + system), because machines are shared; the speed of a large matrix product is
measured in the same run.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from benchmarks.measurement import cpu_seconds, finish, matrix_rate
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.options import SearchOptions
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import ShortlistTable, shortlist_of
from seq2seq.malloc import keep_freed_memory
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.runtime.choice import Choice, has_shortlist, short_choice
from seq2seq.runtime.network_protocol import Engine
from seq2seq.runtime.placement import Placement
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from seq2seq.tokenization.training import train

STEPS = 15
"""Decoder steps per output, including one for the end token."""
BATCH = 32
SHORT, LONG = 100, 1000


@dataclass(frozen=True)
class Figure:
    """Throughput of a network with a beam size."""

    output: str
    engine: str
    beam_size: int
    sentences: int
    cpu_seconds: float
    sentences_per_cpu_second: float


def decode(network: Engine, tokenizer: Tokenizer, texts: list[str], beams: int) -> float:
    """Decode texts in batches; return the CPU seconds taken."""
    options = SearchOptions(beam_size=beams, min_length=STEPS - 1, max_length=STEPS - 1)
    start = cpu_seconds()
    packing = network.pack()
    sources = sorted((tokenizer.encode(text) for text in texts), key=len)
    for first in range(0, len(sources), BATCH):
        batch = sources[first : first + BATCH]
        lengths = np.array([len(ids) for ids in batch])
        source = np.full((len(batch), int(lengths.max())), tokenizer.padding)
        for row, ids in enumerate(batch):
            source[row, : len(ids)] = ids
        encoded = EncodedSources(network.array(source), network.array(lengths))
        choice = (
            short_choice(network, tokenizer, encoded.ids, encoded.lengths)
            if has_shortlist(network)
            else Choice(network, tokenizer, packing)
        )
        for hypotheses in beam_search(choice.steps, encoded, choice.target, options, packing=choice.packing):
            tokenizer.decode(choice.spelled(hypotheses[0]).ids)
    return cpu_seconds() - start


def engines(network: Network, tokenizers: Tokenizers, table: ShortlistTable) -> dict[str, Engine]:
    """Return a network as each engine computes it."""
    config = BundleConfig("translation", network.options, Reader(), SearchOptions())
    with tempfile.TemporaryDirectory() as place:
        bundle.save(Path(place) / "torch", network, config, tokenizers)
        write_onnx(Path(place) / "onnx", bundle.load(Path(place) / "torch"), "int8", (), table)
        found: dict[str, Engine] = {"PyTorch": network}
        for name, uses_shortlist in (("8 bits", False), ("8 bits, shortlist", True)):
            engine = bundle.load(Path(place) / "onnx", Placement(shortlist=uses_shortlist)).network
            decode(engine, tokenizers.target, ["a"], 1)  # opens the files
            found[name] = engine
    return found


def main() -> None:
    """Measure both networks with all engines and both beam sizes, and print a line for each."""
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
    examples = list(Reader().read([arguments.source, arguments.target]))
    tokenizers = train(examples, TokenizerOptions(vocabulary_size=arguments.vocabulary))
    tokenizer, table = tokenizers.target, shortlist_of(examples, tokenizers)
    texts = arguments.test.read_text(encoding="utf-8").splitlines()[:LONG]
    before = matrix_rate()
    figures = []
    for tied in ("none", "all"):
        torch.manual_seed(1)
        vocabulary, padding = tokenizer.vocabulary_size, tokenizer.padding
        network = Network(NetworkOptions(tied_embeddings=tied), vocabulary, vocabulary, padding, padding).eval()
        for engine, computed in engines(network, tokenizers, table).items():
            for beams in (1, 5):
                short = decode(computed, tokenizer, texts[:SHORT], beams)
                seconds = decode(computed, tokenizer, texts, beams) - short
                count = len(texts) - SHORT
                rate = round(count / seconds, 1)
                figures.append(Figure(tied, engine, beams, count, round(seconds, 2), rate))
                print(f"output tied: {tied}, {engine}, beam {beams}: {rate:.0f} sentences per CPU second", flush=True)
    finish("benchmarks/decoding.py", figures, before, arguments.json)


if __name__ == "__main__":
    main()
