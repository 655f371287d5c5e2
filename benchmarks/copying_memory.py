"""Measure the memory that copying and coverage need in training: ``python benchmarks/copying_memory.py``.

Trains a network of the default size with copying and the coverage loss for two steps, for each kind of attention, with
and without coverage in the attention score. Uses batches of 16 random pairs with 2,000 source and 100 target pieces
each, and one thread. Prints the peak resident set of each process, PyTorch included, and the CPU seconds of the second
step.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time

ATTENTIONS = ("dot", "general", "additive", "multihead")
VOCABULARY = 8006


def measure(attention: str, coverage: bool, sources: int, source: int, target: int) -> dict[str, float]:
    """Train two steps; return the peak memory in GiB and the CPU seconds of the second step."""
    import torch

    from seq2seq.network.encoder_decoder import Network
    from seq2seq.network.options import NetworkOptions
    from seq2seq.training.loss import sequence_loss

    torch.manual_seed(1)
    options = NetworkOptions(attention=attention, copying=True, coverage=coverage)
    network = Network(options, VOCABULARY, VOCABULARY, VOCABULARY - 1, VOCABULARY - 1).train()
    optimizer = torch.optim.Adam(network.parameters())
    read = torch.randint(0, VOCABULARY - 6, (sources, source))
    written = torch.randint(0, VOCABULARY - 6, (sources, target))
    lengths = torch.full((sources,), source)
    seconds = 0.0
    for _ in range(2):
        begin = time.process_time()
        memory = network.encode(read, lengths)
        sums = sequence_loss(network, memory, network(memory, written), written, 0.1, coverage_weight=1.0)
        optimizer.zero_grad()
        (sums.total / sums.tokens).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        seconds = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return {"gib": round(peak, 2), "seconds": round(seconds, 1)}


def main() -> None:
    """Measure every kind of attention and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=16)
    parser.add_argument("--source", type=int, default=2000, help="pieces of each source")
    parser.add_argument("--target", type=int, default=100, help="pieces of each target")
    parser.add_argument(
        "--one", nargs=2, metavar=("ATTENTION", "COVERAGE"), help="measure one combination in this process; print JSON"
    )
    arguments = parser.parse_args()
    if arguments.one:
        attention, coverage = arguments.one
        print(json.dumps(measure(attention, coverage == "true", arguments.sources, arguments.source, arguments.target)))
        return
    print(f"{'attention':<10} {'coverage in the score':<22} {'GiB':>6} {'CPU s a step':>13}")
    for attention in ATTENTIONS:
        for coverage in ("false", "true"):
            names = ("sources", "source", "target")
            sizes = [word for name in names for word in (f"--{name}", str(getattr(arguments, name)))]
            done = subprocess.run(
                [sys.executable, __file__, "--one", attention, coverage, *sizes],
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                capture_output=True,
                text=True,
                check=True,
            )
            peak = json.loads(done.stdout)
            print(f"{attention:<10} {coverage:<22} {peak['gib']:>6} {peak['seconds']:>13}", flush=True)


if __name__ == "__main__":
    main()
