"""Home Assistant's own integrations and LAN Edge, family by family, on the same emulators.

`families` has the devices, `sides` the two homes, `placed` a device that moves, hangs, lies and
restarts, `faults` what is measured then; `side` is one run, in a network namespace of its own.
"""
