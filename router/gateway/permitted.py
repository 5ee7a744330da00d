"""What a request may not run at all: by its kind, or by who asks."""

from kit.errors import UnauthenticatedError
from kit.identity import Identity
from router.auth.visible import Visible
from router.gateway.admission import asks_for_dry_run
from router.gateway.asked import Asked
from router.gateway.refusals import RefusedError, refuse
from router.gateway.subscribing import refuse_subscription
from router.projection.project import write_problem
from router.settings.model import Settings

NOT_ALLOWED = 405
FORBIDDEN = 403


def refuse_kind(settings: Settings, kind: str, asked: Asked) -> None:
    """Let mutations pass by POST, and subscriptions where they can be read.

    Raises:
        RefusedError: this operation cannot be run by this request.

    """
    read_only, streaming = asked.read_only, asked.streaming
    if kind == "subscription":
        refuse_subscription(
            settings,
            accepted=(streaming is not None and streaming.subscriptions)
            or asks_for_dry_run(asked.headers),
        )
    if read_only and kind != "query":
        refusal = refuse(
            "GET runs queries only; send mutations and subscriptions by POST.",
            "METHOD_NOT_ALLOWED",
            status=NOT_ALLOWED,
        )
        refusal.headers = [(b"allow", b"POST")]
        raise refusal


def refuse_stranger(settings: Settings, visible: Visible, identity: Identity) -> None:
    """Refuse the whole operation: nothing is left of it, or settings say so.

    Raises:
        UnauthenticatedError: nobody is signed in, and all of it needs that.
        RefusedError: the caller may not see all of it.

    """
    if visible.nothing and not identity.authenticated:
        raise UnauthenticatedError("Sign in first: no token was sent")
    directives = settings.authorization.directives
    if directives.reject_unauthorized and not directives.dry_run:
        raise RefusedError(
            [write_problem(each, None) for each in visible.problems()],
            status=FORBIDDEN,
        )
