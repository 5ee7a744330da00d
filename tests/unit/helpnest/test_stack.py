"""What needs no database of the stack; tests/e2e runs all of it."""

import httpx

from helpnest.lifespan import Message, Receive, Send
from helpnest.stack import Entrance


async def test_the_entrance_leads_to_the_router_that_came_later() -> None:
    async def router(scope: Message, _: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    entrance = Entrance()
    transport = httpx.ASGITransport(entrance)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        entrance.app = router
        answer = await client.get("/graphql")
    assert (answer.status_code, answer.text) == (204, "/graphql")
