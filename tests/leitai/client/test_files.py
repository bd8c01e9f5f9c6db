"""What is packed, sent and written."""

import io
import zipfile
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any, cast

import pytest
from rich.console import Console

from leitai.client import downloading, packing, showing
from leitai.client.errors import Refused
from leitai.client.uploading import Form


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "my-program"
    (folder / "model/__pycache__").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name in ("predict.py", "model/weights.bin", "model/__pycache__/x.pyc", ".git/config", ".env"):
        (folder / name).write_text(name)
    return folder


def test_a_folder_is_zipped_without_hidden_and_compiled_files(program: Path) -> None:
    with packing.file_to_send(program, "code") as packed:
        assert packed.name == "my-program.zip"
        with zipfile.ZipFile(packed) as archive:
            assert archive.namelist() == ["model/weights.bin", "predict.py"]
            assert archive.read("predict.py") == b"predict.py"
    assert not packed.exists()


def test_a_folder_without_the_program_is_refused_before_anything_is_sent(program: Path) -> None:
    (program / "predict.py").unlink()
    with (
        pytest.raises(Refused, match=r"has neither predict\.py nor run"),
        packing.file_to_send(program, "code"),
    ):
        pass


def test_a_program_in_another_language_is_packed_and_taken(program: Path, tmp_path: Path) -> None:
    (program / "predict.py").rename(program / "run")
    with packing.file_to_send(program, "code") as packed:
        assert zipfile.ZipFile(packed).namelist() == ["model/weights.bin", "run"]
        with packing.file_to_send(packed, "code") as sent:
            assert sent == packed


def test_a_link_is_not_followed(program: Path) -> None:
    (program / "secrets").symlink_to("/etc/passwd")
    with pytest.raises(Refused, match="is a link"), packing.file_to_send(program, "code"):
        pass


def test_a_folder_is_not_predictions(program: Path) -> None:
    with (
        pytest.raises(Refused, match="one file of predictions"),
        packing.file_to_send(program, "predictions"),
    ):
        pass


def test_a_zip_with_the_folder_around_the_program_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("my-program/predict.py", "")
    with pytest.raises(Refused, match="not the folder around them"), packing.file_to_send(target, "code"):
        pass
    target.write_text("no zip")
    with pytest.raises(Refused, match="is no zip"), packing.file_to_send(target, "code"):
        pass


def test_predictions_are_sent_as_they_are(tmp_path: Path) -> None:
    table = tmp_path / "predictions.csv"
    table.write_text("id,label\n")
    with packing.file_to_send(table, "predictions") as sent:
        assert sent == table


def parts(form: Form, body: bytes) -> dict[str, tuple[str | None, bytes]]:
    head = f"Content-Type: {form.content_type}\r\n\r\n".encode()
    message = cast("EmailMessage", BytesParser(policy=HTTP).parsebytes(head + body))
    found = {}
    for part in message.iter_parts():
        parameters: Any = part["content-disposition"].params
        found[parameters["name"]] = (parameters.get("filename"), part.get_payload(decode=True))
    return found


def test_a_form_is_as_long_as_it_says_and_holds_fields_and_file() -> None:
    content = bytes(range(256)) * 1000
    pieces: list[int] = []
    form = Form({"message": '均值 "a"', "team": "7"}, io.BytesIO(content), "predictions.csv", pieces.append)
    body = b"".join(form)
    assert len(body) == len(form) == sum(pieces)
    assert max(pieces) <= 64 * 1024
    found = parts(form, body)
    assert found["message"] == (None, '均值 "a"'.encode())
    assert found["team"] == (None, b"7")
    assert found["file"] == ("predictions.csv", content)


def test_a_file_name_cannot_end_its_header() -> None:
    form = Form({}, io.BytesIO(b"x"), 'a"\r\nX-Evil: 1\r\n\r\n.csv', lambda _: None)
    assert b"X-Evil: 1\r\n" not in b"".join(form).replace(b"%0D%0AX-Evil", b"")


@pytest.mark.parametrize("name", ["../evil", "a/b", "a\\b", ".bashrc", "", "..", "a\nb", "/etc/passwd"])
def test_a_name_that_leads_elsewhere_is_not_written(name: str) -> None:
    with pytest.raises(Refused, match="not safe"):
        downloading._safe(name)


def test_what_others_wrote_cannot_steer_the_terminal() -> None:
    assert showing.plain("a\x1b[31mred\x1b[0m\u202e\r\nb") == "a[31mred[0m b"
    assert showing.cell("[bold]x[/bold]").plain == "[bold]x[/bold]"


def test_names_of_tasks_stay_whole_on_a_narrow_terminal() -> None:
    row = ("demo/load-forecast", "Two weeks of electricity demand in England and Wales", "2026-12-24 10:16")
    console = Console(width=60, file=io.StringIO())
    console.print(showing.table(("Task", "Title", "Ends"), [row]))
    text = cast("io.StringIO", console.file).getvalue()
    assert "demo/load-forecast " in text
    assert "2026-12-24 10:16" in text
    assert len(text.splitlines()) > 2


def test_what_a_program_of_the_organizers_loads_needs_no_program_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/model.py").write_text("x = 1")
    with packing.file_to_send(tmp_path / "mine", "code", program=False) as file:
        assert zipfile.ZipFile(file).namelist() == ["model.py"]
    with packing.file_to_send(file_of(tmp_path), "code", program=False) as file:
        assert file.name == "own.zip"


def file_of(folder: Path) -> Path:
    place = folder / "own.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("model.py", "x = 1")
    return place
