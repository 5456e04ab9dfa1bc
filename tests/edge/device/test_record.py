"""The record of a device: stored, and read from another version."""

from lan_edge import Address, Component, Identity, Profile, Record, Switch


def test_a_record_is_stored_and_read_back() -> None:
    record = Record(
        Identity("1", name="Lamp", model="RS"),
        (Address("10.0.0.1", 80), Address("10.0.0.2", 0)),
        Profile(Switch, outlet=Component((Switch,), "Left", child=True, category="outlet")),
        {"token": [1, {"a": None}]},
        added=True,
        is_identified=True,
    )
    assert Record.from_dict(record.as_dict()) == record
    assert Record.from_dict({}) == Record()


def test_a_record_of_another_version() -> None:
    data = Record(Identity("1"), profile=Profile(Switch)).as_dict()
    data["identity"]["colour"] = "red"
    data["profile"]["main"]["capabilities"].append("acme.unknown")
    data["new"] = 1
    record = Record.from_dict(data)
    assert record.identity == Identity("1")
    assert record.profile == Profile(Switch)


def test_invalid_data_in_a_record_is_left_out() -> None:
    data = Record(Identity("1"), (Address("10.0.0.1", 80),), Profile(Switch)).as_dict()
    data["identity"]["name"] = None
    data["addresses"] += [["10.0.0.2"], ["10.0.0.2", "80"], 5, None]
    data["profile"] |= {"a": None, "b": {}, "c": {**data["profile"]["main"], "child": "yes"}}
    data["profile"]["main"]["capabilities"] += [None, ["switch"]]
    data |= {"fields": ["a"], "pin": 5}
    assert Record.from_dict(data) == Record(
        Identity("1"), (Address("10.0.0.1", 80),), Profile(Switch)
    )
    kinds: tuple[object, ...] = (None, 5, [], {})
    for name in ("identity", "addresses", "fields", "pin"):
        assert all(Record.from_dict({name: kind}) == Record() for kind in kinds)
    assert Record.from_dict({"profile": {"main": None}}).profile is None
    assert Record.from_dict({"profile": {}}).profile == Profile()
