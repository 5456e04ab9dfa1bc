"""The config flow: its steps, each carried out by one of the dialogs in flows/."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigFlow, ConfigFlowResult, OptionsFlow
from homeassistant.core import async_get_hass, callback
from homeassistant.data_entry_flow import AbortFlow
from homeassistant.helpers.service_info.dhcp import DhcpServiceInfo
from homeassistant.helpers.service_info.ssdp import SsdpServiceInfo
from homeassistant.helpers.service_info.zeroconf import ZeroconfServiceInfo

from lan_edge import dhcp_sighting, mac_address

from .const import CONF_DRIVER, DOMAIN
from .describing.options_flow import DescribedOptionsFlow, is_described
from .describing.steps import DescribeSteps
from .discovery.new_devices import candidate_of
from .discovery.routing import handle_known_mac
from .discovery.sightings import mdns_sighting, ssdp_sighting
from .driver_files.first import async_add_entry_for_files
from .flows.add import AddDialog
from .flows.asked import AskedDialog
from .flows.change import ReconfigureDialog, begin_reauth, reauth
from .flows.description_text import DescriptionTextSteps
from .flows.device_options import has_settings
from .flows.enter import EnterDialog
from .flows.offer import logged_reason
from .flows.pairing import PairingDialog
from .flows.removed import aborts_if_removed
from .flows.search import CONF_DEVICES, SearchDialog
from .flows.service_options import ServiceOptionsFlow
from .runtime import async_load_domain_data
from .service_entry import SERVICE_ID, SERVICE_TITLE, is_service, service_entry


class LanEdgeConfigFlow(DescribeSteps, DescriptionTextSteps, ConfigFlow, domain=DOMAIN):
    """The flow for the devices of all drivers."""

    VERSION, MINOR_VERSION = 1, 2
    described_back = "describe"

    def __init__(self) -> None:
        """Create the dialogs that the steps share."""
        self._pairing = PairingDialog(self)
        self._asked = AskedDialog(self)
        self._add = AddDialog(self, self._asked, self._pairing)
        self._enter = EnterDialog(self, self._add, self._asked, self._pairing)
        self._search = SearchDialog(self)
        self.begin_description(self._enter)
        self._reconfigure = ReconfigureDialog(self)

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry[Any]) -> OptionsFlow:
        """Return the options flow."""
        return ServiceOptionsFlow() if is_service(config_entry) else DescribedOptionsFlow()

    @classmethod
    @callback
    @override
    def async_supports_options_flow(cls, config_entry: ConfigEntry[Any]) -> bool:
        """Return whether there is anything to configure: not for a device without settings."""
        hass = async_get_hass()
        return is_service(config_entry) or (
            has_settings(hass, config_entry) or is_described(hass, config_entry)
        )

    @override
    @callback
    def async_remove(self) -> None:
        """End what is still running when the flow is closed: a pairing, a search or a trial."""
        self._pairing.close()
        self._search.close()
        self.close_description()
        super().async_remove()

    # discovery

    @override
    async def async_step_zeroconf(self, discovery_info: ZeroconfServiceInfo) -> ConfigFlowResult:
        """Handle a device that was discovered by mDNS."""
        return await self._add.discovered(mdns_sighting(discovery_info))

    @override
    async def async_step_ssdp(self, discovery_info: SsdpServiceInfo) -> ConfigFlowResult:
        """Handle a device that was discovered by SSDP."""
        own = (await async_load_domain_data(self.hass)).registry.hosts.own
        return await self._add.discovered(ssdp_sighting(discovery_info, own))

    @override
    async def async_step_dhcp(self, discovery_info: DhcpServiceInfo) -> ConfigFlowResult:
        """Handle a device that requested an address: a new one, or one of ours that has moved."""
        mac = mac_address(discovery_info.macaddress)
        if handle_known_mac(self.hass, mac, discovery_info.ip):
            with logged_reason(f"dhcp at {discovery_info.ip}"):
                raise AbortFlow(reason="already_configured")
        sighting = dhcp_sighting(discovery_info.ip, mac, discovery_info.hostname)
        return await self._add.discovered(sighting)

    @override
    async def async_step_integration_discovery(
        self, discovery_info: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Handle a device that was discovered by our own searches."""
        registry = (await async_load_domain_data(self.hass)).registry
        return await self._add.offer(candidate_of(registry, discovery_info))

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add a device."""
        return await self._add.confirm(user_input)

    async_step_confirm_core = async_step_confirm
    async_step_confirm_cloud = async_step_confirm
    async_step_confirm_key = async_step_confirm

    # started by the user

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user search for devices, or enter an address; go on with a kind that is known."""
        await async_add_entry_for_files(self.hass)
        if user_input is not None:
            return await self._enter.begin_with(user_input[CONF_DRIVER])
        menu_options = ["search", "manual", "describe"]
        if service_entry(self.hass) is None:
            menu_options.append("system")
        return self.async_show_menu(step_id="user", menu_options=menu_options)

    async def async_step_system(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Create the entry of LAN Edge itself, which searches in the background."""
        await self.async_set_unique_id(SERVICE_ID)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=SERVICE_TITLE, data={})

    async_step_import = async_step_system

    async def async_step_search(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Search, and list what is discovered."""
        return await self._search.show_progress()

    async def async_step_nothing(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show that no new device was discovered."""
        return self._search.show_nothing()

    async_step_nothing_with_taken = async_step_nothing

    async def async_step_pick(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user pick some of the devices that were discovered."""
        if user_input is None:
            return self._search.show_found()
        match user_input.get(CONF_DEVICES, []):
            case []:
                return self.async_abort(reason="none_picked")
            case [unique_id]:
                await self.async_set_unique_id(unique_id, raise_on_progress=False)
                self._abort_if_unique_id_configured()
                return await self._add.add_picked(unique_id)
            case several:
                return self._search.show_adding(several)

    async_step_pick_with_taken = async_step_pick

    async def async_step_adding(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Wait until the devices that the user has picked are added."""
        return self._search.show_adding()

    async def async_step_added(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show which of them were added."""
        return self._search.show_added()

    async def async_step_manual(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Let the user enter an address."""
        return await self._enter.enter_address(user_input)

    @override
    async def async_step_described_saved(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on with the address of a device by the description that was saved."""
        return await self._enter.begin_with(self._description.id)

    async def async_step_described_device(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of a device of a kind that is known."""
        return await self._enter.enter_known(user_input)

    async def async_step_shared(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Warn that another integration controls the device."""
        return await self._add.shared.confirm(user_input)

    async def async_step_enter_url(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the URL that is entered in the device."""
        return await self._add.url.confirm(user_input)

    @aborts_if_removed
    async def async_step_asked(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the settings that the driver needs first."""
        return await self._asked.enter(user_input)

    async_step_reauth_asked = async_step_asked

    # pairing

    @aborts_if_removed
    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Wait for the driver."""
        return self._pairing.show_progress()

    @aborts_if_removed
    async def async_step_pair_press(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the user to do something at the device."""
        return await self._pairing.ask(user_input)

    @aborts_if_removed
    async def async_step_pair_text(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a PIN, a password or a token."""
        return await self._pairing.ask(user_input)

    @aborts_if_removed
    async def async_step_pair_choice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for one or several options."""
        return await self._pairing.ask(user_input)

    @aborts_if_removed
    async def async_step_paired(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Continue with the paired device."""
        return await self._pairing.finish()

    @aborts_if_removed
    async def async_step_pair_failed(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show why the pairing failed."""
        return await self._pairing.show_failure(user_input)

    # devices that have an entry

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Handle a device that no longer accepts its login."""
        return await self.async_step_reauth_confirm()

    @aborts_if_removed
    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to log in again, then pair the device."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return await begin_reauth(self, entry)
        return await reauth(self, entry, self._asked, self._pairing)

    @aborts_if_removed
    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Move a device to another address."""
        entry = self._get_reconfigure_entry()
        if is_service(entry):  # the frontend offers it for each entry
            return self.async_abort(reason="no_address")
        return await self._reconfigure.enter_address(entry, user_input)

    @aborts_if_removed
    async def async_step_new_identity(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Have the entry stand for a device that has got another id."""
        return await self._reconfigure.confirm_new(self._get_reconfigure_entry(), user_input)
