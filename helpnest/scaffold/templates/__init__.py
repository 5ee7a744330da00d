"""The files of a new domain: one entity, found by id, by whoever may read it."""

from string import Template

from helpnest.scaffold.name import Domain
from helpnest.scaffold.templates import beside, subgraph


def files_of(domain: Domain) -> dict[str, str]:
    """Write every file of a domain's own, by its path."""
    words = {
        "domain": domain.name,
        "one": domain.one,
        "Type": domain.type,
        "prefix": domain.prefix,
    }
    return {
        Template(path).substitute(words): Template(text).substitute(words)
        for path, text in (subgraph.FILES | beside.FILES).items()
    }
