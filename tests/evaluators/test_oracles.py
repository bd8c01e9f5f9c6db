"""Each metric equals its oracle on made input, and does what its entry says on degenerate input."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evaluators
from evaluators.catalogue import MetricInfo
from evaluators.measuring import formula
from tests.evaluators.oracle import Edge, Oracle, oracle_of

FOUND = [(info, oracle_of(info.theme, name)) for name, info in evaluators.metrics().items()]
EACH = [pytest.param(info, oracle, id=info.name) for info, oracle in FOUND if oracle]
EDGES = [
    pytest.param(info, case, id=f"{info.name}-{number}")
    for info, oracle in FOUND
    for number, case in enumerate(oracle.edges if oracle else (), 1)
]


@pytest.mark.parametrize(("info", "oracle"), EACH)
@given(data=st.data())
def test_a_metric_is_its_oracle(info: MetricInfo, oracle: Oracle, data: st.DataObject) -> None:
    columns = data.draw(oracle.columns)
    settings = {name: data.draw(values, label=name) for name, values in oracle.settings.items()}
    expected = oracle.score(*columns, **settings)
    assert formula(info)(*columns, **settings) == pytest.approx(expected, **oracle.close)


@pytest.mark.parametrize(("info", "case"), EDGES)
def test_degenerate_input_gives_what_it_should(info: MetricInfo, case: Edge) -> None:
    if isinstance(case.gives, type):
        with pytest.raises(case.gives):
            formula(info)(*case.columns, **case.settings)
    else:
        assert formula(info)(*case.columns, **case.settings) == pytest.approx(
            case.gives, rel=1e-12, abs=1e-12
        )
