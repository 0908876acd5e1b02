"""Why an artefact may not serve, each reason in its own sentence for whoever must act."""

from core.domain.errors import BadData
from core.domain.ids import VersionId
from core.domain.serving import short


class ArtefactRefused(BadData):
    """A stored pipeline is not what we stored; nothing may be served from it."""

    def __init__(self, version: VersionId, why: str) -> None:
        super().__init__(f"Version {short(version)} is refused: {why}")
        self.version = version


class NotOurs(ArtefactRefused):
    """The seal does not belong to what the version's record says."""

    def __init__(self, version: VersionId, model: str) -> None:
        super().__init__(
            version,
            f"its record does not carry our seal for `{model}`, so somebody else wrote it, or it "
            "was made for another model.",
        )


class Gone(ArtefactRefused):
    """An object is not there any more."""

    def __init__(self, version: VersionId, key: str) -> None:
        super().__init__(version, f"the object {key} is gone.")


class ChangedBytes(ArtefactRefused):
    """An object is not the one that was sealed."""

    def __init__(self, version: VersionId, key: str) -> None:
        super().__init__(version, f"the bytes of {key} were changed after it was stored.")


class TooBig(ArtefactRefused):
    """Loading it could take the function's memory."""

    def __init__(self, version: VersionId, size_bytes: int, largest_bytes: int) -> None:
        super().__init__(
            version, f"it has {size_bytes:,} bytes, and {largest_bytes:,} is the most we load."
        )


class NotSkops(ArtefactRefused):
    """The bytes are something else: a pickle, say."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(version, "it is not a skops file, and nothing else is ever opened.")


class UnknownTypes(ArtefactRefused):
    """It wants to build objects that no pipeline of ours has."""

    def __init__(self, version: VersionId, types: list[str]) -> None:
        super().__init__(version, f"it holds types that are not allowed: {', '.join(types)}.")


class OtherPredictions(ArtefactRefused):
    """It loads, but it is not the model it was."""

    def __init__(self, version: VersionId) -> None:
        super().__init__(
            version, "it scores its golden rows otherwise than on the day it was made."
        )
