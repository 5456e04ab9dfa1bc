"""The conductor: plays the plan, on the devices and on Home Assistant."""

import asyncio
from contextlib import AsyncExitStack, suppress
from functools import partial
from operator import itemgetter
import time

from tests.real.client import RefusedError, until
from tests.real.isolated import ip

from ..lab import BRIDGE, MULTICAST
from ..resident import Resident
from .families import is_entered, lane_of
from .fleet import Fleet
from .forgeries import Forgery
from .forgers import Forger
from .house import AwayError, House
from .ledger import Command, Doubt, Ledger
from .logins import login_of
from .oddities import Oddities, Troubles
from .plan import Plan
from .quirks import QUIRKS
from .step import Step

IN_THE_WAY = (AwayError, RefusedError)
"""Home Assistant is being restarted, or does something else to the entry; what went wrong there
is in its log."""
HEARD = 180.0
"""Seconds in which a device is heard, also while Home Assistant starts or has no network; on a
busy machine, a restart takes a minute."""
TRIES = 60
"""Times that an entry is tried to be added again, a second apart."""
ADDED = {"create_entry", "already_configured"}


class Conductor:
    """Plays a plan; what comes of the commands is in the ledger."""

    def __init__(
        self, house: House, fleet: Resident[Fleet], forgers: list[Resident[Forger]], plan: Plan
    ) -> None:
        self.house = house
        self.fleet = fleet
        self.forgers = forgers
        self.families = plan.families
        self.plan = plan
        self.ledger = Ledger()
        self.began = 0.0
        self._unheard = set[int]()
        """Devices that announced themselves when Home Assistant could not hear it."""
        self._moving = set[int]()
        self._cable = True
        self.troubles = Troubles()
        self.oddities = Oddities(self)
        self._entries = [asyncio.Lock() for _ in plan.families]
        self._bodies = [asyncio.Lock() for _ in plan.families]
        """Held while a device has a fault: on a slow machine the next one has to wait."""

    async def play(self) -> None:
        """Do each step at its time; return when the last has ended."""
        self.began = start = time.monotonic()
        doings = [(step.at, str(step), partial(self._do, step)) for step in self.plan.steps]
        doings += [(each.at, str(each), partial(self._forge, each)) for each in self.plan.forged]
        async with asyncio.TaskGroup() as group:
            for at, name, do in sorted(doings, key=itemgetter(0)):
                await asyncio.sleep(start + at - time.monotonic())
                group.create_task(do(), name=name)
            await asyncio.sleep(start + self.plan.calm_at - time.monotonic())

    async def _forge(self, forgery: Forgery) -> None:
        if self._is_late_for(forgery):
            return
        genuine, _ = self.fleet.device.place(forgery.device)
        await self.forgers[forgery.forger].do(lambda forger: forger.forge(forgery, genuine))

    def _is_late_for(self, forgery: Forgery) -> bool:
        """Return whether a fault that had to wait still goes on, which was to have ended."""
        if self.families[forgery.device].login or not forgery.leads_astray:
            return False
        is_copied = forgery.what == "mimic"
        is_ill = self._bodies[forgery.device].locked() or self.house.is_away
        return forgery.device in self._moving or (is_copied and is_ill)

    async def add(self, *devices: int) -> None:
        """Add devices by their discovery cards, some at a time."""
        few = asyncio.Semaphore(8)

        async def one(device: int) -> None:
            async with few:
                await self._add(device)

        await asyncio.gather(*map(one, devices))

    async def remove(self, *devices: int) -> None:
        """Remove the entries of devices."""
        for device in devices:
            await self.house.ask("remove", device=self._id(device))

    async def _add(self, device: int) -> None:
        """Add a device; try again where it is not to be reached."""
        told = ""
        for _ in range(TRIES):
            with suppress(*IN_THE_WAY):
                if (told := await self._added(device)) in ADDED:
                    return
            await asyncio.sleep(1)
            await until(self._is_home, "Home Assistant is there", HEARD)
        raise TimeoutError(f"device {device} could not be added: {told}")

    async def _added(self, device: int) -> str:
        """Have a card confirmed, or an address entered; return what came of it.

        One that is entered is not known by its id until it has confirmed that.
        """
        found, family = self.fleet.device.sighting(device), self.families[device]
        if not is_entered(family, device):
            login = login_of(family, device)
            return str(await self.house.ask("sight", found=found, login=login))
        told = str(await self.house.ask("enter", found=found))
        if told == found["unique_id"]:
            return "create_entry"
        if not told:
            await self.house.ask("sight", found=found, login=None)
        return told

    async def command(self, device: int, number: int) -> Command:
        """Give a command and write down what becomes of it."""
        family = self.families[device]
        value = family.value(number, lane_of(device))
        service, data = family.act(value)
        was = self.fleet.device.bodies[device].value
        command = Command(device, number, value, time.monotonic(), was)
        self.ledger.open(command)
        params = self.entity_of(device)
        try:
            told = await self.house.ask("act", **params, service=service, data=data)
            command.outcome, command.text = told["outcome"], told.get("text", "")
        except AwayError:
            command.outcome = "cut"
        except TimeoutError:
            command.text = "Home Assistant did not answer"
        command.ended = time.monotonic()
        return command

    async def _do(self, step: Step) -> None:
        match step.what:
            case "command":
                await self.command(step.device, step.number)
            case "change":
                self.ledger.changes += 1
                value = self.families[step.device].value(step.number, lane_of(step.device))
                await self.fleet.do(lambda fleet: fleet.become(step.device, value))
            case "clock":
                with suppress(*IN_THE_WAY):
                    await self._clock(step)
            case "home" | "pull" | "reload" | "remove":
                with suppress(*IN_THE_WAY), self.troubles.trouble(step.device):
                    await getattr(self, f"_{step.what}")(step)
            case what if what in QUIRKS:
                async with self._bodies[step.device]:
                    await self.oddities.play(step)
            case _:
                await self._suffer(step)

    async def _suffer(self, step: Step) -> None:
        involved = {step.device, step.other} if step.what == "swap" else {step.device}
        async with AsyncExitStack() as held:
            for device in sorted(involved):
                await held.enter_async_context(self._bodies[device])
            if step.what == "swap":  # that two are away must be noticed
                await until(self._is_home, "Home Assistant is there", HEARD)
            if step.what in {"swap", "move"}:
                self._moving |= involved
                held.callback(self._moving.difference_update, involved)
            start = time.monotonic()
            announced = set(await self.fleet.do(lambda fleet: fleet.suffer(step)))
            await self._heard(announced)
            if step.what == "swap":
                await until(lambda: self._has_heard(announced), "a swap is heard of", HEARD)
                await self.fleet.do(lambda fleet: fleet.let_in(step))
        blind = self.families[step.device].blind
        if step.what == "lie" or blind:
            doubt = Doubt(start, time.monotonic(), whole=blind)
            self.ledger.doubts.setdefault(step.device, []).append(doubt)

    async def _is_home(self) -> bool:
        return not self.house.is_away

    async def _has_heard(self, devices: set[int]) -> bool:
        return not devices & self._unheard

    async def _heard(self, devices: set[int]) -> None:
        """Have devices say that they are there, now or as soon as that can be heard."""
        self._unheard |= devices
        await self._announce()

    async def _home(self, _step: Step) -> None:
        await self.house.restart()
        await self._heard(set(range(len(self.families))))  # it searches at its start

    async def _pull(self, step: Step) -> None:
        self._cable = False
        ip(f"link set {BRIDGE} down")
        await asyncio.sleep(step.seconds)
        ip(f"link set {BRIDGE} up")
        ip(f"route replace {MULTICAST} dev {BRIDGE}")
        self._cable = True
        await self._announce()

    async def _clock(self, step: Step) -> None:
        await self.house.ask("clock", shift=step.number)
        await asyncio.sleep(step.seconds)
        await self.house.ask("clock", shift=0)

    async def _reload(self, step: Step) -> None:
        async with self._entries[step.device]:
            await self.house.ask("reload", device=self._id(step.device))

    async def _remove(self, step: Step) -> None:
        async with self._entries[step.device]:
            try:
                await self.house.ask("remove", device=self._id(step.device))
            finally:
                await self._add(step.device)

    async def _announce(self) -> None:
        """Have those tell where they are that could not be heard yet."""
        while self._cable and self._unheard:
            device = self._unheard.pop()
            found = self.fleet.device.sighting(device)
            try:
                with suppress(RefusedError):
                    await self.house.ask("sight", found=found, login=None)
            except AwayError:
                self._unheard.add(device)
                return

    def entity_of(self, device: int) -> dict[str, str]:
        """Return what the witness knows the entity of a device by that has its value."""
        family = self.families[device]
        return {"device": self._id(device), "domain": family.domain, "entity": family.entity}

    def _id(self, device: int) -> str:
        return self.fleet.device.bodies[device].unique_id
