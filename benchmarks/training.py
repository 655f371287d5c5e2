"""Training throughput in target tokens per CPU second, for comparison with other toolkits.

    python -m benchmarks.training SOURCE TARGET [--steps 100] [--batch 64] [--json FILE]

Network: 256-dimensional embeddings shared by source and target, one bidirectional LSTM encoder layer of 2 x 256 units,
one LSTM decoder layer of 512 units with general attention. Training: joint BPE of 8,000 pieces, dropout 0.3, label
smoothing 0.1, Adam, clipping at 1, batches of 64 sentences of similar length, one thread. Measures one network with a
separate output layer (512 x 8,000), as in the other toolkits, and one with the output tied to the embeddings (through
256). The time includes making the batch, forward, backward, clipping and optimizer. It is given in CPU seconds (user +
system), because machines are shared. The speed of a large matrix product is measured before and after the benchmark, to
make machines comparable.
"""

import argparse
import tempfile
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

import torch

from benchmarks.measurement import cpu_seconds, finish, matrix_rate
from seq2seq.batching.loader import BatchLoader, training_loader
from seq2seq.batching.options import BatchOptions
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.reader import Reader
from seq2seq.malloc import keep_freed_memory
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from seq2seq.training.loss import sequence_loss

WARM_UP_STEPS = 20


@dataclass(frozen=True)
class Figure:
    """One network's measurement."""

    output: str
    weights: int
    steps: int
    target_tokens: int
    cpu_seconds: float
    target_tokens_per_cpu_second: float


def measure(tied: str, tokenizers: Tokenizers, loader: BatchLoader, steps: int) -> Figure:
    """Train for some steps and time all but the first."""
    torch.manual_seed(1)
    vocabulary, padding = tokenizers.target.vocabulary_size, tokenizers.target.padding
    # Other toolkits share the embeddings of source and target, but do not tie the output layer; 'all' ties all three.
    network = Network(NetworkOptions(tied_embeddings=tied), vocabulary, vocabulary, padding, padding)
    if tied == "none":
        network.source_embedding.weight = network.decoder.embedding.weight
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    tokens, start = 0, cpu_seconds()
    for step, batch in zip(range(WARM_UP_STEPS + steps), chain.from_iterable(repeat(loader)), strict=False):
        if step == WARM_UP_STEPS:
            tokens, start = 0, cpu_seconds()
        memory = network.encode(batch.source, batch.source_lengths)
        sums = sequence_loss(network, memory, network(memory, batch.target_input), batch.target, 0.1)
        optimizer.zero_grad()
        (sums.total / sums.tokens).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        tokens += sums.tokens
    seconds = cpu_seconds() - start
    return Figure(tied, network.weight_count(), steps, tokens, round(seconds, 2), round(tokens / seconds, 1))


def main() -> None:
    """Measure both networks and print a line for each."""
    parser = argparse.ArgumentParser(description="Measure training throughput on one thread.", allow_abbrev=False)
    parser.add_argument("source", type=Path, help="source text, a sentence a line")
    parser.add_argument("target", type=Path, help="target text, aligned")
    parser.add_argument("--steps", type=int, default=100, help="timed optimizer steps")
    parser.add_argument("--batch", type=int, default=64, help="sentences in a batch")
    parser.add_argument("--vocabulary", type=int, default=8000, help="joint BPE pieces")
    parser.add_argument("--default_allocator", action="store_true", help="do not ask the C library to keep memory")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if not arguments.default_allocator:
        keep_freed_memory()
    files = [arguments.source, arguments.target]
    tokenizers = train(Reader().read(files), TokenizerOptions(vocabulary_size=arguments.vocabulary))
    with tempfile.TemporaryDirectory() as folder:
        store = TokenStore.build(Reader().read(files), tokenizers, Path(folder) / "store", fingerprint="benchmark")
        before = matrix_rate()
        figures = []
        for tied in ("none", "all"):
            options = BatchOptions(batch_sentences=arguments.batch, window_sentences=30_000)
            figure = measure(tied, tokenizers, training_loader(store, tokenizers, options, seed=1), arguments.steps)
            figures.append(figure)
            rate = figure.target_tokens_per_cpu_second
            print(f"output tied: {figure.output}: {rate:.0f} target tokens per CPU second")
    finish("benchmarks/training.py", figures, before, arguments.json, kept_memory=not arguments.default_allocator)


if __name__ == "__main__":
    main()
