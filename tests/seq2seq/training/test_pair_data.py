"""The data of a run: built once, kept, and found again."""

from pathlib import Path

import pytest
from lightning.pytorch import Trainer

from seq2seq.batching.options import BatchOptions
from seq2seq.batching.token_store import META
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.metrics.sacrebleu_metrics import Bleu
from seq2seq.run_setup.data_options import DataOptions
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.training.pair_data import Seq2SeqData
from tests.seq2seq.reversing import Reversing, write_corpus
from tests.seq2seq.trained import here

__all__ = ["here"]

TOKENIZER = TokenizerOptions(vocabulary_size=280)


def named(text: str) -> list[str]:
    return text.strip("[]").split(",")


@pytest.mark.usefixtures("here")
def test_the_sample_corpus_stands_in_for_files() -> None:
    data = Seq2SeqData(DataOptions("reversing", tokenizer=TOKENIZER))
    assert data.is_sample
    data.prepare_data()
    data.setup("fit")
    assert {split: len(store) for split, store in data.stores.items()} == {"train": 200, "validation": 30}
    data.setup("test")
    assert len(data.stores["test"]) == 30
    first = Reversing().sample(Reader()).train[0]
    assert data.texts("train", [0]) == [{"source": first.source, "target": first.target}]
    assert data.about()["data"] == "the sample corpus of reversing"


def test_stores_are_built_once_and_tokenizers_are_kept(here: Path) -> None:
    train, validation = write_corpus(here)
    for _ in range(2):
        data = Seq2SeqData(
            DataOptions("reversing", train=named(train), validation=named(validation), tokenizer=TOKENIZER),
            tokenizer_dir=here / "tokenizer",
        )
        data.prepare_data()
        files = [one for one in (here / "cache").rglob("*") if one.is_file() and one.name != META]  # notes its last use
        built = {path: path.stat().st_mtime_ns for path in files}
        data.setup("fit")
    again = {path: path.stat().st_mtime_ns for path in built}
    assert again == built
    # Another vocabulary is not asked for twice: what the run has is what it keeps.
    other = Seq2SeqData(
        DataOptions("reversing", train=named(train), validation=named(validation), tokenizer=TokenizerOptions()),
        tokenizer_dir=here / "tokenizer",
    )
    other.prepare_data()
    assert other.tokenizers.digest() == data.tokenizers.digest()


@pytest.mark.usefixtures("here")
def test_missing_files_are_found_before_any_work(here: Path) -> None:
    train, _ = write_corpus(here)
    data = Seq2SeqData(DataOptions("reversing", train=named(train), validation=["validaton.tsv"]))
    with pytest.raises(UserError, match=r"No file validaton\.tsv\. Did you mean 'validation\.tsv'\?"):
        data.prepare_data()
    with pytest.raises(UserError, match=r"data\.test names no files, but data\.train does: give --data\.test FILES"):
        data.paths("test")


def test_chinese_in_a_table_is_scored_as_chinese(here: Path) -> None:
    (here / "train.jsonl").write_text('{"source": "three books", "target": "三本书"}\n' * 3, encoding="utf-8")
    data = Seq2SeqData(DataOptions("translation", train=[str(here / "train.jsonl")]))
    assert data.reader.target_language == "zh"
    assert data.metric.score(["三本书很好"], [["三本书很好"]]) == pytest.approx(100)


@pytest.mark.usefixtures("here")
def test_processes_need_a_place_to_share_tokenizers() -> None:
    data = Seq2SeqData(DataOptions("reversing", tokenizer=TOKENIZER))
    with pytest.raises(UserError, match="Several processes need a place to share the tokenizers: set tokenizer_dir"):
        data.setup("fit")


@pytest.mark.usefixtures("here")
def test_training_batches_count_the_tokens_of_the_whole_step() -> None:
    data = Seq2SeqData(DataOptions("reversing", tokenizer=TOKENIZER, batches=BatchOptions(max_tokens=150)))
    data.prepare_data()
    data.setup("fit")
    data.trainer = Trainer(accelerator="cpu", logger=False, accumulate_grad_batches=2, enable_progress_bar=False)
    batches = list(data.train_dataloader())
    tokens = [int(batch.target_lengths.sum()) for batch in batches]
    for number, batch in enumerate(batches):
        first = number - number % 2
        assert batch.step_tokens == sum(tokens[first : first + 2])
    assert sum(len(batch) for batch in data.val_dataloader()) == 30


@pytest.mark.usefixtures("here")
def test_the_sample_corpus_is_turned_around() -> None:
    plain = Seq2SeqData(DataOptions("translation"))
    turned = Seq2SeqData(DataOptions("translation", reverse=True))
    assert (turned.reader.source_language, turned.reader.target_language) == ("zh", "en")
    one, two = next(iter(plain.examples("train"))), next(iter(turned.examples("train")))
    assert (one.source, one.target) == (two.target, two.source)
    assert turned.reader.reverse
    metrics = [one.metric for one in (plain, turned)]
    assert [one.tokenize for one in metrics if isinstance(one, Bleu)] == ["zh", "13a"]


def test_files_are_turned_around_and_cached_apart(here: Path) -> None:
    (here / "train.en").write_text("three books\na cat\n", encoding="utf-8")
    (here / "train.zh").write_text("三本书\n一只猫\n", encoding="utf-8")
    files = [str(here / "train.en"), str(here / "train.zh")]
    for reverse in (False, True, False):
        data = Seq2SeqData(
            DataOptions("translation", train=files, validation=files, tokenizer=TOKENIZER, reverse=reverse)
        )
        languages = ("zh", "en") if reverse else ("en", "zh")
        assert (data.reader.source_language, data.reader.target_language) == languages
        data.prepare_data()
        data.setup("fit")
        texts = (
            {"source": "三本书", "target": "three books"} if reverse else {"source": "three books", "target": "三本书"}
        )
        assert data.texts("train", [0]) == [texts]
    assert len(list((here / "cache" / "seq2seq").glob("translation-train-*/store.json"))) == 2
    # A reader says the same, and its languages are those of the files.
    reader = Reader(source_language="en", target_language="yue", reverse=True)
    assert Seq2SeqData(DataOptions("translation", reader, files, files)).reader.source_language == "yue"


def test_sources_are_cut_as_the_reader_says(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train, validation = write_corpus(here)
    reader = Reversing.reader(max_source_pieces=4)
    data = Seq2SeqData(DataOptions("reversing", reader, named(train), named(validation), tokenizer=TOKENIZER))
    data.prepare_data()
    data.setup("fit")
    assert [int(store.source_lengths.max()) for store in data.stores.values()] == [4, 4]
    told = capsys.readouterr().err
    for split in ("train", "validation"):
        sentence = data.stores[split].truncation.sentence()
        assert "were cut to 4 pieces (first at " in sentence
        assert f"data.{split}: {sentence}\n" in told
    # The sample corpus has been read by its own reader, but it is cut like any other.
    assert Seq2SeqData(DataOptions("reversing", reader)).reader.max_source_pieces == 4


def test_blank_validation_is_refused(here: Path) -> None:
    train, _ = write_corpus(here)
    blank = here / "blank.tsv"
    blank.write_text("source\ttarget\none\t\ntwo\t \n", encoding="utf-8")
    data = Seq2SeqData(DataOptions("reversing", train=named(train), validation=[str(blank)], tokenizer=TOKENIZER))
    with pytest.raises(UserError) as caught:
        data.prepare_data()
    assert str(caught.value) == "data.validation contains only blank lines, so nothing can be scored."
    blank.write_text("source\ttarget\none\t\ntwo\towt\n", encoding="utf-8")
    data.prepare_data()
