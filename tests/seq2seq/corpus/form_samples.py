"""A file of each form, by the form's name; its text and its usual name."""

import json
from collections.abc import Mapping

TEXTS = ("Is there tea?", "There is.", "要牛奶吗？", "好的，谢谢。", "At 12:30, then: good.", "I will - perhaps.")
"""Turns, with marks that other forms use."""


def lines(*objects: object) -> str:
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def messages(keys: tuple[str, str], roles: tuple[str, str]) -> list[dict[str, str]]:
    return [{keys[0]: roles[number % 2], keys[1]: text} for number, text in enumerate(TEXTS)]


def numbered(pattern: str) -> str:
    return "".join(pattern.format(n=n, name=("Ann", "李雷")[n % 2], text=text) for n, text in enumerate(TEXTS, start=1))


def units(pattern: str) -> str:
    return "".join(pattern.format(n=n, text=text) for n, text in enumerate(TEXTS, start=1))


TMX = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<!-- tea -->\n<tmx version="1.4">\n'
    '<header srclang="en"/>\n<body>\n{}</body>\n</tmx>\n'
)
TELEGRAM = [
    {"id": n, "type": "message", "date": f"2023-06-20T08:0{n}:00", "from": ("Ann", "Bo")[n % 2], "text": text}
    for n, text in enumerate(TEXTS)
]
DISCORD = [
    {
        "id": str(n),
        "type": "Default",
        "timestamp": f"2023-06-20T08:0{n}:00+00:00",
        "content": text,
        "author": {"name": "x"},
    }
    for n, text in enumerate(TEXTS)
]
SAMPLES: Mapping[str, tuple[str, str]] = {
    "json": ("a.jsonl", lines({"turns": list(TEXTS)}, {"turns": list(TEXTS), "speakers": list("ABABAB")})),
    "openai": ("a.jsonl", lines({"messages": messages(("role", "content"), ("user", "assistant"))})),
    "sharegpt": ("a.json", json.dumps([{"id": "0", "conversations": messages(("from", "value"), ("human", "gpt"))}])),
    "parlai-json": ("a.jsonl", lines({"dialog": [messages(("id", "text"), ("a", "b"))], "context": []})),
    "telegram": ("result.json", json.dumps({"name": "B", "type": "personal_chat", "messages": TELEGRAM}, indent=1)),
    "discord": ("tea.json", json.dumps({"guild": {"id": "1"}, "channel": {"id": "2"}, "messages": DISCORD})),
    "alpaca": ("a.json", json.dumps([{"instruction": TEXTS[0], "input": "", "output": TEXTS[1]}] * 2, indent=2)),
    "samsum": ("train.json", json.dumps([{"id": "1", "summary": TEXTS[1], "dialogue": "Ann: Tea?\r\nBo: Yes."}])),
    "cnn-dailymail": ("a.jsonl", lines({"article": TEXTS[0], "highlights": TEXTS[1], "id": "0"})),
    "xsum": ("a.jsonl", lines({"document": TEXTS[0], "summary": TEXTS[1], "id": "0"})),
    "tmx": (
        "a.tmx",
        TMX.format(
            units(
                '<tu>\n<tuv xml:lang="en-US"><seg>{text}</seg></tuv>\n'
                '<tuv xml:lang="zh"><seg>好{n}</seg></tuv>\n</tu>\n'
            )
        ),
    ),
    "xliff": (
        "a.xlf",
        '<xliff version="1.2">\n<file source-language="en" target-language="zh">\n<body>\n'
        + units('<trans-unit id="{n}">\n<source>{text}</source>\n<target>好</target>\n</trans-unit>\n')
        + "</body>\n</file>\n</xliff>\n",
    ),
    "po": ("a.po", units('#: tea.c:{n}\nmsgid "{text}"\nmsgstr "好"\n\n')),
    "srt": ("film.srt", numbered("{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n\n")),
    "whatsapp": ("_chat.txt", numbered("20/06/2023, 15:0{n} - {name}: {text}\n")),
    "parlai": (
        "a.txt",
        "1 your persona: i bake.\n" + "".join(f"{n} {text}\t好。\n" for n, text in enumerate(TEXTS, 2)),
    ),
    "parlai-log": ("a.txt", "".join(f"text:{text}\tlabels:好。\tepisode_done:True\n" for text in TEXTS)),
    "cornell": ("movie_lines.txt", numbered("L{n} +++$+++ u{n} +++$+++ m0 +++$+++ {name} +++$+++ {text}\n")),
    "chatterbot": (
        "a.yml",
        "categories:\n- tea\nconversations:\n" + "".join(f"- - {text}\n  - 好。\n" for text in TEXTS),
    ),
    "eou": ("a.txt", (" __eou__ ".join(TEXTS) + " __eou__\n") * 3),
    "story": ("0a.story", "The kettle boiled.\n\nAll had tea.\n\n@highlight\n\nTea was made\n\n@highlight\n\n好\n"),
    "discord-csv": (
        "a.csv",
        "AuthorID,Author,Date,Content,Attachments\n" + numbered('"{n}","{name}","","{text}",""\n'),
    ),
    "tsv": ("a.tsv", "source\ttarget\n" + numbered("{text}\t{name}\n")),
    "csv": ("a.csv", "source,target\n" + numbered('"{text}",{name}\n')),
    "lines": ("a.txt", "\n".join(TEXTS) + "\n\n" + "\n".join(TEXTS[::-1]) + "\n"),
}
