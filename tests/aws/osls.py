"""The deployment tool, as the Makefile installs it, and the template that it makes."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import defpath, pathsep
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "infra/aws/node_modules/.bin/osls"
AN_IMAGE = f"123456789012.dkr.ecr.eu-central-1.amazonaws.com/watchkeeper-data@sha256:{'a' * 64}"

Properties = dict[str, Any]


def osls(*arguments: str, environment: Mapping[str, str], home: Path) -> str:
    """Run osls and return what it printed; it finds nothing of ours but what it is given."""
    assert TOOL.exists(), "npm ci --prefix infra/aws --ignore-scripts installs osls"
    node = shutil.which("node")
    assert node is not None, "osls needs Node 20"
    finished = subprocess.run(
        [TOOL, *arguments],
        cwd=ROOT,
        env={"PATH": f"{Path(node).parent}{pathsep}{defpath}", "HOME": str(home), **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@dataclass(frozen=True)
class Template:
    """What CloudFormation would be given."""

    file: Path
    creates: Path
    """The first step of a deployment: the bucket of the packages alone."""
    resources: dict[str, dict[str, Any]]

    @classmethod
    def packaged(cls, environment: str, folder: Path) -> "Template":
        """Package an environment."""
        given = {"DATA_IMAGE": AN_IMAGE, "SLACK_API_URL": "http://127.0.0.1:1/api/"}
        target = folder / environment
        osls(
            "package",
            f"--stage={environment}",
            f"--package={target}",
            environment=given,
            home=folder,
        )
        file = target / "cloudformation-template-update-stack.json"
        creates = target / "cloudformation-template-create-stack.json"
        return cls(file, creates, json.loads(file.read_text())["Resources"])

    def of(self, kind: str) -> dict[str, Properties]:
        """Return the properties of all resources of a kind, by logical id."""
        return {
            name: resource["Properties"]
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def properties(self, name: str) -> Properties:
        """Return the properties of one resource."""
        properties: Properties = self.resources[name]["Properties"]
        return properties

    def function(self, name: str) -> Properties:
        """Return the function that does this."""
        [found] = [
            properties
            for properties in self.of("AWS::Lambda::Function").values()
            if properties["FunctionName"].endswith(f"-{name}")
        ]
        return found

    def id_of(self, function: str) -> str:
        """Return the logical id of the function that does this."""
        [name] = [
            name
            for name, properties in self.of("AWS::Lambda::Function").items()
            if properties["FunctionName"].endswith(f"-{function}")
        ]
        return name

    def statements(self, role: str) -> Iterator[dict[str, Any]]:
        """Return all that a role allows, in its own policies and in those it shares."""
        properties = self.properties(role)
        for policy in properties.get("Policies", []):
            yield from policy["PolicyDocument"]["Statement"]
        for managed in properties.get("ManagedPolicyArns", []):
            yield from self.properties(managed["Ref"])["PolicyDocument"]["Statement"]


def listed(value: Any) -> list[Any]:  # noqa: ANN401 - CloudFormation takes one thing or a list of them
    """Return a list, whether one thing was stated or several."""
    return value if isinstance(value, list) else [value]
