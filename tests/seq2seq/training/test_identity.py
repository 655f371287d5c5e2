"""A checkpoint is checked to belong to the run's model."""

import pytest
import torch

from seq2seq.errors import UserError
from seq2seq.training.identity import require_same_model, require_weights
from tests.seq2seq.trained import here

__all__ = ["here"]


def test_another_model_is_refused_by_naming_what_differs() -> None:
    wanted = {"task": "a", "tokenizer": "x", "network": {"hidden_size": 8, "dropout": 0.1}}
    require_same_model({**wanted, "network": {"hidden_size": 8, "dropout": 0.5}}, wanted, "last.ckpt")
    with pytest.raises(UserError, match=r"belongs to another model: network\.hidden_size is 4 there, 8 here\."):
        require_same_model({**wanted, "network": {"hidden_size": 4, "dropout": 0.1}}, wanted, "last.ckpt")
    with pytest.raises(UserError, match=r"task is b there, a here; tokenizer is y there, x here\."):
        require_same_model({**wanted, "task": "b", "tokenizer": "y"}, wanted, "last.ckpt")


def test_weights_must_be_those_of_the_network() -> None:
    wanted = {"a": torch.zeros(2, 3), "b": torch.zeros(1)}
    require_weights(wanted, wanted, "It")
    with pytest.raises(UserError, match=r"^It does not fit its network: it lacks weight b"):
        require_weights({"a": torch.zeros(2, 3)}, wanted, "It")
    with pytest.raises(UserError, match="the network lacks weight c"):
        require_weights({**wanted, "c": torch.zeros(1)}, wanted, "It")
    with pytest.raises(UserError, match=r"weight a has the shape \[3, 2\], but the network expects \[2, 3\]"):
        require_weights({**wanted, "a": torch.zeros(3, 2)}, wanted, "It")
