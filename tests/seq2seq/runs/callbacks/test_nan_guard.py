"""A loss that is NaN or infinite."""

import json
from pathlib import Path

import pytest
import torch

from seq2seq.commands import fit
from seq2seq.errors import WorldError
from tests.seq2seq.trained import here

__all__ = ["here"]


@pytest.mark.usefixtures("here")
def test_a_loss_that_is_no_number_stops_training_and_saves_the_batch(here: Path) -> None:
    diverging = ["--model.optimizer.learning_rate", "1e36", "--trainer.gradient_clip_val", "null"]
    with pytest.raises(
        WorldError, match=r"The loss became (nan|inf) in step \d+\. The batch is saved as run/bad-batch"
    ):
        fit.main(["reversing", "--run_dir", "run", *diverging])
    tensors = torch.load(next((here / "run").glob("bad-batch-*.pt")), weights_only=True)
    texts = json.loads(next((here / "run").glob("bad-batch-*.json")).read_text(encoding="utf-8"))
    assert len(texts) == len(tensors["source"])
    assert set(texts[0]) == {"source", "target"}
    assert texts[0]["target"] == " ".join(reversed(texts[0]["source"].split()))
