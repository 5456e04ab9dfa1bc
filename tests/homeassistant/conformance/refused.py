"""What Home Assistant lets through but a device refuses, and what no action of an entity sends."""

from dataclasses import dataclass
from typing import Any

import lan_edge as edge
from lan_edge import Command

from .asked import Player
from .asked_climate import AC, MODE, ON, WARM
from .asked_players import ALONE, SONG, TRACKS
from .shown import Given

SEND_ONLY: dict[Command[...], str] = {
    edge.AudioMute.mute: "set_mute does it",
    edge.AudioMute.unmute: "set_mute does it",
    edge.AudioNotification.play_track_and_restore: "and_resume goes before it: test_player_media",
    edge.ColorControl.set_hue: "of a lamp: its colour goes as one; alone it is a number",
    edge.ColorControl.set_saturation: "as above",
    edge.HealthCheck.ping: "the framework asks by itself",
    edge.MediaGroup.mute_group: "set_group_mute does it",
    edge.MediaGroup.unmute_group: "set_group_mute does it",
    edge.MediaPlayback.fast_forward: "Home Assistant has no action for it",
    edge.MediaPlayback.rewind: "Home Assistant has no action for it",
    edge.MediaPlayback.set_playback_status: "play, pause and stop do it",
    edge.ThermostatFanMode.fan_auto: "set_thermostat_fan_mode does it",
    edge.ThermostatFanMode.fan_circulate: "set_thermostat_fan_mode does it",
    edge.ThermostatFanMode.fan_on: "set_thermostat_fan_mode does it",
    edge.ThermostatMode.auto: "set_thermostat_mode does it",
    edge.ThermostatMode.cool: "set_thermostat_mode does it",
    edge.ThermostatMode.emergency_heat: "set_thermostat_mode does it",
    edge.ThermostatMode.heat: "set_thermostat_mode does it",
    edge.ThermostatMode.off: "set_thermostat_mode does it",
    edge.VideoStream.start_stream: "whoever looks at the camera: test_images",
    edge.VideoStream.stop_stream: "Home Assistant does not tell when nobody looks any more",
}
"""What no action of an entity sends, and why."""


@dataclass(frozen=True)
class Refused:
    """What Home Assistant's schema lets through, and the device's limits do not."""

    action: str
    home: str
    part: str
    data: dict[str, Any]
    given: Given = ()


REFUSED: tuple[Refused, ...] = (
    Refused("climate.set_temperature", "thermostat", "thermostatMode", {"temperature": 31}, WARM),
    Refused("climate.set_temperature", "thermostat", "thermostatMode", {"temperature": 4}, WARM),
    Refused(
        "climate.set_temperature",
        "thermostat",
        "thermostatMode",
        {"temperature": 20},
        (*WARM, (edge.ThermostatMode.thermostat_mode, MODE.AUTO)),
    ),
    Refused("climate.set_hvac_mode", "thermostat", "thermostatMode", {"hvac_mode": "dry"}, WARM),
    Refused("climate.set_fan_mode", "thermostat", "thermostatMode", {"fan_mode": "gale"}),
    Refused("climate.set_preset_mode", "thermostat", "thermostatMode", {"preset_mode": "party"}),
    Refused("climate.set_hvac_mode", "aircon", "thermostatMode", {"hvac_mode": "heat"}, AC),
    Refused("climate.set_fan_mode", "aircon", "thermostatMode", {"fan_mode": "gale"}, AC),
    Refused("climate.set_swing_mode", "aircon", "thermostatMode", {"swing_mode": "wild"}, AC),
    Refused("climate.set_humidity", "thermostat", "thermostatMode", {"humidity": 40}),
    Refused("media_player.select_source", "player", "audioVolume", {"source": "CD"}, TRACKS),
    Refused("media_player.media_seek", "player", "audioVolume", {"seek_position": 5}, TRACKS),
    Refused(
        "media_player.play_media",
        "player",
        "audioVolume",
        {"media_content_type": "preset", "media_content_id": "99"},
        TRACKS,
    ),
    Refused(
        "media_player.play_media",
        "player",
        "audioVolume",
        {"media_content_type": "music", "media_content_id": "ftp://192.0.2.1/bell.mp3"},
        TRACKS,
    ),
    *(
        Refused(
            "media_player.play_media",
            "player",
            "audioVolume",
            {**SONG, "announce": True, "extra": {"volume": volume}},
            TRACKS,
        )
        for volume in (-1, 101, "loud", 3.5, [1])
    ),
    Refused(
        "media_player.join",
        "kitchen",
        "audioVolume",
        {"group_members": [Player("mediaPlayback")]},
        ALONE,
    ),
    Refused("humidifier.set_mode", "moist", "humidifierMode", {"mode": "monsoon"}, ON),
    Refused("humidifier.set_humidity", "moist", "humidifierMode", {"humidity": 50}, ON),
    Refused("fan.set_preset_mode", "blower", "fanSpeed", {"preset_mode": "gale"}, ON),
    Refused("fan.turn_on", "blower", "fanSpeed", {"preset_mode": "off"}, ON),
    Refused("fan.oscillate", "steps", "fanSpeed", {"oscillating": True}, ON),
    Refused("fan.set_direction", "blower", "fanSpeed", {"direction": "reverse"}, ON),
    Refused("cover.set_cover_position", "doorControl", "windowShade", {"position": 50}),
    Refused("cover.stop_cover", "garageDoorControl", "windowShade", {}),
    Refused("valve.set_valve_position", "valve", "valve", {"position": 50}),
    Refused("alarm_control_panel.alarm_arm_night", "securitySystem", "securitySystem", {}),
    Refused("light.turn_on", "lamp", "switch", {"effect": "Disco"}, ON),
    Refused("select.select_option", "windMode", "windMode.windMode", {"option": "gale"}),
    Refused("select.select_option", "mode", "mode.mode", {"option": "Party"}),
    Refused("number.set_value", "switchLevel", "switchLevel.level", {"value": 101}),
    Refused("number.set_value", "switchLevel", "switchLevel.level", {"value": -1}),
    Refused(
        "number.set_value", "colorTemperature", "colorTemperature.colorTemperature", {"value": 0}
    ),
)
