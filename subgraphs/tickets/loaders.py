"""How reads are batched, for one request and one caller.

Whatever finds a ticket goes through `Loaders.visible`, so that no path shows one that
the caller may not see.
"""

from asyncio import Future, ensure_future
from collections.abc import Awaitable, Callable, Hashable
from functools import cached_property, partial
from typing import Any

from aiodataloader import DataLoader
from asyncpg import Record

from kit.database import Database, Query
from kit.errors import UnavailableError
from kit.filters import Predicate, all_of
from kit.identity import Identity
from kit.loaders import many_each, one_each
from kit.pagination import Page
from subgraphs.tickets import policy
from subgraphs.tickets.policy.standing import standing_of
from subgraphs.tickets.repository import (
    pages,
    queues,
    reads,
    relations,
    sla,
)
from subgraphs.tickets.repository.blockers import BLOCKERS_BY_TICKET
from subgraphs.tickets.repository.columns import BARE, Listing
from subgraphs.tickets.repository.counting import count_rows, owned_counts
from subgraphs.tickets.repository.search import count_hits, hit_rows
from subgraphs.tickets.repository.search_input import Search


class Loaders:
    """Made for each request; a loader is made when it is first needed."""

    def __init__(self, database: Database, caller: Identity) -> None:
        self.database = database
        self.caller = caller
        self._made: dict[Hashable, DataLoader[Any, Any]] = {}
        self._queues: dict[str, Predicate] = {}
        self._counts: dict[Hashable, Future[int]] = {}

    @property
    def visible(self) -> Predicate:
        """Which tickets the caller may see.

        Raises:
            UnavailableError: nobody knows all of them, and a list that says nothing
                of what it lacks would be taken for whole.

        """
        if not standing_of(self.caller).known:
            raise UnavailableError(
                "Your groups cannot be looked up at this moment; try again soon."
            )
        return policy.visible(self.caller)

    async def ticket(self, listing: Listing, *, by: str, key: str) -> Record | None:
        """Read one ticket, by its id or number."""
        return await reads.ticket_by(self.database, listing, by, key, met=self.visible)

    async def tickets_by(
        self, by: str, keys: list[str], listing: Listing
    ) -> list[Record]:
        """Read the visible ones of these tickets, in no order."""
        return await reads.tickets_by(
            self.database, listing, by, keys, met=self.visible
        )

    def ticket_by_id(self, listing: Listing) -> DataLoader[str, Record | None]:
        """Load the visible ones of tickets that something else names."""
        return self._like(
            ("ticket", listing),
            lambda: one_each(lambda keys: self.tickets_by("id", keys, listing), "id"),
        )

    @cached_property
    def texts_by_ticket(self) -> DataLoader[str, Record | None]:
        """The large columns of tickets that were read without them."""
        return one_each(self._keyed(reads.TEXTS_BY_ID), "id")

    @cached_property
    def event_by_id(self) -> DataLoader[str, Record | None]:
        """Events of visible tickets."""
        return one_each(
            lambda keys: reads.events_by_id(self.database, keys, self.visible), "id"
        )

    @cached_property
    def category_by_id(self) -> DataLoader[str, Record | None]:
        """Categories."""
        return one_each(self._settings_by(reads.CATEGORIES_BY_ID), "id")

    @cached_property
    def queue_by_id(self) -> DataLoader[str, Record | None]:
        """Queues in use, whoever sees them: that is asked of each."""
        return one_each(self._settings_by(queues.QUEUES_BY_ID), "id")

    def depth_of(self, queue: str, met: Predicate) -> "Future[int]":
        """Count the visible tickets of a queue, batched with other queues'."""
        self._queues[queue] = met
        return self._depths.load(queue)

    @cached_property
    def _depths(self) -> DataLoader[str, int]:
        async def count(keys: list[str]) -> list[int]:
            wanted = [self._queues[key] for key in keys]
            return await queues.depths(self.database, self.visible, wanted)

        return DataLoader(count)

    @cached_property
    def service_by_id(self) -> DataLoader[str, Record | None]:
        """Services."""
        return one_each(self._settings_by(reads.SERVICES_BY_ID), "id")

    @cached_property
    def status_by_id(self) -> DataLoader[str, Record | None]:
        """Statuses; there are few, so all are read."""
        return one_each(lambda _: self.settings(reads.STATUSES), "id")

    @cached_property
    def transitions_by_status(self) -> DataLoader[str, list[Record]]:
        """The steps that lead out of a status, of every type; all are read: few."""

        async def fetch(keys: list[str]) -> list[Record]:
            found = await self.database.rows(reads.TRANSITIONS)
            return [row for row in found if row["from_id"] in keys]

        return many_each(fetch, "from_id")

    @cached_property
    def calendar_by_id(self) -> DataLoader[str, Record | None]:
        """Business calendars, the retired ones too."""
        return one_each(self._settings_by(sla.CALENDARS_BY_ID), "id")

    @cached_property
    def policy_by_id(self) -> DataLoader[str, Record | None]:
        """Policies of service levels, the retired ones too."""
        return one_each(self._settings_by(sla.POLICIES_BY_ID), "id")

    @cached_property
    def clocks_by_ticket(self) -> DataLoader[str, list[Record]]:
        """The clocks of tickets that the caller has been shown."""
        return many_each(self._keyed(sla.CLOCKS_BY_TICKET), "ticket_id")

    @cached_property
    def promises(self) -> DataLoader[int, tuple[list[Record], list[Record]]]:
        """What is promised, and the statuses, as rows: for a revision not known yet."""

        async def fetch(keys: list[int]) -> list[tuple[list[Record], list[Record]]]:
            policies = await self.settings(sla.PROMISES_READ)
            return [(policies, await self.settings(reads.STATUSES))] * len(keys)

        return DataLoader(fetch)

    @cached_property
    def blockers_by_ticket(self) -> DataLoader[str, Record | None]:
        """What each check of the workflow says of tickets that were shown."""
        return one_each(self._keyed(BLOCKERS_BY_TICKET), "id")

    @cached_property
    def open_children_by_ticket(self) -> DataLoader[str, Record | None]:
        """How many visible children of tickets have not ended; none has no row."""
        return one_each(
            lambda keys: relations.open_children_of(self.database, keys, self.visible),
            "id",
        )

    @cached_property
    def catalog_item_by_id(self) -> DataLoader[str, Record | None]:
        """Catalogue items."""
        return one_each(self._settings_by(reads.CATALOG_BY_ID), "id")

    @cached_property
    def fields_by_item(self) -> DataLoader[str, list[Record]]:
        """A catalogue item's form, or the fields `OF_TICKETS`; retired ones too."""

        async def fetch(keys: list[str]) -> list[Record]:
            found = await self.settings(reads.CUSTOM_FIELDS)
            return [row for row in found if row["item_key"] in keys]

        return many_each(fetch, "item_key")

    @cached_property
    def lifecycle(self) -> DataLoader[int, Record | None]:
        """What goes by the calendar: the one row there is."""
        return one_each(lambda _: self.database.rows(reads.LIFECYCLE), "id")

    async def settings(self, query: Query, **values: object) -> list[Record]:
        """Read of a small table, for who may read it at all."""
        if not policy.can_read_settings(self.caller):
            return []
        return await self.database.rows(query, **values)

    async def tickets(
        self,
        listing: Listing,
        met: Predicate,
        page: Page,
        search: Search | None = None,
    ) -> list[Record]:
        """Read a page of the visible tickets that meet a condition, or of hits."""
        met = all_of(self.visible, met)
        if search is not None:
            return await hit_rows(self.database, listing, met, page, search)
        return await pages.page_rows(self.database, listing, met, page)

    def ticket_count(
        self, met: Predicate, search: Search | None = None
    ) -> "Future[int]":
        """Count such tickets, once for whoever asks: to one more than the most."""
        met = all_of(self.visible, met)
        same = (met.shape, repr(met.values), search)
        if same not in self._counts:
            counting = (
                count_rows(self.database, BARE, met)
                if search is None
                else count_hits(self.database, met, search)
            )
            self._counts[same] = found = ensure_future(counting)
            # Whoever asks hears of an error; where the page has one too, nobody does.
            found.add_done_callback(lambda each: each.cancelled() or each.exception())
        return self._counts[same]

    async def ticket_with(self, listing: Listing, key: str) -> Record | None:
        """Read one of the visible tickets, batched with others read so."""
        loader = self._like(
            ("tickets", listing),
            lambda: one_each(lambda keys: self.tickets_by("id", keys, listing), "id"),
        )
        return await loader.load(key)

    async def parent_of(self, listing: Listing, child: str) -> Record | None:
        """Read the parent of a ticket, if it is visible, batched with others'."""
        read = partial(relations.parents_of, self.database, listing, met=self.visible)
        loader = self._like(("parents", listing), lambda: one_each(read, "child_id"))
        return await loader.load(child)

    def tickets_of(
        self, listing: Listing, owner: tuple[str, str], met: Predicate, page: Page
    ) -> "Future[list[Record]]":
        """Read such a page of one owner's tickets, batched with others' like it."""
        return self.rows_of(listing, *owner, all_of(self.visible, met), page)

    async def ticket_count_of(self, owner: str, key: str, met: Predicate) -> int:
        """Count one owner's tickets, batched with others' like them."""
        return await self.count_of(BARE, owner, key, all_of(self.visible, met))

    def rows_of(
        self, listing: Listing, owner: str, key: str, met: Predicate, page: Page
    ) -> "Future[list[Record]]":
        """Read a page of what belongs to an owner the caller has been shown."""
        read = partial(pages.owned_rows, self.database, listing, owner)
        same = ("rows", listing, owner, met.shape, repr(met.values), page)
        loader = self._like(
            same,
            lambda: many_each(lambda keys: read(keys, met=met, page=page), "owner_key"),
        )
        return loader.load(key)

    async def count_of(
        self, listing: Listing, owner: str, key: str, met: Predicate
    ) -> int:
        """Count what belongs to such an owner."""
        read = partial(owned_counts, self.database, listing, owner)
        same = ("count", listing, owner, met.shape, repr(met.values))
        loader = self._like(
            same, lambda: one_each(lambda keys: read(keys, met=met), "owner_key")
        )
        row = await loader.load(key)
        return row["count"] if row else 0

    def _like(
        self, same: Hashable, make: Callable[[], DataLoader[Any, Any]]
    ) -> DataLoader[Any, Any]:
        loader = self._made.get(same)
        if loader is None:
            loader = self._made[same] = make()
        return loader

    def _settings_by(
        self, query: Query
    ) -> Callable[[list[str]], Awaitable[list[Record]]]:
        return lambda keys: self.settings(query, keys=keys)

    def _keyed(self, query: Query) -> Callable[[list[str]], Awaitable[list[Record]]]:
        return lambda keys: self.database.rows(query, keys=keys)
