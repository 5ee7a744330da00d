"""What travels through air and wire, or does not."""

from typing import Final

from helpnest.demo.stories.story import Story

NETWORK: Final = (
    Story(
        title="No Wi-Fi in hall 2",
        text="All hand scanners are offline since half past six. The office side "
        "works. We are writing goods receipts on paper.",
        category="Wi-Fi",
        service="Network and remote access",
        by=("samuel",),
        to="callum",
        path="hand:marek work solve close",
        impact="HIGH",
        urgency="HIGH",
        channel="PHONE",
        effort=1,
        answer="A fork lift had pulled the power of the access points' switch; plugged "
        "in, and the cable moved behind the rail.",
        note="Seven of seven access points in hall 2 are dark: infrastructure.",
        tags=("hall 2", "outage"),
    ),
    Story(
        title="Hand scanners drop out near gate 3",
        text="Walk ten steps past gate 3 and the scanner has no network, walk back and "
        "it works. It has been so since the new racking.",
        category="Wi-Fi",
        service="Network and remote access",
        by=("vera",),
        to="joris",
        path="work wait:CHANGE work solve",
        impact="MEDIUM",
        effort=10,
        answer="One more access point above gate 3.",
        note="The racking shadows the signal; an access point is ordered.",
        tags=("hall 2",),
    ),
    Story(
        title="Add an access point above gate 3",
        text="Cabling on Saturday morning, no work in the hall. Way back: leave it "
        "unplugged.",
        category="Wi-Fi",
        service="Network and remote access",
        by=("joris",),
        to="joris",
        path="wait:APPROVAL work solve close",
        type="CHANGE",
        impact="LOW",
        urgency="LOW",
        code="DONE",
        effort=10,
        answer="Mounted, measured, in the plan of the hall.",
        tags=("hall 2",),
    ),
    Story(
        title="VPN asks for my code again and again",
        text="It takes the code, thinks for a minute, and asks anew. From the office's "
        "guest Wi-Fi the same.",
        category="VPN",
        service="Network and remote access",
        by=("diego", "emma"),
        to="lucia",
        path="work wait:EVIDENCE work solve close",
        urgency="HIGH",
        channel="EMAIL",
        effort=3,
        answer="The laptop's clock was four minutes slow, so that every code was an "
        "old one; it now follows the network's.",
        note="Please send the log after the next failure: menu Help, Collect logs.",
    ),
    Story(
        title="Video calls freeze in the afternoon",
        text="Between two and four, customers see a still picture of me. In the "
        "mornings all is well.",
        category="Internet",
        service="Network and remote access",
        by=("hanna", "kofi"),
        to="joris",
        path="work wait:PROBLEM work solve close",
        impact="MEDIUM",
        effort=8,
        answer="The backup to the second site ran in office hours; it starts at 20:00 "
        "now.",
        note="Same hours as the traffic to the second site; see the problem record.",
    ),
    Story(
        title="Line to the second site is full every afternoon",
        text="Several tickets about calls that freeze. Find out what fills the line.",
        category="Internet",
        service="Network and remote access",
        by=("marek",),
        to="joris",
        path="work solve close",
        type="PROBLEM",
        impact="MEDIUM",
        code="FIXED",
        effort=14,
        answer="The nightly backup had grown into the day; schedule and limit changed.",
    ),
    Story(
        title="Guest Wi-Fi for the customer audit on Thursday",
        text="Six visitors, one day, meeting room North.",
        category="Wi-Fi",
        service="Network and remote access",
        by=("mei", "yara"),
        to="aiko",
        path="work solve close",
        type="SERVICE_REQUEST",
        code="FULFILLED",
        urgency="LOW",
        effort=2,
        answer="Six vouchers, good for Thursday, left at the reception.",
    ),
)
