"""What a text must be like to be kept, and how Markdown becomes safe HTML."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt

from kit.errors import RejectedError
from subgraphs.comments.errors import CommentErrorCode as Code
from subgraphs.comments.models import LONGEST_BODY, LONGEST_REASON

LINE_BREAKS: Final = frozenset("\n\r\t")
UNWRITABLE: Final = frozenset({"Cc", "Cs"})
"""Unicode's control characters, and halves of pairs, which no UTF-8 can say."""

TAGS: Final = frozenset(
    {
        *("p", "br", "hr", "blockquote", "pre", "code", "em", "strong", "s", "a"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
)
"""What Markdown is made of; no image, which would tell its server who reads."""

ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES: Final = frozenset({"http", "https", "mailto"})
LINK: Final = re.compile(rf"(?:{'|'.join(sorted(SCHEMES))}):", re.IGNORECASE)
"""How a link begins; one without a scheme leads nowhere from a mail."""

MOST_CELLS: Final = LONGEST_BODY
"""In tables: more than can be written out; but a row that is shorter is filled up."""

LONGEST_HTML: Final = 250_000
"""Twelve times the longest body: more than texts, less than tables can become."""

UNSEEN: Final = frozenset("CZ")
"""Unicode's major categories of what leaves no trace: controls, formats, blanks."""


def refuse(code: Code, message: str, *path: str) -> RejectedError:
    """Make the refusal of one field of the input, or of the whole without a path."""
    return RejectedError(code, message, ("input", *path) if path else None)


def body_of(text: str) -> str:
    """Take what a comment says: it must say something.

    Raises:
        RejectedError: REQUIRED, TOO_LONG, or INVALID for control characters.

    """
    check(text, "body", LONGEST_BODY)
    if all(unicodedata.category(letter)[0] in UNSEEN for letter in text):
        raise refuse(Code.REQUIRED, "A comment must say something.", "body")
    return text


def reason_of(text: str | None) -> str | None:
    """Take why a comment is deleted; an empty reason counts as none.

    Raises:
        RejectedError: TOO_LONG, or INVALID for control characters.

    """
    found = (text or "").strip()
    check(found, "reason", LONGEST_REASON)
    return found or None


def check(text: str, name: str, longest: int) -> None:
    """Refuse a text that is too long or is not text.

    Raises:
        RejectedError: TOO_LONG or INVALID.

    """
    if len(text) > longest:
        raise refuse(
            Code.TOO_LONG,
            f"'{name}' has {len(text)} characters; at most {longest} fit.",
            name,
        )
    for letter in text:
        if unicodedata.category(letter) in UNWRITABLE and letter not in LINE_BREAKS:
            raise refuse(
                Code.INVALID,
                f"'{name}' contains the control character U+{ord(letter):04X}.",
                name,
            )


@lru_cache(1)
def markdown() -> MarkdownIt:
    """Make the reader of Markdown: CommonMark with tables; HTML is plain text.

    What links to anything else than a `SCHEMES` stays text.
    """
    reader = Reader("commonmark", {"html": False, "breaks": True})
    return reader.enable(["table", "strikethrough"]).disable("image")


class Reader(MarkdownIt):
    """One that asks us what a link is."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - its own name for it
        """Say whether this stays a link."""
        return is_link(url)


def is_link(target: str) -> bool:
    """Say whether a link may lead there.

    >>> is_link("HTTPS://example.com"), is_link("//example.com"), is_link("tel:1")
    (True, False, False)
    """
    return LINK.match(target) is not None


def cells_of(body: str) -> int:
    r"""Count at most so many cells as the tables of a text come to, before it is read.

    A table begins with the row under its header and ends with an empty line.

    >>> cells_of("|a|b|\n|-|-|\n|1|2|\n|3\n\nEnd"), cells_of("a | b\n- c")
    (6, 0)
    """
    total = columns = 0
    for each in body.split("\n"):
        if not each.strip(" \t\r>"):
            columns = 0
        elif columns == 0 and "|" in each and not each.strip(" \t\r>|:-+*"):
            columns = sum("-" in cell for cell in each.split("|"))
        total += columns
    return total


def html_of(body: str) -> str:
    """Write Markdown as HTML that no browser runs anything of.

    The reader takes HTML as text, and what it makes is sanitised as if it did not.

    >>> html_of("**Hello** <script>alert(1)</script>")
    '<p><strong>Hello</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>'

    Raises:
        RejectedError: TOO_LONG; a few rows of a table can be made to say a thousand
            times what they hold.

    """
    html = markdown().render(body) if cells_of(body) <= MOST_CELLS else None
    if html is None or len(html) > LONGEST_HTML:
        message = "'body' becomes too long as HTML: its tables have too many cells."
        raise refuse(Code.TOO_LONG, message, "body")
    return nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    ).strip()
