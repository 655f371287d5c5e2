"""Texts and options for small trainings."""

import json
import random
from pathlib import Path

TINY = [
    *("--model.network.embedding_size", "12"),
    *("--model.network.hidden_size", "16"),
    *("--trainer.enable_progress_bar", "false"),
    *("--threads", "1"),
]
LITTLE = ["--trainer.max_epochs", "1", "--data.streams.count", "8", "--data.streams.window", "40"]
RUNNING = "".join(f"Line {number}:\n  we met {number * 7} birds\tthere.  \n" for number in range(60))
SIZES = {"train": 300, "validation": 20, "test": 20}
_NAMES = (("Anna", "Ben", "Clara", "David"), ("小明", "小红", "老王", "阿华"))
_PLACES = (("the river", "the forest", "the market", "the old bridge"), ("河边", "树林", "集市", "老桥"))
_THINGS = (("a coin", "a key", "a letter", "an apple"), ("一枚硬币", "一把钥匙", "一封信", "一个苹果"))


def story(draw: random.Random) -> str:
    """A text of three lines, English or Chinese."""
    language = draw.randrange(2)
    name, friend = draw.sample(_NAMES[language], 2)
    place, thing = draw.choice(_PLACES[language]), draw.choice(_THINGS[language])
    if language:
        return f"{name}去了{place}。\n{name}在那里找到{thing}，把它给了{friend}。\n{friend}很高兴。\n"
    return f"{name} went to {place}.\n{name} found {thing} there and gave it to {friend}.\n{friend} was happy.\n"


def stories(split: str) -> list[str]:
    """The texts of a split; the same at every call."""
    draw = random.Random(split)
    return [story(draw) for _ in range(SIZES[split])]


def documents_of(folder: Path) -> list[str]:
    """Write stories, and return the options of a model of them."""
    options = ["--data.tokenizer.vocabulary_size", "600"]
    for split in SIZES:
        path = folder / f"{split}.jsonl"
        lines = [json.dumps({"text": text}, ensure_ascii=False) for text in stories(split)]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        options += [f"--data.{split}", json.dumps([str(path)])]
    return options


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
