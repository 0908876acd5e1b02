"""Which peers a person asks for on the command line of a bench."""

from collections.abc import Collection


class NoSuchPeer(LookupError):
    """A peer was asked for that the bench does not have."""

    def __init__(self, names: Collection[str], known: Collection[str]) -> None:
        super().__init__(f"There is no peer {', '.join(names)}. There are: {', '.join(known)}.")


def asked_for(names: str, known: Collection[str]) -> list[str]:
    """Return the names of the peers to run, in the order in which they are known.

    Args:
        names: empty for none, `1` for all, or some with commas between.
        known: the names of all peers.

    Raises:
        NoSuchPeer: one of the names is not known.
    """
    wanted = set(known) if names == "1" else set(filter(None, names.split(",")))
    unknown = sorted(wanted - set(known))
    if unknown:
        raise NoSuchPeer(unknown, known)
    return [name for name in known if name in wanted]
