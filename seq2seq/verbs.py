"""The verbs of the suite itself, with their help groups and modules, and the words of other programs for them."""

TRAIN, USE, EVALUATE = "Train", "Use a model", "Evaluate"

VERBS: dict[str, tuple[str, str]] = {
    "tasks": (TRAIN, "seq2seq.commands.tasks"),
    "new-task": (TRAIN, "seq2seq.commands.tasks:NewTask"),
    "presets": (TRAIN, "seq2seq.commands.presets"),
    "fit": (TRAIN, "seq2seq.commands.fit"),
    "validate": (TRAIN, "seq2seq.commands.trainer:validate"),
    "test": (TRAIN, "seq2seq.commands.trainer:test"),
    "predict": (TRAIN, "seq2seq.commands.trainer:predict"),
    "average": (TRAIN, "seq2seq.commands.average"),
    "export": (TRAIN, "seq2seq.commands.export"),
    "cache": (TRAIN, "seq2seq.commands.cache"),
    "score": (USE, "seq2seq.commands.score"),
    "info": (USE, "seq2seq.commands.info"),
    "evaluate": (EVALUATE, "seq2seq.commands.evaluate"),
    "compare": (EVALUATE, "seq2seq.commands.compare"),
    "report": (EVALUATE, "seq2seq.commands.report"),
}
"""The verbs that all tasks share: their group in the help, and the module or object whose ``main`` runs the verb."""

YAML_VERBS = ("fit", "validate", "test", "predict")
"""Verbs that read their options as YAML, which must be UTF-8."""

SYNONYMS = {
    **dict.fromkeys(("train", "learn", "resume", "finetune", "fine-tune", "new", "run"), "fit"),
    **dict.fromkeys(("eval", "bleu", "rouge", "benchmark", "metrics"), "evaluate"),
    **dict.fromkeys(("infer", "decode", "inference", "translator", "apply"), "translate"),
    **dict.fromkeys(("talk", "reply", "converse", "dialog", "conversation"), "chat"),
    **dict.fromkeys(("write", "sample", "complete", "continue", "lm"), "generate"),
    **dict.fromkeys(("summarise", "summary", "summarizer"), "summarize"),
    **dict.fromkeys(("diff", "significance"), "compare"),
    **dict.fromkeys(("save", "share", "convert", "package"), "export"),
    **dict.fromkeys(("config", "configs", "preset", "sizes"), "presets"),
    **dict.fromkeys(("show", "describe", "inspect", "card"), "info"),
    **dict.fromkeys(("perplexity", "loss", "likelihood"), "score"),
    **dict.fromkeys(("list", "plugins", "task"), "tasks"),
    **dict.fromkeys(("new_task", "plugin", "create", "init"), "new-task"),
    **dict.fromkeys(("index", "runs", "leaderboard", "dashboard"), "report"),
}
"""Words that users of other programs type, and the verb that does it."""
