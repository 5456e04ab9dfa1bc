"""What an owner sees of alarms and of firmware: by hand."""

import lan_edge as edge

from .shown import Given, Row, on_off, same, state, told

GUARDED = {
    edge.SecuritySystemStatus.ARMED_AWAY: "armed_away",
    edge.SecuritySystemStatus.ARMED_STAY: "armed_home",
    edge.SecuritySystemStatus.DISARMED: "disarmed",
}
SAFE: Given = (
    (edge.SecuritySystem.alarm, ""),
    (edge.SecuritySystem.security_system_status, edge.SecuritySystemStatus.DISARMED),
)
OLD: Given = (
    (edge.FirmwareUpdate.state, edge.FirmwareState.NORMAL_OPERATION),
    (edge.FirmwareUpdate.current_version, "1.0"),
    (edge.FirmwareUpdate.available_version, "2.0"),
    (edge.FirmwareUpdate.update_available, True),
)
UPDATING: Given = (*OLD, (edge.FirmwareUpdate.state, edge.FirmwareState.UPDATE_IN_PROGRESS))

ROWS: tuple[Row, ...] = (
    (
        "siren",
        "alarm",
        edge.Alarm.alarm,
        state,
        lambda a: on_off(a != "off"),
        (),
    ),
    (
        "alarm_control_panel",
        "securitySystem",
        edge.SecuritySystem.security_system_status,
        state,
        GUARDED,
        SAFE,
    ),
    (
        "alarm_control_panel",
        "securitySystem",
        edge.SecuritySystem.alarm,
        state,
        {"": "disarmed", "Kitchen window": "triggered", "ä" * 1024: "triggered"},
        SAFE,
    ),
    (
        "update",
        "firmwareUpdate",
        edge.FirmwareUpdate.current_version,
        told("installed_version"),
        lambda v: v or None,
        OLD,
    ),
    (
        "update",
        "firmwareUpdate",
        edge.FirmwareUpdate.available_version,
        told("latest_version"),
        {"2.0": "2.0", "ä" * 1024: "ä" * 1024, "": "> 1.0"},
        OLD,
    ),
    ("update", "firmwareUpdate", edge.FirmwareUpdate.update_available, state, on_off, OLD),
    (
        "update",
        "firmwareUpdate",
        edge.FirmwareUpdate.state,
        told("in_progress"),
        {
            edge.FirmwareState.NORMAL_OPERATION: False,
            edge.FirmwareState.UPDATE_IN_PROGRESS: True,
            edge.FirmwareState.INSUFFICIENT_STORAGE: False,
            edge.FirmwareState.UPDATE_REQUESTED: True,
        },
        OLD,
    ),
    (
        "update",
        "firmwareUpdate",
        edge.FirmwareUpdate.image_transfer_progress,
        told("update_percentage"),
        same,
        UPDATING,
    ),
)
