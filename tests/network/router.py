"""A router in Home Assistant, which knows every device of the network and controls none."""

from collections.abc import Collection
import json
from pathlib import Path
import shutil

from tests.real.client import FLOW, Client
from tests.real.process import REPOSITORY

COMPONENT = Path(__file__).with_name("router_component.py")
MANIFEST = {
    "domain": "router",
    "name": "Router",
    "codeowners": [],
    "config_flow": True,
    "dependencies": [],
    "documentation": "https://github.com/lan-edge/lan-edge",
    "integration_type": "hub",
    "iot_class": "local_polling",
    "requirements": [],
    "version": "0.0.0",
}


def install(config: Path) -> None:
    """Put the router's integration beside ours, before Home Assistant starts."""
    custom = config / "custom_components"
    (custom / "router").mkdir(parents=True)
    (custom / "lan_edge").symlink_to(REPOSITORY / "custom_components/lan_edge")
    shutil.copy(COMPONENT, custom / "router/__init__.py")
    (custom / "router/config_flow.py").write_text("from . import RouterFlow as RouterFlow\n")
    (custom / "router/manifest.json").write_text(json.dumps(MANIFEST))


async def add(client: Client, macs: Collection[str]) -> None:
    """Add the router, with the MAC addresses of its clients."""
    step = await client.request("POST", FLOW, {"handler": "router"})
    step = await client.continue_flow(step["flow_id"], {"clients": [*macs]})
    assert step["type"] == "create_entry", step
