"""Measure the private memory of the data pipeline per training pair.

Builds token stores of ten thousand and of a million generated pairs. For each, a new process measures the private
memory added by opening the store, planning an epoch (with and without subword sampling) and loading batches. The
difference in memory, divided by the difference in pairs, is the cost per pair.

    python benchmarks/store_memory.py [--pairs 1000000] [--folder DIR]

Linux only: it reads /proc/self/smaps_rollup.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from seq2seq.corpus.example import Example

SMALL = 10_000
WORDS = 5_000
SAMPLING_ALPHA = 0.1
TAKEN_BATCHES = 200
LIMIT_BYTES = 20


def private_kib() -> dict[str, int]:
    """Return this process's private memory in KiB: dirty, and clean (reclaimable pages of mapped files)."""
    rows = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    sizes = {name: int(rest.split()[0]) for name, _, rest in (row.partition(":") for row in rows)}
    return {"dirty": sizes["Private_Dirty"], "clean": sizes["Private_Clean"]}


def generated(count: int) -> Iterator[Example]:
    """Yield pairs of texts with 4 to 24 invented words each."""
    draw = random.Random(1)
    syllables = [onset + rhyme for onset in "bdfgklmnprstvz" for rhyme in ("a", "e", "i", "o", "u", "an", "el")]
    words = ["".join(draw.choices(syllables, k=draw.randint(1, 4))) for _ in range(WORDS)]
    for _ in range(count):
        length = draw.randint(4, 24)
        yield Example(" ".join(draw.choices(words, k=length)), " ".join(draw.choices(words, k=length)))


def build(folder: Path, count: int) -> None:
    """Build a store and its tokenizers."""
    from seq2seq.batching.token_store import TokenStore
    from seq2seq.tokenization.options import TokenizerOptions
    from seq2seq.tokenization.training import train

    tokenizers = train(generated(SMALL), TokenizerOptions(vocabulary_size=4000))
    tokenizers.save(folder / "tokenizer")
    TokenStore.build(generated(count), tokenizers, folder / "store", fingerprint="generated")


def measure(folder: Path, alpha: float) -> dict[str, dict[str, int]]:
    """Return the private memory after each stage, and the size and CPU time of the epoch plan."""
    from seq2seq.batching.loader import training_loader
    from seq2seq.batching.options import BatchOptions
    from seq2seq.batching.token_store import TokenStore
    from seq2seq.tokenization.tokenizer import Tokenizers

    tokenizers = Tokenizers.load(folder / "tokenizer")
    tokenizers.source.sample("warm up", seed=1, alpha=0.5)
    stages = {"before": private_kib()}
    store = TokenStore(folder / "store")
    stages["opened"] = private_kib()
    loader = training_loader(store, tokenizers, BatchOptions(sampling_alpha=alpha), seed=1)
    begin = time.process_time()
    batches = len(loader)
    stages["plan"] = {"cpu_ms": int(1000 * (time.process_time() - begin)), "batches": batches, "pairs": len(store)}
    stages["planned"] = private_kib()
    for _ in islice(loader, TAKEN_BATCHES):
        continue
    stages["batches taken"] = private_kib()
    return stages


def in_fresh_process(*arguments: str) -> str:
    """Run this script in a new process and return its output."""
    command = [sys.executable, __file__, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def main() -> None:
    """Build, measure and print the table; exit with 1 if the cost per pair reaches the limit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--pairs", type=int, default=1_000_000, help="size of the large store")
    parser.add_argument("--folder", type=Path, help="keep the stores here and reuse them")
    parser.add_argument("--build", nargs=2, metavar=("FOLDER", "COUNT"), help=argparse.SUPPRESS)
    parser.add_argument("--measure", nargs=2, metavar=("FOLDER", "ALPHA"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.build:
        build(Path(options.build[0]), int(options.build[1]))
    elif options.measure:
        print(json.dumps(measure(Path(options.measure[0]), float(options.measure[1]))))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            sys.exit(compare(options.folder or Path(temporary), options.pairs))


def compare(folder: Path, pairs: int) -> int:
    """Measure both sizes and print the cost per pair."""
    for count in (SMALL, pairs):
        begin = time.monotonic()
        in_fresh_process("--build", str(folder / str(count)), str(count))
        size = sum(path.stat().st_size for path in (folder / str(count) / "store").iterdir())
        print(f"{count:>9,} pairs: store of {size / 1e6:,.1f} MB, made or found in {time.monotonic() - begin:,.0f} s")
    worst = 0.0
    for alpha in (0.0, SAMPLING_ALPHA):
        small, large = (
            json.loads(in_fresh_process("--measure", str(folder / str(count)), str(alpha))) for count in (SMALL, pairs)
        )
        plan = large["plan"]
        print(f"subword sampling {alpha}: plan of {plan['batches']:,} batches, {plan['cpu_ms']:,} ms CPU")
        for stage in ("opened", "planned", "batches taken"):
            costs = {}
            for kind in ("dirty", "clean"):
                grown = [sizes[stage][kind] - sizes["before"][kind] for sizes in (small, large)]
                costs[kind] = 1024 * (grown[1] - grown[0]) / (pairs - SMALL)
            total = sum(costs.values())
            worst = max(worst, total)
            print(
                f"  {stage:<14} {total:6.2f} bytes a pair "
                f"(own memory {costs['dirty']:.2f}, pages of the mapped files {costs['clean']:.2f})"
            )
    print(f"worst: {worst:.2f} bytes a pair; the limit is {LIMIT_BYTES}")
    return int(worst >= LIMIT_BYTES)


if __name__ == "__main__":
    main()
