"""What all that a media player does is built on."""

from homeassistant.components.media_player import MediaPlayerEntity

from ..coordinator import LanEdgeCoordinator
from ..edge import Command, Switch
from ..entity import LanEdgeEntity
from ..mapping import View


class LanEdgePlayer(LanEdgeEntity, MediaPlayerEntity):
    """A player's component, and what its driver can do with it."""

    def __init__(self, coordinator: LanEdgeCoordinator, view: View) -> None:
        """Hear of all that the player shows."""
        super().__init__(coordinator, view)
        self.shows = view.shows
        self.reads = tuple(a for capability in view.shows for a in capability.attributes)

    def can(self, command: Command[...]) -> bool:
        """Whether the player has the command, and its driver handles it."""
        return command.capability in self.shows and self.coordinator.device.handles(command)

    @property
    def needs_on(self) -> bool | None:
        """What an intent says of on, for what a player that is off cannot do: True or nothing."""
        return True if self.can(Switch.on) and self.read(Switch.switch) is False else None


def on_the_web(url: str | None) -> str | None:
    """Return a device's URL if it leads to a web server, and not to a file, say."""
    return url if url and url.startswith(("http://", "https://")) else None
