"""Xiaomi's protocols: miIO's packets and tokens, and what MIoT and older devices are asked for.

Xiaomi has not published them. Sources: the notes on the protocol by OpenMiHome and the
documentation of python-miio (header, clock, token, requests); frames and answers in the issues of
python-miio, hass-xiaomi-miot and Home Assistant's xiaomi_miio, which the tests name. Not
documented: what the answers to another token are, and how far a clock may be off.
"""
