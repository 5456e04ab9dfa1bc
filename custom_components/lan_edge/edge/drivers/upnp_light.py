"""UPnP light: BinaryLight and DimmableLight; `SwitchPower` and `Dimming` by SOAP, and their events.

Source: UPnP Forum, Lighting Controls V 1.0 (SwitchPower:1, Dimming:1).
"""

