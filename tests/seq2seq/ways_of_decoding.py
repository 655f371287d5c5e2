"""Models, texts and ways of decoding that every implementation has, for the tests that compare two of them."""

from dataclasses import replace

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions
from seq2seq.decoding.phrases.glossary import Glossary

WITH_SOURCE = ("translator", "summarizer", "partner", "listener")
"""A plain model, one that copies with coverage, one that copies, and one with a hierarchical encoder."""
SOURCES = (
    "the big dog eats two books",
    "",
    "a small cat sees the old bird . three red birds in Beijing. 大狗今天吃。",
    "Zoe sees 北京 and 47 dogs in Reykjavík",
    "大狗买了两本书",
)
"""An empty source, several sentences, unknown words, and Chinese."""
PROMPTS = ("the", "大狗", "", "the big do", "three red birds in Bei")
"""Two of them end within a word, whose pieces are chosen anew (`seq2seq.tokenization.token_healing`)."""

SEARCH = SearchOptions(beam_size=4, max_length=14)
GREEDY = replace(SEARCH, beam_size=1)
SEARCHES = {
    "greedy": Decoding(GREEDY),
    "beams": Decoding(SEARCH),
    "n-best": Decoding(SEARCH, count=4),
    "many beams": Decoding(replace(SEARCH, beam_size=9), count=9),
    "groups": Decoding(replace(SEARCH, groups=2, diversity=0.7), count=4),
    "patience": Decoding(replace(SEARCH, patience=1), count=2),
    "no length penalty": Decoding(replace(SEARCH, length_penalty="none")),
    "GNMT's length penalty": Decoding(replace(SEARCH, length_penalty="gnmt", length_alpha=0.8), count=2),
    "coverage penalty": Decoding(replace(SEARCH, coverage_beta=0.4, length_alpha=1.3), count=2),
    "greedy with coverage penalty": Decoding(replace(GREEDY, coverage_beta=0.4)),
    "length": Decoding(replace(SEARCH, min_length=5, max_length=8)),
    "length of the source": Decoding(replace(SEARCH, max_length=0, max_length_ratio=0.6, max_length_extra=3)),
    "no repeated piece": Decoding(replace(SEARCH, no_repeat_ngram=1)),
    "no repeated n-gram": Decoding(replace(SEARCH, no_repeat_ngram=2)),
    "no n-gram of the source": Decoding(replace(SEARCH, no_repeat_source_ngram=2)),
    "repetition penalty": Decoding(replace(SEARCH, repetition_penalty=1.7), count=3),
    "greedy with repetition penalty": Decoding(replace(GREEDY, repetition_penalty=1.7)),
}
TERMS = {
    "required words": Decoding(replace(SEARCH, required=("cat|大狗", "书")), count=2),
    "glossary": Decoding(
        replace(SEARCH, no_repeat_ngram=3, banned=("old",)),
        glossary=Glossary({"dog": "大狗|鸟", "大狗": "dog", "bird": "old"}),
    ),
    "required words in groups": Decoding(replace(SEARCH, groups=2, required=("北京",)), count=2),
}
"""The last term of the glossary is banned, so it is never in an output."""
WRITING = WritingOptions(max_length=20)
WRITTEN = {
    "greedy": Decoding(WRITING),
    "constrained": Decoding(
        replace(WRITING, no_repeat_ngram=2, repetition_penalty=1.4, min_length=12, banned=("dog", "书"))
    ),
    "samples": Decoding(WRITING, SamplingOptions(seed=4), count=3),
    "truncated samples": Decoding(
        replace(WRITING, no_repeat_ngram=3), SamplingOptions(temperature=0.8, top_k=9, top_p=0.9, min_p=0.02), count=2
    ),
}
