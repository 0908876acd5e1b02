"""One class of scikit-learn that a config may name, and which of its parameters it may set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.domain.training_config import Parameter
from functions.ml.training.config_refused import (
    ParameterNotOffered,
    UnknownParameter,
    WrongParameter,
)

_NEVER = {"random_state": "the seed stands under training.seed"}


@dataclass(frozen=True)
class Offer:
    """A class of scikit-learn on an allow-list."""

    of: type[Any]
    withheld: Mapping[str, str]
    """Parameters that a config may not set, and why: a clause."""
    fixed: Mapping[str, Parameter] = field(default_factory=dict)
    """What we set, other than scikit-learn; a config may say otherwise unless it is withheld."""

    def make(self, parameters: Mapping[str, Parameter], key: str, seed: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
        """Make one with the parameters of a config.

        Args:
            parameters: by name.
            key: where they stand in the config: `training.parameters`.
            seed: of all that is random in it.

        Raises:
            ConfigRefused: a parameter is unknown, withheld, or has a value that is not taken.
        """
        withheld = {**self.withheld, **_NEVER}
        known = set(self.of().get_params())
        for name in parameters:
            if name in known & withheld.keys():
                raise ParameterNotOffered(f"{key}.{name}", withheld[name])
            if name not in known:
                offered = known - withheld.keys()
                raise UnknownParameter(f"{key}.{name}", self.of.__name__, offered)
        seeded = {"random_state": seed} if "random_state" in known else {}
        made = self.of(**{**self.fixed, **parameters, **seeded})
        try:
            made._validate_params()  # noqa: SLF001 - else only fit() says so, after reading a month
        except ValueError as error:
            raise WrongParameter(key, str(error)) from error
        return made
