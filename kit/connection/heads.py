"""The lines of a head."""

RawHeaders = list[tuple[bytes, bytes]]
"""Headers as they came: names in lower case, in their order, some more than once."""


def header_lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    r"""Write headers, and never more of them than were given.

    >>> header_lines(((b"a", b"1"), (b"b", b"2\r\nc: 3")))
    b'a: 1\r\nb: 2  c: 3\r\n'
    """
    lines = b"".join([b"%s: %s\r\n" % pair for pair in headers])
    if lines.count(b"\n") == len(headers) == lines.count(b"\r"):
        return lines
    return b"".join(
        [b"%s: %s\r\n" % (one_line(name), one_line(value)) for name, value in headers]
    )


def one_line(text: bytes) -> bytes:
    """Replace line ends by blanks."""
    return text.replace(b"\r", b" ").replace(b"\n", b" ")
