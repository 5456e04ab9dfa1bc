"""Other integrations and LAN Edge, family by family, on the same emulators.

The others are Home Assistant's own, and custom ones, whose repositories are given on the command
line: of them, nothing is here but their names and what their dialogs are told.

`families` and `keyed` have the devices, `sides` the homes, `placed` a device that moves, hangs,
lies and restarts, `faults` what is measured then, `crowd` what is measured with fifty; `side` is
one run, in a network namespace of its own.
"""
