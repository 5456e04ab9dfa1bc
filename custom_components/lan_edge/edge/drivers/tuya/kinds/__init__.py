"""What Tuya's devices are, by their points, and what the values of these mean.

Sources: Tuya's own lists of standard data points by category (developer.tuya.com), the eight
vocabularies of covers in tinytuya's documentation, and users' reports. Not documented, but assumed:
- what a device is, by its points: the same numbers have another meaning in another category, so
  the user can correct it in the settings;
- that white is 2000 to 6500 K, and that a cover at 0 is open: as Home Assistant's `tuya` has it.
"""

from .table import KINDS
from .units import TuyaUnits

__all__ = ["KINDS", "TuyaUnits"]
