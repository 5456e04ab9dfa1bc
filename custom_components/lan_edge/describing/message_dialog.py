"""The steps for a device that talks by messages: where it is, and what it is asked."""

from collections.abc import Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult

from lan_edge import CredentialsError, EdgeError

from ..flows.entered_address import EnteredAddressError
from ..reporting.blank import async_filled
from ..runtime import async_load_domain_data, domain_data
from .framing_form import is_bytes_in
from .heard_dialog import NOTHING_YET, HeardDialog, address_step, picker_of
from .message_form import (
    CONF_MESSAGE,
    LINES,
    MESSAGE_SCHEMA,
    address_schema,
    entered_message,
    has_login,
    suggested_address,
    suggested_message,
    take_address,
    way_of,
)
from .sending_form import CONF_REQUEST, request_picker
from .session import DescribeSession, EnteredError, Problem
from .shown import answer_block, once_each

ANSWER = "answer"
"""The name of the request that is tried."""
MAX_HEARD_SHOWN = 5
"""The most messages of a device that are shown below its answer."""
LOGIN_PLACEHOLDERS = ("{username}", "{password}")
"""Those for the login, in texts about its message."""


class MessageDialog:
    """Asks where the device is and what it is asked, and shows what it answers."""

    def __init__(self, session: DescribeSession) -> None:
        """Carry out the steps for the draft of `session`."""
        self._session = session
        self._way = ""
        """How the device talks, as the user has chosen."""
        self._shown = ""
        """The name of the request whose answer is shown; empty: it was asked for nothing."""
        self._changed = ""
        """The name of the request that is changed; empty: another one is added."""
        self.heard = HeardDialog(session)

    async def begin(self, way: str) -> ConfigFlowResult:
        """Ask where the device is that talks in a way."""
        self._way = way
        await async_load_domain_data(self._session.flow.hass)
        return await self.address(None)

    async def address(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask where the device is and what it is asked first, and try it."""
        session = self._session
        way = self._way = self._way or way_of(session.open)
        if user_input is None:
            return self._show_address(suggested_address(session.open, way))
        talked = session.open.draft.talks, session.open.draft.is_bytes
        try:
            take_address(session.open, way, user_input)
            if talked != (session.open.draft.talks, session.open.draft.is_bytes):
                session.answers.clear()
            if not user_input.get(CONF_MESSAGE, "").strip():
                return await self.heard.begin()
            name = next(iter(session.open.draft.requests), "")
            return await self._try(user_input, name)
        except (EdgeError, EnteredAddressError) as err:
            return self._show_address(user_input, err)

    def _show_address(
        self, suggested: Mapping[str, Any], error: EnteredError | None = None
    ) -> ConfigFlowResult:
        session = self._session
        problem = session.request_problem(error) if error is not None else None
        is_refused = isinstance(error, CredentialsError)
        is_open = is_refused or has_login(suggested)
        schema = address_schema(session.open, self._way, is_access_open=is_open)
        if problem is not None:  # a field in a section has no place for an error
            errors = {k if k in schema.schema else "base": each for k, each in problem[0].items()}
            problem = errors, problem[1]
        return session.show(
            "describe_address",
            schema,
            suggested,
            problem,
            **session.typing_of(is_bytes=is_bytes_in(self._way, suggested)),
            username=LOGIN_PLACEHOLDERS[0],
            password=LOGIN_PLACEHOLDERS[1],
            port=str(self._listener_port),
        )

    @property
    def _listener_port(self) -> int:
        """The port to which devices connect by themselves."""
        listener = domain_data(self._session.flow.hass).runtime.listener
        return listener.port or listener.settings.port

    async def another(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for another message by which the device is read, and try it."""
        if user_input is None:
            self._changed = ""
            return self._show_message({})
        try:
            return await self._try(user_input, self._changed)
        except (EdgeError, EnteredAddressError) as err:
            return self._show_message(user_input, self._session.request_problem(err))

    async def change(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of the messages that ask for values is to be changed, and to what."""
        draft = self._session.open.draft
        if user_input is None:
            return self._session.show("describe_requests", request_picker(draft), {})
        self._changed = user_input[CONF_REQUEST]
        return self._show_message(suggested_message(draft.requests[self._changed]))

    def _show_message(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        session = self._session
        return session.show(
            "describe_message", MESSAGE_SCHEMA, suggested, problem, **session.typing
        )

    async def _try(self, user_input: Mapping[str, Any], name: str) -> ConfigFlowResult:
        session, draft = self._session, self._session.open.draft
        sending = session.open.without_secrets(entered_message(draft, user_input))
        draft.note_number(sending)
        answers = await session.ask({ANSWER: sending})
        if known := draft.requests.get(name):
            before = entered_message(draft, suggested_message(known))
            draft.change_request(name, before, sending)
            self._shown = name
        else:
            self._shown = draft.ask(sending, name)
        session.answers[self._shown] = answers[ANSWER]
        await session.keep()
        return await self.received()

    async def received(self) -> ConfigFlowResult:
        """Show what the device answered, and what it sent by itself."""
        session = self._session
        answer = session.answers.get(self._shown)
        heard = self.heard.messages = once_each(session.heard)
        blocks = [answer_block(each) for each in heard[-MAX_HEARD_SHOWN:]]
        if answer is not None:
            session.put_first(self._shown)
        texts = {
            "answer": answer_block(answer) if answer is not None else "",
            "count": await session.count_of(answer),
            "heard": "\n".join(blocks),
        }
        return session.flow.async_show_menu(
            step_id="describe_received",
            menu_options=[
                "describe_add",
                *session.several,
                *(["describe_heard"] if heard else []),
                *(["describe_answered_by"] if self._may_be_another else []),
                *(["describe_greeting"] if self._may_have_greeted else []),
                "describe_listen",
                *self._again,
                "describe_overview",
                *session.finish,
            ],
            description_placeholders=await async_filled(session.flow.hass, texts, nothing=texts),
        )

    @property
    def _again(self) -> list[str]:
        """The step that changes what was asked."""
        is_first = self._shown == next(iter(self._session.open.draft.requests), "")
        return address_step(self._session) if is_first else ["describe_requests"]

    @property
    def _may_have_greeted(self) -> bool:
        """Whether the answer may be what the device says first on each connection."""
        draft = self._session.open.draft
        return bool(
            draft.talks == LINES and self.heard.messages and self._shown and not draft.greeting
        )

    @property
    def _may_be_another(self) -> bool:
        """Whether the device may have sent something by itself before it answered."""
        is_numbered = self._session.open.draft.is_numbered
        return bool(self.heard.messages and self._shown and not is_numbered)

    async def answered_by(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of what the device sent is the answer, and ask the device again."""
        session, draft = self._session, self._session.open.draft
        if user_input is None:
            return self._show_answers(NOTHING_YET)
        picked = self.heard.messages[int(user_input[CONF_MESSAGE])]
        others = [each for each in self.heard.messages if each is not picked]
        before = dict(draft.messages)
        draft.answer_with(self._shown, picked, [session.answers[self._shown], *others])
        try:
            answers = await session.ask({self._shown: draft.requests[self._shown]})
        except (EdgeError, EnteredAddressError) as err:
            draft.messages = before
            return self._show_answers(user_input, session.request_problem(err))
        session.answers |= answers
        await session.keep()
        return await self.received()

    def _show_answers(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        schema = picker_of(self.heard.messages)
        return self._session.show("describe_answered_by", schema, suggested, problem)

    async def greeted(self) -> ConfigFlowResult:
        """Take the answer for what the device says first on each connection, and ask again."""
        session, draft = self._session, self._session.open.draft
        draft.greet(session.answers[self._shown].text)
        try:
            answers = await session.ask({self._shown: draft.requests[self._shown]})
        except (EdgeError, EnteredAddressError) as err:
            draft.greet("")
            return self._show_address(suggested_address(session.open, self._way), err)
        session.answers |= answers
        await session.keep()
        return await self.received()
