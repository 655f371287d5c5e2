"""Numbers and units in messages."""

from seq2seq.amounts import amount


def test_one_thing_is_said_as_one() -> None:
    assert [amount(number, "pair") for number in (0, 1, 2, 1234)] == ["0 pairs", "1 pair", "2 pairs", "1,234 pairs"]
    assert [amount(number, "batch", "batches") for number in (1.0, 30.0)] == ["1 batch", "30 batches"]
