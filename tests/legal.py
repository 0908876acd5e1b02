"""What is never true of the pointer to the version that serves, however people move it."""

from core.domain.ids import VersionId
from core.domain.serving import Serving


def problems_of(serving: Serving) -> list[str]:
    """Name everything about a model's stages that is not allowed."""
    placed, share = serving.standing, serving.canary_share
    problems = {
        "a version in two places": len(set(placed)) != len(placed),
        "no champion": serving.champion is None,
        "a share without a canary": serving.canary is None and share != 0,
        "a canary without a share": serving.canary is not None and not 0 < share <= 0.5,
        "ready without a stage": serving.ready not in (None, serving.challenger, serving.canary),
        "a queue before an empty stage": bool(serving.queue) and serving.challenger is None,
        "a champion that was replaced": serving.champion in serving.earlier,
        "a guard that never served": serving.guard not in (None, *serving.earlier),
        "an earlier version that challenges": bool(
            {*serving.earlier} & {serving.challenger, _canary(serving), *serving.queue}
        ),
    }
    return [problem for problem, is_so in problems.items() if is_so]


def problems_of_move(before: Serving, after: Serving) -> list[str]:
    """Name everything about one move of a model's stages that is not allowed."""
    stayed = [version for version in before.queue if version in after.queue]
    problems = {
        "the queue has another order": [v for v in after.queue if v in before.queue] != stayed,
    }
    if before.champion in (None, after.champion):
        lost = {*before.standing} - {*after.standing}
        problems["more than one version lost its place"] = len(lost) > 1
        return [problem for problem, is_so in problems.items() if is_so]
    beside = {before.challenger, _canary(before)}
    waiting = {*beside, *before.queue} - {None, after.champion}
    is_promotion = after.champion not in before.earlier
    problems |= {
        "one has passed against the champion that is gone": after.ready is not None,
        "one serves a share by evidence about the champion that is gone": _canary(after)
        is not None,
        "a challenger lost its place": not waiting <= {after.challenger, *after.queue},
        "promoted from where nothing is known": is_promotion and after.champion not in beside,
        "nobody guards": is_promotion and not before.champion == after.guard == after.previous,
        "what was rolled back has a place": not is_promotion
        and before.champion in (*after.standing, *after.earlier),
    }
    return [problem for problem, is_so in problems.items() if is_so]


def _canary(serving: Serving) -> VersionId | None:
    """Name the canary that wants to serve everybody; a guard only serves to compare."""
    return None if serving.canary == serving.guard else serving.canary
