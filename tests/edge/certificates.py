"""Certificates for devices that speak TLS, made anew in each run."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
import hashlib
from ipaddress import ip_address
from pathlib import Path
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key."""

    own: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """The certificate alone, as a client gets to know it."""
        return self.own.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def with_key(self) -> str:
        """The certificate and its key."""
        plain = serialization.NoEncryption()
        kind = serialization.PrivateFormat.PKCS8
        return self.pem + self.key.private_bytes(serialization.Encoding.PEM, kind, plain).decode()

    @property
    def fingerprint(self) -> str:
        """Its SHA-256."""
        return hashlib.sha256(self.own.public_bytes(serialization.Encoding.DER)).hexdigest()

    def server(self, *, clients: Certificate | None = None, old: bool = False) -> ssl.SSLContext:
        """Return what a server needs; `clients` signed those it wants; `old`: TLS 1.2."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            Path(file.name).write_text(self.with_key)
            context.load_cert_chain(file.name)
        if clients is not None:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=clients.pem)
        if old:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context


@cache
def certificate(
    name: str,
    *,
    hosts: tuple[str, ...] = ("127.0.0.1", "127.0.0.2"),
    issuer: Certificate | None = None,
    expired: bool = False,
) -> Certificate:
    """Return a certificate for a name and for addresses; signed by itself unless said."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName(name), *(x509.IPAddress(ip_address(host)) for host in hosts)]
    own = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.own.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 9 * DAY)
        .not_valid_after(now - DAY if expired else now + DAY)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .sign(issuer.key if issuer else key, hashes.SHA256())
    )
    return Certificate(own, key)
