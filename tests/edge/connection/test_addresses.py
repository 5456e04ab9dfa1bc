"""The known addresses of a device, under any claims."""

from hypothesis import given, strategies as st
import pytest

from lan_edge import Address
from lan_edge.connection.addresses import MAX_ADDRESSES, KnownAddresses

HOME, AWAY, THIRD = (Address(f"10.0.0.{n}", 1) for n in (1, 2, 3))
anywhere = st.integers(1, 9).map(lambda n: Address(f"10.0.0.{n}", 1))


@pytest.fixture
def known() -> KnownAddresses:
    return KnownAddresses((HOME,))


def test_no_address_is_known() -> None:
    known = KnownAddresses(())
    assert known.latest is None
    assert not known.to_try()
    assert not known.unproven
    known.add(AWAY)
    assert known.to_try() == known.unproven == (AWAY,)


def test_the_sighted_address_comes_first_and_the_proven_one_next(known: KnownAddresses) -> None:
    known.add(THIRD)
    known.add(AWAY)
    assert known.to_try() == (AWAY, HOME, THIRD)
    assert known.unproven == (AWAY, THIRD, HOME)
    assert [known.is_likely(each) for each in known.to_try()] == [True, True, False]
    known.prove(AWAY)
    assert known.to_try() == (AWAY, THIRD, HOME)
    assert not known.unproven


def test_a_sighting_while_connected_counts_after_the_loss(known: KnownAddresses) -> None:
    assert known.hint(AWAY)
    assert known.latest == HOME
    assert known.is_sighted_elsewhere
    assert known.unproven == (AWAY,)
    assert known.follow_hints()
    assert known.latest == AWAY
    assert not known.is_sighted_elsewhere
    known.prove(AWAY)
    assert not known.follow_hints()


def test_only_a_new_sighting_raises_doubt(known: KnownAddresses) -> None:
    assert known.hint(AWAY, HOME)
    assert not known.hint(AWAY, HOME)
    assert not known.hint(HOME, AWAY)
    assert known.hint(AWAY)  # the current address is missing


def test_few_hints_are_kept(known: KnownAddresses) -> None:
    known.hint(*(Address(f"10.0.1.{n}", 1) for n in range(200)))
    assert len(known.unproven) == MAX_ADDRESSES
    assert known.unproven[0] == Address("10.0.1.0", 1)


@given(st.lists(st.tuples(st.sampled_from(["add", "hint", "prove"]), anywhere)))
def test_few_are_kept_and_always_the_proven_one(claims: list[tuple[str, Address]]) -> None:
    known = KnownAddresses((HOME,))
    for method, address in claims:
        getattr(known, method)(address)
        known.follow_hints()
        assert len(known.all) <= MAX_ADDRESSES
        assert len(set(known.to_try())) == len(known.to_try()) == len(known.all)
        assert known.proven in known.all
        assert known.latest == address
