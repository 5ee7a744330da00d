from helpnest.demo.company import ADMIN, PEOPLE, PERSONS, SIGN_INS, TEAMS, UNITS
from helpnest.demo.stories import STORIES
from helpnest.demo.stories.story import CATEGORIES, SERVICES


def test_addresses_are_one_persons_each() -> None:
    emails = [person.email for person in PEOPLE]
    assert len(set(emails)) == len(emails) == 36
    assert all(email.isascii() and " " not in email for email in emails)


def test_everybody_comes_after_their_manager_and_every_unit_after_its_own() -> None:
    known: set[str] = set()
    for person in PEOPLE:
        assert person.manager is None or person.manager in known, person
        known.add(person.key)
    codes: set[str] = set()
    for unit in UNITS:
        assert unit.parent is None or unit.parent in codes, unit
        codes.add(unit.code)
    assert {person.unit for person in PEOPLE} <= codes


def test_heads_work_in_their_departments() -> None:
    assert all(PERSONS[unit.head].unit == unit.code for unit in UNITS)


def test_every_agent_is_in_one_team_that_works_and_nobody_who_left_in_any() -> None:
    working = [team for team in TEAMS if team.kind == "ASSIGNMENT"]
    members = sorted(key for team in working for key in team.members)
    agents = [person.key for person in PEOPLE if "agent" in person.roles]
    assert members == sorted(agents)
    everybody = {key for team in TEAMS for key in (team.lead, *team.members)}
    assert not any(PERSONS[key].left for key in everybody)
    names = [team.name for team in TEAMS]
    assert all(team.parent in {None, *names[:n]} for n, team in enumerate(TEAMS))


def test_whoever_signs_in_still_works_there() -> None:
    assert all(not PERSONS[key].left for key, _ in SIGN_INS)
    assert PERSONS[ADMIN].roles == ("requester", "admin")


def test_stories_happen_to_people_and_are_solved_by_agents() -> None:
    names = set(CATEGORIES) | {name for inner in CATEGORIES.values() for name in inner}
    for story in STORIES:
        assert set(story.by) <= set(PERSONS)
        hands = [word[5:] for word in story.path.split() if word.startswith("hand:")]
        for agent in (story.to, *hands):
            assert "agent" in PERSONS[agent].roles, (story.title, agent)
        assert story.category in names, story.title
        assert story.service in SERVICES, story.title


def test_no_story_is_told_twice() -> None:
    assert len({story.title for story in STORIES}) == len(STORIES)
