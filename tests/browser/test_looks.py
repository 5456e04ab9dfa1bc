"""That what is wrong with a page is seen."""

from playwright.async_api import Page

from .looks import flaws, on_a_phone

FLAWED = """
<my-card><template shadowrootmode=open>
  <p>component.lan_edge.entity.switch.name</p>
  <label>advertised_host</label>
  <ha-selector-text></ha-selector-text>
  <p>Served on port {used}</p>
  <p style="overflow: hidden; white-space: nowrap; width: 40px">A long name</p>
  <p style="width: 600px">A wide line</p>
  <p>Snapcast on music, 21.5 °C</p>
  <p hidden>a_hidden_key</p>
</template></my-card>
"""
FLAWS = [
    "a key: component.lan_edge.entity.switch.name",
    "a key: advertised_host",
    "a field without a name: ha-selector-text",
    "a key: Served on port {used}",
    "cut: A long name",
]


async def test_flaws_are_seen(page: Page) -> None:
    await page.set_content(FLAWED)
    assert await flaws(page) == FLAWS
    async with on_a_phone(page):
        assert await flaws(page) == [*FLAWS, "beyond the edge: A wide line"]
