"""Climate entities for both 2026.10 and 2026.11, which read temperatures by different names."""

from operator import attrgetter

from homeassistant.components.climate import ClimateEntity

TEMPERATURES = (
    "current_temperature",
    "target_temperature",
    "target_temperature_low",
    "target_temperature_high",
)


def with_former_names[C: ClimateEntity](entity: type[C]) -> type[C]:
    """Let Home Assistant 2026.10 read the temperatures of an entity that is written for 2026.11.

    2026.11 reads `native_current_temperature` and so on, 2026.10 `current_temperature`.
    """
    if not hasattr(ClimateEntity, "native_current_temperature"):
        for name in TEMPERATURES:
            setattr(entity, name, property(attrgetter(f"native_{name}")))
    return entity
