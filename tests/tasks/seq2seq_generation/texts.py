"""Texts and options of small trainings."""

import json
from pathlib import Path

TINY = [
    *("--model.network.embedding_size", "12"),
    *("--model.network.hidden_size", "16"),
    *("--trainer.enable_progress_bar", "false"),
    *("--threads", "1"),
]
LITTLE = ["--trainer.max_epochs", "1", "--data.streams.count", "8", "--data.streams.window", "40"]
RUNNING = "".join(f"Line {number}:\n  we met {number * 7} birds\tthere.  \n" for number in range(60))


def characters(folder: Path) -> list[str]:
    """Write one running text, and return the options of a model of its characters."""
    for name, text in (("train", RUNNING), ("valid", RUNNING[500:900])):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return [
        *("--data.train", json.dumps([str(folder / "train.txt")])),
        *("--data.validation", json.dumps([str(folder / "valid.txt")])),
        *("--data.test", json.dumps([str(folder / "valid.txt")])),
        *("--data.reader.contiguous", "true"),
        *("--data.tokenizer.model", "char"),
    ]
