"""Told contact: GET /contact, and POST /notify with the URL to post each change to."""

from lan_edge import CallbackRequest, ContactSensor, Driver, Http, Profile, UnreachableError


class ToldContact(Driver[Http]):
    id = "told_contact"
    profile = Profile(ContactSensor)

    async def connected(self) -> None:
        try:
            url = await self.callback_url()
        except UnreachableError:
            return  # the hub cannot listen: the poll remains
        await self.io.post("/notify", url)

    async def refresh(self) -> None:
        self.tell(await self.io.get_text("/contact"))

    def on_callback(self, request: CallbackRequest) -> None:
        self.tell(request.pairs().get("contact", ""))

    def tell(self, word: str) -> None:
        self.emit(ContactSensor.contact, ContactSensor.contact.parse(word))
