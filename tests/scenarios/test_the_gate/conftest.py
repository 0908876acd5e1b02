from pathlib import Path

import pytest

from core.ports import new
from tests.builders import a_challenge
from tests.scenarios.test_the_gate.trials import FIRST, NEW, OLD, Trials, an_evaluation


@pytest.fixture
def trials(tmp_path: Path) -> Trials:
    """A champion, and a challenger that has its card."""
    trials = Trials(tmp_path)
    trials.it_is(FIRST)
    trials.serves(champion=OLD, challenger=NEW)
    trials.ports.records.commit(new(a_challenge(version=NEW)), new(an_evaluation()))
    return trials
