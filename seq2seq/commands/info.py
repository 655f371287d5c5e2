"""``seq2seq info MODEL``: describe a model without loading it."""

from pathlib import Path
from typing import Any, Literal

from seq2seq.amounts import amount
from seq2seq.options import differences

SUMMARY = "show a model's task, languages, options, size and scores"


def main(arguments: list[str]) -> int:
    """Print the description of a model."""
    import json

    from seq2seq.command_line.arguments import Parser
    from seq2seq.models.bundle import find

    parser = Parser("info", "Describe a model: task, languages, options, size, scores.")
    parser.add_argument("model", metavar="MODEL", help="a run folder or an exported model folder")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    options = parser.parse_args(arguments)
    facts = describe(find(options.model))
    if options.json:
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        print("\n".join(table(facts)))
    return 0


def describe(folder: Path) -> dict[str, Any]:
    """Return the facts about a bundle.

    Raises:
        UserError: If the folder is not a readable bundle.
    """
    from seq2seq.files.typed_values import Fields
    from seq2seq.models.bundle import CONFIG, TOKENIZER, WEIGHTS, engine_of, read_config, read_json
    from seq2seq.models.bundle_config import ExportCheck
    from seq2seq.models.weights_file import not_finite
    from seq2seq.plugin import registry
    from seq2seq.tokenization.tokenizer import Tokenizers

    config, stored = read_config(folder), Fields(read_json(folder), str(folder / CONFIG))
    task = registry.load(config.task)
    origin = next(plugin.origin for plugin in registry.installed() if plugin.name == config.task)
    tokenizers = Tokenizers.load(folder / TOKENIZER).by_name()
    engine = engine_of(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        "folder": str(folder),
        "task": config.task,
        "summary": task.summary,
        "verb": task.verb,
        "plugin": origin,
        "languages": config.languages,
        "size_bytes": sum(path.stat().st_size for path in files),
        "engine": engine,
        "precision": stored.get("precision", Literal["float32", "float16", "int8"]),
        "weights": stored.whole("weights"),
        "not_finite": not_finite(folder / WEIGHTS) if engine == "torch" else [],
        "weights_by_part": parts(folder / WEIGHTS) if engine == "torch" else {},
        "export": stored.section("export").build(ExportCheck).to_json() if "export" in stored else None,
        "vocabulary": {name: tokenizer.vocabulary_size for name, tokenizer in tokenizers.items()},
        "network": differences(config.network),
        "search": differences(config.search),
        "sampling": differences(config.sampling) if config.sampling else None,
        "rerank": differences(config.rerank) if config.rerank else None,
        "reader": differences(config.reader),
        "training": {name: value for name, value in config.training.to_json().items() if name != "scores"},
        "scores": [score.to_json() for score in config.training.scores],
    }


def parts(weights: Path) -> dict[str, int]:
    """Return the number of weights in each part of the network, read from the weight file's header.

    Raises:
        UserError: If the file is missing or damaged.
    """
    from math import prod

    from seq2seq.models.weights_file import shapes

    counts: dict[str, int] = {}
    for name, shape in shapes(weights).items():
        words = name.split(".")
        part = f"{words[0]}.{words[1]}" if words[0] == "decoder" else words[0]
        counts[part] = counts.get(part, 0) + prod(shape)
    return counts


def table(facts: dict[str, Any]) -> list[str]:
    """Format the facts as readable lines."""
    from seq2seq.models.bundle_config import ExportCheck
    from seq2seq.models.model_card import readable

    vocabulary = ", ".join(f"{size:,} {name}" for name, size in facts["vocabulary"].items())
    training = facts["training"]
    rows = [
        ("task", f"{facts['task']}: {facts['summary']} ({facts['plugin']}; seq2seq {facts['verb']})"),
        ("languages", facts["languages"] or "not stated"),
        ("folder", f"{facts['folder']}, {readable(facts['size_bytes'])}"),
        ("vocabulary", f"{vocabulary} (pieces and special tokens)"),
        ("weights", f"{facts['weights']:,} ({facts['precision']})"),
        *(("engine", "ONNX Runtime; it needs no PyTorch") for _ in range(facts["engine"] == "onnx")),
        *(("export", ExportCheck(**facts["export"]).sentence()) for _ in range(facts["export"] is not None)),
        *(
            ("  damaged", f"{name} contains NaN or infinite numbers: no verb can use it")
            for name in facts["not_finite"]
        ),
        *((f"  {part}", f"{count:,}") for part, count in facts["weights_by_part"].items()),
        ("network", _listed(facts["network"])),
        ("search", _listed(facts["search"])),
        *(("sampling", _listed(facts["sampling"])) for _ in range(facts["sampling"] is not None)),
        *(("ranking", _listed(facts["rerank"])) for _ in range(facts["rerank"] is not None)),
        ("reader", _listed(facts["reader"])),
        ("data", training["data"] or "not stated"),
        (
            "training",
            f"{amount(training['steps'], 'step')}, seed {training['seed']}, seq2seq {training['code_version']}",
        ),
        *(("started from", training["base"]) for _ in range(bool(training["base"]))),
        ("options", f"hash {training['config_hash'] or 'not stated'}"),
    ]
    for score in facts["scores"]:
        rows.append(
            (score["name"], f"{score['value']:.2f} on {score['data']} ({score['signature'] or 'no signature'})")
        )
    width = max(len(name) for name, _ in rows) + 2
    return [f"{name:<{width}}{value}" for name, value in rows]


def _listed(options: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in options.items()) or "all at their defaults"
