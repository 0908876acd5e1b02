import base64
import time

import pytest

from core.adapters.slack.actions import ACKNOWLEDGE
from infra.local.front_door import answer_event, front_door, function_url_event
from infra.local.slack.local_slack import Answer, SignedRequest, sign
from tests.builders import ADA, CHANNEL, an_alert
from tests.scenarios.conftest import SECRET
from tests.scenarios.scene import Scene


@pytest.fixture
def click(scene: Scene) -> SignedRequest:
    """Ada's click as it goes over the wire, caught before it reached the app."""
    scene.raised(an_alert())
    scene.slack.connect(lambda _request: Answer(200))
    scene.slack.click(ACKNOWLEDGE, user=ADA.id, message=scene.slack.messages(CHANNEL)[0])
    scene.slack.connect(front_door(scene.app))
    return scene.slack.sent[-1]


def resigned(request: SignedRequest, secret: str, age_s: int = 0) -> SignedRequest:
    headers = request.headers | sign(request.body, secret, int(time.time()) - age_s)
    return SignedRequest(headers, request.body)


def test_a_signed_click_passes(scene: Scene, click: SignedRequest) -> None:
    assert scene.slack.post(click).status == 200
    assert scene.alert().owner == ADA.id


def test_an_unsigned_click_changes_nothing(scene: Scene, click: SignedRequest) -> None:
    bare = {name: value for name, value in click.headers.items() if not name.startswith("X-Slack-")}

    assert scene.slack.post(SignedRequest(bare, click.body)).status == 401
    assert scene.alert().owner is None


def test_a_click_signed_with_another_secret_changes_nothing(
    scene: Scene, click: SignedRequest
) -> None:
    assert scene.slack.post(resigned(click, "another secret")).status == 401
    assert scene.alert().owner is None


def test_a_click_whose_body_was_changed_changes_nothing(scene: Scene, click: SignedRequest) -> None:
    forged = SignedRequest(click.headers, click.body.replace(ADA.id, "U0EVE"))

    assert scene.slack.post(forged).status == 401
    assert scene.alert().owner is None


@pytest.mark.parametrize(("age_s", "status"), [(290, 200), (301, 401), (-310, 401)])
def test_a_click_is_good_for_five_minutes(
    scene: Scene, click: SignedRequest, age_s: int, status: int
) -> None:
    assert scene.slack.post(resigned(click, SECRET, age_s)).status == status
    assert (scene.alert().owner is None) == (status == 401)


def test_a_recorded_click_sent_again_changes_nothing_more(
    scene: Scene, click: SignedRequest
) -> None:
    scene.slack.post(click)
    before = scene.alert()

    scene.slack.post(click)

    assert scene.alert() == before


def test_a_body_in_base64_is_read_as_lambda_sends_it(scene: Scene, click: SignedRequest) -> None:
    event = function_url_event(click)
    event |= {"body": base64.b64encode(click.body.encode()).decode(), "isBase64Encoded": True}

    answer = answer_event(scene.app, event)

    assert answer.status == 200
    assert scene.alert().owner == ADA.id
