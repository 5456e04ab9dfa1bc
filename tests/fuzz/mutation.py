"""Hostile changes of what devices really say: a word, number or bracket at a time."""

from random import Random
import re

_TOKENS = re.compile(rb'"[^"\n]{0,200}"|[\w.+-]{1,200}|\s+|.', re.DOTALL)
WORDS = (
    *(b"null", b"true", b"false", b"0", b"1", b"-1", b"1.5", b"256", b"65536", b"1e15", b"1e400"),
    *(b"-0", b"NaN", b"Infinity", b"-Infinity", b"18446744073709551616", b"9" * 400, b"0x10"),
    *(b'""', b"[]", b"{}", b"[[]]", b"[{}]", b'{"id":{}}', b"[null]", b'" "', b'"NaN"', b'"1_0"'),
    *(
        b'"\\ud800"',
        b'"\\u0000"',
        b'"\\n"',
        b"\xff",
        b"\xc3\x28",
        b"\x00",
        b"\r\n",
        b"\n",
        b"\n--\n",
    ),
    *('"\N{ARABIC-INDIC DIGIT THREE}"'.encode(), '"\N{RIGHT-TO-LEFT OVERRIDE}x"'.encode()),
    *(
        b"&a;",
        b"&#0;",
        b"&#xD800;",
        b"<a>",
        b"</a>",
        b"<!DOCTYPE a>",
        b"<![CDATA[",
        b"<!--",
        b"xmlns",
    ),
    *(b"http://[", b"http://127.0.0.1:8123/", b"//", b"../", b"%00", b"%", b":", b"{0}", b"%s"),
    *(b'"' + b"x" * 2000 + b'"', b"x" * 300, b"[" * 600, b"{" * 60, b'"id"', b'"name"', b'"error"'),
)
"""What parsers stumble over."""


def mutated(data: bytes, random: Random, times: int = 4) -> bytes:
    """Return `data` with up to so many changes."""
    tokens = _TOKENS.findall(data) or [b""]
    for _ in range(random.randint(1, times)):
        at = random.randrange(len(tokens))
        match random.randrange(6):
            case 0 | 1:
                tokens[at] = random.choice(WORDS)
            case 2:
                tokens[at] = random.choice(tokens)
            case 3:
                tokens[at] = b""
            case 4:
                tokens[at:at] = [random.choice(WORDS)]
            case _:
                end = min(len(tokens), at + random.randint(1, 30))
                tokens[at:at] = tokens[at:end] * random.randint(1, 3)
    return b"".join(tokens)


MUCH = 256 * 1024
"""Bytes; more than this, few things take at all."""


def monsters(seed: bytes) -> list[bytes]:
    """Return what is too much: too deep, too long, too many."""
    return [
        *(each * MUCH for each in (b"[", b"{", b"<", b"(", b"\x00", b"\xff", b"\n", b"9", b'"')),
        b'{"a":' * (MUCH // 5),
        b"<a>" * (MUCH // 3),
        b"&a;" * (MUCH // 3),
        b"a=1&" * (MUCH // 4),
        b"a: b\r\n" * (MUCH // 6),
        b"[" + b"0," * (MUCH // 2) + b"0]",
        b"data: x\n" * (MUCH // 8),
        *(seed[:at] + seed[at : at + 40] * (MUCH // 40) + seed[at:] for at in (0, len(seed) // 2)),
        seed.replace(b'"', b'"' + b"x" * 5000),
    ]
