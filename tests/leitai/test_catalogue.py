"""Every text that the portal shows is translated, and none is left over."""

from leitai.launch import catalogue


def test_the_catalogues_are_complete() -> None:
    wanted = catalogue.collected()
    assert len(wanted) > 100, "the texts of code and templates were not found"
    assert [path.parent.parent.name for path in catalogue.catalogue_files()] == ["zh_CN"]
    found = [fault for path in catalogue.catalogue_files() for fault in catalogue.faults(path, wanted)]
    assert found == []
