import pytest
from slack_sdk.errors import SlackApiError

from infra.local.slack.records import BOT_USER
from tests.unit.test_local_slack.room import ADA, BOB, CHANNEL, EVE, PRIVATE, Room, error_of


def test_the_bot_learns_who_it_is(room: Room) -> None:
    assert room.client.auth_test()["user_id"] == BOT_USER
    assert room.client.api_test(foo="bar")["args"] == {"foo": "bar"}


def test_a_person_is_found_by_id(room: Room) -> None:
    user = room.client.users_info(user=ADA)["user"]

    assert (user["name"], user["profile"]["real_name"]) == ("ada", "Ada Lovelace")


def test_a_stranger_is_not_found(room: Room) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.users_info(user="U404")

    assert error_of(refusal.value) == "user_not_found"


def test_everyone_is_listed_and_who_left_is_marked(room: Room) -> None:
    room.slack.add_user("U9", "Gone", is_active=False)

    members = room.client.users_list()["members"]

    gone = {member["id"] for member in members if member["deleted"]}
    assert {ADA, BOB, EVE, BOT_USER} <= {member["id"] for member in members}
    assert gone == {"U9"}


def test_a_user_group_tells_its_members(room: Room) -> None:
    room.slack.add_group("S0ONCALL", "ml-oncall", [ADA])

    [bare] = room.client.usergroups_list()["usergroups"]
    [full] = room.client.usergroups_list(include_users=True)["usergroups"]
    members = room.client.usergroups_users_list(usergroup="S0ONCALL")["users"]

    assert bare["handle"] == "ml-oncall"
    assert "users" not in bare
    assert members == full["users"] == [ADA]


def test_an_unknown_user_group_is_refused(room: Room) -> None:
    with pytest.raises(SlackApiError) as refusal:
        room.client.usergroups_users_list(usergroup="S404")

    assert error_of(refusal.value) == "no_such_subteam"


def test_a_private_channel_without_the_bot_is_left_out_of_the_list_in_silence(room: Room) -> None:
    kinds = "public_channel,private_channel"
    both = room.client.conversations_list(types=kinds)["channels"]

    room.slack.remove_bot(PRIVATE)

    seen = room.client.conversations_list(types=kinds)["channels"]
    assert {channel["id"] for channel in both} == {CHANNEL, PRIVATE}
    assert {channel["id"] for channel in seen} == {CHANNEL}


def test_an_archived_channel_says_so_and_can_be_left_out(room: Room) -> None:
    room.slack.archive_channel(CHANNEL)

    assert room.client.conversations_info(channel=CHANNEL)["channel"]["is_archived"]
    assert room.client.conversations_list(exclude_archived=True)["channels"] == []


def test_a_renamed_channel_keeps_its_id(room: Room) -> None:
    room.slack.rename_channel(CHANNEL, "ml-noise")

    assert room.client.conversations_info(channel=CHANNEL)["channel"]["name"] == "ml-noise"


def test_a_direct_conversation_names_the_person(room: Room) -> None:
    channel = room.client.conversations_open(users=[ADA])["channel"]["id"]

    assert room.client.conversations_info(channel=channel)["channel"]["user"] == ADA


def test_members_of_a_channel_are_listed(room: Room) -> None:
    everyone = room.client.conversations_members(channel=CHANNEL)["members"]
    few = room.client.conversations_members(channel=PRIVATE)["members"]

    room.slack.remove_bot(CHANNEL)

    people = room.client.conversations_members(channel=CHANNEL)["members"]
    assert set(everyone) == {ADA, BOB, EVE, BOT_USER}
    assert few == [ADA, BOB]
    assert set(people) == {ADA, BOB, EVE}
