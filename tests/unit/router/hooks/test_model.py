"""What hooks hold in their hands behaves as they expect."""

from router.hooks.model import Answer, Message, Request, context


def test_headers_are_found_and_replaced_however_they_are_written() -> None:
    message = Message([("x-a", "1"), ("x-a", "2"), ("x-b", "3")])
    message.set_header("X-A", "4")
    assert message.headers == [("x-b", "3"), ("x-a", "4")]
    assert (message.header("X-a"), message.header("x-c")) == ("4", None)


def test_the_hooks_of_one_request_share_a_context() -> None:
    token = context.set({})
    Request([]).context["tenant"] = "a"
    assert Request([]).context == {"tenant": "a"}
    context.reset(token)
    assert Request([]).context == {}


def test_an_answer_with_errors_alone_has_no_data() -> None:
    assert (
        Answer(errors=[{"message": "No."}]).body() == b'{"errors":[{"message":"No."}]}'
    )
    assert Answer(extensions={"a": 1}).body() == b'{"data":null,"extensions":{"a":1}}'
