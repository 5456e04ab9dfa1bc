"""The figures; each module is one, its first line the title in the table.

Those of `TRAFFIC` share homes: `measure(bench, hubs, count)` is one repetition at one size. The
others create their own: `measure(bench)` is one repetition.
"""

from . import (
    cold,
    command,
    flood,
    frozen,
    group,
    many,
    memory,
    moved,
    push,
    restart,
    setup,
    silent,
    wide,
)

TRAFFIC = {"command": command, "push": push, "group": group, "flood": flood}
ALONE = {
    "wide": wide,
    "setup": setup,
    "memory": memory,
    "frozen": frozen,
    "silent": silent,
    "restart": restart,
    "moved": moved,
    "many": many,
    "cold": cold,
}
NAMES = (*TRAFFIC, *ALONE)
