"""What the outputs of a batch job depend on."""

from argparse import Namespace
from pathlib import Path

from seq2seq.batch_jobs.identity import fingerprint, options_of
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models


def test_models_count_by_their_content(model: Path, tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    one, same = model, toy_models.write(tmp_path / "same", toy_tokenizers)
    other = toy_models.write(tmp_path / "other", toy_tokenizers, toy_models.SECOND)
    assert fingerprint(one) == fingerprint(same) != fingerprint(other)
    assert options_of(Namespace(lm=str(one), threads=2)) == options_of(Namespace(lm=str(same), threads=1))
    ensembles = [options_of(Namespace(ensemble=[str(two) for two in pair])) for pair in ((one, other), (same, other))]
    assert ensembles[0] == ensembles[1] == {"ensemble": [fingerprint(one), fingerprint(other)]}
    assert options_of(Namespace(ensemble=[str(other), str(one)])) != ensembles[0]
