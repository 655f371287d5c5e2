"""The picture of the folders: boxes above what they import, no redundant lines, no overlaps."""

from itertools import pairwise

import pytest

from tests.scripts import script

rooms = script("docs/make_rooms_picture.py")

HOUSE = {"roof": {"attic", "cellar"}, "attic": {"cellar"}, "shed": {"cellar"}, "well": set(), "cellar": set()}


def test_a_floor_is_above_everything_that_it_imports() -> None:
    assert rooms.floors(HOUSE) == {"cellar": 1, "well": 1, "attic": 2, "shed": 2, "roof": 3}


def test_a_circle_is_refused() -> None:
    with pytest.raises(SystemExit, match="folders import one another: attic, cellar"):
        rooms.floors({"attic": {"cellar"}, "cellar": {"attic"}, "well": set()})


def test_a_line_that_follows_from_others_is_left_out() -> None:
    assert rooms.direct(HOUSE) == [("attic", "cellar"), ("roof", "attic"), ("shed", "cellar")]


def test_a_line_passes_a_floor_beside_its_boxes() -> None:
    layout = rooms.Layout({**HOUSE, "roof": {"attic", "well"}})
    assert ("roof", "well", 2) in layout.rows[1]
    for row in layout.rows:
        for left, right in pairwise(row):
            ends = layout.x[left] + layout.width(left) / 2, layout.x[right] - layout.width(right) / 2
            assert ends[0] <= ends[1], (left, right)


def test_the_code_has_at_most_eleven_floors() -> None:
    core = {name: targets for name, targets in rooms.links().items() if name != rooms.PLUGINS}
    assert 1 + max(rooms.floors(core).values()) <= 11, "the ground is the first floor"
