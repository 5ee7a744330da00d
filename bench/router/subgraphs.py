"""The four subgraphs in one process: ``/accounts /inventory /products /reviews``.

Each answer is worked out once by graphql-core and then kept by the request's bytes:
the data never changes, and what is to be measured is the gateway. ``/count`` tells
how many requests came, and starts again at nought.
"""

import sys
from typing import Any

import orjson
import uvicorn
from graphql import GraphQLSchema, build_schema, graphql_sync

from bench.router.data import IN_STOCK, PRODUCTS, REVIEWS, USERS

ENTITIES = "scalar _Any union _Entity = {} extend type Query {{ {} }}"
MANY = "_entities(representations: [_Any!]!): [_Entity]!"

SDL = {
    "accounts": """
        type Query { me: User user(id: ID!): User users: [User] }
        type User { id: ID! name: String username: String birthday: Int }
    """
    + ENTITIES.format("User", MANY),
    "inventory": """
        type Query { _none: Int }
        type Product { upc: String! weight: Int price: Int inStock: Boolean
                       shippingEstimate: Int }
    """
    + ENTITIES.format("Product", MANY),
    "products": """
        type Query { topProducts(first: Int = 5): [Product] }
        type Product { upc: String! name: String price: Int weight: Int }
    """
    + ENTITIES.format("Product", MANY),
    "reviews": """
        type Query { _none: Int }
        type Review { id: ID! body: String product: Product author: User }
        type User { id: ID! username: String reviews: [Review] }
        type Product { upc: String! reviews: [Review] }
    """
    + ENTITIES.format("User | Product | Review", MANY),
}

Json = dict[str, Any]


def user_of_reviews(user_id: str) -> Json:
    """Show a user as the reviews know them: the first two reviews are theirs."""
    return {
        "__typename": "User",
        "id": user_id,
        "username": USERS[0]["username"],
        "reviews": lambda _: [review_of(each) for each in REVIEWS[:2]],
    }


def product_of_reviews(upc: str) -> Json:
    """Show a product as the reviews know it."""
    return {
        "__typename": "Product",
        "upc": upc,
        "reviews": lambda _: [
            review_of(each) for each in REVIEWS if each["upc"] == upc
        ],
    }


def review_of(review: Json) -> Json:
    """Show a review with its links."""
    return {
        "__typename": "Review",
        "id": review["id"],
        "body": review["body"],
        "product": lambda _: product_of_reviews(review["upc"]),
        "author": lambda _: user_of_reviews("1"),
    }


def shipping(representation: Json) -> int | None:
    """Estimate as the scenario does: free above a price, else half the weight."""
    price, weight = representation.get("price"), representation.get("weight")
    if price is not None and price > 1000:
        return 0
    return None if weight is None else weight // 2


def entity(service: str, asked: Json) -> Json:
    """Find what a representation stands for."""
    if service == "accounts":
        known = next(user for user in USERS if user["id"] == asked["id"])
        return {"__typename": "User", **known}
    if service == "products":
        known = next(each for each in PRODUCTS if each["upc"] == asked["upc"])
        return {"__typename": "Product", **known}
    if service == "inventory":
        stock = {"inStock": IN_STOCK[asked["upc"]], "shippingEstimate": shipping(asked)}
        return {"__typename": "Product", "upc": asked["upc"], **stock}
    if asked["__typename"] == "User":
        return user_of_reviews(asked["id"])
    return product_of_reviews(asked["upc"])


def root_of(service: str) -> Json:
    """Give a subgraph's root value."""
    return {
        "me": USERS[0],
        "users": USERS,
        "user": lambda _, id: next(u for u in USERS if u["id"] == id),  # noqa: A006
        "topProducts": lambda _, first: PRODUCTS[:first],
        "_entities": lambda _, representations: [
            entity(service, each) for each in representations
        ],
    }


SCHEMAS: dict[str, GraphQLSchema] = {
    name: build_schema(sdl) for name, sdl in SDL.items()
}
ANSWERS: dict[tuple[str, bytes], bytes] = {}
COUNT = {"requests": 0}


def answer(service: str, body: bytes) -> bytes:
    """Answer one request, from memory if it came before."""
    COUNT["requests"] += 1
    known = ANSWERS.get((service, body))
    if known is None:
        request = orjson.loads(body)
        result = graphql_sync(
            SCHEMAS[service],
            request["query"],
            root_of(service),
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        known = ANSWERS[service, body] = orjson.dumps(result.formatted)
    return known


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer over HTTP."""
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    service = scope["path"].strip("/")
    if service == "count":
        found = orjson.dumps(COUNT)
        COUNT["requests"] = 0
    else:
        found = answer(service, body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(found)),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": found})


if __name__ == "__main__":
    uvicorn.run(
        app,
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        lifespan="off",
        access_log=False,
        log_level="warning",
    )
