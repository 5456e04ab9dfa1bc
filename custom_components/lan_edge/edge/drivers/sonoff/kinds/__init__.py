"""What Sonoff's devices are: the parts that they have, by the fields that they tell.

Sources: SonoffLAN and its issues. Not documented: the unit of power, current and voltage: a voltage
over 1000 means that all are in hundredths.
"""
