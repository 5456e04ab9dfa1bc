"""The login of a description that is sent on each new connection, with a device's parameters."""

import asyncio
from dataclasses import dataclass, field

from ...errors import CredentialsError, RefusedError
from ...sentences import said_by
from ...transports import Transport
from ..description import LoginExchange
from ..reading.received import received_of
from .built import built
from .plan import LoginPlan, Values


@dataclass(frozen=True)
class LoginSteps:
    """The `login` of a transport's options.

    Two are equal if they send the same, so that another text can take over a connection.
    """

    exchange: LoginExchange
    values: Values = field(repr=False)
    """The parameters that it sends."""
    plan: LoginPlan = field(repr=False, compare=False)

    async def __call__(self, io: Transport) -> None:
        """Log in; raise CredentialsError if the device refuses."""
        if not self.plan.is_possible(self.values):
            return
        for at, step in enumerate(self.plan.steps):
            if at and step.wait:
                await asyncio.sleep(step.wait)
            request, number = built(step, self.values, io)
            try:
                answer = await self.plan.talk.send(io, request, step, number)
            except RefusedError as err:
                raise CredentialsError(said_by(err)) from err
            refusal = None if answer is None else self.plan.refusal(received_of(answer))
            if refusal is not None:
                raise CredentialsError(refusal)


def login_steps(exchange: LoginExchange, plan: LoginPlan, values: Values) -> LoginSteps:
    """Return the login of a device whose parameters have these values."""
    return LoginSteps(exchange, {n: v for n, v in values.items() if n in plan.names}, plan)
