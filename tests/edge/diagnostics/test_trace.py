"""The log of messages: bounded, and decoded only when it is read."""

import pytest

from lan_edge.diagnostics.trace import MAX_ENTRIES, MAX_ENTRY, Trace


def test_trace_is_bounded_and_lazy() -> None:
    trace = Trace()
    trace.add("received", b"\xff" * 10_000)
    entry = trace.entries()[0]
    assert (entry.kind, len(entry.text)) == ("received", MAX_ENTRY)
    for number in range(1000):
        trace.add("sent", str(number))
    assert [e.text for e in trace.entries()] == [str(n) for n in range(1000)][-MAX_ENTRIES:]
    seen = list[str]()
    unsubscribe = trace.subscribe(lambda entry: seen.append(entry.text))
    trace.add("sent", b'{"a": 1}')
    unsubscribe()
    trace.add("sent", "2")
    assert seen == ['{"a": 1}']


def test_a_subscriber_that_fails_does_not_stop_others(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_: object) -> None:
        raise ValueError("no\r\nERROR hunter2")

    trace, seen = Trace(), list[str]()
    trace.subscribe(fail)
    trace.subscribe(lambda entry: seen.append(entry.text))
    trace.add("sent", "1")
    assert seen == ["1"]
    (record,) = caplog.records
    assert record.getMessage().startswith("a subscriber of the trace failed: ValueError at ")
    assert record.exc_info is None


def test_wide_characters_take_no_more_memory() -> None:
    trace = Trace()
    trace.add("received", "\U0001f4a1" * 400)
    trace.add("received", "caf\xe9 \ud800")
    shown, odd = (entry.text for entry in trace.entries())
    assert shown == "\U0001f4a1" * (MAX_ENTRY // 4) + "…"
    assert odd == "caf\xe9 ?"
