"""Air quality: dust, gases and the overall index."""

from ..definition import Attribute, Capability
from ..kinds import Kind

__all__ = [
    "AirQualitySensor",
    "CarbonDioxideMeasurement",
    "DustSensor",
    "FilterState",
    "FineDustSensor",
    "TvocMeasurement",
    "VeryFineDustSensor",
]

DUST = "μg/m³"


class AirQualitySensor(Capability):
    """The air quality, as the common air quality index (CAQI): 0 is the best."""

    air_quality = Attribute(int, minimum=0, maximum=100, kind=Kind.MEASUREMENT, device_class="aqi")


class CarbonDioxideMeasurement(Capability):
    """The concentration of carbon dioxide in the air, in parts per million."""

    carbon_dioxide = Attribute(
        float,
        minimum=0,
        maximum=1000000,
        unit="ppm",
        kind=Kind.MEASUREMENT,
        device_class="carbon_dioxide",
    )


class DustSensor(Capability):
    """The concentrations of dust up to 10 and up to 2.5 micrometres.

    Both are in micrograms per cubic metre of air.
    """

    dust_level = Attribute(float, minimum=0, unit=DUST, kind=Kind.MEASUREMENT, device_class="pm10")
    fine_dust_level = Attribute(
        float, minimum=0, unit=DUST, kind=Kind.MEASUREMENT, device_class="pm25"
    )


class FineDustSensor(Capability):
    """The concentration of dust up to 2.5 micrometres, in micrograms per cubic metre of air."""

    fine_dust_level = Attribute(
        float, minimum=0, unit=DUST, kind=Kind.MEASUREMENT, device_class="pm25"
    )


class VeryFineDustSensor(Capability):
    """The concentration of dust up to 1 micrometre, in micrograms per cubic metre of air."""

    very_fine_dust_level = Attribute(
        float, minimum=0, unit=DUST, kind=Kind.MEASUREMENT, device_class="pm1"
    )


class TvocMeasurement(Capability):
    """The concentration of all volatile organic compounds in the air, in parts per million."""

    tvoc_level = Attribute(
        float,
        minimum=0,
        maximum=1000000,
        unit="ppm",
        kind=Kind.MEASUREMENT,
        device_class="volatile_organic_compounds_parts",
    )


class FilterState(Capability):
    """What is left of the life of a filter, in percent."""

    filter_life_remaining = Attribute(int, minimum=0, maximum=100, unit="%", kind=Kind.DIAGNOSTIC)
