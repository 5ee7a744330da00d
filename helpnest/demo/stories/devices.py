"""Things that hum, beep, or ought to."""

from typing import Final

from helpnest.demo.stories.story import Story

DEVICES: Final = (
    Story(
        title="Label printer in the warehouse prints every second label",
        text="It prints one, skips one, and beeps. We put a fresh roll in and cleaned "
        "the rubber. Forty parcels are waiting.",
        category="Printer",
        service="Workplace",
        by=("dario",),
        to="femi",
        path="work wait:VENDOR work solve close",
        impact="MEDIUM",
        urgency="HIGH",
        channel="PHONE",
        effort=6,
        answer="The sensor of the gap was covered with glue; the supplier's technician "
        "replaced it.",
        note="Spare printer from the office set up in the meantime.",
        fields={"assetTag": "P-0117", "site": "Second site"},
    ),
    Story(
        title="Laptop shuts down when it is moved",
        text="As soon as I lift it, it is off. On the desk it runs all day. The "
        "battery is three years old.",
        category="Computer",
        service="Workplace",
        by=("arjun",),
        to="callum",
        path="work wait:VENDOR work solve close",
        effort=8,
        answer="A loose battery connector, mended under guarantee; lent a spare "
        "laptop for three days.",
    ),
    Story(
        title="Docking station does not see the second screen",
        text="The left screen stays black since the update this morning. Cables "
        "swapped, same thing.",
        category="Computer",
        service="Workplace",
        by=("ruth", "marcus", "noor"),
        to="aiko",
        path="work solve close",
        effort=3,
        answer="New firmware for the dock; it now comes with the monthly update.",
    ),
    Story(
        title="Bench 4 loses its zero every hour",
        text="The calibration bench drifts by two digits after an hour. We restart it "
        "between customers, but this cannot go on: every certificate has to be "
        "checked twice.",
        category="Measuring bench",
        service="Calibration benches",
        by=("bogdan",),
        to="lucia",
        path="work wait:EVIDENCE work hand:joris wait:VENDOR work solve again solve",
        impact="HIGH",
        urgency="MEDIUM",
        effort=9,
        answer="The power supply of the reference was failing as it grew warm; "
        "replaced, and measured over a weekend.",
        note="Left a logger on the reference voltage overnight.",
        fields={"assetTag": "B-0004"},
        tags=("laboratory",),
    ),
    Story(
        title="Bench 4 drifts: what is behind it",
        text="Three benches of the same year have shown drift within six months. Find "
        "out whether the reference supplies age faster than their maker says.",
        category="Measuring bench",
        service="Calibration benches",
        by=("mei",),
        to="lucia",
        path="work wait:VENDOR",
        type="PROBLEM",
        impact="MEDIUM",
        urgency="LOW",
        effort=12,
        note="Two used supplies sent to the maker for a report.",
        tags=("laboratory",),
    ),
    Story(
        title="Desk phone rings with nobody there",
        text="Several times a day, for about two seconds. It began with the new "
        "extension.",
        category="Phone",
        service="Workplace",
        by=("vera",),
        to="femi",
        path="work wait:REQUESTER drop",
        urgency="LOW",
        effort=5,
        note="Which extension shows on the display when it happens?",
    ),
    Story(
        title="Scanner saves everything upside down",
        text="All pages come out on their heads since it was moved next to the window.",
        category="Printer",
        service="Workplace",
        by=("leon",),
        to="callum",
        path="work solve close",
        urgency="LOW",
        effort=1,
        answer="The tray was put in the other way round. No fault of the sun.",
    ),
    Story(
        title="Keyboard with a stuck letter",
        text="The letter e comes twice or not at all, which makes for strange mails.",
        category="Computer",
        service="Workplace",
        by=("heidi", "jonas"),
        to="femi",
        path="work solve close",
        urgency="LOW",
        effort=2,
        code="REPLACED",
        answer="New keyboard from stock.",
    ),
)
