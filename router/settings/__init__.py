"""router.yaml: what the router may be told, with Apollo Router's own keys."""

from router.settings.load import SettingsError, load_settings, read_settings
from router.settings.model import Settings

__all__ = ["Settings", "SettingsError", "load_settings", "read_settings"]
