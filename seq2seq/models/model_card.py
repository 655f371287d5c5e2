"""The model card: README.md of a bundle."""

from seq2seq.amounts import amount
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.plugin.task import Task, TextTask, converses


def model_card(config: BundleConfig, task: Task, weights: int, size_bytes: int, export: str = "") -> str:
    """Return the README.md of a bundle.

    Args:
        config: The configuration.
        task: The task.
        weights: Number of weights.
        size_bytes: Size of the weight file or of the graphs.
        export: For a model for ONNX Runtime: how its outputs compare with the PyTorch model's.
    """
    reader, network, training = config.reader, config.network, config.training
    languages = config.languages
    attention = "no attention" if network.attention == "none" else f"{network.attention} attention"
    kind = "hierarchical " if network.encoder == "hierarchical" else ""
    kind += "bidirectional " if network.bidirectional else ""
    encoder = f"{kind}LSTM encoder ({amount(network.encoder_layers, 'layer')}), "
    layers = amount(network.decoder_layers, "layer")
    decoder = f"LSTM decoder ({layers}), {attention}, hidden size {network.hidden_size}"
    is_text = isinstance(task, TextTask)
    if is_text:
        encoder, decoder = "", f"LSTM ({layers}), hidden size {network.hidden_size}"
    facts = {
        "Task": f"{config.task}: {task.summary}",
        "Languages": languages or "not stated",
        "Architecture": f"{encoder}{decoder}",
        "Size": f"{weights:,} weights, {readable(size_bytes)}",
        "Training data": training.data or "not stated",
        **({"Fine-tuned from": training.base} if training.base else {}),
        "Training": f"{amount(training.steps, 'step')}, seed {training.seed}, seq2seq {training.code_version}, "
        f"options {training.config_hash or 'not stated'}",
    }
    title = f"{config.task.capitalize()}{f' {languages}' if languages else ''}"
    what = "An LSTM language model" if is_text else "An LSTM encoder-decoder"
    lines = [f"# {title}", "", f"{what}, trained with seq2seq.", ""]
    lines += ["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts.items()), ""]
    lines += ["## Use", "", "```python", "import seq2seq", 'model = seq2seq.load("PATH/TO/THIS/FOLDER")']
    if converses(task):
        lines += [f"chat = model.{task.verb}()", 'print(chat.say("..."))', "```", ""]
    else:
        argument = '"..."' if is_text else '["..."]'
        lines += [f"print(model.{task.verb}({argument}))", "```", ""]
    packages = ("lstm-seq2seq-light", "'lstm-seq2seq[onnx]'") if export else ("lstm-seq2seq",)
    install = " or ".join(f"`pip install {package}`" for package in packages)
    given = ' --prompt "..."' if is_text else "" if converses(task) else " < input.txt"
    lines += [f"Or `seq2seq {task.verb} PATH/TO/THIS/FOLDER{given}`. Install: {install}.", ""]
    lines += ["## Scores", ""]
    if training.scores:
        lines += ["| score | value | on | signature |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {score.name} | {score.value:.2f} | {score.data} | {_cell(score.signature)} |"
            for score in training.scores
        ]
    else:
        lines.append("None were recorded. `seq2seq evaluate` computes them.")
    if export:
        lines += ["", "## Export", "", f"This model runs in ONNX Runtime, without PyTorch. {export}"]
    lines += ["", "## Limits", ""]
    lines += [
        "It only knows its training data: other topics, styles and languages come out badly, though fluently.",
        "It remembers a few hundred pieces of its input: earlier content is lost."
        if is_text
        else "It was made for sources of the lengths seen in training; much longer ones lose content.",
        f"Text is normalised before use (Unicode: {reader.normalization}). Outputs can be wrong: check what matters.",
        "",
    ]
    return "\n".join(lines)


def readable(size_bytes: int) -> str:
    """Return a size in MB or kB, for display."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e5 else f"{size_bytes / 1e3:.1f} kB"


def _cell(text: str) -> str:
    """Escape a table cell, because sacrebleu's signatures contain vertical bars."""
    return f"`{text}`".replace("|", "\\|") if text else "not stated"
