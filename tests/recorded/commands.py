"""The commands whose outputs are recorded: every verb that decodes or scores, with every method and constraint."""

SOURCES = """the big dog eats two books
a small cat sees the old bird today

three red birds in Beijing . the dog buys a book . the cat sees
Zoe sees 北京 and 47 dogs
"""
CHINESE_SOURCES = """大狗买了两本书
小猫看见老鸟

这三本红书在北京。今天狗吃。
"""
TALK = """the dog eats today
a cat sees the bird

你好 小猫
two books in Beijing
"""
TEXTS = """the dog eats
the big cat sees two books in Beijing today
大狗买了两本书
"""
FILES = {
    "sources.txt": SOURCES,
    "pairs.tsv": "the big dog\t大狗\na small cat sees\t小猫看见老鸟\nthe bird\t\n",
    "targets.txt": "大狗买了两本书\n小猫\n鸟\n今天\n在北京\n",
    "banned.txt": "大狗\nthe cat\n",
    "texts.txt": TEXTS,
}
"""Files that the commands read."""

METHODS = (
    "",
    "--beam_size 1",
    "--greedy",
    "--beam_size 5 --nbest 3 --scores",
    "--length_penalty none",
    "--length_penalty gnmt --length_alpha 0.8",
    "--length_penalty average --length_alpha 1.3 --coverage_beta 0.2",
    "--beam_size 4 --groups 2 --diversity 0.7 --nbest 4",
    "--patience 2 --beam_size 4",
    "--no_repeat_ngram 2",
    "--no_repeat_source_ngram 2",
    "--repetition_penalty 1.6",
    "--min_length 6 --max_length 9",
    "--max_length 0 --max_length_ratio 0.5 --max_length_extra 4",
    "--banned the --banned 书",
    "--banned_file banned.txt --greedy",
    "--batch_tokens 30 --beam_size 2",
    "--sample --seed 4",
    "--sample --temperature 0.7 --top_k 8 --nbest 2 --scores",
    "--sample --top_p 0.8 --seed 2",
    "--sample --min_p 0.1 --no_repeat_ngram 2 --repetition_penalty 1.2 --min_length 5",
    "--sample --candidates 6 --length_bonus 0.3 --scores",
)
"""Options of every verb with a source."""

COMMANDS: tuple[tuple[str, str], ...] = (
    *((f"translate translator {options}", SOURCES) for options in METHODS),
    *((f"translate {model} {options}", SOURCES) for model in ("deep", "feeder") for options in METHODS[:4]),
    ("translate translator sources.txt --alignments --scores", ""),
    ("translate translator --json --nbest 2", SOURCES),
    ("translate translator --attention weights.jsonl", SOURCES),
    ("translate translator --prefix 大 --nbest 2", SOURCES),
    ("translate translator --prefix 大狗 --sample --seed 9", SOURCES),
    ("translate translator --no_split", SOURCES),
    ("translate translator --document sources.txt", ""),
    ("translate translator --lm author --lm_weight 0.4", SOURCES),
    ("translate translator --lm author --sample --seed 6", SOURCES),
    ("translate translator --reverse backward --beam_size 4 --nbest 2 --scores", SOURCES),
    ("translate translator --reverse backward --sample --candidates 5 --reverse_weight 0.6", SOURCES),
    ("translate translator --lm author --anti_weight 0.4 --anti_pieces 3 --beam_size 4 --scores", SOURCES),
    ("translate backward --beam_size 4", CHINESE_SOURCES),
    *((f"summarize summarizer {options}", SOURCES) for options in METHODS),
    *((f"summarize looker {options}", CHINESE_SOURCES) for options in METHODS[:4]),
    ("summarize summarizer --json --alignments", SOURCES),
    ("summarize summarizer --document sources.txt --prefix the", ""),
    *((f"chat partner {options}", TALK) for options in METHODS if "nbest" not in options and "scores" not in options),
    *((f"chat listener {options}", TALK) for options in METHODS[:3]),
    ("chat partner -p today --persona dog", ""),
    ("chat partner --save talk.json --search", TALK),
    ("chat partner --lm author --anti_weight 0.3 --candidates 4 --sample", TALK),
    ("generate author", ""),
    *(
        (f"generate {model} --max_tokens 25 {options}", "")
        for model in ("author", "scribe")
        for options in (
            "--prompt the",
            "--prompt 大狗 --greedy",
            "--prompt the --num 3 --temperature 0.6",
            "--prompt the --top_k 5 --seed 8",
            "--prompt the --top_p 0.7 --json",
            "--prompt the --min_p 0.2 --no_prompt",
            "--prompt the --no_repeat_ngram 2 --repetition_penalty 1.3 --min_tokens 9",
            "--prompt the --banned dog --stop cat",
            "--prompt 'the big do' --greedy",
        )
    ),
    ("generate author --max_tokens 25", "the dog"),
    ("score translator sources.txt targets.txt", ""),
    ("score translator -", FILES["pairs.tsv"]),
    ("score deep sources.txt targets.txt", ""),
    ("score summarizer sources.txt targets.txt", ""),
    ("score looker sources.txt targets.txt", ""),
    ("score partner sources.txt targets.txt", ""),
    ("score author texts.txt", ""),
    ("score author texts.txt --sort", ""),
    ("score scribe -", TEXTS),
)
"""Command lines, each with its standard input."""
