"""Programs, and what they did instead."""

from typing import Final

from helpnest.demo.stories.story import Story

SOFTWARE: Final = (
    Story(
        title="Ledger rounds the tax of foreign invoices wrongly",
        text="Invoices in kroner are one \u00f8re off, always up. Three suppliers have "
        "complained. I correct them by hand.",
        category="Ledger",
        service="Ledger (finance)",
        by=("clara",),
        to="lucia",
        path="work wait:VENDOR work solve again wait:VENDOR",
        impact="MEDIUM",
        urgency="HIGH",
        effort=9,
        code="WORKAROUND",
        answer="A posting rule corrects the difference until the maker's next release.",
        note="The maker has confirmed the fault.",
        tags=("month end",),
    ),
    Story(
        title="Month-end report stops at 73 percent",
        text="It stops, no message. Yesterday it ran through. We close the books "
        "tomorrow at noon.",
        category="Ledger",
        service="Ledger (finance)",
        by=("beatrice", "owen"),
        to="joris",
        path="work solve close",
        impact="MEDIUM",
        urgency="HIGH",
        channel="PHONE",
        effort=2,
        answer="The disk of the report server was full of last year's reports; made "
        "room, and an alarm at 80 percent.",
        tags=("month end",),
    ),
    Story(
        title="Order desk shows prices of last year",
        text="For three articles of the new catalogue. Two quotations went out with "
        "them.",
        category="Order desk",
        service="Order desk (sales)",
        by=("marcus",),
        to="callum",
        path="work hand:lucia work solve close",
        impact="MEDIUM",
        urgency="HIGH",
        effort=3,
        answer="The price list was loaded before it was released; loaded again, and "
        "the order of both steps is fixed now.",
        note="The desk cannot load price lists.",
    ),
    Story(
        title="Drawing opens without its dimensions",
        text="Drawing 20-118 opens fine for Heidi; with me all dimensions are missing. "
        "Same version, we compared.",
        category="Design",
        service="Drawing vault (engineering)",
        by=("sunniva",),
        to="aiko",
        path="work wait:REQUESTER work solve close",
        effort=4,
        answer="A hidden layer in the personal settings; shown again.",
        note="Could you send the file \u201csettings.lay\u201d from your home folder?",
    ),
    Story(
        title="Calendar invites arrive an hour late",
        text="All meetings from the Madrid office are shown an hour later than they "
        "are. I missed two.",
        category="Office",
        service="E-mail and calendar",
        by=("diego", "rafael"),
        to="femi",
        path="work solve close",
        effort=2,
        answer="The time zone of the account was that of London; set to where the "
        "person works.",
    ),
    Story(
        title="Mail with a large drawing does not go out",
        text="40 megabytes, to a customer. It sits in the outbox.",
        category="Office",
        service="E-mail and calendar",
        by=("arjun",),
        to="callum",
        path="work solve close",
        urgency="LOW",
        effort=1,
        code="ANSWERED",
        answer="Mails carry 25 megabytes; sent as a link from the vault instead, and "
        "shown how.",
    ),
    Story(
        title="Spreadsheet forgets its macros",
        text="The planning sheet asks whether to trust it each morning, and the "
        "buttons are grey even if I say yes.",
        category="Office",
        service="Workplace",
        by=("gudrun",),
        to="femi",
        path="work solve again solve close",
        effort=3,
        answer="The sheet lies in a trusted place now.",
    ),
    Story(
        title="Order desk is slow since this morning",
        text="Each click takes ten seconds. All four of us.",
        category="Order desk",
        service="Order desk (sales)",
        by=("yara",),
        to="joris",
        path="work",
        impact="MEDIUM",
        urgency="HIGH",
        channel="CHAT",
        effort=2,
    ),
    Story(
        title="Ledger: wrong cost centre in the proposals",
        text="New orders of the laboratory are proposed for the cost centre of "
        "engineering.",
        category="Ledger",
        service="Ledger (finance)",
        by=("owen",),
        to="lucia",
        path="",
        urgency="LOW",
    ),
)
