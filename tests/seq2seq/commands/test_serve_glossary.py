"""The glossary of a server: in which languages a translation memory is read."""

from argparse import Namespace
from pathlib import Path

import pytest

from seq2seq.commands.serve import glossary_of
from seq2seq.server.served_models import named
from tests.recorded import models

MEMORY = """<tmx><header srclang="en"/><body><tu><tuv xml:lang="zh"><seg>狗</seg></tuv>
<tuv xml:lang="en"><seg>dog</seg></tuv>
</tu></body></tmx>"""


@pytest.mark.parametrize(
    ("served", "source"),
    [
        (["translator", "summarizer"], "dog"),
        (["backward"], "狗"),
        (["translator", "backward"], "dog"),  # as the file says
    ],
)
def test_a_memory_is_read_in_the_languages_of_the_translators(tmp_path: Path, served: list[str], source: str) -> None:
    models.write(tmp_path)
    (tmp_path / "terms.tmx").write_text(MEMORY, encoding="utf-8")
    options = Namespace(glossary=str(tmp_path / "terms.tmx"))
    glossary = glossary_of(options, named([str(tmp_path / name) for name in served]))
    assert glossary is not None
    assert [term.source for term in glossary.terms] == [source]
    assert glossary_of(Namespace(glossary=None), []) is None
