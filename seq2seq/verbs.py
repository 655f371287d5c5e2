"""Built-in verbs, with their help groups, modules and synonyms."""

TRAIN, USE, EVALUATE = "Train", "Use a model", "Evaluate"

VERBS: dict[str, tuple[str, str]] = {
    "tasks": (TRAIN, "seq2seq.commands.tasks"),
    "new-task": (TRAIN, "seq2seq.commands.tasks:NewTask"),
    "inspect": (TRAIN, "seq2seq.inspection.command"),
    "presets": (TRAIN, "seq2seq.commands.presets"),
    "fit": (TRAIN, "seq2seq.commands.fit"),
    "validate": (TRAIN, "seq2seq.commands.fit:validate"),
    "test": (TRAIN, "seq2seq.commands.fit:test"),
    "predict": (TRAIN, "seq2seq.commands.fit:predict"),
    "backtranslate": (TRAIN, "seq2seq.commands.corpora.backtranslate"),
    "distill": (TRAIN, "seq2seq.commands.corpora.distill"),
    "average": (TRAIN, "seq2seq.commands.average"),
    "export": (TRAIN, "seq2seq.commands.export"),
    "push": (TRAIN, "seq2seq.commands.export:Push"),
    "data": (TRAIN, "seq2seq.commands.data"),
    "cache": (TRAIN, "seq2seq.commands.cache"),
    "score": (USE, "seq2seq.commands.score"),
    "serve": (USE, "seq2seq.commands.serve"),
    "info": (USE, "seq2seq.commands.info"),
    "evaluate": (EVALUATE, "seq2seq.commands.evaluate"),
    "compare": (EVALUATE, "seq2seq.commands.compare"),
    "report": (EVALUATE, "seq2seq.commands.report"),
}
"""Verbs shared by all tasks: their help group, and the module or object whose ``main`` runs the verb."""

YAML_VERBS = ("fit", "validate", "test", "predict")
"""Verbs that accept YAML options; their arguments must be valid UTF-8."""

SYNONYMS = {
    **dict.fromkeys(("train", "learn", "resume", "finetune", "fine-tune", "new", "run"), "fit"),
    **dict.fromkeys(("eval", "bleu", "rouge", "benchmark", "metrics"), "evaluate"),
    **dict.fromkeys(("infer", "decode", "inference", "translator", "apply"), "translate"),
    **dict.fromkeys(("talk", "reply", "converse", "dialog", "conversation"), "chat"),
    **dict.fromkeys(("write", "sample", "complete", "continue", "lm"), "generate"),
    **dict.fromkeys(("summarise", "summary", "summarizer"), "summarize"),
    **dict.fromkeys(("diff", "significance"), "compare"),
    **dict.fromkeys(("back-translate", "back_translate", "synthesize", "augment"), "backtranslate"),
    **dict.fromkeys(("teach", "distillation", "distil", "student"), "distill"),
    **dict.fromkeys(("save", "share", "convert", "package"), "export"),
    **dict.fromkeys(("upload", "publish", "hub"), "push"),
    **dict.fromkeys(("config", "configs", "preset", "sizes"), "presets"),
    **dict.fromkeys(("show", "describe", "card"), "info"),
    **dict.fromkeys(("data", "check", "statistics", "stats"), "inspect"),
    **dict.fromkeys(("perplexity", "loss", "likelihood"), "score"),
    **dict.fromkeys(("list", "plugins", "task"), "tasks"),
    **dict.fromkeys(("corpus", "corpora", "dataset", "datasets", "prepare", "download"), "data"),
    **dict.fromkeys(("new_task", "plugin", "create", "init"), "new-task"),
    **dict.fromkeys(("server", "api", "http", "web", "host"), "serve"),
    **dict.fromkeys(("index", "runs", "leaderboard", "dashboard"), "report"),
}
"""Map from verbs of other programs to the equivalent verb."""
