"""What the demo company's desk promises: its hours, its holidays, and how soon."""

from datetime import datetime
from typing import Final

from helpnest.demo.graph import Graph

WORKING_DAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY")
EVERY_DAY: Final = (*WORKING_DAYS, "SATURDAY", "SUNDAY")

HOLIDAYS: Final = (
    ("01-01", "New Year's Day", None),
    ("12-24", "Christmas Eve", ("08:00", "12:00")),
    ("12-25", "Christmas Day", None),
    ("12-26", "Boxing Day", None),
    ("12-31", "New Year's Eve", ("08:00", "12:00")),
)
YEARS: Final = 3
"""For so many years are they entered, the one before included."""

CALENDARS: Final = {
    "Service desk": (WORKING_DAYS, "08:00", "18:00", True),
    "Around the clock": (EVERY_DAY, "00:00", "24:00", False),
}
ZONE: Final = "Europe/London"

PRIORITIES: Final = ("CRITICAL", "HIGH", "MODERATE", "LOW", "PLANNING")
POLICIES: Final[dict[str, tuple[str, dict[str, object], dict[str, str]]]] = {
    "What stops the company": (
        "Around the clock",
        {"appliesTo": ["INCIDENT"]},
        {
            "FIRST_RESPONSE": "PT15M . . . .",
            "RESOLUTION": "PT4H . . . .",
            "UPDATE": "PT1H . . . .",
        },
    ),
    "Incidents": (
        "Service desk",
        {"appliesTo": ["INCIDENT"], "pauseOn": ["REQUESTER", "VENDOR"]},
        {
            "FIRST_RESPONSE": ". PT1H PT4H PT10H PT10H",
            "RESOLUTION": ". PT8H PT30H PT50H PT100H",
        },
    ),
    "Service requests": (
        "Service desk",
        {
            "appliesTo": ["SERVICE_REQUEST"],
            "pauseOn": ["REQUESTER", "VENDOR", "APPROVAL"],
            "escalates": False,
        },
        {
            "FIRST_RESPONSE": "PT1H PT2H PT10H PT10H PT20H",
            "RESOLUTION": "PT10H PT20H PT50H PT100H PT200H",
        },
    ),
}
"""By name: the calendar, whom it fits, and for each target a goal for each priority."""


async def promise(graph: Graph, now: datetime) -> None:
    """Make the calendars, and the policies that count by them."""
    made: dict[str, str] = {}
    for name, (days, opens, closes, rests) in CALENDARS.items():
        given = {
            "name": name,
            "timeZone": ZONE,
            "hours": [
                {"day": day, "opensAt": opens, "closesAt": closes} for day in days
            ],
            "holidays": holidays_around(now.year) if rests else [],
        }
        payload = await graph.write(
            "createBusinessCalendar", given, "calendar { id }", f"calendar:{name}"
        )
        made[name] = payload["calendar"]["id"]
    for name, (calendar, fits, goals) in POLICIES.items():
        given = {
            "name": name,
            "calendarId": made[calendar],
            "goals": [
                {"target": target, "priority": priority, "within": within}
                for target, row in goals.items()
                for priority, within in zip(PRIORITIES, row.split(), strict=True)
                if within != "."
            ],
            **fits,
        }
        await graph.write("createSlaPolicy", given, "policy { id }", f"policy:{name}")


def holidays_around(year: int) -> list[dict[str, object]]:
    """Name the holidays of the year before, of this one, and of the next."""
    return [
        {
            "date": f"{each}-{day}",
            "name": name,
            "hours": [{"opensAt": hours[0], "closesAt": hours[1]}] if hours else [],
        }
        for each in range(year - 1, year - 1 + YEARS)
        for day, name, hours in HOLIDAYS
    ]
