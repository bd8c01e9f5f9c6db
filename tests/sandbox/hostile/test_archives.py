"""Archives that attack: refused with a reason, whatever their headers claim; nothing is written elsewhere."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.inside import unpacking
from tests.sandbox.hostile.archives import HOSTILE, MB, zip_of


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_and_nothing_lands_outside(tmp_path: Path, name: str) -> None:
    target = tmp_path / "inner" / "program"
    target.mkdir(parents=True)
    archive = io.BytesIO(HOSTILE[name]())
    with pytest.raises(unpacking.Refused) as refused:
        unpacking.unpack(archive, str(target), most_bytes=64 * MB)
    assert len(str(refused.value)) < 200
    assert "\x1b" not in str(refused.value)
    outside = [path for path in tmp_path.rglob("*") if path.is_file() and not path.is_relative_to(target)]
    assert outside == []
    assert not Path("/tmp/leitai-escaped").exists()
    assert sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) <= 64 * MB
    assert not any(path.is_symlink() for path in target.rglob("*"))


plain = st.text(alphabet="abcXYZ_.预", min_size=1, max_size=8).filter(lambda name: name.strip(".") != "")


@given(
    st.dictionaries(
        st.lists(plain, min_size=1, max_size=3).map("/".join), st.binary(max_size=200), max_size=6
    )
)
def test_an_honest_archive_comes_out_as_it_went_in(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    names = {name.casefold() for name in files}
    clash = len(names) < len(files) or any(
        other != name and other.startswith(name + "/") for name in names for other in names
    )
    target = tmp_path_factory.mktemp("honest")
    archive = io.BytesIO(zip_of(*files.items()))
    if clash:
        return
    unpacking.unpack(archive, str(target), most_bytes=MB)
    found = {str(path.relative_to(target)): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    assert found == files


@given(st.text(max_size=40))
def test_a_name_that_is_taken_never_leads_out(name: str) -> None:
    try:
        kept = unpacking.checked(name)
    except unpacking.Refused:
        return
    assert not Path(kept).is_absolute()
    assert ".." not in Path(kept).parts
    assert os.path.normpath(f"/target/{kept}").startswith("/target/")
