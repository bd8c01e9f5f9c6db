"""The check of templates finds what Jinja or the content security policy would stop."""

import pytest

from leitai.launch import templates


def test_every_template_of_the_portal_is_clean() -> None:
    assert templates.templates(), "no template was found"
    found = {path.name: list(templates.faults(path.read_text())) for path in templates.templates()}
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<p>\n<b style='color:red'>x</b>", "line 2: an inline style"),
        ("<script>\nalert(1)</script>", "line 1: an inline script"),
        ("<a onclick = 'x()'>x</a>", "line 1: an inline handler"),
        ("<style>p{}</style>", "line 1: a style element"),
        ("<a href='javascript:x()'>x</a>", "line 1: a javascript: address"),
        ("<div hx-on:click='x()'></div>", "line 1: an htmx handler"),
        ("{% if x %}\n{% endfor %}", "line 2: Encountered unknown tag 'endfor'"),
    ],
)
def test_each_fault_is_found_with_its_line(text: str, fault: str) -> None:
    found = list(templates.faults(text))
    assert len(found) == 1
    assert found[0].startswith(fault)


@pytest.mark.parametrize(
    "text",
    [
        "<script src='/static/a.js' defer></script>",
        "<script type='application/json' id='points'>[1]</script>",
        "{# <b style='x'> #}<p data-style='x'>{{ _('once = upon') }}</p>",
        "{% trans %}Sign in{% endtrans %}",
    ],
)
def test_what_the_policy_allows_is_no_fault(text: str) -> None:
    assert list(templates.faults(text)) == []
