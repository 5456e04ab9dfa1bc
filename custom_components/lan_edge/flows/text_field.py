"""The form fields for a text of many lines."""

from homeassistant.helpers.selector import TemplateSelector, TextSelector, TextSelectorConfig

from ..vol import Optional, Schema

TEXT_FIELD = TextSelector(TextSelectorConfig(multiline=True))


class ShownTextSelector(TemplateSelector):
    """A text that is only copied, with the numbers of its lines and a button that copies it.

    It is the frontend's editor for templates: in one that can be changed, it warns of YAML.
    """

    CONFIG_SCHEMA = Schema({Optional("read_only"): bool, Optional("preview"): bool})

    def __init__(self) -> None:
        """Have the text shown as it is: it is no template whose result could be previewed."""
        self.config = self.CONFIG_SCHEMA({"read_only": True, "preview": False})
