"""UPS: Network UPS Tools (NUT), lines over TCP on port 3493; the first UPS of the server.

Its protocol: https://networkupstools.org/docs/developer-guide.chunked/net-protocol.html
"""

from lan_edge import (
    Attribute,
    Battery,
    Capability,
    Driver,
    Kind,
    Lines,
    LinesOptions,
    PowerSource,
    PowerSourceValue,
    Profile,
    ReplyError,
    number,
    register,
    words_in,
)

SOURCES = {"OL": PowerSourceValue.MAINS, "OB": PowerSourceValue.BATTERY}


class Ups(Capability, id="nut.ups"):
    status = Attribute(str, kind=Kind.DIAGNOSTIC)
    load = Attribute(float, minimum=0, unit="%", kind=Kind.MEASUREMENT)


@register
class Nut(Driver[Lines]):
    id = "nut"
    profile = Profile(Ups, Battery, PowerSource)
    options = LinesOptions(port=3493, until="END LIST .*", refused="ERR (.*)")
    pushed = ()  # it only answers

    async def read(self) -> dict[str, str]:
        """Read the variables of the first UPS."""
        listed = [words_in(line) for line in await self.io.ask_all("LIST UPS")]
        names = [words[1] for words in listed if words[:1] == ["UPS"] and words[1:]]
        if not names:
            raise ReplyError("the server has no UPS")
        rows = [words_in(line) for line in await self.io.ask_all(f"LIST VAR {names[0]}")]
        return {row[2]: row[3] for row in rows if row[:1] == ["VAR"] and row[3:]}

    async def identify(self) -> str:
        value_of = (await self.read()).get
        self.describe(manufacturer=value_of("device.mfr"), model=value_of("device.model"))
        self.describe(firmware=value_of("ups.firmware"), serial_number=value_of("device.serial"))
        return value_of("device.serial", "")

    async def refresh(self) -> None:
        values = await self.read()
        self.emit_field(Ups.status, values, "ups.status")
        self.emit_field(Ups.load, values, "ups.load", convert=number)
        self.emit_field(Battery.battery, values, "battery.charge", convert=percent)
        self.emit_field(PowerSource.power_source, values, "ups.status", convert=source)


def percent(text: str) -> int:
    """Return a whole number of percent."""
    return round(number(text))


def source(status: str) -> PowerSourceValue | None:
    """Return where the power comes from: OL is on line, OB on battery."""
    return next((SOURCES[word] for word in status.split() if word in SOURCES), None)
