"""Measure the response time to usage errors, in CPU seconds, with typical wrong command lines.

    python -m benchmarks.mistakes [--repeat 3] [--json FILE]

Each command runs in its own process and must exit with code 2. Times are CPU seconds (user + system), the minimum of
several runs, because machines are shared.
"""

import argparse
import json
import tempfile
from pathlib import Path

from benchmarks.process_start import COMMAND, started

MISTAKES = (
    "fit translaton",
    "fit",
    "fit translation --model.network.hiden_size 8",
    "fit translation --model.network.hidden_size big",
    "fit translation --model.network.hidden_size 7",
    "fit translation --trainer.max_epoch 3",
    "fit translation --trainer.max_epochs few",
    "fit translation --trainer.overfit_batches 1",
    "fit translation --optimizer Adam",
    "fit translation -c size/tinny",
    "fit translation -c broken.yaml",
    "fit translation --data.train nowhere.en nowhere.zh",
    "fit translation --data.train a.en",
    "fit translation --data.train a.en a.zh",
    "fit translation --run_dir used",
    "fit --run_dir nowhere --resume",
    "validate nowhere",
    "evaluate nowhere",
    "translate nowhere",
    "translate nowhere --beam_sise 3",
    "chat nowhere",
    "score nowhere a.en a.zh",
    "info nowhere",
    "average nowhere",
    "export nowhere place",
    "trane",
)


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    times: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "used").mkdir()
        (folder / "used" / "notes.txt").touch()
        (folder / "broken.yaml").write_text("model: [", encoding="utf-8")
        (folder / "a.en").write_text("One line.\n", encoding="utf-8")
        (folder / "a.zh").write_text("一行。\n", encoding="utf-8")
        for mistake in MISTAKES:
            words = ["-c", COMMAND, *mistake.split()]
            start = started(words, arguments.repeat, code=2, folder=folder)
            times[mistake] = start.cpu_seconds
            print(f"{start.cpu_seconds:5.2f} s  seq2seq {mistake}\n         {start.errors}", flush=True)
    print(f"{max(times.values()):5.2f} s  the slowest of {len(times)}")
    if arguments.json:
        arguments.json.write_text(json.dumps(times, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
