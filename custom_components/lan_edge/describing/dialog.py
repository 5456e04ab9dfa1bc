"""The first steps of describing a device: a draft, where it is, and by what it is read."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT, CONF_SSL
from homeassistant.core import callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from lan_edge import CredentialsError, EdgeError

from ..flows.entered_address import EnteredAddressError
from ..reporting.issues import DESCRIBING
from ..reporting.markdown import as_plain_text
from ..vol import Required, Schema
from .drafts import async_drafts, async_forget
from .get_body import GetBody
from .login_form import CONF_LOGIN_PATH, is_of_login, session_schema, suggested_login
from .message_form import CONF_TALKS, HTTP, TALKS_FIELD, way_of
from .request_form import (
    CONF_METHOD,
    CONF_PATH,
    REQUEST_SCHEMA,
    SECTION_ACCESS,
    SECTION_REQUEST,
    entered_request,
    has_login,
    is_by_session,
    is_https,
    suggested_request,
    suggested_where,
    take_where,
    where_schema,
    with_login_of_query,
    with_path_of_url,
)
from .sending_form import CONF_REQUEST, request_picker
from .session import DescribeSession, EnteredError, Problem

CONF_DRAFT, CONF_DELETE = "draft", "delete"
ANSWER = "answer"
"""The name of the request that is tried."""

type Listen = Callable[[], Awaitable[ConfigFlowResult]]


class DescribeDialog:
    """Asks where the device is and by what it is read."""

    def __init__(self, session: DescribeSession, listen: Listen) -> None:
        """Carry out the steps for the draft of `session`; `listen` hears what the device posts."""
        self._session = session
        self._listen = listen
        self._unsent: dict[str, Any] = {}
        """What was entered for where the device is, if nothing was sent there yet."""
        self._get_body = GetBody()
        self._changed = ""
        """The name of the request that is changed; empty: another one is added."""

    async def begin(self) -> ConfigFlowResult:
        """Offer ways to begin, and the drafts, if there are any."""
        flow = self._session.flow
        await self._session.begin()
        drafts = ["describe_draft"] if await async_drafts(flow.hass) else []
        options = [*drafts, "describe_talks", "described_import"]
        options += ["describe_curl", "describe_rest", "describe_openapi"]
        return flow.async_show_menu(
            step_id="describe",
            menu_options=options,
            description_placeholders={"docs": DESCRIBING},
        )

    @callback
    def ways(self) -> ConfigFlowResult:
        """Ask how the device talks."""
        schema = Schema({Required(CONF_TALKS): TALKS_FIELD})
        suggested = {CONF_TALKS: way_of(self._session.open)}
        return self._session.show("describe_talks", schema, suggested)

    async def pick_draft(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Let the user continue, or delete, a draft."""
        session = self._session
        drafts = await async_drafts(session.flow.hass)
        if user_input is not None and (draft := drafts.get(user_input[CONF_DRAFT])):
            if not user_input[CONF_DELETE]:
                session.open = draft
                return await session.overview()
            await async_forget(session.flow.hass, draft.id)
            return await self.begin()
        options = [
            SelectOptionDict(value=id_, label=as_plain_text(each.title))
            for id_, each in drafts.items()
        ]
        mode = SelectSelectorMode.LIST
        picker = SelectSelector(SelectSelectorConfig(options=options, mode=mode))
        schema = Schema(
            {Required(CONF_DRAFT): picker, Required(CONF_DELETE, default=False): BooleanSelector()}
        )
        return session.show("describe_draft", schema, {})

    async def begin_http(self, *, posts: bool) -> ConfigFlowResult:
        """Ask where the device is that talks by HTTP; if it `posts`, it may do only that."""
        self._session.posts = posts
        if self._session.open.draft.talks != HTTP:
            self._session.open.draft.talk(HTTP, {})
        return await self.where(None)

    async def where(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask where the device is and by what it is read, and try it."""
        session = self._session
        if user_input is None:
            path = "" if session.posts else "/"
            return self._ask_where(suggested_where(session.open, path) | self._unsent)
        user_input = with_login_of_query(with_path_of_url(user_input))
        self._unsent = {}
        if is_by_session(user_input):
            self._unsent = user_input
            return self._ask_session(suggested_login(session.open) | user_input[SECTION_ACCESS])
        if is_https(user_input) and not user_input[SECTION_ACCESS][CONF_SSL]:
            return self._show_certificate(user_input)
        try:
            if session.posts and not user_input.get(CONF_PATH, "").strip():
                take_where(session.open, user_input)
                return await self._listen()
            return await self._try_first(user_input)
        except (EdgeError, EnteredAddressError) as err:
            return self._show_where(user_input, err)

    async def _try_first(self, user_input: dict[str, Any]) -> ConfigFlowResult:
        """Take where the device is, and try the first request."""
        typed = {**user_input[SECTION_REQUEST], **user_input}
        if told := self._get_body.problem(typed):
            return self._ask_where(user_input, ({"base": told[CONF_METHOD]}, ""))
        request = entered_request(typed)
        take_where(self._session.open, user_input)
        return await self._try(request, next(iter(self._session.open.draft.requests), ""))

    async def log_in(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for the request that logs in; go on with where the device is."""
        if user_input is None:
            return self._ask_session(self._unsent[SECTION_ACCESS])
        entered = session_schema().schema
        access = {k: v for k, v in self._unsent[SECTION_ACCESS].items() if k not in entered}
        return await self.where({**self._unsent, SECTION_ACCESS: {**access, **user_input}})

    def _ask_session(
        self, suggested: Mapping[str, Any], problem: Problem | None = None
    ) -> ConfigFlowResult:
        texts = {"username": "{username}", "password": "{password}", "hashed": "{password:md5}"}
        return self._session.show("describe_login", session_schema(), suggested, problem, **texts)

    async def trust(self) -> ConfigFlowResult:
        """Continue with the certificate that the device shows first."""
        return await self.where(self._unsent)

    def _show_certificate(self, user_input: dict[str, Any]) -> ConfigFlowResult:
        """Ask whether to trust the certificate that the device will show: its URL is one of TLS."""
        access = {**user_input[SECTION_ACCESS], CONF_SSL: True}
        self._unsent = {**user_input, SECTION_ACCESS: access}
        return self._session.flow.async_show_menu(
            step_id="describe_certificate", menu_options=["describe_trust", "describe_where"]
        )

    def _show_where(self, user_input: dict[str, Any], error: EnteredError) -> ConfigFlowResult:
        errors, reason = self._session.request_problem(error)
        is_refused = isinstance(error, CredentialsError)
        if CONF_LOGIN_PATH in user_input[SECTION_ACCESS] and (is_refused or is_of_login(error)):
            self._unsent = user_input
            return self._ask_session(user_input[SECTION_ACCESS], (errors, reason))
        # a field in a section has no place for an error
        shown = {CONF_HOST, CONF_PORT, CONF_PATH}
        errors = {k if k in shown else "base": each for k, each in errors.items()}
        return self._ask_where(user_input, (errors, reason), is_refused=is_refused)

    def _ask_where(
        self,
        suggested: Mapping[str, Any],
        problem: Problem | None = None,
        *,
        is_refused: bool = False,
    ) -> ConfigFlowResult:
        schema = where_schema(
            self._session.open,
            is_access_open=is_refused or has_login(suggested),
            is_read=not self._session.posts,
        )
        step = "describe_posts" if self._session.posts else "describe_where"
        return self._session.show(step, schema, suggested, problem)

    async def another(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask for another request by which the device is read, and try it."""
        if user_input is None:
            self._changed = ""
        return await self._ask(user_input, {"get": "/"})

    async def change(self, user_input: dict[str, Any] | None) -> ConfigFlowResult:
        """Ask which of the requests is to be changed."""
        draft = self._session.open.draft
        if user_input is None:
            return self._session.show("describe_requests", request_picker(draft), {})
        self._changed = user_input[CONF_REQUEST]
        return await self._ask(None, draft.requests[self._changed])

    async def _ask(
        self, user_input: dict[str, Any] | None, known: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Ask for a request, and try it."""
        show = self._session.show
        if user_input is None:
            return show("describe_request", REQUEST_SCHEMA, suggested_request(known))
        if told := self._get_body.problem(user_input):
            return show("describe_request", REQUEST_SCHEMA, user_input, (told, ""))
        try:
            return await self._try(entered_request(user_input), self._changed)
        except (EdgeError, EnteredAddressError) as err:
            return show(
                "describe_request", REQUEST_SCHEMA, user_input, self._session.request_problem(err)
            )

    async def _try(self, request: dict[str, Any], name: str) -> ConfigFlowResult:
        session = self._session
        request = session.open.without_secrets(request)
        answers = await session.ask({ANSWER: request})
        draft, shown = session.open.draft, name
        if known := draft.requests.get(name):
            draft.change_request(name, entered_request(suggested_request(known)), request)
        else:
            shown = draft.ask(request, name)
        session.answers[shown] = answers[ANSWER]
        await session.keep()
        return await session.show_answer(shown)
