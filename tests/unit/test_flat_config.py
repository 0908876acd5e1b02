from core.domain.difference import flat
from tests.builders import ADA, a_config


def test_a_rule_in_a_list_is_shown_by_what_it_says_alone() -> None:
    rule = {"column": "distance", "at_most": 6000, "owner": ADA.id, "reason": "no flight"}

    written = flat(a_config(constraints=[rule | {"expires": "2013-12-31"}]))["constraints"]

    assert written.startswith('[{"column": "distance", "at_most": 6000.0, "owner"')
    assert "null" not in written
