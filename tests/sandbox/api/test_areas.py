"""Each area names its modules."""

from pathlib import Path

import pytest

from pytest_bill.sandbox import api


@pytest.mark.parametrize("area", api.AREAS, ids=lambda area: area.__name__.rpartition(".")[2])
def test_an_area_names_its_modules_that_have_operations(area):
    modules = Path(area.__file__).parent.glob("*.py")
    have_some = {
        path.stem
        for path in modules
        if "\nOPERATIONS" in (text := path.read_text(encoding="utf-8")) or "\nDAILY" in text
    }
    assert sorted(area.MODULES) == sorted(have_some)


def test_every_folder_is_an_area():
    folders = {path.parent.name for path in Path(api.__file__).parent.glob("*/__init__.py")}
    assert folders == {area.__name__.rpartition(".")[2] for area in api.AREAS}
