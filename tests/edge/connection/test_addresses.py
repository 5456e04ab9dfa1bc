"""The addresses of a device, whatever is claimed."""

from hypothesis import given, strategies as st
import pytest

from lan_edge import Address
from lan_edge.connection.addresses import MAX_ADDRESSES, KnownAddresses

HOME, AWAY, THIRD = (Address(f"10.0.0.{n}", 1) for n in (1, 2, 3))
anywhere = st.integers(1, 9).map(lambda n: Address(f"10.0.0.{n}", 1))


@pytest.fixture
def where() -> KnownAddresses:
    return KnownAddresses((HOME,))


def test_nothing_is_known() -> None:
    where = KnownAddresses(())
    assert where.latest is None
    assert not where.to_try()
    assert not where.unproven
    where.add(AWAY)
    assert where.to_try() == where.unproven == (AWAY,)


def test_where_it_was_seen_comes_first_and_where_it_was_proven_next(where: KnownAddresses) -> None:
    where.add(THIRD)
    where.add(AWAY)
    assert where.to_try() == (AWAY, HOME, THIRD)
    assert where.unproven == (AWAY, THIRD, HOME)
    assert [where.is_likely(each) for each in where.to_try()] == [True, True, False]
    where.prove(AWAY)
    assert where.to_try() == (AWAY, THIRD, HOME)
    assert not where.unproven


def test_what_is_seen_while_it_is_connected_waits_for_its_loss(where: KnownAddresses) -> None:
    assert where.hint(AWAY)
    assert where.latest == HOME
    assert where.is_sighted_elsewhere
    assert where.unproven == (AWAY,)
    assert where.follow_hints()
    assert where.latest == AWAY
    assert not where.is_sighted_elsewhere
    where.prove(AWAY)
    assert not where.follow_hints()


def test_only_news_casts_a_doubt(where: KnownAddresses) -> None:
    assert where.hint(AWAY, HOME)
    assert not where.hint(AWAY, HOME)
    assert not where.hint(HOME, AWAY)
    assert where.hint(AWAY)  # no longer where it is connected


@given(st.lists(st.tuples(st.sampled_from(["add", "hint", "prove"]), anywhere)))
def test_few_are_kept_and_the_proven_one_always(told: list[tuple[str, Address]]) -> None:
    where = KnownAddresses((HOME,))
    for what, address in told:
        getattr(where, what)(address)
        where.follow_hints()
        assert len(where.all) <= MAX_ADDRESSES
        assert len(set(where.to_try())) == len(where.to_try()) == len(where.all)
        assert where.proven in where.all
        assert where.latest == address
