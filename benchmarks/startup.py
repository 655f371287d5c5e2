"""Measure start-up times in CPU seconds, and memory.

    python benchmarks/startup.py [--model MODEL] [--repeat 7] [--json FILE]

Runs these commands in separate processes and takes the minimum of several runs: Python alone, ``seq2seq --help``,
``seq2seq tasks``, ``seq2seq info MODEL``, ``import torch`` alone, and ``translate`` on one short line. Times are CPU
seconds (user + system), because machines are shared. Without ``--model``, uses a bundle with random weights (hidden
size 512, a vocabulary from the sample corpus).
"""

import argparse
import json
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.process_start import COMMAND, started


def random_model(folder: Path) -> str:
    """Write a translation bundle with random weights; return its path."""
    from seq2seq.models import bundle
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.network.options import NetworkOptions
    from seq2seq.plugin import registry
    from seq2seq.tokenization.options import TokenizerOptions
    from seq2seq.tokenization.training import train

    translation = registry.load("translation")
    sample = translation.sample(translation.reader())
    assert sample is not None
    tokenizers = train(sample.train, TokenizerOptions(vocabulary_size=1500))
    options = NetworkOptions()
    network = bundle.network_for(options, tokenizers)
    config = BundleConfig("translation", options, sample.reader, translation.decoding.search)
    bundle.save(folder, network, config, tokenizers)
    return str(folder)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="a run folder or a model folder of the task translation")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = arguments.model or random_model(Path(folder) / "model")
        cases = {
            "python": ["-c", "pass"],
            "import torch": ["-c", "import torch"],
            "seq2seq --help": ["-c", COMMAND, "--help"],
            "seq2seq tasks": ["-c", COMMAND, "tasks"],
            "seq2seq info MODEL": ["-c", COMMAND, "info", model],
            "seq2seq translate MODEL, one line": ["-c", COMMAND, "translate", model, "--threads", "1"],
        }
        starts = {name: started(words, arguments.repeat, text="Two dogs run.\n") for name, words in cases.items()}
    for name, start in starts.items():
        print(f"{name:<36}{start.cpu_seconds:6.2f} s {start.megabytes:6.0f} MB")
    if arguments.json:
        arguments.json.write_text(
            json.dumps({name: asdict(start) for name, start in starts.items()}, indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
