"""The same three queries without a router: one function each, written by hand.

It has the router's client and JSON library and uvicorn for a server, and knows the
queries before they come: no parsing, no plan, no checks, no errors.
`bench.router.yardstick_short` is the same on the router's own server.
``DEDUPLICATE=1`` shares identical requests that are on their way, as the router does.
"""

import asyncio
import os
import sys
from typing import Any

import orjson
import uvicorn

from router.executor.transport.over_http import HttpTransport

Json = dict[str, Any]

SUBGRAPHS = "http://127.0.0.1:4200"
SHARE = os.environ.get("DEDUPLICATE") == "1"  # noqa: TID251 - a script of its own

TRANSPORTS: dict[str, HttpTransport] = {}
UNDER_WAY: dict[tuple[str, bytes], asyncio.Future[bytes]] = {}


async def send(service: str, body: bytes) -> bytes:
    """Ask a subgraph within three seconds."""
    async with asyncio.timeout(3):
        return (await TRANSPORTS[service].send(body, ())).body


async def shared(service: str, body: bytes) -> bytes:
    """Ask, or wait for who asks the same."""
    known = UNDER_WAY.get((service, body))
    if known is not None:
        return await known
    promise = asyncio.get_running_loop().create_future()
    UNDER_WAY[service, body] = promise
    try:
        found = await send(service, body)
        promise.set_result(found)
        return found
    finally:
        del UNDER_WAY[service, body]


async def ask(service: str, query: str, variables: Json | None = None) -> Json:
    """Ask a subgraph and read its data."""
    body = orjson.dumps({"query": query, "variables": variables or {}})
    found = await (shared(service, body) if SHARE else send(service, body))
    return orjson.loads(found)["data"]


ENTITIES = "query($r:[_Any!]!){_entities(representations:$r){%s}}"
USERS = "{users{id username name}}"
TOP = "{topProducts{upc name price weight}}"
OPINIONS = (
    "query($u:[_Any!]!,$p:[_Any!]!){u:_entities(representations:$u){...on User{reviews"
    "{id body product{upc reviews{id body author{id username reviews{id body product"
    "{upc}}}}}}}}p:_entities(representations:$p){...on Product{reviews{id body author"
    "{id username reviews{id body product{upc}}}}}}}"
)
STOCK = ENTITIES % "...on Product{inStock}"
SHIPPING = ENTITIES % "...on Product{shippingEstimate}"
WARE = ENTITIES % "...on Product{name price weight}"
NAME = ENTITIES % "...on User{name}"


async def entities(service: str, query: str, shown: list[Json]) -> list[Json]:
    """Ask for entities."""
    return (await ask(service, query, {"r": shown}))["_entities"]


def products(upcs: Any, known: dict[str, Json] | None = None) -> list[Json]:
    """Show products to a subgraph."""
    if known is None:
        return [{"__typename": "Product", "upc": upc} for upc in upcs]
    return [
        {
            "__typename": "Product",
            "upc": upc,
            "price": known[upc]["price"],
            "weight": known[upc]["weight"],
        }
        for upc in upcs
    ]


async def heavy(_: Json) -> Json:  # noqa: C901 - one plan by hand, all of it here
    """Answer the heavy query in seven requests."""
    accounts, shop = await asyncio.gather(ask("accounts", USERS), ask("products", TOP))
    users, top = accounts["users"], shop["topProducts"]
    opinions = await ask(
        "reviews",
        OPINIONS,
        {
            "u": [{"__typename": "User", "id": user["id"]} for user in users],
            "p": products([each["upc"] for each in top]),
        },
    )
    wares = {each["upc"]: each for each in top}
    missing: dict[str, None] = {}
    people: dict[str, None] = {}

    def note(reviews: list[Json]) -> None:
        for review in reviews:
            author = review["author"]
            people[author["id"]] = None
            for inner in author["reviews"]:
                if inner["product"]["upc"] not in wares:
                    missing[inner["product"]["upc"]] = None

    for found in opinions["u"]:
        for review in found["reviews"]:
            if review["product"]["upc"] not in wares:
                missing[review["product"]["upc"]] = None
            note(review["product"]["reviews"])
    for found in opinions["p"]:
        note(found["reviews"])

    upcs = [*wares, *missing]

    async def ware() -> list[Json]:
        found = await entities("products", WARE, products(upcs))
        wares.update(zip(upcs, found, strict=True))
        return await entities("inventory", SHIPPING, products(upcs, wares))

    stock, shipping, names = await asyncio.gather(
        entities("inventory", STOCK, products(upcs)),
        ware(),
        entities("accounts", NAME, [{"__typename": "User", "id": i} for i in people]),
    )
    shown = {
        upc: {
            "inStock": stock[n]["inStock"],
            "name": wares[upc]["name"],
            "price": wares[upc]["price"],
            "shippingEstimate": shipping[n]["shippingEstimate"],
            "upc": upc,
            "weight": wares[upc]["weight"],
        }
        for n, upc in enumerate(upcs)
    }
    name = {user: found["name"] for user, found in zip(people, names, strict=True)}

    def project(reviews: list[Json]) -> list[Json]:
        return [
            {
                "id": review["id"],
                "body": review["body"],
                "author": {
                    "id": author["id"],
                    "username": author["username"],
                    "name": name[author["id"]],
                    "reviews": [
                        {
                            "id": inner["id"],
                            "body": inner["body"],
                            "product": shown[inner["product"]["upc"]],
                        }
                        for inner in author["reviews"]
                    ],
                },
            }
            for review in reviews
            for author in [review["author"]]
        ]

    return {
        "users": [
            {
                **user,
                "reviews": [
                    {
                        "id": review["id"],
                        "body": review["body"],
                        "product": {
                            **shown[review["product"]["upc"]],
                            "reviews": project(review["product"]["reviews"]),
                        },
                    }
                    for review in found["reviews"]
                ],
            }
            for user, found in zip(users, opinions["u"], strict=True)
        ],
        "topProducts": [
            {**shown[each["upc"]], "reviews": project(found["reviews"])}
            for each, found in zip(top, opinions["p"], strict=True)
        ],
    }


USER = "query($id:ID!){user(id:$id){id name}}"
READ = ENTITIES % ("...on User{reviews{product{upc reviews{body author{id}}}}}")
PRICED = ENTITIES % "...on Product{name price weight}"


async def varied(variables: Json) -> Json:
    """Answer the query of five dependent requests."""
    user = (await ask("accounts", USER, variables))["user"]
    shown = [{"__typename": "User", "id": user["id"]}]
    reviews = (await entities("reviews", READ, shown))[0]["reviews"]
    upcs = list(dict.fromkeys(review["product"]["upc"] for review in reviews))
    people = list(
        dict.fromkeys(
            inner["author"]["id"]
            for review in reviews
            for inner in review["product"]["reviews"]
        )
    )

    async def ware() -> tuple[Json, Json]:
        found = await entities("products", PRICED, products(upcs))
        wares = dict(zip(upcs, found, strict=True))
        shipping = await entities("inventory", SHIPPING, products(upcs, wares))
        return wares, dict(zip(upcs, shipping, strict=True))

    (wares, shipping), names = await asyncio.gather(
        ware(),
        entities("accounts", NAME, [{"__typename": "User", "id": i} for i in people]),
    )
    name = {person: found["name"] for person, found in zip(people, names, strict=True)}
    return {
        "user": {
            "name": user["name"],
            "reviews": [
                {
                    "product": {
                        "name": wares[product["upc"]]["name"],
                        "shippingEstimate": shipping[product["upc"]][
                            "shippingEstimate"
                        ],
                        "reviews": [
                            {
                                "body": inner["body"],
                                "author": {"name": name[inner["author"]["id"]]},
                            }
                            for inner in product["reviews"]
                        ],
                    }
                }
                for review in reviews
                for product in [review["product"]]
            ],
        }
    }


async def tiny(_: Json) -> Json:
    """Answer the query of one request."""
    return await ask("accounts", "{me{id name}}")


QUERIES = {"Heavy": heavy, "Varied": varied, "Tiny": tiny}


async def app(scope: Any, receive: Any, send_message: Any) -> None:
    """Answer over HTTP."""
    if scope["type"] != "http":
        return
    request = orjson.loads((await receive())["body"])
    if not TRANSPORTS:
        for name in ("accounts", "inventory", "products", "reviews"):
            TRANSPORTS[name] = HttpTransport(f"{SUBGRAPHS}/{name}")
    data = await QUERIES[request["operationName"]](request.get("variables") or {})
    body = orjson.dumps({"data": data})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
    ]
    await send_message(
        {"type": "http.response.start", "status": 200, "headers": headers}
    )
    await send_message({"type": "http.response.body", "body": body})


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
