import json
import re
from calendar import month_name
from pathlib import Path

README = Path(__file__).parents[2] / "README.md"
YEAR = README.parent / "infra/local/desk/pictures/year.json"


def has_alert(day: dict[str, object]) -> bool:
    return "class" in day and "goes_on_since" not in day


def test_the_readme_tells_as_many_alerts_as_its_picture_of_the_year_shows() -> None:
    days = json.loads(YEAR.read_text())
    alerts = [day for day in days if has_alert(day)]

    [told] = re.findall(r"(\d+) of (\d+) days alert", README.read_text())

    assert told == (str(len(alerts)), str(len(days)))


def test_the_readme_names_each_of_these_days() -> None:
    alerts = [day["partition"] for day in json.loads(YEAR.read_text()) if has_alert(day)]
    text = README.read_text()
    otherwise = {
        "2013-02-08": "blizzard of 8 February",
        "2013-02-09": "the day after it",
        "2013-12-31": "the last day",
    }

    for day in alerts:
        named = otherwise.get(day, f"{int(day[8:])} {month_name[int(day[5:7])]}")
        assert " ".join(named.split()) in " ".join(text.split()), day
