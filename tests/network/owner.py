"""The owner of vaults: what he does in Home Assistant's dialogs, told of as he is told."""

from tests.real.client import Client, Json, until

from .vault import PIN, Vault

FLOWS = "/api/config/config_entries/flow"
OPTIONS = "/api/config/config_entries/options/flow"


class Owner:
    """What he does; each returns when Home Assistant said that it is done."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def pair(self, vault: Vault) -> str:
        """Add a vault by its address and PIN; return the entry's id."""
        step = await self._begin(FLOWS, handler="lan_edge")
        step = await self._go_on(step, next_step_id="manual")
        where = {"host": vault.host, "port": vault.ports[0]}
        step = await self._let_in(step, "create_entry", {"driver": "vault", **where})
        entry_id: str = step["result"]["entry_id"]
        return entry_id

    async def log_in_again(self, entry_id: str) -> None:
        """Take the card of a vault that knows its token no more, once it is there."""

        async def card() -> Json | None:
            cards = await self._client.discovered()
            return next((c for c in cards if c["context"].get("entry_id") == entry_id), None)

        step = await until(card, "it asks for its login", 30)
        step = await self._let_in(step, "abort")
        assert step["reason"] == "reauth_successful", step

    async def move(self, entry_id: str, vault: Vault, port: int) -> None:
        """Type another address of a vault."""
        step = await self._begin(FLOWS, handler="lan_edge", entry_id=entry_id)
        step = await self._go_on(step, host=vault.host, port=port)
        assert step["reason"] == "reconfigure_successful", step

    async def light(self, entry_id: str, *, on: bool) -> None:
        """Set a vault's lamp, in its options."""
        step = await self._begin(OPTIONS, handler=entry_id)
        step = await self._go_on(step, OPTIONS, Lamp=on)
        assert step["type"] == "create_entry", step

    async def remove(self, entry_id: str) -> None:
        """Delete a vault."""
        await self._client.request("DELETE", f"/api/config/config_entries/entry/{entry_id}")

    async def _let_in(self, step: Json, end: str, told: Json | None = None) -> Json:
        step = await self._client.wait_out_flow(step["flow_id"], told)
        assert step["step_id"] == "pair_text", step
        step = await self._client.wait_out_flow(step["flow_id"], {"pin": PIN})
        assert step["type"] == end, step
        return step

    async def _begin(self, flows: str, **told: str) -> Json:
        step: Json = await self._client.request("POST", flows, told)
        return step

    async def _go_on(self, step: Json, flows: str = FLOWS, **told: object) -> Json:
        after: Json = await self._client.request("POST", f"{flows}/{step['flow_id']}", told)
        return after
