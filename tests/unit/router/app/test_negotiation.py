"""Which media type an Accept header gets."""

import pytest

from router.app.negotiation import ANY, GRAPHQL, PLAIN, Media, negotiate


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (b"", ANY),
        (b"  ", ANY),
        (b"*/*", ANY),
        (b"application/*", ANY),
        (b"application/json", PLAIN),
        (b"APPLICATION/JSON", PLAIN),
        (b"application/graphql-response+json", GRAPHQL),
        # As Apollo Client sends it.
        (b"application/graphql-response+json,application/json;q=0.9", GRAPHQL),
        (b"application/json;q=0.9,application/graphql-response+json;q=0.8", PLAIN),
        (b"text/html, */*;q=0.1", ANY),
        (b"text/html", None),
        (b"application/json;q=0", None),
        (b"application/json;q=none", None),
        (b"application/json;q=nan", None),
        (b"application/json;charset=utf-16", None),
        (b'application/json;charset="UTF-8"', PLAIN),
        (b";,;", None),
        # What is refused by name, no range brings back.
        (b"application/json;q=0, */*", GRAPHQL),
        (b"*/*;q=0.5, application/json;q=0", GRAPHQL),
        (b"application/*, application/graphql-response+json;q=0", ANY),
        (
            b"application/json;q=0,application/graphql-response+json;q=0.0,*/*",
            None,
        ),
        (b"\xff\x00", None),
    ],
)
def test_the_client_gets_what_it_likes_best(accept: bytes, media: Media | None) -> None:
    assert negotiate(accept) is media
