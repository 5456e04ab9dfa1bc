"""Sends what a description says: for a command, or with the parameters of the device."""

import asyncio
from dataclasses import replace
from typing import Any, ClassVar, override

from ...callbacks import Reporting
from ...capabilities.definition import Attribute
from ...capabilities.profile import MAIN
from ...driver.context import DriverContext
from ...driver.driver import Driver
from ...errors import UnsupportedError
from ...sentences import said
from ...transports import Transport
from ..reading.received import Received, received_of
from ..sending.ready import Ready, ReadyHttp
from .built import built
from .logins import login_query
from .parameters import parameter_values
from .plan import CommandPlan, Plan, Step, Values
from .toggles import Toggles

CALLBACK_URL = "callback_url"
"""The placeholder for the URL at which the device reaches the hub."""
IDENTITY = "identity"
"""The placeholder for the device's own id."""


class SendingDriver[IO: Transport](Driver[IO]):
    """What the drivers of all descriptions have to send."""

    plan: ClassVar[Plan]
    reporting: Reporting | None = None
    """Whether the device still posts, since it was connected."""

    @override
    def __init__(self, context: DriverContext) -> None:
        super().__init__(context)
        self.toggles = Toggles()

    async def carry_out(self, command: str, arguments: dict[str, Any]) -> None:
        """Send what a command requires of the present component, in order."""
        if (plan := self.plan.commands.get((self.component, command))) is None:
            words = t"the component {self.component} has nothing for {command}"
            raise UnsupportedError(said(words))
        if (toggle := plan.toggle) is None:
            await self._send_all(plan, arguments)
            return
        component = self.component
        await self.refresh()
        if not self.toggles.is_done(toggle, component, self.get(toggle.attribute, component)):
            with self.toggles.pressing(toggle, component, self.confirm_within):
                await self._send_all(plan, arguments)

    async def _send_all(self, plan: CommandPlan, arguments: dict[str, Any]) -> None:
        values = plan.values(arguments)
        values[IDENTITY] = self.identity.unique_id
        if self.settings is not None:
            values |= parameter_values(self.settings)
        if plan.is_called:
            values[CALLBACK_URL] = await self.callback_url()
        if self.reporting is not None:
            self.reporting.excuse()
        ready = [built(step, values, self.io) for step in plan.steps]  # all, before any is sent
        for at, (step, request) in enumerate(zip(plan.steps, ready, strict=True)):
            if at and step.wait:
                await asyncio.sleep(step.wait)
            answer = await self._sent(step, *request)
            if answer is not None and self.plan.refusals:
                self._fail_if_refused(received_of(answer))

    @override
    def emit[T](self, attribute: Attribute[T], value: T | None, component: str = MAIN) -> None:
        super().emit(attribute, value, component)
        self.toggles.shows(attribute, component, value)

    async def send(self, step: Step, more: Values) -> Received | None:
        """Send a step with the parameters and `more` values; return its answer, if it has one."""
        values = {**parameter_values(self.settings), **more}
        return await self.exchange(step, *built(step, values, self.io))

    async def exchange(self, step: Step, request: Ready, key: str | None) -> Received | None:
        """Send a request; return its answer, None if it has none.

        Raises RefusedError for an answer that is a refusal, CredentialsError for one of the login.
        """
        if (answer := await self._sent(step, request, key)) is None:
            return None
        received = received_of(answer)
        self._fail_if_refused(received)
        return received

    async def _sent(self, step: Step, request: Ready, key: str | None) -> Any:
        """Send a request; return its answer as it came."""
        plan = self.plan
        if plan.has_login_query and isinstance(request, ReadyHttp):
            query = login_query(plan.description, parameter_values(self.settings))
            request = replace(request, query={**request.query, **query})
        return await plan.talk.send(self.io, request, step, key)

    def _fail_if_refused(self, answer: Received) -> None:
        for refusal, error in self.plan.refusals:
            if (words := refusal(answer)) is not None:
                raise error(words)
