"""What a driver has without saying so, and what it may use."""

from types import SimpleNamespace

from lan_edge import Confirm, Driver, Http, JsonRpc, Profile

from .lamps import family


def test_what_a_driver_has_without_saying_so() -> None:
    class RestLamp(family()):  # type: ignore[misc]
        pass

    class Push(Driver[JsonRpc]):
        id = "test_push"
        profile = Profile()

    nobody = SimpleNamespace(state=None, settings=None, memory=None)
    lamp = RestLamp(nobody)
    assert (lamp.poll_interval, lamp.confirm_by) == (Http.poll, Confirm.READ)
    assert Push(nobody).confirm_by is Confirm.PUSH
    assert isinstance(lamp.transport_options(), Http.options_type)
