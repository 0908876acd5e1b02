from datetime import date, timedelta
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from core.domain.constraint import Constraint, misfit
from core.domain.contract import Breaks, ColumnContract, Contract, Kept, Promise
from core.domain.contract_refit import Learned, Refit, Refitted, refitted
from tests.builders import ADA, CHANNEL, NOON
from tests.unit.contracts import SOME, a_change, a_loosening

LATER = NOON + timedelta(days=14)
JUDGED = Breaks(partitions=3, most=0.05, accepted="the alert of 2013-02-01 was resolved as noise")
promise_sets = st.frozensets(st.sampled_from(Promise))


def a_column(name: str = "distance", **changes: Any) -> ColumnContract:
    return ColumnContract.model_validate({"column": name, "type": "number", **changes})


def a_contract(*columns: ColumnContract) -> Contract:
    return Contract(
        id="flights",
        reference_key="a",
        learned_at=NOON,
        partitions=28,
        first="2013-01-01",
        last="2013-01-28",
        columns=columns,
    )


def promising(*promises: Promise, **changes: Any) -> ColumnContract:
    kept = tuple(Kept(promise=promise, since=NOON) for promise in promises)
    return a_column(promises=kept, **changes)


def learned(*kept: Promise, broken: dict[Promise, Breaks] | None = None, **changes: Any) -> Learned:
    return Learned(column=a_column(**changes), kept=frozenset(kept), broken=broken or {})


def a_refit(*columns: Learned) -> Refit:
    return Refit(
        model="flights",
        channel=CHANNEL,
        reference_key="b",
        partitions=tuple(f"2013-02-{day:02}" for day in range(1, 29)),
        columns=columns,
    )


def promised(found: Refitted) -> set[Promise]:
    return {kept.promise for column in found.columns for kept in column.promises}


def test_the_first_refit_promises_what_was_kept_and_has_nothing_to_tell() -> None:
    found = refitted(None, a_refit(learned(Promise.FILLED, Promise.WHOLE)), NOON)

    assert promised(found) == {Promise.FILLED, Promise.WHOLE}
    assert (found.followed, found.loosened) == ((), ())


def test_what_is_promised_more_comes_into_force_by_itself() -> None:
    before = a_contract(promising(Promise.FILLED))

    found = refitted(before, a_refit(learned(Promise.FILLED, Promise.WHOLE)), LATER)

    assert found.followed == ("`distance` is always a whole number",)
    assert [(kept.promise, kept.since) for kept in found.columns[0].promises] == [
        (Promise.FILLED, NOON),
        (Promise.WHOLE, LATER),
    ]


def test_what_would_be_promised_less_stays_promised_and_is_asked() -> None:
    before = a_contract(promising(Promise.FILLED))

    found = refitted(before, a_refit(learned(broken={Promise.FILLED: SOME})), LATER)

    assert promised(found) == {Promise.FILLED}
    [asked] = found.loosened
    assert asked.sentence == (
        "`distance` may be missing (was never missing; 3 of 28 trusted partitions had some, up to "
        "5.0 % of rows)"
    )


def test_what_a_person_called_normal_is_promised_no_longer() -> None:
    before = a_contract(promising(Promise.FILLED))

    found = refitted(before, a_refit(learned(broken={Promise.FILLED: JUDGED})), LATER)

    assert (promised(found), found.loosened) == (set(), ())
    assert found.followed == (
        "`distance` may be missing: the alert of 2013-02-01 was resolved as noise",
    )


def test_a_promise_that_too_few_partitions_say_anything_about_stays() -> None:
    before = a_contract(promising(Promise.FILLED))

    found = refitted(before, a_refit(learned()), LATER)

    assert promised(found) == {Promise.FILLED}


def test_what_is_kept_is_asked_about_again_when_its_time_has_passed() -> None:
    kept = a_contract(promising(Promise.FILLED)).keeping([a_loosening()], ADA.id, date(2013, 2, 22))
    again = a_refit(learned(broken={Promise.FILLED: SOME}))

    assert refitted(kept, again, LATER).loosened == ()
    assert len(refitted(kept, again, LATER + timedelta(days=1)).loosened) == 1
    assert refitted(kept, again, LATER).columns == kept.columns


def test_columns_that_come_go_or_change_follow_the_config() -> None:
    before = a_contract(promising(Promise.FILLED), promising(name="gone"), promising(name="code"))
    code = Learned(
        column=ColumnContract(column="code", type="category"), kept=frozenset(), broken={}
    )

    found = refitted(before, a_refit(learned(), learned(name="new"), code), LATER)

    assert found.followed == (
        "`new` is new",
        "`code` is a category (was a number)",
        "`gone` is no longer in the config",
    )


def test_more_categories_and_another_range_are_told_and_a_little_more_is_not() -> None:
    before = a_contract(a_column(usual=(0.0, 100.0), unit="mi"), a_column("carrier", categories=16))
    carrier = learned(name="carrier", categories=17)
    near, far = learned(usual=(0.0, 110.0), unit="mi"), learned(usual=(0.0, 111.0), unit="mi")

    assert refitted(before, a_refit(near, carrier), LATER).followed == (
        "`carrier` has 17 known categories (were 16)",
    )
    assert refitted(before, a_refit(far, carrier), LATER).followed[0] == (
        "`distance` lies within 0\N{EN DASH}111 mi (was 0\N{EN DASH}100 mi)"
    )


@given(promise_sets, promise_sets, promise_sets, promise_sets)
def test_nothing_is_loosened_that_nobody_let_pass(
    before: frozenset[Promise],
    kept: frozenset[Promise],
    broken: frozenset[Promise],
    let_pass: frozenset[Promise],
) -> None:
    breaks = {promise: JUDGED if promise in let_pass else SOME for promise in broken}
    refit = a_refit(learned(*(kept - broken), broken=breaks))

    found = refitted(a_contract(promising(*sorted(before))), refit, LATER)

    assert promised(found) >= before - (broken & let_pass)
    assert {of.promise for of in found.loosened} == (before & broken) - let_pass
    assert promised(found) <= before | kept


@given(st.sets(st.sampled_from(Promise), min_size=1))
def test_what_is_accepted_is_gone_and_nothing_else(accepted: set[Promise]) -> None:
    contract = a_contract(promising(*Promise), promising(*Promise, name="other"))

    left = contract.without([a_loosening(promise) for promise in accepted])

    gone = {("distance", promise) for promise in accepted}
    assert set(left.promises()) == set(contract.promises()) - gone


def test_what_is_kept_can_be_pasted_into_a_config() -> None:
    change = a_change(
        a_loosening(),
        a_loosening(Promise.NOT_NEGATIVE, "wind: gust"),
        a_loosening(Promise.ONCE, "flight_id"),
        a_loosening(Promise.WHOLE),
    ).kept(ADA, NOON, date(2013, 5, 9))

    lines, unsaid = change.as_written()

    rules = [Constraint.model_validate(stated) for stated in yaml.safe_load("\n".join(lines))]
    assert [(rule.column, rule.rule) for rule in rules] == [
        ("distance", "never_null"),
        ("wind: gust", "at_least"),
        ("flight_id", "unique"),
    ]
    assert misfit(rules, {"distance": "number", "wind: gust": "number"}, "flight_id") is None
    assert {(rule.owner, rule.expires) for rule in rules} == {(ADA.id, date(2013, 5, 9))}
    assert [of.promise for of in unsaid] == [Promise.WHOLE]
