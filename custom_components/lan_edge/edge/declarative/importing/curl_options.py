"""The options of curl: which take a value, and what they mean for a request."""

from collections.abc import Mapping
from string.templatelib import Template

LONG_NAMES: Mapping[str, str] = {
    "X": "request",
    "H": "header",
    "d": "data",
    "F": "form",
    "u": "user",
    "G": "get",
    "I": "head",
    "b": "cookie",
    "A": "user-agent",
    "e": "referer",
    "k": "insecure",
    "m": "max-time",
    "L": "location",
    "s": "silent",
    "S": "show-error",
    "o": "output",
    "O": "remote-name",
    "i": "include",
    "v": "verbose",
    "f": "fail",
    "N": "no-buffer",
    "w": "write-out",
    "c": "cookie-jar",
    "g": "globoff",
    "j": "junk-session-cookies",
    "#": "progress-bar",
    "q": "disable",
    "n": "netrc",
    "D": "dump-header",
    "T": "upload-file",
    "x": "proxy",
    "E": "cert",
    "K": "config",
    "r": "range",
    "z": "time-cond",
    "y": "speed-time",
    "Y": "speed-limit",
    "0": "http1.0",
    "1": "tlsv1",
    "2": "sslv2",
    "3": "sslv3",
    "4": "ipv4",
    "6": "ipv6",
}
"""The long names of short options."""
WITH_VALUE = {
    *("request", "header", "data", "data-raw", "data-ascii", "data-binary", "data-urlencode"),
    *("json", "form", "form-string", "user", "cookie", "user-agent", "referer", "max-time"),
    *("connect-timeout", "output", "write-out", "cookie-jar", "dump-header", "upload-file"),
    *("proxy", "cert", "key", "cacert", "config", "range", "time-cond", "speed-time", "url"),
    *("speed-limit", "retry", "retry-delay", "retry-max-time", "resolve", "interface", "proto"),
    *("max-redirs", "limit-rate", "oauth2-bearer", "url-query", "connect-to", "unix-socket"),
    *("ciphers", "tls-max", "cert-type", "key-type", "pass", "stderr", "trace", "trace-ascii"),
    *("keepalive-time", "max-filesize", "local-port", "dns-servers", "capath", "pinnedpubkey"),
    *("aws-sigv4", "proxy-user", "variable", "variable-file", "output-dir", "abstract-unix-socket"),
}
"""Options that take a value."""
MEANINGLESS = {
    *("silent", "show-error", "output", "remote-name", "include", "verbose", "fail", "no-buffer"),
    *("write-out", "cookie-jar", "globoff", "junk-session-cookies", "progress-bar", "disable"),
    *("dump-header", "compressed", "location", "location-trusted", "user-agent", "referer"),
    *("http1.0", "http1.1", "http2", "http0.9", "ipv4", "ipv6", "retry", "retry-delay"),
    *("retry-max-time", "keepalive-time", "no-keepalive", "trace", "trace-ascii", "stderr"),
    *("fail-with-body", "no-progress-meter", "max-redirs", "tcp-nodelay", "path-as-is", "tlsv1"),
    *("tlsv1.0", "tlsv1.1", "tlsv1.2", "tlsv1.3", "max-filesize", "output-dir", "proto", "http3"),
    *("no-sessionid", "ssl-no-revoke", "create-dirs", "raw", "styled-output", "limit-rate"),
    *("speed-time", "speed-limit", "trace-time", "no-alpn", "http2-prior-knowledge", "noproxy"),
}
"""Options without a meaning for a described device."""
REASONS: Mapping[str, Template] = {
    "location": t"redirects are not followed: use the address that the device redirects to",
    "cert": t"a certificate of the client goes into tls",
    "cacert": t"the certificate of a CA goes into tls",
    "proxy": t"the device is reached directly",
}
