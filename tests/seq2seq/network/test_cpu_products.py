"""Both kinds of matrix multiplication give the same numbers."""

import pytest
import torch

from seq2seq.network.cpu_products import has_onednn, linear, packed


@pytest.mark.parametrize("rows", [0, 1, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_products_equal_the_plain_one(rows: int, dtype: torch.dtype) -> None:
    torch.manual_seed(1)
    x, weight, bias = torch.randn(rows, 7, dtype=dtype), torch.randn(11, 7, dtype=dtype), torch.randn(11, dtype=dtype)
    expected = x @ weight.T + bias
    torch.testing.assert_close(linear(x, weight, bias), expected)
    torch.testing.assert_close(packed(weight, bias)(x), expected)
    torch.testing.assert_close(packed(weight, bias, "tanh")(x), torch.tanh(expected))
    torch.testing.assert_close(linear(x, weight), x @ weight.T)


def test_other_types_are_left_to_torch() -> None:
    assert not has_onednn(torch.randn(2, 2, dtype=torch.float64))


def test_packed_weights_take_what_autocast_made() -> None:
    torch.manual_seed(1)
    x, weight, bias = torch.randn(3, 7), torch.randn(11, 7), torch.randn(11)
    low = packed(weight, bias)(x.bfloat16())
    assert low.dtype == torch.float32
    torch.testing.assert_close(low, x @ weight.T + bias, rtol=0.05, atol=0.1)
