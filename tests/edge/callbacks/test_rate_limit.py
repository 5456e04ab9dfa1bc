"""How many connections are admitted, and what is kept of who connects."""

from lan_edge.callbacks.rate_limit import STRANGERS_RATE, RateLimiter


async def test_nothing_is_kept_of_addresses_that_are_no_devices_any_more() -> None:
    devices = {f"10.0.0.{n}" for n in range(200)}
    limiter = RateLimiter(devices.__contains__)
    assert all(map(limiter.admit, sorted(devices)))
    assert len(limiter._devices) == 200
    devices.intersection_update({"10.0.0.7"})
    assert limiter.admit("10.0.1.1")
    assert set(limiter._devices) == {"10.0.0.7"}


async def test_strangers_share_one_limit_and_devices_have_their_own() -> None:
    limiter = RateLimiter({"10.0.0.7"}.__contains__)
    strangers = [limiter.admit(f"10.0.1.{n}") for n in range(250)]
    assert sum(strangers) == STRANGERS_RATE
    assert all(limiter.admit("10.0.0.7") for _ in range(250))
