"""What all that a media player does is built on."""

from homeassistant.components.media_player import MediaPlayerEntity

from lan_edge import Switch

from ..entity import LanEdgeEntity


class LanEdgePlayer(LanEdgeEntity, MediaPlayerEntity):
    """A player's component, and what its driver can do with it."""

    @property
    def needs_on(self) -> bool | None:
        """What an intent says of on, for what a player that is off cannot do: True or nothing."""
        return True if Switch.on in self.commands and self.read(Switch.switch) is False else None


def on_the_web(url: str | None) -> str | None:
    """Return a device's URL if it leads to a web server, and not to a file, say."""
    return url if url and url.startswith(("http://", "https://")) else None
