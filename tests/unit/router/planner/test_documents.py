from tests.support.planning import plan_of


def test_what_repeats_is_written_once_as_a_fragment() -> None:
    text = """{
      a: ticket { id title parent { id title parent { id title } } }
      b: ticket { id title parent { id title parent { id title } } }
    }"""
    document = plan_of("conditions", text).fetches[0].document

    assert document == (
        "{a:ticket{...F0} b:ticket{...F0}} "
        "fragment F0 on Ticket{id title parent{id title parent{id title}}}"
    )


def test_what_is_short_is_written_out() -> None:
    plan = plan_of("conditions", "{ a: ticket { id } b: ticket { id } }")

    assert plan.fetches[0].document == "{a:ticket{id} b:ticket{id}}"
