"""Whether a person may: the model's config and the cached user groups, asked by every flow."""

from core.domain.access import GroupMembers, Verb, allowed_for, require
from core.domain.errors import Unknown
from core.domain.model_config import InForce, ModelConfig
from core.domain.person import Person
from core.ports import Ports


def config_of(model: str, ports: Ports) -> ModelConfig:
    """Read the config that is in force.

    Raises:
        Unknown: no config was ever applied for this model.
    """
    in_force = ports.records.get(InForce, model)
    if in_force is None:
        raise Unknown("model", model)
    return in_force.config


def permit(verb: Verb, by: Person, model: str, ports: Ports) -> ModelConfig:
    """Let the person pass and return the model's config, or refuse.

    Raises:
        Unknown: no config was ever applied for this model.
        NotAllowed: the person has not the role that the verb needs.
    """
    config = config_of(model, ports)
    members: dict[str, frozenset[str]] = {}
    for name in allowed_for(verb, config.acting):
        if name.startswith("S") and not by.is_trusted:
            group = ports.records.get(GroupMembers, name)
            members[name] = group.members if group else frozenset()
    require(verb, by, config.acting, members)
    return config
