"""The known addresses of a device, under any claims."""

from hypothesis import given, strategies as st
import pytest

from lan_edge import Address
from lan_edge.connection.addresses import MAX_ADDRESSES, MAX_FOUND, KnownAddresses

HOME, AWAY, THIRD = (Address(f"10.0.0.{n}", 1) for n in (1, 2, 3))
anywhere = st.integers(1, 9).map(lambda n: Address(f"10.0.0.{n}", 1))


@pytest.fixture
def known() -> KnownAddresses:
    """Return the address of a device that reports its id."""
    made = KnownAddresses((HOME,))
    made.is_identified = True
    return made


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
    assert known.claimed_by_hints == (AWAY,)
    assert known.unproven == (AWAY,)
    assert known.follow_hints()
    assert known.latest == AWAY
    assert not known.claimed_by_hints
    known.prove(AWAY)
    assert not known.follow_hints()


def test_only_a_new_sighting_raises_doubt(known: KnownAddresses) -> None:
    assert known.hint(AWAY, HOME)
    assert not known.hint(AWAY, HOME)
    assert not known.hint(HOME, AWAY)
    assert known.hint(AWAY)  # the current address is missing


def test_a_sighting_that_also_lists_the_old_address_takes_no_doubt_away(
    known: KnownAddresses,
) -> None:
    """A cache has the old address still, and reports the same announcement once more."""
    known.hint(AWAY)
    known.hint(AWAY, HOME)
    assert known.claimed_by_hints == (AWAY,)
    known.refute(known.hints)
    known.hint(AWAY, HOME)
    assert not known.claimed_by_hints
    known.hint(AWAY)
    known.hint(THIRD, HOME)
    assert known.claimed_by_hints == (AWAY,)


def test_a_hint_that_is_refuted_comes_after_the_current_address(known: KnownAddresses) -> None:
    known.add(THIRD)
    known.prove(HOME)
    known.hint(AWAY)
    hints = known.hints
    known.hint(THIRD)
    known.refute(hints)  # there is a newer one
    assert known.hints == (THIRD,)
    known.refute(known.hints)
    assert not known.hints
    assert known.to_try() == (HOME, THIRD, AWAY)
    assert not known.follow_hints()


def test_of_a_device_without_an_id_only_the_proven_address_is_tried_until_it_has_left() -> None:
    known = KnownAddresses((HOME, THIRD))
    known.add(AWAY)
    assert known.to_try() == (HOME,)
    assert known.accepts(HOME)
    known.is_left = True
    assert known.to_try() == (AWAY, HOME, THIRD)
    assert [known.accepts(each) for each in known.to_try()] == [True, False, False]
    known.add(HOME)  # it says so itself, or the next stranger does
    known.add(AWAY)
    assert known.to_try() == (HOME, AWAY, THIRD)
    assert [known.accepts(each) for each in known.to_try()] == [True, True, False]
    known.prove(AWAY)
    assert known.to_try() == (AWAY,)
    assert not known.is_claimed_elsewhere


def test_a_device_with_an_id_is_accepted_anywhere(known: KnownAddresses) -> None:
    known.add(AWAY)
    known.is_left = True
    assert known.accepts(HOME)
    assert known.accepts(THIRD)


def test_a_later_hint_does_not_replace_an_earlier_one(known: KnownAddresses) -> None:
    """Anybody can send a false one after that of the device."""
    known.hint(AWAY)
    for _ in range(50):
        known.hint(THIRD)
    assert known.unproven == (THIRD, AWAY)
    assert known.follow_hints()
    assert known.to_try() == (THIRD, HOME, AWAY)
    known.is_identified = False
    known.is_left = True
    assert known.accepts(AWAY)
    assert known.accepts(THIRD)


def test_hints_are_refuted_together(known: KnownAddresses) -> None:
    known.hint(AWAY)
    known.hint(THIRD)
    known.refute(known.hints)
    assert not known.follow_hints()
    assert known.to_try() == (HOME, THIRD, AWAY)


def test_few_hints_are_kept(known: KnownAddresses) -> None:
    known.hint(*(Address(f"10.0.1.{n}", 1) for n in range(200)))
    assert len(known.hints) == MAX_ADDRESSES
    assert known.hints[0] == Address("10.0.1.0", 1)


@given(st.lists(st.tuples(st.sampled_from(["add", "hint", "prove"]), anywhere)))
def test_few_are_kept_and_always_the_proven_one(claims: list[tuple[str, Address]]) -> None:
    known = KnownAddresses((HOME,))
    known.is_identified = True
    for method, address in claims:
        getattr(known, method)(address)
        known.follow_hints()
        assert len(known.all) <= MAX_ADDRESSES
        assert len(set(known.to_try())) == len(known.to_try()) == len(known.all)
        assert known.proven in known.all
        assert known.latest == address


@given(st.lists(anywhere, max_size=30), st.lists(anywhere, min_size=1, max_size=3, unique=True))
def test_claims_push_out_neither_the_proven_address_nor_those_found(
    claims: list[Address], found: list[Address]
) -> None:
    known = KnownAddresses((HOME,))
    known.is_identified = True
    known.find(*found)
    for claim in claims:
        known.add(claim)
    assert {HOME, *found[:MAX_FOUND]} <= {*known.all}
    assert len(known.all) <= MAX_ADDRESSES
    assert known.to_try()[0] in {HOME, found[0]}
    known.prove(HOME)
    assert known.latest == HOME
    known.add(*claims)
    assert known.latest == (claims[0] if claims else HOME)


def test_claims_that_are_too_many_are_noticed() -> None:
    known = KnownAddresses((HOME,))
    others = [Address(f"10.0.1.{n}") for n in range(MAX_ADDRESSES)]
    assert [known.add(each) for each in others] == [True] * (MAX_ADDRESSES - 1) + [False]


def test_the_usual_port_and_none_are_one_address() -> None:
    known = KnownAddresses((Address("10.0.0.1"), HOME), usual_port=lambda: 80)
    told = Address("10.0.0.1", 80), Address("10.0.0.1", 81), HOME, Address("10.0.0.2", 80)
    assert known.known(*told) == (Address("10.0.0.1"), *told[1:])
    assert known.known(Address("10.0.0.2")) == (Address("10.0.0.2"),)
