"""AES: the vectors of its standards, and what anybody may send instead."""

from contextlib import suppress
import sys

from hypothesis import given, strategies as st
import pytest

from lan_edge import Aes, ArgumentError, DriverError, ReplyError

KEY = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
BLOCK = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")


def test_ecb_is_that_of_the_standard() -> None:
    """NIST SP 800-38A, F.1.1."""
    encrypted = bytes.fromhex("3ad77bb40d7a3660a89ecaf32466ef97")
    assert Aes(KEY).encrypt_ecb(BLOCK, padded=False) == encrypted
    assert Aes(KEY).decrypt_ecb(encrypted, padded=False) == BLOCK


def test_cbc_is_that_of_the_standard() -> None:
    """NIST SP 800-38A, F.2.1."""
    iv, encrypted = bytes(range(16)), bytes.fromhex("7649abac8119b246cee98e9b12e9197d")
    assert Aes(KEY).encrypt_cbc(iv, BLOCK, padded=False) == encrypted
    assert Aes(KEY).decrypt_cbc(iv, encrypted, padded=False) == BLOCK


def test_gcm_is_that_of_its_specification() -> None:
    """The Galois/Counter Mode of Operation, test case 4."""
    key = bytes.fromhex("feffe9928665731c6d6a8f9467308308")
    plain = bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )
    encrypted = bytes.fromhex(
        "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
        "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
        "5bc94fbc3221a5db94fae95ae7121a47"
    )
    nonce = bytes.fromhex("cafebabefacedbaddecaf888")
    header = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    assert Aes(key).encrypt_gcm(nonce, plain, header) == encrypted
    assert Aes(key).decrypt_gcm(nonce, encrypted, header) == plain
    with pytest.raises(ReplyError, match="not encrypted with this key"):
        Aes(key).decrypt_gcm(nonce, encrypted, header + b"!")


@given(st.binary(max_size=100), st.binary(min_size=16, max_size=16))
def test_what_is_encrypted_is_decrypted(data: bytes, iv: bytes) -> None:
    aes = Aes(KEY)
    assert aes.decrypt_ecb(aes.encrypt_ecb(data)) == data
    assert aes.decrypt_cbc(iv, aes.encrypt_cbc(iv, data)) == data
    assert aes.decrypt_gcm(iv[:12], aes.encrypt_gcm(iv[:12], data)) == data


@given(st.binary(max_size=100), st.binary(max_size=20))
def test_anything_else_is_a_wrong_reply_or_other_text(data: bytes, iv: bytes) -> None:
    for decrypt in (Aes(KEY).decrypt_ecb, lambda d: Aes(KEY).decrypt_cbc(iv, d)):
        with suppress(ReplyError):
            assert len(decrypt(data)) < len(data)
    with pytest.raises(ReplyError):
        Aes(KEY).decrypt_gcm(iv, data)


def test_a_wrong_key_is_a_wrong_padding_almost_always() -> None:
    encrypted = Aes(KEY).encrypt_ecb(b'{"dps": {"1": true}}')
    with pytest.raises(ReplyError, match="not encrypted with this key"):
        Aes(bytes(16)).decrypt_ecb(encrypted)


@pytest.mark.parametrize("size", [0, 15, 17, 64])
def test_a_key_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(ArgumentError, match=f"a key of {size} bytes"):
        Aes(bytes(size))


def test_half_a_block_is_not_encrypted_without_padding() -> None:
    with pytest.raises(ArgumentError, match="no whole blocks of 16"):
        Aes(KEY).encrypt_ecb(b"half", padded=False)


def test_without_cryptography_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.ciphers", None)
    with pytest.raises(DriverError, match=r"pip install lan-edge\[ciphers\]"):
        Aes(KEY)
