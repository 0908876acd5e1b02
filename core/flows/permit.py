"""Whether a person may: the model's config and the cached user groups, asked by every flow."""

from core.domain.access import GroupMembers, Verb, allowed_for, require
from core.domain.errors import UnknownModel
from core.domain.model_config import MOST_MODELS, InForce, ModelConfig
from core.domain.person import Person
from core.ports import Ports


def config_of(model: str, ports: Ports) -> ModelConfig:
    """Read the config that is in force.

    Raises:
        UnknownModel: no config was ever applied for this model.
    """
    in_force = ports.records.get(InForce, model)
    if in_force is None:
        raise UnknownModel(model, models_in_force(ports))
    return in_force.config


def models_in_force(ports: Ports) -> list[str]:
    """Name the models whose config is in force."""
    return [model.id for model in ports.records.query(InForce, "models", limit=MOST_MODELS)]


def permit(verb: Verb, by: Person, model: str, ports: Ports) -> ModelConfig:
    """Let the person pass and return the model's config, or refuse.

    Raises:
        UnknownModel: no config was ever applied for this model.
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
