"""The verbs of signing in; `bootstrap_account` and `Authority` are for the outside."""

from subgraphs.auth.service.accounts import bootstrap_account
from subgraphs.auth.service.authority import Authority

__all__ = ["Authority", "bootstrap_account"]
