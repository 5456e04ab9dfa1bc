"""The steps for what a device sends by itself: listened to, and picked."""

from collections.abc import Iterable
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from lan_edge import EdgeError, TrialAnswer

from ..flows.entered_address import EnteredAddressError
from ..flows.nothing_picked import NOTHING_PICKED
from ..reporting.markdown import as_code
from ..vol import Required, Schema
from .listening import Listening
from .message_form import CONF_MESSAGE, HTTP
from .session import DescribeSession, Problem
from .shown import label_of_message, once_each

NOTHING_YET = {CONF_MESSAGE: NOTHING_PICKED}


def address_step(session: DescribeSession) -> list[str]:
    """Return the step for the address; that of a device that exists is changed elsewhere."""
    if session.open.change is not None:
        return []
    return ["describe_where" if session.open.draft.talks == HTTP else "describe_address"]


class HeardDialog:
    """Listens to the device, and asks which of its messages is used."""

    def __init__(self, session: DescribeSession) -> None:
        """Carry out the steps for the draft of `session`."""
        self._session = session
        self._listening: Listening | None = None
        self.messages: list[TrialAnswer] = []
        """What it has sent by itself, for the user to pick from."""

    @callback
    def close(self) -> None:
        """End what is still running, as the dialog was closed."""
        if self._listening is not None:
            self._listening.close()

    async def listen(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Listen while the user changes something at the device, and show what it sends."""
        if user_input is None:
            try:
                return await self.begin()
            except (EdgeError, EnteredAddressError) as err:
                return self._show_listening(self._session.request_problem(err))
        listening, self._listening = self._listening, None
        self.messages = once_each(await listening.finish()) if listening is not None else []
        return await self.pick(None)

    async def begin(self) -> ConfigFlowResult:
        """Connect the device, and ask the user to change something at it; raise EdgeError."""
        session = self._session
        self.close()
        listening = Listening(session.flow.hass, session.open)
        await session.run(listening.start())
        self._listening = listening
        return self._show_listening()

    def _show_listening(self, problem: Problem | None = None) -> ConfigFlowResult:
        url = self._listening.url if self._listening is not None else ""
        step = "describe_listen_url" if url else "describe_listen"
        return self._session.show(step, Schema({}), {}, problem, url=as_code(url))

    async def pick(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of the messages reports what was changed."""
        session = self._session
        if not self.messages:
            posts = session.open.draft.posts_to_entered_url
            return session.flow.async_show_menu(
                step_id="describe_silent_url" if posts else "describe_silent",
                menu_options=["describe_listen", *address_step(self._session), "describe_overview"],
            )
        if user_input is None:
            return session.show("describe_heard", picker_of(self.messages), NOTHING_YET)
        message = self.messages[int(user_input[CONF_MESSAGE])]
        session.hear(message)
        return await session.overview()


def picker_of(messages: Iterable[TrialAnswer]) -> Schema:
    """Return the form to pick one of some messages, by its place among them."""
    labels = map(label_of_message, messages)
    options = [SelectOptionDict(value=str(at), label=label) for at, label in enumerate(labels)]
    config = SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
    return Schema({Required(CONF_MESSAGE): SelectSelector(config)})
