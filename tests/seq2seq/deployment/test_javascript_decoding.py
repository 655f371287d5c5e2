"""The page's engine gives the same outputs as Python, for every kind of model and every option of decoding."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import seq2seq
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, WritingOptions
from seq2seq.decoding.output import Output
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import ShortlistTable, shortlist_of
from seq2seq.deployment.web_model import MODEL, write_web_model
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_generation.reader import TextReader
from seq2seq_summarization.reader import SummaryReader
from tests.recorded import models
from tests.seq2seq.conftest import CHINESE, ENGLISH
from tests.seq2seq.deployment.javascript import needs_runtime, results
from tests.seq2seq.ways_of_decoding import GREEDY, SEARCH, SEARCHES

TOLERANCE = 1e-4
INT8_TOLERANCE = 0.02
"""Of log probabilities per piece of a model with 8-bit weights, compared with the exact one."""
UNREAD = models.UNREAD
TEXTS = (
    "the big dog eats two books",
    "",
    "a small cat sees the old bird . three red birds in Beijing. 大狗今天吃。\n\nthe book",
    "Zoe sees 北京 and 47 dogs in Reykjavík 🙂",
    "大狗买了两本书",
    "Anna: the dog is big\nBen：大狗吃鱼 at 12:30\n\nthe birds",
)
HISTORIES = ((), ("the dog", "大狗吃"), tuple(f"{ENGLISH[:30]} {number}" for number in range(9)))
PERSONAS = ((), ("a dog eats", " "), ("two\nbig birds", "我是大狗。", f"{ENGLISH[:40]} again"), ("I am a cook",))
PROMPTS = ("the", "大狗", "", "the big do", "three red birds in Bei", "the dog eats two books\nthe ", " two  spaces\t")
SAMPLES = {
    "samples": Decoding(SEARCH, SamplingOptions(seed=3), count=3),
    "temperature": Decoding(SEARCH, SamplingOptions(temperature=0.6, seed=-4)),
    "top-k": Decoding(SEARCH, SamplingOptions(top_k=5, seed=2**40), count=2),
    "top-p": Decoding(SEARCH, SamplingOptions(top_p=0.7), count=2),
    "min-p": Decoding(SEARCH, SamplingOptions(min_p=0.1), count=2),
    "all at once": Decoding(
        replace(SEARCH, no_repeat_ngram=2, repetition_penalty=1.2, min_length=3),
        SamplingOptions(temperature=1.4, top_k=30, top_p=0.9, min_p=0.02),
        count=2,
    ),
}
NARROW: dict[str, Any] = {"embedding_size": 16, "hidden_size": 24}
# Task, reader, options of the network and of the tokenizers.
OTHERS: dict[str, tuple[str, Reader, NetworkOptions, TokenizerOptions]] = {
    "unknown words": (
        *("summarization", SummaryReader(), NetworkOptions(copying=True, **NARROW)),
        TokenizerOptions(84, byte_fallback=False),
    ),
    "two vocabularies": (
        *("translation", models.TRANSLATION, NetworkOptions(copying=True, **NARROW)),
        TokenizerOptions(300, joint=False),
    ),
    "unknown words of two vocabularies": (
        *("translation", models.TRANSLATION, NetworkOptions(copying=True, coverage=True, **NARROW)),
        TokenizerOptions(60, "unigram", joint=False, byte_fallback=False),
    ),
    "short chats": (
        *("summarization", SummaryReader(speakers=True, max_source_pieces=15), NetworkOptions(**NARROW)),
        TokenizerOptions(340, "unigram"),
    ),
    "turns": (
        "summarization",
        SummaryReader(speakers=True, normalization="nfkc"),
        NetworkOptions(encoder="hierarchical", input_feeding=True, **NARROW),
        TokenizerOptions(340),
    ),
    "short memory": (
        *("dialogue", DialogueReader(max_source_pieces=24, history_turns=0), NetworkOptions(**NARROW)),
        TokenizerOptions(340),
    ),
    "normalised gates": (
        *("translation", models.TRANSLATION, NetworkOptions(layer_norm="gates", attention="additive", **NARROW)),
        TokenizerOptions(340),
    ),
    "no attention": (
        *("translation", models.TRANSLATION, NetworkOptions(attention="none", **NARROW)),
        TokenizerOptions(100, "char"),
    ),
    "words": ("generation", TextReader(), NetworkOptions(**NARROW, **UNREAD), TokenizerOptions(60, "word")),
    "characters": (
        "generation",
        TextReader(lines=True),
        NetworkOptions(**NARROW, **UNREAD),
        TokenizerOptions(60, "char"),
    ),
    "shortlist": ("translation", models.TRANSLATION, NetworkOptions(**NARROW), TokenizerOptions(340)),
    "shortlist of two vocabularies": (
        *("translation", models.TRANSLATION, NetworkOptions(tied_embeddings="none", decoder_layers=2, **NARROW)),
        TokenizerOptions(300, joint=False),
    ),
    "shortlist without bytes": (
        *("dialogue", DialogueReader(), NetworkOptions(coverage=True, input_feeding=True, **NARROW)),
        TokenizerOptions(84, byte_fallback=False),
    ),
}


@dataclass(frozen=True)
class Case:
    """A text with its decoding, and the outputs of Python."""

    label: str
    request: dict[str, Any]
    outputs: Sequence[Output]


def corpus() -> list[Example]:
    """Return examples for tokenizers and shortlists."""
    english, chinese = ENGLISH.split(), CHINESE.split()
    return [
        Example(
            " ".join(english[(row * 7 + place * 3) % len(english)] for place in range(1 + row % 9)),
            "".join(chinese[(row * 7 + place * 3) % len(chinese)] for place in range(1 + row % 9)),
        )
        for row in range(200)
    ]


def write(folder: Path, name: str) -> None:
    """Write a model with random weights."""
    task, reader, options, pieces = OTHERS[name]
    tokenizers = train(corpus(), pieces)
    network = models.drawn(options, tokenizers, list(OTHERS).index(name), end_bias=1)
    bundle.save(folder, network, BundleConfig(task, options, reader, SEARCH), tokenizers)


class Page:
    """Exported models, with folders for the page."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        models.write(folder / "torch")
        for name in OTHERS:
            write(folder / "torch" / name, name)

    def exported(self, name: str, precision: str = "float32") -> LoadedModel:
        """Return an exported model, and write its folder for the page."""
        onnx = self.folder / precision / name
        if not onnx.exists():
            onnx.parent.mkdir(exist_ok=True)
            loaded = bundle.load(self.folder / "torch" / name)
            table = shortlist_of(corpus(), loaded.tokenizers, each=3, frequent=9) if "shortlist" in name else None
            write_onnx(onnx, loaded, precision, (), table)
        return seq2seq.load(onnx)

    def written(self, model: LoadedModel, decoding: Decoding, place: str) -> str:
        """Write a folder for the page whose model has a decoding as its own."""
        folder = self.folder / "web" / model.bundle.folder.name / place
        if not folder.exists():
            folder.mkdir(parents=True)
            config = replace(model.bundle.config, search=decoding.search, sampling=decoding.sampling)
            write_web_model(folder, replace(model.bundle, config=config))
        return str(folder)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    return Page(tmp_path_factory.mktemp("page"))


def cases(page: Page, name: str) -> Iterator[Case]:
    """Yield a model's texts with every decoding that it has."""
    model = page.exported(name)
    is_writer = isinstance(model, LanguageModel)
    turns = cycle(HISTORIES if isinstance(model.reader, DialogueReader) else ((),))
    facts = cycle(PERSONAS if isinstance(model.reader, DialogueReader) else ((),))
    for number, (label, decoding) in enumerate((SEARCHES | SAMPLES).items()):
        if is_writer:
            if decoding.sampling is None and not label.startswith("greedy"):
                continue
            search = decoding.search
            names = ("no_repeat_ngram", "repetition_penalty", "min_length")
            limits = {name: getattr(search, name) for name in names}
            decoding = replace(decoding, search=WritingOptions(max_length=20, **limits))
        elif model.network.options.attention == "none" and "coverage" in label:
            continue
        folder = page.written(model, decoding, label)
        # Every text is decoded with every other method, and every history with each.
        for text in (PROMPTS if is_writer else TEXTS)[number % 2 :: 2]:
            history, persona = next(turns), next(facts)
            options = {"count": decoding.count, "history": list(history), "persona": list(persona)}
            request = {"call": "decode", "folder": folder, "text": text, "options": options}
            yield Case(label, request, python(model, text, history, persona, decoding))


def everything(tokenizers: Tokenizers) -> ShortlistTable:
    """Return the shortlist of all pieces."""
    candidates = np.full((tokenizers.source.vocabulary_size, 1), tokenizers.target.end, np.uint32)
    return ShortlistTable(candidates, tuple(range(tokenizers.target.vocabulary_size)))


def python(
    model: LoadedModel, text: str, history: Sequence[str], persona: Sequence[str], decoding: Decoding
) -> list[Output]:
    """Return the outputs of Python."""
    if isinstance(model, LanguageModel):
        return model.decode([text], decoding)[0]
    source: str | Example = text
    if isinstance(model.reader, DialogueReader):
        source = Example(model.reader.history([*history, text], persona=persona), "")
    outputs: list[Output] = model.decode([source], decoding, attention=True)[0]  # type: ignore[call-arg]
    return outputs


def require_equal(case: Case, found: dict[str, Any]) -> None:
    """Check that the page's outputs are Python's."""
    place = f"{case.label}: {case.request['text']!r} {case.request['options']}"
    assert "error" not in found, f"{place}: {found['error']}"
    assert [output["text"] for output in found["outputs"]] == [output.text for output in case.outputs], place
    assert found["shown"][-1] == found["outputs"][0]["text"]
    for wanted, output in zip(case.outputs, found["outputs"], strict=True):
        pieces = len(wanted.ids) + 1
        assert (output["ids"], output["pieces"]) == (list(wanted.ids), list(wanted.pieces)), place
        assert output["ranking"] == pytest.approx(wanted.score, abs=TOLERANCE * pieces), place
        assert output["logProbability"] == pytest.approx(wanted.log_probability, abs=TOLERANCE * pieces), place
        assert output["copyShares"] == pytest.approx(wanted.copied, abs=TOLERANCE), place
        assert output["copied"] == [share > 0.5 for share in output["copyShares"]], place
        if wanted.attention is None or not wanted.ids:
            assert output["attention"] == [], place
        else:
            np.testing.assert_allclose(output["attention"], wanted.attention, atol=TOLERANCE, err_msg=place)
            assert found["source"]["pieces"] == list(wanted.source_pieces), place
            assert found["source"]["wasCut"] == (wanted.lost > 0), place


@pytest.mark.slow
@needs_runtime
@pytest.mark.parametrize("name", [*models.MODELS, *OTHERS])
def test_outputs_are_those_of_python(page: Page, name: str) -> None:
    chosen = list(cases(page, name))
    for case, found in zip(chosen, results([case.request for case in chosen]), strict=True):
        require_equal(case, found)


@pytest.mark.slow
@needs_runtime
def test_options_of_a_call_replace_those_of_the_model(page: Page) -> None:
    model = page.exported("translator")
    folder = page.written(model, Decoding(SEARCH), "beams")
    chosen = [
        ({"method": "greedy"}, Decoding(GREEDY)),
        ({"method": "beam", "beamSize": 7, "count": 3}, Decoding(replace(SEARCH, beam_size=7), count=3)),
        ({"lengthPenalty": "none", "maxLength": 6}, Decoding(replace(SEARCH, length_penalty="none", max_length=6))),
        (
            {"method": "sample", "temperature": 0.8, "topK": 9, "topP": 0.9, "minP": 0.01, "seed": 5},
            Decoding(SEARCH, SamplingOptions(0.8, 9, 0.9, 0.01, 5)),
        ),
    ]
    requests = [{"call": "decode", "folder": folder, "text": TEXTS[0], "options": options} for options, _ in chosen]
    for (_, decoding), request, found in zip(chosen, requests, results(requests), strict=True):
        require_equal(Case("options", request, python(model, TEXTS[0], (), (), decoding)), found)


@needs_runtime
def test_search_chooses_from_the_shortlist_of_its_source(page: Page) -> None:
    model = page.exported("shortlist")
    whole = seq2seq.load(model.bundle.folder, shortlist=False)
    chosen = []
    for method, decoding in (("beams", Decoding(SEARCH, count=3)), ("greedy", Decoding(GREEDY))):
        folder = page.written(model, decoding, method)
        for text in ("the big dog eats two books", "a small cat", "three red birds"):
            request = {"call": "decode", "folder": folder, "text": text, "options": {"count": decoding.count}}
            short, long = (python(each, text, (), (), decoding) for each in (model, whole))
            assert [output.ids for output in short] != [output.ids for output in long]
            chosen.append(Case(method, request, short))
    for case, found in zip(chosen, results([case.request for case in chosen]), strict=True):
        require_equal(case, found)


@pytest.mark.slow
@needs_runtime
@pytest.mark.parametrize("has_shortlist", [False, True])
def test_weights_of_8_bits_give_nearly_the_same_probabilities(page: Page, *, has_shortlist: bool) -> None:
    """Large random weights, as of the other models, would be stored coarsely."""
    options, tokenizers = NetworkOptions(**NARROW), models.trained()
    with torch.random.fork_rng():
        torch.manual_seed(1)
        network = bundle.network_for(options, tokenizers).eval()
    config = BundleConfig("translation", options, models.TRANSLATION, SEARCH)
    bundle.save(page.folder / "torch" / "calm", network, config, tokenizers)
    exact = page.exported("calm")
    # The probabilities of a shortlist of all pieces are those of the whole vocabulary.
    table = everything(tokenizers) if has_shortlist else None
    place = page.folder / f"calm {has_shortlist}"
    write_onnx(place, bundle.load(page.folder / "torch" / "calm"), "int8", (), table)
    folder = page.written(seq2seq.load(place), Decoding(GREEDY), "int8")
    texts = [text for text in TEXTS if text and "\n" not in text]
    requests = [{"call": "decode", "folder": folder, "text": text, "options": {}} for text in texts]
    for text, found in zip(texts, results(requests), strict=True):
        (output,) = found["outputs"]
        source = tokenizers.source.encode(text)
        sources = EncodedSources(np.array([source]), np.array([len(source)]))
        (values,) = score(exact.network, sources, [output["ids"]], tokenizers.target)
        assert output["score"] == pytest.approx(sum(values) / len(values), abs=INT8_TOLERANCE)


@needs_runtime
def test_the_text_so_far_is_shown_and_a_text_can_be_stopped(page: Page) -> None:
    folder = page.written(page.exported("author"), Decoding(WritingOptions(max_length=40)), "long")
    request = {"call": "decode", "folder": folder, "text": "the", "options": {}}
    whole, stopped, again = results([request, {**request, "stopAfter": 5}, request])
    assert whole["shown"][-1] == whole["outputs"][0]["text"]
    assert all(later.startswith(text) for text, later in zip(whole["shown"], whole["shown"][1:], strict=False))
    assert stopped["error"] == "stopped"
    assert stopped["shown"] == whole["shown"][:5]
    assert again == whole


@needs_runtime
def test_one_text_is_written_at_a_time(page: Page) -> None:
    folder = page.written(page.exported("author"), Decoding(WritingOptions(max_length=40)), "long")
    (found,) = results([{"call": "overlapping", "folder": folder, "texts": ["the", "a"]}])
    assert found == ["fulfilled", "The model is still writing: wait for its output, or stop it."]


@needs_runtime
def test_loading_reports_all_bytes_and_refuses_other_files(page: Page, tmp_path: Path) -> None:
    model = page.exported("translator")
    folder = Path(page.written(model, Decoding(SEARCH), "beams"))
    sizes = json.loads((folder / MODEL).read_text(encoding="utf-8"))["files"]
    write_web_model(tmp_path, model.bundle)
    (tmp_path / "step.onnx").write_bytes(b"short")
    broken = {"call": "decode", "folder": str(tmp_path), "text": "a", "options": {}}
    steps, found = results([{"call": "progress", "folder": str(folder)}, broken])
    assert steps[-1] == [sum(sizes.values()), sum(sizes.values())]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert found["error"] == f"step.onnx has 5 bytes instead of {sizes['step.onnx']}: load the page again."


@needs_runtime
def test_a_shortlist_of_another_model_is_refused(page: Page, tmp_path: Path) -> None:
    write_web_model(tmp_path, page.exported("shortlist").bundle)
    described = json.loads((tmp_path / MODEL).read_text(encoding="utf-8"))
    candidates = (tmp_path / "candidates.bin").read_bytes()
    request = {"call": "decode", "folder": str(tmp_path), "text": "a", "options": {}}
    for changed, content, name in (
        ({"candidates": 7}, candidates, "candidates.bin"),
        ({}, b"\xff" * len(candidates), "candidates.bin"),
        ({"precision": "int8"}, candidates, "output.bin"),
    ):
        values = {**described, "shortlist": {**described["shortlist"], **changed}}
        (tmp_path / MODEL).write_text(json.dumps(values), encoding="utf-8")
        (tmp_path / "candidates.bin").write_bytes(content)
        (found,) = results([request])
        assert found["error"] == f"{name} does not fit the model: export it again."


@needs_runtime
def test_impossible_options_are_refused(page: Page) -> None:
    source = page.written(page.exported("translator"), Decoding(SEARCH), "refusing")
    text = page.written(page.exported("author"), Decoding(WritingOptions(), SamplingOptions()), "refusing")
    refused: list[tuple[str, dict[str, Any], str]] = [
        (source, {"method": "best"}, "The method is 'best', but it must be 'beam', 'greedy' or 'sample'."),
        (text, {"method": "beam"}, "A text without a source is not searched with beams: choose greedy search or samp"),
        (source, {"count": 9, "beamSize": 3}, "9 outputs are wanted, but a search with 3 beams finds at most that m"),
        (source, {"beamSize": 0}, "The number of beams is 0, but it must lie between 1 and 1000."),
        (text, {"temperature": 0}, "The temperature is 0, but it must lie between 0.001 and 1000."),
        (text, {"topP": 0}, "Top-p is 0, but it must be above 0 and at most 1."),
        (text, {"topK": 1.5}, "The number of likeliest pieces (top-k) is 1.5, but it must be a whole number."),
        (text, {"seed": 0.5}, "The seed is 0.5, but it must be a whole number."),
        (
            source,
            {"lengthPenalty": "mean"},
            "The length penalty is 'mean', but it must be 'none', 'average' or 'gnmt'.",
        ),
    ]
    requests = [
        {"call": "decode", "folder": folder, "text": "the", "options": options} for folder, options, _ in refused
    ]
    for (_, _, message), found in zip(refused, results(requests), strict=True):
        assert found["error"].startswith(message)
