"""The shop that the benchmark asks about: sizes as in the public scenario, texts ours.

Nine products, eleven reviews, six users; an answer to the heavy query is 87 KB.
"""

WORDS: list[str] = str.split(
    "the chair came two days late but in one piece and the legs are straight which is "
    "more than could be said of the last one we bought here and after a month of use "
    "nothing has come loose so that we would buy it again for the other rooms too "
)


REVIEW_LENGTHS = (445, 289, 275, 143, 445, 289, 275, 143, 143, 143, 844)
REVIEWED = ("1", "1", "1", "1", "2", "2", "2", "2", "3", "4", "4")
"""Which product each review is of."""


def text(length: int, start: int) -> str:
    """Write some words of exactly that length."""
    words = [WORDS[(start + n) % len(WORDS)] for n in range(length // 2)]
    return " ".join(words)[:length]


USERS = [
    {"id": str(n), "username": f"user-{n:05}", "name": f"Person Number {n}"}
    for n in range(1, 7)
]

PRODUCTS = [
    {"upc": upc, "name": name, "price": price, "weight": weight}
    for upc, name, price, weight in (
        ("1", "Table", 899, 100),
        ("2", "Couch", 1299, 1000),
        ("3", "Glass", 15, 20),
        ("4", "Chair", 499, 100),
        ("5", "Shelf", 1299, 1000),
        ("6", "Lamp", 6999, 300),
        ("7", "Grill", 3999, 2000),
        ("8", "Fridge", 100000, 6000),
        ("9", "Sofa", 9999, 800),
    )
]

REVIEWS = [
    {"id": str(n + 1), "body": text(length, n * 7), "upc": upc}
    for n, (length, upc) in enumerate(zip(REVIEW_LENGTHS, REVIEWED, strict=True))
]

IN_STOCK = {product["upc"]: number % 3 != 1 for number, product in enumerate(PRODUCTS)}
