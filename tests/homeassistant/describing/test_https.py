"""A device whose URL begins with https: its certificate is trusted once, if the user says so."""

from homeassistant.core import HomeAssistant
import pytest

from tests.edge.certificates import certificate
from tests.emulators.rest_switch import RestSwitchEmulator

from ..flow_steps import go_on
from ..tls_proxy import TlsProxy
from .dialog import GET, NO_LOGIN, choose, empty_form

pytestmark = pytest.mark.usefixtures("driver_files", "start_discovery")


async def test_a_certificate_is_trusted_only_if_the_user_says_so(
    hass: HomeAssistant, switch: RestSwitchEmulator
) -> None:
    first, second = certificate("first"), certificate("second")
    async with TlsProxy(switch.port, first) as proxy:
        url = {"host": f"https://127.0.0.1:{proxy.port}/switch", "path": "/"}
        flow = await empty_form(hass)
        flow = await go_on(hass, flow, **url, access=NO_LOGIN, request=GET)
        assert flow["step_id"] == "describe_certificate"
        assert proxy.heard == 0
        flow = await choose(hass, flow, "describe_where")
        schema = flow["data_schema"]
        assert schema is not None
        suggested = {str(key): key.description for key in schema.schema}
        assert suggested["path"] == {"suggested_value": "/switch"}
        flow = await go_on(hass, flow, **url, access=NO_LOGIN, request=GET)
        flow = await choose(hass, flow, "describe_trust")
        assert flow["step_id"] == "describe_answer"
        heard = proxy.heard
        assert heard > 0
        await proxy.show(second)
        flow = await choose(hass, flow, "describe_where")
        flow = await go_on(
            hass,
            flow,
            host="127.0.0.1",
            port=proxy.port,
            path="/switch",
            access={**NO_LOGIN, "ssl": True},
            request=GET,
        )
        assert flow["errors"] == {"base": "certificate"}
        assert proxy.heard == heard
