"""What is never true of the pointer to the version that serves, however people move it."""

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
            {*serving.earlier} & {serving.challenger, serving.canary, *serving.queue}
        ),
    }
    return [problem for problem, is_so in problems.items() if is_so]
