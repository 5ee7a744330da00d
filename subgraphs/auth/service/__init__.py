"""The verbs of signing in; those named here are for the outside."""

from subgraphs.auth.service.accounts import bootstrap_account
from subgraphs.auth.service.authority import Authority
from subgraphs.auth.service.keys import rotate_keys_now

__all__ = ["Authority", "bootstrap_account", "rotate_keys_now"]
