"""Doors that stayed shut."""

from typing import Final

from helpnest.demo.stories.story import Story

ACCESS: Final = (
    Story(
        title="Locked out after my holidays",
        text="I was away for two weeks and my password ran out in the meantime. The "
        "screen says to call the desk, so here I am, from a colleague's computer.",
        category="Sign-in",
        service="Workplace",
        by=("amina", "emma"),
        to="callum",
        path="work solve close",
        urgency="HIGH",
        channel="PHONE",
        effort=0.5,
        answer="Identity checked by phone, new password set; the reminder now comes "
        "ten days earlier.",
    ),
    Story(
        title="Second factor on a new phone",
        text="My old phone went into the canal. The new one does not know the codes, "
        "and every sign-in asks for one.",
        category="Sign-in",
        service="Workplace",
        by=("kofi",),
        to="femi",
        path="work wait:REQUESTER work solve close",
        urgency="HIGH",
        channel="PHONE",
        answer="Old phone removed, new one enrolled after a video call.",
        note="Needs to show the company badge on camera; called back tomorrow at 9.",
        tags=("security",),
    ),
    Story(
        title="Cannot open the folder of last year's audits",
        text="Since Monday the audit folder says that I have no rights. I had them all "
        "year, and the auditors come next week.",
        category="Permissions",
        service="Ledger (finance)",
        by=("clara",),
        to="aiko",
        path="work hand:joris work solve again solve close",
        impact="MEDIUM",
        answer="The clean-up of old groups took away one that was in use; it is back, "
        "and marked as in use.",
        note="Groups of the file server: yours rather than ours.",
    ),
    Story(
        title="Access to the drawing vault for our two trainees",
        text="Both start on Monday in the laboratory and should read drawings, not "
        "change them. Their manager is Mei.",
        category="Permissions",
        service="Drawing vault (engineering)",
        by=("tilda",),
        to="lucia",
        path="wait:APPROVAL work solve close",
        type="SERVICE_REQUEST",
        code="FULFILLED",
        answer="Read access for both, until the end of their placement.",
        note="Asked the vault's owner.",
    ),
    Story(
        title="Somebody signed in as me from a city I have never seen",
        text="A mail says there was a sign-in at 03:12. I was asleep. I changed my "
        "password at once, but please have a look.",
        category="Sign-in",
        service="E-mail and calendar",
        by=("yara",),
        to="marek",
        path="work solve close",
        impact="MEDIUM",
        urgency="HIGH",
        channel="EMAIL",
        effort=2,
        answer="All sessions ended. The address belongs to the hotel chain that the "
        "phone's mail app was last used in; no other sign of an intruder.",
        tags=("security",),
    ),
    Story(
        title="Leaver still on the finance mailing list",
        text="Piotr left at the end of last month and still gets our month-end mails.",
        category="Permissions",
        service="E-mail and calendar",
        by=("beatrice",),
        to="callum",
        path="work solve close",
        effort=1,
        answer="Removed there and from four other lists; the leavers' check list now "
        "names them.",
    ),
)
