"""How a device that was found, or named, is added: confirmed, asked who it is, and kept."""

from dataclasses import asdict, replace
from typing import Any, override
from uuid import uuid4

from homeassistant.config_entries import SOURCE_REAUTH, ConfigFlowResult
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import callback

from lan_edge import (
    Candidate,
    Device,
    EdgeError,
    Identity,
    Record,
    UnreachableError,
)

from ..const import (
    CONF_DRIVER,
    CONF_IDENTITY,
    CONF_RECORD,
    CONF_SECRETS,
    CONF_SEEN_AS,
)
from ..discovery.sightings import forget, known_entry, seen_at, tell_device
from ..reporting.markdown import placeholders
from ..runtime import async_domain_data, domain_data
from .change import ChangeFlow


class AddFlow(ChangeFlow):
    """A flow that can add the device `_found`."""

    _found: Candidate | None = None

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add the device that was found."""
        errors: dict[str, str] = {}
        found = self._newest()
        if user_input is not None:
            try:
                return await self._add(found)
            except EdgeError as err:
                errors["base"] = self.failed(err)
        return self._show_card(self._newest(), errors)

    def _show_card(self, found: Candidate, errors: dict[str, str]) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="confirm",
            errors=errors,
            description_placeholders=placeholders(
                name=self._name,
                driver=found.driver.name,
                address=str(found.match.address),
                reason=self._reason,
            ),
        )

    async def _add_asked(self, found: Candidate, device: Device) -> ConfigFlowResult:
        if told := device.identity.unique_id:
            found = Candidate(found.driver, replace(found.match, unique_id=told))
        else:
            found = seen_at(self.hass, found)
        if (entry := known_entry(self.hass, found)) is not None:
            tell_device(self.hass, entry, found)
            return self.async_abort(reason="already_configured")
        unique_id = found.match.unique_id or uuid4().hex
        await self.async_set_unique_id(unique_id, raise_on_progress=False)
        return self._create(found, device, unique_id)

    @override
    async def paired(self, device: Device) -> ConfigFlowResult:
        """Add the device, or store what it takes now."""
        if self.source == SOURCE_REAUTH:
            return await self.paired_again(device)
        found = self._found
        assert found is not None  # noqa: S101  # set before it was paired
        if not found.match.unique_id:
            return await self._add_asked(found, device)
        try:
            self._fail_if_moved(found)
        except EdgeError as err:
            return self._show_card(self._newest(), {"base": self.failed(err)})
        return self._create(found, device, found.match.unique_id)

    @property
    def _name(self) -> str:
        found = self._newest()
        return found.match.name or found.driver.name

    @callback
    def _newest(self) -> Candidate:
        """Return the device as it was seen last: it may have moved since the card appeared."""
        found = self._found
        assert found is not None  # noqa: S101  # set by the step before
        return domain_data(self.hass).latest.get(found.match.unique_id, found)

    async def _add(self, found: Candidate) -> ConfigFlowResult:
        if found.driver.pairs():
            self._found = found
            return await self.pair(await self._device_of(found), found.match.address)
        device = await self._ask(found)
        self._fail_if_moved(found)
        return self._create(found, device, found.match.unique_id)

    def _fail_if_moved(self, found: Candidate) -> None:
        """Raise UnreachableError if the device was seen elsewhere while it was asked.

        It may have been another one that answered, at an address that was the device's.
        """
        seen = self._newest().match
        if found.match.address.host not in {a.host for a in (seen.address, *seen.others)}:
            msg = f"it was seen at {seen.address} meanwhile"
            raise UnreachableError(msg)

    async def _device_of(self, found: Candidate) -> Device:
        """Return a handle on a candidate, with all that its sighting told."""
        seen = found.match
        known = Identity(seen.unique_id, seen.name, seen.manufacturer, seen.model)
        record = Record(known, fields=dict(seen.fields))
        runtime = (await async_domain_data(self.hass)).runtime
        return Device(found.driver, record, runtime=runtime)

    async def _ask(self, found: Candidate) -> Device:
        """Connect to a candidate once; return what it told; raise EdgeError."""
        device = await self._device_of(found)
        await device.check(found.match.address)
        return device

    async def _identified(self, found: Candidate) -> Candidate:
        """Return a candidate with the id that the device tells; raise EdgeError."""
        identity = (await self._ask(found)).identity
        name = found.match.name or identity.name
        told = replace(found.match, unique_id=identity.unique_id, name=name)
        return Candidate(found.driver, told)

    @callback
    def _create(self, found: Candidate, device: Device, unique_id: str) -> ConfigFlowResult:
        identity, record = device.identity, device.record.as_dict()
        name = identity.name or found.match.name or found.driver.name
        known = asdict(replace(identity, name=name, unique_id=unique_id))
        address = found.match.address
        forget(self.hass, found)
        return self.async_create_entry(
            title=name,
            data={
                CONF_DRIVER: found.driver.id,
                CONF_HOST: address.host,
                CONF_PORT: address.port,
                CONF_IDENTITY: known,
                CONF_SEEN_AS: found.match.unique_id,
                CONF_RECORD: {key: record[key] for key in ("profile", "fields", "pin")},
                CONF_SECRETS: dict(device.secrets),
            },
        )
