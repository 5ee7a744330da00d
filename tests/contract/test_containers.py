"""docker-compose.yml and Dockerfile say the same as supergraph.yaml."""

import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from helpnest.supergraph import read_subgraphs

ROOT = Path(__file__).parents[2]
DOMAINS = [each.name for each in read_subgraphs()]
COMPOSE = cast(
    "dict[str, Any]", yaml.safe_load((ROOT / "docker-compose.yml").read_text())
)
SERVICES = cast("dict[str, dict[str, Any]]", COMPOSE["services"])


def address(domain: str) -> str:
    return (
        f"postgresql://helpnest_{domain}:${{POSTGRES_PASSWORD:?choose one}}"
        f"@{domain}-database/{domain}"
    )


def test_there_is_a_service_and_a_database_for_each_subgraph() -> None:
    databases = [f"{domain}-database" for domain in DOMAINS]
    assert sorted(SERVICES) == sorted(["router", "migrate", *DOMAINS, *databases])


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_subgraph_reaches_its_own_database_and_no_other(domain: str) -> None:
    service, database = SERVICES[domain], SERVICES[f"{domain}-database"]
    assert service["networks"] == ["graph", f"{domain}-data"]
    assert database["networks"] == [f"{domain}-data"]
    assert COMPOSE["networks"][f"{domain}-data"] == {"internal": True}
    urls = {k: v for k, v in service["environment"].items() if "DATABASE" in k}
    assert urls == {f"HELPNEST_{domain.upper()}_DATABASE_URL": address(domain)}
    assert database["environment"]["POSTGRES_USER"] == f"helpnest_{domain}"
    assert database["environment"]["POSTGRES_DB"] == domain


@pytest.mark.parametrize("domain", DOMAINS)
def test_no_subgraph_starts_before_its_tables_are_there(domain: str) -> None:
    after = SERVICES[domain]["depends_on"]
    assert after == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"] == {
        f"{each}-database": {"condition": "service_healthy"} for each in DOMAINS
    }
    assert SERVICES["migrate"]["environment"] == {
        f"HELPNEST_{each.upper()}_DATABASE_URL": address(each) for each in DOMAINS
    }


def test_the_router_knows_where_each_subgraph_answers() -> None:
    environment = SERVICES["router"]["environment"]
    assert {k: v for k, v in environment.items() if v.endswith(":4000/graphql")} == {
        "HELPNEST_GRAPH_URL": "http://router:4000/graphql",
        **{
            f"HELPNEST_{domain.upper()}_URL": f"http://{domain}:4000/graphql"
            for domain in DOMAINS
        },
    }


def test_all_parts_run_the_same_image_with_a_command_of_their_own() -> None:
    parts = {name: each for name, each in SERVICES.items() if "command" in each}
    assert {each["image"] for each in parts.values()} == {"helpnest"}
    assert {name: each["command"] for name, each in parts.items()} == {
        "migrate": ["migrate"],
        **{name: ["serve", name] for name in ["router", *DOMAINS]},
    }


def test_only_the_router_is_published_and_to_this_machine_alone() -> None:
    published = {
        name: each["ports"] for name, each in SERVICES.items() if "ports" in each
    }
    assert published == {"router": ["127.0.0.1:4000:4000"]}


def test_no_password_and_no_secret_is_written_down() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    given = re.findall(r"(?:PASSWORD|SECRET): *(.+)|helpnest_\w+:(.+?)@", text)
    assert {a or b for a, b in given} == {
        "${POSTGRES_PASSWORD:?choose one}",
        "${HELPNEST_AUTH_KEY_SECRET:?choose one}",
        "${HELPNEST_ROUTER_SECRET:?choose one}",
        "${HELPNEST_SERVICE_SECRET:?choose one}",
    }


def test_the_image_holds_what_it_runs_and_is_not_root() -> None:
    text = (ROOT / "Dockerfile").read_text()
    copied = re.findall(r"^COPY (\S+) \1$", text, re.MULTILINE)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    allowed = (ROOT / ".dockerignore").read_text().split()
    assert [name for name in copied if f"!{name}" not in allowed] == []
    assert "\nUSER helpnest\n" in text
    assert "--require-hashes" in text
