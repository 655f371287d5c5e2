"""Check loss and memory use on long texts: ``python -m benchmarks.long_texts MODEL TEXT``.

Reads a million characters of the text twice: in parts with the state carried, and in one call of the network. Then
generates 100,000 pieces. Uses one thread. Prints both losses, and the resident set after each tenth of the output.
"""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.evaluation.text_loss import before, carried
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.load import load
from seq2seq.runtime.placement import Placement


def resident() -> float:
    """Return the resident set of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def at_once(model: LanguageModel, ids: NDArray[Any]) -> "np.ndarray":
    """Return [N], the loss of each piece if the network reads the whole text in one call."""
    target = model.tokenizers.target
    read = torch.from_numpy(before(ids, target, model.begin)).unsqueeze(0)
    # oneDNN's LSTM cannot handle a sequence of a million steps.
    with torch.inference_mode(), torch.backends.mkldnn.flags(enabled=False):
        memory = model.torch_network.without_source(1)
        decoded = model.torch_network(memory, read)
        values, _ = model.torch_network.chosen(memory, decoded, torch.from_numpy(ids).unsqueeze(0))
    return -values.numpy()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="a language model")
    parser.add_argument("text", type=Path, nargs="+", help="the text to read, as in training")
    parser.add_argument("--characters", type=int, default=1_000_000)
    parser.add_argument("--tokens", type=int, default=100_000, help="pieces to generate")
    arguments = parser.parse_args()
    model = load(arguments.model, Placement(threads=1))
    if not isinstance(model, LanguageModel):
        parser.error(f"{arguments.model} is not a language model")
    target = model.tokenizers.target
    text = "".join(path.read_text(encoding="utf-8") for path in arguments.text)[: arguments.characters]
    ids = np.asarray(target.encode(model.reader.target(text)), dtype=np.int64)
    print(f"{len(text):,} characters, {len(ids):,} pieces")
    for name, losses in (
        ("in one call", at_once(model, ids)),
        ("in parts of 128 pieces", carried(model.network, ids, target, model.begin, rows=1)),
        ("in 16 parts side by side", carried(model.network, ids, target, model.begin)),
    ):
        total = losses.sum(dtype=np.float64)
        print(f"read {name:<25} {total / len(text):.8f} nats per character, {losses.max():.4f} at most")
    how = Decoding(SearchOptions(beam_size=1, max_length=0), SamplingOptions())
    written = model.stream("", how)
    characters, marks = 0, []
    for number, part in enumerate(written, start=1):
        characters += len(part)
        if number % max(1, arguments.tokens // 10) == 0:
            marks.append(f"{number:,}: {resident():.1f}")
        if number >= arguments.tokens:
            break
    written.close()
    print(f"wrote {characters:,} characters; MiB resident after each number of pieces: {', '.join(marks)}")


if __name__ == "__main__":
    main()
