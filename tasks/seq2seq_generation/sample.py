"""The sample corpus: short English and Chinese texts, made by rule from a seed, so that no two calls differ."""

import random

SEED = 7
SIZES = {"train": 600, "validation": 40, "test": 40}
_NAMES = (("Anna", "Ben", "Clara", "David"), ("小明", "小红", "老王", "阿华"))
_PLACES = (("the river", "the forest", "the market", "the old bridge"), ("河边", "树林", "集市", "老桥"))
_THINGS = (("a coin", "a key", "a letter", "an apple"), ("一枚硬币", "一把钥匙", "一封信", "一个苹果"))


def _text(draw: random.Random) -> str:
    language = draw.randrange(2)
    name, friend = draw.sample(_NAMES[language], 2)
    place, thing = draw.choice(_PLACES[language]), draw.choice(_THINGS[language])
    if language:
        return f"{name}去了{place}。\n{name}在那里找到{thing}，把它给了{friend}。\n{friend}很高兴。\n"
    return f"{name} went to {place}.\n{name} found {thing} there and gave it to {friend}.\n{friend} was happy.\n"


def texts(split: str) -> list[str]:
    """Return the texts of 'train', 'validation' or 'test'; the same at every call."""
    draw = random.Random(f"{SEED} {split}")
    return [_text(draw) for _ in range(SIZES[split])]
