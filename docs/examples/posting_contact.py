"""Posting contact: posts `contact open` to the hub's port 39500, which is fixed."""

from lan_edge import CallbackRequest, ContactSensor, Driver, Http, Profile


class PostingContact(Driver[Http]):
    id = "posting_contact"
    profile = Profile(ContactSensor)
    callback_by_address = True

    async def refresh(self) -> None:
        self.report(await self.io.get_text("/contact"))

    def on_callback(self, request: CallbackRequest) -> None:
        self.report(request.pairs().get("contact", ""))

    def report(self, word: str) -> None:
        self.emit_parsed(ContactSensor.contact, word)
