"""Times the PyTorch engine of an older checkout, which is first on Python's path; see ``benchmarks/deploy.py``.

Reads JSON with the model folder, the texts, the batches, the beam sizes and the number of rounds. Prints the least CPU
seconds for the texts one at a time and for the batches, by beam size. A copy of the model leaves out search options
that the checkout does not know.
"""

import json
import shutil
import sys
import tempfile
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import torch

import seq2seq

try:
    from seq2seq.decoding.options import SearchOptions
except ImportError:
    from seq2seq.options import SearchOptions  # type: ignore[no-redef, attr-defined]


def loaded(folder: Path) -> Any:  # noqa: ANN401 - a model of the checkout
    """Load a copy of a model."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "model"
        shutil.copytree(folder, copy)
        config = json.loads((copy / "config.json").read_text(encoding="utf-8"))
        known = {field.name for field in fields(SearchOptions)}
        config["search"] = {name: value for name, value in config["search"].items() if name in known}
        (copy / "config.json").write_text(json.dumps(config), encoding="utf-8")
        return seq2seq.load(copy)


def main() -> None:
    """Measure and print."""
    given = json.load(sys.stdin)
    torch.set_num_threads(1)
    model = loaded(Path(given["folder"]))
    found = []
    for beams in given["beams"]:
        search = replace(model.search, beam_size=beams, n_best=1)
        model.translate(given["texts"][:3], search)
        times = []
        for parts in ([[text] for text in given["texts"]], given["batches"]):
            rounds = []
            for _ in range(given["rounds"]):
                start = time.process_time()
                for part in parts:
                    model.translate(part, search)
                rounds.append(time.process_time() - start)
            times.append(min(rounds))
        found.append(times)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
