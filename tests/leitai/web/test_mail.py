"""Mail to people."""

from apiflask import APIFlask

from leitai.web import mail


def test_a_mail_goes_to_the_one_who_asked(app: APIFlask) -> None:
    with app.app_context():
        assert mail.send("captain@example.org", "你好", "A text.\n")
        (sent,) = app.extensions["mailman"].outbox
    assert sent.to == ["captain@example.org"]
    assert sent.subject == "你好"
    assert sent.from_email == "Leitai <no-reply@leitai.local>"


def test_a_server_that_does_not_answer_breaks_nothing(app: APIFlask) -> None:
    app.extensions["mailman"].backend = "smtp"
    app.extensions["mailman"].server, app.extensions["mailman"].port = "127.0.0.1", 1
    with app.app_context():
        assert not mail.send("captain@example.org", "Subject", "Text")


def test_a_subject_with_a_second_line_is_no_header(app: APIFlask) -> None:
    with app.app_context():
        assert not mail.send("captain@example.org", "Join Team\nBcc: all@example.org", "Text")
        assert app.extensions["mailman"].outbox == []
