"""What is read without saying from what is still read from there when there is more to ask."""

from typing import Any

from lan_edge import DescriptionDraft, TrialAnswer

SENT = {"post": "/set", "json": {"power": "{value}"}}


def made() -> DescriptionDraft:
    """Return a draft that has all that can be read, and one request."""
    draft = DescriptionDraft()
    draft.name("Heater", "", "", "")
    draft.ask({"get": "/status"})
    draft.values["identity"] = {"path": "id"}
    draft.values["device"] = {"mac": {"path": "mac"}}
    setpoint = {
        "heatingSetpoint": {"path": "target"},
        "heatingSetpointRange": {"fixed": [5, 30]},
        "setHeatingSetpoint": {"get": "/t", "query": {"to": "{setpoint}"}},
    }
    own = {
        "power": {"number": [0, 9], "name": "Power", "path": "power", "set": SENT},
        "restart": {"button": {"get": "/restart"}, "name": "Restart"},
    }
    relay = {"switch": {}, "on": {"get": "/on"}, "off": {"get": "/off"}}
    draft.values["components"] = {
        "main": {"name": "Heater", "thermostatHeatingSetpoint": setpoint, "own": own},
        "relay": {"switch": relay},
    }
    return draft


def readings(draft: DescriptionDraft) -> list[dict[str, Any]]:
    """Return all that is read."""
    main, relay = draft.values["components"].values()
    return [
        draft.values["identity"],
        draft.values["device"]["mac"],
        main["thermostatHeatingSetpoint"]["heatingSetpoint"],
        main["own"]["power"],
        relay["switch"]["switch"],
    ]


def test_another_request_leaves_what_is_read_where_it_was() -> None:
    draft = made()
    draft.described()
    draft.values["device"]["mac"]["from"] = "status"
    draft.ask({"get": "/config"})
    draft.described()
    assert [each["from"] for each in readings(draft)] == ["status"] * 5
    main = draft.values["components"]["main"]
    assert main["thermostatHeatingSetpoint"]["heatingSetpointRange"] == {"fixed": [5, 30]}
    assert main["own"]["restart"] == {"button": {"get": "/restart"}, "name": "Restart"}


def test_what_has_one_source_need_not_say_it() -> None:
    draft = made()
    draft.ask({"get": "/other"}, "status")
    draft.described()
    assert not any("from" in each for each in readings(draft))


def test_messages_that_it_sends_by_itself_are_another_source() -> None:
    draft = DescriptionDraft()
    draft.talk("lines", {"port": 23})
    draft.name("Amplifier", "", "", "")
    draft.ask({"line": "VOLUME?"}, "volume")
    own = {"level": {"number": True, "name": "Level", "word": 2}}
    draft.values["components"] = {"main": {"own": own}}
    draft.described()
    draft.hear(TrialAnswer("MUTE on", ()), {"volume": TrialAnswer("VOLUME 17", ())})
    assert draft.values["components"]["main"]["own"]["level"]["from"] == "volume"
    draft.described()


def test_an_older_draft_of_two_requests_reads_from_the_first_what_it_does_not_say() -> None:
    draft = made()
    draft.say_sources()
    assert not any("from" in each for each in readings(draft))  # there is only one
    draft.values["requests"]["config"] = {"get": "/config"}
    draft.values["identity"]["from"] = "config"
    draft.say_sources()
    assert [each["from"] for each in readings(draft)] == ["config", *["status"] * 4]
