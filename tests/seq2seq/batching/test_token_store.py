"""Building, reusing and reading the token store; full disks and two builders at once."""

import multiprocessing
import pickle
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError, WorldError
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq.synced import require_synced

pytestmark = pytest.mark.usefixtures("real_disk")

MIXED = [
    Example("the dog", "狗。", ("狗。", "一只狗。"), "f:1"),
    Example("", "空", (), "f:2"),
    Example(("the", Mark.TURN, "cat\nsees"), ("猫", Mark.LINE, "看见"), (), "f:3"),
]


def test_what_was_stored_comes_back(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    store = TokenStore.build(MIXED, toy_tokenizers, tmp_path / "deep" / "store", fingerprint="1")
    assert len(store) == 2
    assert store.report.sentence() == "Dropped 1 of 3 pairs: 1 with an empty side (first at f:2)."
    for number, example in enumerate([MIXED[0], MIXED[2]]):
        assert store.source(number).tolist() == toy_tokenizers.source.encode(example.source)
        assert store.target(number).tolist() == toy_tokenizers.target.encode(example.target)
        assert (store.source_text(number), store.target_text(number)) == (example.source, example.target)
    assert store.source(0).dtype == np.uint16
    assert [store.references(number) for number in range(2)] == [("狗。", "一只狗。"), ("猫\n看见",)]
    assert store.source_lengths.tolist() == [len(store.source(0)), len(store.source(1))]
    assert store.lengths(np.array([1]))[1].tolist() == [len(store.target(1))] == [store.target_lengths[1]]
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["store", "store.lock"]


def test_a_store_is_synced_before_it_gets_its_name(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    assert require_synced(lambda: TokenStore.build(MIXED, toy_tokenizers, tmp_path / "store", fingerprint="1")) == 1


def test_a_store_is_reused_while_the_fingerprint_stays(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    def forbidden() -> Iterator[Example]:
        raise AssertionError("the corpus was read again")
        yield

    folder = tmp_path / "store"
    TokenStore.build(MIXED, toy_tokenizers, folder, fingerprint="1")
    again = TokenStore.build(forbidden(), toy_tokenizers, folder, fingerprint="1")
    assert len(again) == 2
    # A reader that has the old store open keeps reading it while the new one takes its place.
    rebuilt = TokenStore.build(MIXED[:1], toy_tokenizers, folder, fingerprint="2")
    assert len(rebuilt) == 1
    assert again.target_text(1) == MIXED[2].target
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store", "store.lock"]


def test_filters_apply_to_pieces(toy_tokenizers: Tokenizers, toy_examples: list[Example], tmp_path: Path) -> None:
    limit = FilterOptions(max_source_pieces=20)
    store = TokenStore.build(toy_examples, toy_tokenizers, tmp_path / "s", fingerprint="1", filters=limit)
    assert store.source_lengths.max() <= 20
    assert store.report.read == 300
    assert 0 < len(store) == store.report.kept < 300


def test_no_pair_left_is_an_error_and_leaves_nothing(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"No pair is left to use. Dropped 1 of 1 pair: 1 with an empty side"):
        TokenStore.build([MIXED[1]], toy_tokenizers, tmp_path / "store", fingerprint="1")
    assert [path.name for path in tmp_path.iterdir()] == ["store.lock"]


def test_a_fault_in_the_corpus_leaves_nothing_and_keeps_the_old_store(
    toy_tokenizers: Tokenizers, tmp_path: Path
) -> None:
    def broken() -> Iterator[Example]:
        yield MIXED[0]
        raise UserError("line 2 is broken")

    folder = tmp_path / "store"
    TokenStore.build(MIXED, toy_tokenizers, folder, fingerprint="1")
    with pytest.raises(UserError, match=r"line 2 is broken"):
        TokenStore.build(broken(), toy_tokenizers, folder, fingerprint="2")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store", "store.lock"]
    assert TokenStore(folder).fingerprint == "1"


@contextmanager
def _largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_nothing(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    # A limit on the size of files makes writes fail as a full disk does.
    examples = [Example("the dog " * 200, "狗" * 200)] * 2000
    with (
        _largest_file(1 << 20),
        pytest.raises(
            WorldError, match=r"store could not be written after [\d,]+ pairs: File too large. No partial files remain"
        ),
    ):
        TokenStore.build(examples, toy_tokenizers, tmp_path / "store", fingerprint="1")
    assert [path.name for path in tmp_path.iterdir()] == ["store.lock"]


def test_a_folder_that_cannot_be_made_is_named(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(WorldError, match=r"The token store .* cannot be made: "):
        TokenStore.build(MIXED, toy_tokenizers, tmp_path / "file" / "store", fingerprint="1")


def test_the_rest_of_a_killed_builder_is_swept_away(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    with subprocess.Popen(["true"]) as builder:
        builder.wait()
    part = tmp_path / f".store.{builder.pid}.new"
    part.mkdir()
    (part / "source.values").write_bytes(b"half")
    assert len(TokenStore.build(MIXED, toy_tokenizers, tmp_path / "store", fingerprint="1")) == 2
    assert not part.exists()


def _build(folder: Path, tokenizers: Tokenizers, reads: "multiprocessing.SimpleQueue[int]") -> None:
    def counted() -> Iterator[Example]:
        reads.put(1)
        yield from MIXED * 200

    TokenStore.build(counted(), tokenizers, folder, fingerprint="1")


def test_of_two_builders_one_builds(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    reads: multiprocessing.SimpleQueue[int] = context.SimpleQueue()
    builders = [context.Process(target=_build, args=(tmp_path / "store", toy_tokenizers, reads)) for _ in range(3)]
    for builder in builders:
        builder.start()
    for builder in builders:
        builder.join()
    assert [builder.exitcode for builder in builders] == [0, 0, 0]
    assert reads.get() == 1
    assert reads.empty()
    assert len(TokenStore(tmp_path / "store")) == 400


def test_a_store_is_pickled_as_its_path(toy_store: TokenStore) -> None:
    data = pickle.dumps(toy_store)
    assert len(data) < 400
    assert pickle.loads(data).source_text(7) == toy_store.source_text(7)


def test_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nothing contains no token store"):
        TokenStore(tmp_path / "nothing")


def test_a_large_vocabulary_gets_wider_numbers(tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    from seq2seq.batching.token_store import _narrowest

    assert (_narrowest(65536), _narrowest(65537)) == ("uint16", "uint32")


def test_sources_are_cut_and_counted_after_the_filters(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    whole = toy_tokenizers.source.encode("the old dog sees three red cats")
    assert len(whole) > 6
    examples = [
        Example("a cat", "猫", (), "f:1"),
        Example("the old dog sees three red cats", "狗", (), "f:2"),
        Example("the old dog sees three red cats", "", (), "f:3"),
        Example("the old dog " * 30, "狗", (), "f:4"),
    ]
    filters = FilterOptions(max_source_pieces=50)
    folder = tmp_path / "store"
    options = {"fingerprint": "1", "filters": filters, "reader": Reader(max_source_pieces=5)}
    store = TokenStore.build(examples, toy_tokenizers, folder, **options)  # type: ignore[arg-type]
    assert store.source(1).tolist() == whole[:5]
    assert store.source_lengths.max() <= 5
    assert store.source_text(1) == examples[1].source
    # The filters saw uncut sources: the empty pair and the one of 90 words are dropped, and not counted here.
    assert store.report.kept == store.truncation.sources == 2
    found = TokenStore(folder).truncation
    assert (found.limit, found.cut, found.first, found.lost) == (5, 1, "f:2", len(whole) - 5)
