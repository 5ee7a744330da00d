"""The large company is the same each time, and hangs together."""

from helpnest.demo.large.organisation import AGENTS_OF_A_GROUP, GROUPS, PEOPLE, organise


def test_it_is_the_same_each_time() -> None:
    assert organise(300, 12) == organise(300, 12)


def test_it_has_the_size_that_is_promised() -> None:
    company = organise()
    assert (len(company.people), len(company.teams)) == (PEOPLE, GROUPS)
    assert len({each.email for each in company.people}) == PEOPLE
    assert len({team.name for team in company.teams}) == GROUPS


def test_everybody_sits_in_a_department_and_reports_upwards_within_it() -> None:
    company = organise(800, 24)
    codes = {code for code, _, _ in company.departments}
    for number, each in enumerate(company.people):
        assert each.department in codes
        if each.manager is not None:
            assert each.manager < number
            assert company.people[each.manager].department == each.department


def test_departments_come_after_the_one_above_them() -> None:
    seen = {"MARLOW", "SALES"}
    for code, _, above in organise(10, 1).departments:
        assert above in seen
        seen.add(code)


def test_each_agent_is_in_one_group_and_nobody_else_is() -> None:
    company = organise()
    members = [seat for team in company.teams for seat in team.members]
    assert len(members) == len(set(members)) == GROUPS * AGENTS_OF_A_GROUP
    agents = {n for n, each in enumerate(company.people) if each.agent}
    assert set(members) == agents
