"""Models that are served keep what they read, and are replaced only by sound ones, and only when it is asked for."""

import asyncio
import shutil
from pathlib import Path

import pytest
import torch

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle_config import BundleConfig
from seq2seq.network.options import NetworkOptions
from seq2seq.runtime.placement import Placement
from seq2seq.server.live_models import LiveModels, OpenedHere
from seq2seq.server.scheduler import Job, Limits, Measurements, Scheduler
from tests.recorded import models

TEXT = "the big dog eats two books"
BEAMS = Decoding(SearchOptions(beam_size=3, max_length=12))
NAMES = ("translator", "listener", "author")


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    """Exported models: one with each kind of encoder, and one without."""
    models.write(tmp_path / "torch")
    for name in NAMES:
        write_onnx(tmp_path / name, bundle.load(tmp_path / "torch" / name), "float32", ())
    return {name: tmp_path / name for name in NAMES}


def replaced(folder: Path, seed: int, task: str = "translation") -> None:
    """Put another model into a folder."""
    tokenizers, options = models.trained(), NetworkOptions(embedding_size=16, hidden_size=24)
    network = models.drawn(options, tokenizers, seed=seed, end_bias=1)
    reader = bundle.read_config(folder).reader
    bundle.save(folder.parent / "new", network, BundleConfig(task, options, reader, BEAMS.search), tokenizers)
    shutil.rmtree(folder)
    write_onnx(folder, bundle.load(folder.parent / "new"), "float32", ())


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_that_vanishes_changes_nothing(name: str, folders: dict[str, Path]) -> None:
    live = LiveModels({name: folders[name]}, OpenedHere(Placement()))
    decoding = Decoding(WritingOptions(max_length=9)) if name == "author" else BEAMS
    wanted = bundle_answer(folders[name], decoding)
    shutil.rmtree(folders[name])
    assert [outputs[0].text for outputs in live[name].decode([TEXT], decoding)] == wanted
    (sentence,) = live.reload()
    assert sentence.startswith(f"The model '{name}' stays as it was: There is no folder ")
    assert list(live) == [name]


def bundle_answer(folder: Path, decoding: Decoding) -> list[str]:
    """The answer of the model that is in a folder now."""
    from seq2seq.models.load import load

    return [outputs[0].text for outputs in load(folder).decode([TEXT], decoding)]


def test_a_folder_that_is_replaced_is_read_again_only_on_request(
    folders: dict[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveModels(folders, OpenedHere(Placement()))
    before = live["translator"]
    old = bundle_answer(folders["translator"], BEAMS)
    replaced(folders["translator"], seed=40)
    new = bundle_answer(folders["translator"], BEAMS)
    assert new != old
    assert [outputs[0].text for outputs in live["translator"].decode([TEXT], BEAMS)] == old
    others = [live[name] for name in NAMES[1:]]
    caplog.set_level("INFO")
    (sentence,) = live.reload()
    assert sentence == f"The model 'translator' was loaded again from {folders['translator']}."
    assert sentence in caplog.text
    assert live["translator"] is not before
    assert [live[name] for name in NAMES[1:]] == others
    assert [outputs[0].text for outputs in live["translator"].decode([TEXT], BEAMS)] == new
    assert live.reload() == []


def test_a_broken_folder_or_another_task_does_not_replace_a_model(folders: dict[str, Path]) -> None:
    live = LiveModels(folders, OpenedHere(Placement()))
    before = dict(live)
    (folders["translator"] / "step.onnx").write_bytes(b"no graph")
    shutil.rmtree(folders["author"])
    shutil.copytree(folders["listener"], folders["author"])
    sentences = live.reload()
    assert [sentence.partition(":")[0] for sentence in sentences] == [
        "The model 'translator' stays as it was",
        "The model 'author' stays as it was",
    ]
    assert "step.onnx is damaged" in sentences[0]
    assert "is now a model for 'dialogue', but was one for 'generation'" in sentences[1]
    assert dict(live) == before


@pytest.mark.parametrize("file", ["step.onnx", "encode.onnx"])
def test_a_broken_graph_is_found_when_models_are_loaded(file: str, folders: dict[str, Path]) -> None:
    (folders["translator"] / file).write_bytes(b"no graph")
    with pytest.raises(UserError, match=f"{file} is damaged"):
        LiveModels(folders, OpenedHere(Placement()))


def test_a_running_job_ends_with_the_model_that_it_began_with(folders: dict[str, Path]) -> None:
    live = LiveModels(folders, OpenedHere(Placement()))
    drawn = Decoding(SearchOptions(min_length=60, max_length=60), SamplingOptions(seed=4))
    wanted = live["translator"].decode([TEXT], drawn)[0][0].text

    async def use() -> tuple[str, str]:
        scheduler = Scheduler(live, Limits(), Measurements())
        parts = scheduler.stream("translator", Job(TEXT, drawn))
        text = str(await anext(parts))
        replaced(folders["translator"], seed=40)
        live.reload()
        after = await scheduler.decode("translator", Job(TEXT, BEAMS))
        text += "".join([part async for part in parts if isinstance(part, str)])
        await scheduler.close()
        return text, after[0].text

    text, after = asyncio.run(use())
    assert text == wanted
    assert [after] == bundle_answer(folders["translator"], BEAMS)
    assert not torch.is_inference_mode_enabled()
