"""Models for the tests of decoding together, jobs of all kinds, and the model's own answers to them."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

import seq2seq
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import RerankOptions, SamplingOptions
from seq2seq.decoding.output import Output
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.models import bundle
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.models.stepwise.job import Job
from tests.recorded import models
from tests.seq2seq.searches import finished
from tests.seq2seq.ways_of_decoding import PROMPTS, SEARCH, SEARCHES, SOURCES, TERMS, WITH_SOURCE, WRITING, WRITTEN

WRITERS = ("author", "scribe")
NAMES = (*WITH_SOURCE, *WRITERS)
"""Models with and without sources, that copy or not, and with either kind of encoder."""
METHODS = {
    **SEARCHES,
    **TERMS,
    "banned words": Decoding(replace(SEARCH, banned=("the", "大狗", "书", "dog eats"))),
    "samples": Decoding(SEARCH, SamplingOptions(seed=3), count=3),
    "other samples": Decoding(SEARCH, SamplingOptions(seed=2**70), count=2),
    "constrained samples": Decoding(
        replace(SEARCH, no_repeat_ngram=2, repetition_penalty=1.3, min_length=4, banned=("two",)),
        SamplingOptions(temperature=1.2, top_k=20, top_p=0.9),
        count=2,
    ),
    "ranked samples": Decoding(
        SEARCH, SamplingOptions(), RerankOptions(candidates=6, reverse_weight=0.0, length_bonus=0.3), count=2
    ),
}
METHODS_WITHOUT_SOURCE = {
    **WRITTEN,
    "short": Decoding(replace(WRITING, min_length=2, max_length=3)),
    "one piece": Decoding(replace(WRITING, max_length=1)),
    "constrained for longer": Decoding(
        replace(WRITING, no_repeat_ngram=2, repetition_penalty=1.4, max_length=40, banned=("dog", "书"))
    ),
    "long samples": Decoding(replace(WRITING, min_length=25, max_length=90), SamplingOptions(seed=5)),
}


def write(folder: Path) -> Callable[[str, str], LoadedModel]:
    """Write the models, and return a function that loads one by name and engine."""
    models.write(folder / "torch")

    @cache
    def load(name: str, engine: str) -> LoadedModel:
        if engine == "torch":
            return seq2seq.load(folder / "torch" / name, threads=1)
        (folder / "onnx").mkdir(exist_ok=True)
        write_onnx(folder / "onnx" / name, bundle.load(folder / "torch" / name), "float32", ())
        return seq2seq.load(folder / "onnx" / name, threads=2)

    return load


def methods_of(name: str) -> dict[str, Decoding]:
    """The ways of decoding of a model."""
    return METHODS_WITHOUT_SOURCE if name in WRITERS else METHODS


@st.composite
def jobs(draw: st.DrawFn, names: tuple[str, ...] = NAMES) -> tuple[str, Job, bool]:
    """The name of a model, a job, and whether it is streamed."""
    name = draw(st.sampled_from(names))
    is_streamed = draw(st.booleans())
    has_source = name not in WRITERS
    job = Job(
        draw(st.sampled_from(SOURCES if has_source else PROMPTS)),
        draw(st.sampled_from(list(methods_of(name).values()))),
        number=draw(st.integers(0, 3)),
        draw=draw(st.integers(0, 2)) if is_streamed else 0,
        stop=draw(st.sampled_from([(), (), ("e", "狗")])),
        attention=has_source and draw(st.booleans()),
    )
    return name, job, is_streamed


def own_answer(model: LoadedModel, job: Job, *, is_streamed: bool) -> tuple[str, list[Output]]:
    """The text that a model streams for a job ('' if it does not), and its outputs."""
    if isinstance(model, LanguageModel):
        if is_streamed:
            parts, output = finished(
                model.stream(job.source, job.decoding, number=job.number, draw=job.draw, stop=job.stop)
            )
            return "".join(parts), [output]
        return "", model.decode([job.source], job.decoding, first=job.number, stop=job.stop)[0]
    assert isinstance(model, SourceModel)
    if is_streamed:
        decoding = replace(job.decoding, rerank=None, count=1)
        parts, output = finished(model.stream(job.source, decoding, number=job.number, draw=job.draw))
        outputs = model.aligned([job.source], [output]) if job.attention else [output]
        return _before("".join(parts), job), [_cut(output, job) for output in outputs]
    outputs = model.decode([job.source], job.decoding, first=job.number, attention=job.attention)[0]
    return "", [_cut(output, job) for output in outputs]


def _cut(output: Output, job: Job) -> Output:
    return replace(output, text=_before(output.text, job))


def _before(text: str, job: Job) -> str:
    """The text before the first stop string."""
    return min([text, *(text.split(stop)[0] for stop in job.stop)], key=len)
