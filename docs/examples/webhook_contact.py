"""Webhook contact: GET /contact, and POST /notify with the URL to which it posts each change."""

from lan_edge import CallbackRequest, ContactSensor, Driver, Http, Profile, UnreachableError


class WebhookContact(Driver[Http]):
    id = "webhook_contact"
    profile = Profile(ContactSensor)

    async def connected(self) -> None:
        try:
            url = await self.callback_url()
        except UnreachableError:
            return  # the hub cannot listen: polling continues
        await self.io.post("/notify", url)

    async def refresh(self) -> None:
        self.report(await self.io.get_text("/contact"))

    def on_callback(self, request: CallbackRequest) -> None:
        self.report(request.pairs().get("contact", ""))

    def report(self, word: str) -> None:
        self.emit_parsed(ContactSensor.contact, word)
