"""Meross's protocol: signed JSON by HTTP to one path, encrypted by newer firmware.

Meross has not published it. Sources: MerossIot and its description of the protocol (headers,
signature, namespaces), meross_lan (encryption, limits of answers, what owners' devices answer, in
its traces and issues), homebridge-meross, refoss_ha and meross-scripts (the search by UDP).
"""
