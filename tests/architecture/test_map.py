"""The README leads to files that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINKS = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def test_every_file_that_the_readme_leads_to_is_there() -> None:
    links = {link for link in LINKS.findall((ROOT / "README.md").read_text()) if "://" not in link}

    assert len(links) > 50
    assert {link for link in links if not (ROOT / link).exists()} == set()
