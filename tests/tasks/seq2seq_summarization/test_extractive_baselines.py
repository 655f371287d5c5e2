"""Extractive baselines: the chosen sentences, and an oracle that equals brute force."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.metrics.rouge import Rouge
from seq2seq.metrics.sentences import units
from seq2seq_summarization.extractive_baselines import NEIGHBOURS, drawn, lead, longest, oracle

ENGLISH = "We met early. The bus to the old town was late again. It rained. Nobody had brought an umbrella. We left."
CHINESE = "今天很冷。我们在老城等了很久的公共汽车。下雨了。谁也没有带雨伞来。我们走了。"
CHAT = "Ann: Hi! Are you there?\nBen: Yes.\nAnn: Bring the keys, please.\nBen: Ok"
DOCUMENTS = [ENGLISH, CHINESE, CHAT, "", "one"]
NONE = [["nothing"]] * 5
WORDS = st.lists(st.sampled_from("cat dog bird fish 猫 狗 ran runs".split()), min_size=1, max_size=6).map(" ".join)


def test_lead_takes_the_first_sentences_or_turns() -> None:
    assert lead(DOCUMENTS, NONE, count=1) == ["We met early.", "今天很冷。", "Ann: Hi! Are you there?", "", "one"]
    assert lead([CHINESE, CHAT], NONE, count=3) == [
        "今天很冷。\n我们在老城等了很久的公共汽车。\n下雨了。",
        "Ann: Hi! Are you there?\nBen: Yes.\nAnn: Bring the keys, please.",
    ]


def test_longest_keeps_the_order_of_the_document() -> None:
    assert longest(DOCUMENTS, NONE, count=2) == [
        "The bus to the old town was late again.\nNobody had brought an umbrella.",
        "我们在老城等了很久的公共汽车。\n谁也没有带雨伞来。",
        "Ann: Hi! Are you there?\nAnn: Bring the keys, please.",
        "",
        "one",
    ]
    # Among equals the first; length is counted in words, not in characters.
    assert longest(["It is so. Extraordinarily long. We go on."], NONE, count=2) == ["It is so.\nWe go on."]


def test_a_random_sentence_depends_on_seed_and_number_only() -> None:
    documents = [ENGLISH] * 40
    found = drawn(documents, [["x"]] * 40)
    assert set(found) == set(units(ENGLISH))
    assert drawn(documents[:7], [["y"]] * 7) == found[:7]
    assert drawn(documents, [["x"]] * 40, seed=2) != found
    assert drawn(["", "one"], [["x"]] * 2) == ["", "one"]


def test_the_oracle_finds_what_the_reference_says() -> None:
    references = [["Nobody had an umbrella, and the bus was late."], ["没有带雨伞，下雨了"], ["bring keys"]]
    assert oracle([ENGLISH, CHINESE, CHAT], references, count=2) == [
        "The bus to the old town was late again.\nNobody had brought an umbrella.",
        "下雨了。\n谁也没有带雨伞来。",
        "Ann: Bring the keys, please.",
    ]
    assert oracle(["", "one. Two."], [["x"], ["three"]]) == ["", ""]
    # One of several references is enough; and a sentence that lowers the score is not taken.
    assert oracle([ENGLISH], [["something else", "it rained"]]) == ["It rained."]


@given(st.lists(WORDS, max_size=6), st.lists(WORDS, min_size=1, max_size=2))
def test_the_oracle_chooses_as_the_metrics_would(parts: list[str], references: list[str]) -> None:
    metrics = [Rouge("1"), Rouge("2")]

    def score(text: str) -> float:
        return sum(metric.score([text], [references]) for metric in metrics)

    chosen: list[int] = []
    for _ in range(3):
        candidates = [sorted([*chosen, place]) for place in range(len(parts)) if place not in chosen]
        texts = ["\n".join(parts[place] for place in one) for one in candidates]
        gains = [score(text) - score("\n".join(parts[place] for place in chosen)) for text in texts]
        if not gains or max(gains) <= 1e-9:
            break
        chosen = candidates[gains.index(max(gains))]
    expected = "\n".join(parts[place] for place in chosen)
    found = oracle(["\n".join(parts)], [references])[0]
    assert score(found) == pytest.approx(score(expected))


@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
def test_every_neighbour_copies(parts: list[str], reference: str) -> None:
    document = ". ".join(part.capitalize() for part in parts)
    available = units(document)
    for extract in NEIGHBOURS.values():
        (summary,) = extract([document], [[reference]])
        taken = summary.split("\n") if summary else []
        assert len(taken) <= 3
        rest = iter(available)
        assert all(one in rest for one in taken)  # in the document's order
