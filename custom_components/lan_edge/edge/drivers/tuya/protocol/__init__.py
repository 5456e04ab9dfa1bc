"""Tuya's protocol on the local network: frames, ciphers, session keys and requests.

Tuya has not published it. Sources: the documentation of tinytuya (commands, frames, session keys)
and of TuyAPI; frames of real devices in users' reports, which the tests repeat. Version 3.1 reads
the state without the key; in 3.1 and 3.3, others can send old messages again.
"""
