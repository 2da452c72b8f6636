"""Every public name and verb is documented, translated, and linked."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import lovepoints
from lovepoints import papers
from lovepoints.cli import build
from lovepoints.core.policy import STRICT
from lovepoints.core.privacy import DATA_MAP
from lovepoints.papers.privacy import kept
from lovepoints.testing import community
from lovepoints.words import say
from lovepoints.words.privacy import PURPOSES, VIEWS
from tests.docs.pages import PAGES, ROOT, blocks_of, name_of

DOCS = ROOT / "docs"
DESKS = {"residents": "resident", "households": "household", "rulebooks": "rulebook",
         "deeds": "deed",
         "passbooks": "passbook", "cards": "card", "shop": "shop", "books": "journal",
         "privacy": "privacy", "tasks": "task",
         "activities": "activity", "teams": "team", "rotas": "rota",
         "aid": "aid", "funds": "fund", "feed": "feed",
         "notices": "notice", "figures": "figure"}
"""The desks, and the reference page that tells each."""
NOUNS = ("community", "resident", "household", "deed", "award", "rater", "passbook", "card", "shop",
         "journal",
         "stores", "papers", "privacy", "task", "activity", "team", "rota",
         "aid", "fund", "feed", "notice", "figure")
COMMON = {"self", "by", "at", "key"}
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_PROMISES = re.compile(
    r"^- \*Updates\*(, |: .*\n- )\*Deletion\*: .*\n- \*Guarantees\*: ", re.MULTILINE)
_CHINESE = re.compile("[\u4e00-\u9fff]")


def _verbs() -> Iterator[tuple[str, str]]:
    with community() as book:
        for desk in DESKS:
            for name, _ in inspect.getmembers(type(getattr(book, desk)), inspect.isfunction):
                if not name.startswith("_"):
                    yield desk, name


VERBS = sorted(_verbs())


def _page(name: str) -> str:
    return (DOCS / "reference" / f"{name}.md").read_text(encoding="utf-8")


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made where it is shown."""
    text = page.read_text(encoding="utf-8")
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    made = {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}
    return made | {*re.findall(r'<a id="(.+?)">', text)}


def _glossary() -> dict[str, str]:
    """The rows of the glossary by each name in their first column."""
    rows = {}
    for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and (cells := line.split(" | ")):
            for name in cells[0].removeprefix("| ").split(", "):
                rows[name.strip("`")] = cells[1]
    return rows


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Each link of a page leads to a file that is there, and to a heading that it has."""
    lost = []
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in _anchors(target)):
            lost.append(link)

    assert [] == lost


def test_every_page_can_be_reached() -> None:
    """From the README one comes to each page of the docs by links."""
    seen, waiting = set(), [ROOT / "README.md"]

    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        waiting += [(page.parent / link.partition("#")[0]).resolve()
                    for link in _LINK.findall(page.read_text(encoding="utf-8"))
                    if not link.startswith(("https://", "#"))]

    assert set() == {name_of(page) for page in set(PAGES) - seen}


def test_the_first_steps_are_the_same_in_both_languages() -> None:
    """The Chinese and the English page run the same programs in the same steps."""
    pages = [DOCS / "start" / f"{lang}.md" for lang in ("en", "zh")]

    steps = [[block.text.replace('"zh"', '"en"').replace(', name="秀英")', ")") for block in
              blocks_of(page) if block.language in ("python", "sh")] for page in pages]
    heads = [len(_anchors(page)) for page in pages]

    assert len(set(heads)) == 1
    assert steps[0][3:] and [one for one in steps[0] if "enrol" not in one] == [
        one for one in steps[1] if "enrol" not in one]


def test_an_office_checks_in_the_same_steps_in_both_languages() -> None:
    """The Chinese and the English page for an office run the same lines under the same headings."""
    pages = [DOCS / "checking" / f"{lang}.md" for lang in ("en", "zh")]

    steps = [[block.text for block in blocks_of(page) if block.language == "sh"] for page in pages]

    assert 7 == len(steps[0]) and steps[0] == steps[1]
    assert len(_anchors(pages[0])) == len(_anchors(pages[1]))


@pytest.mark.parametrize("noun", NOUNS)
def test_a_noun_says_first_what_is_promised(noun: str) -> None:
    """A reference page opens with what may change, what may go, and what is guaranteed."""
    head = _page(noun).split("\n## ")[0]

    assert head.startswith("# ")
    assert _PROMISES.search(head)


@pytest.mark.parametrize(("desk", "verb"), VERBS)
def test_a_verb_is_told_with_all_that_it_takes(desk: str, verb: str) -> None:
    """Each verb stands on its desk's page with the names of its arguments."""
    signature = inspect.signature(getattr(type(getattr(community(), desk)), verb))
    told = _page(DESKS[desk])
    if desk == "rulebooks":
        told += _page("community")

    call = re.search(rf"`(?:\w+\.)?{verb}\(([^`]*)\)`", told)
    missing = [name for name in signature.parameters
               if name not in COMMON and call and name not in call[1]]

    assert call, f"{desk}.{verb}() is not told on the page of {DESKS[desk]}"
    assert [] == missing


@pytest.mark.parametrize("name", lovepoints.__all__)
def test_a_public_name_is_told(name: str) -> None:
    """Each name at the root stands on a page of reference, in backquotes."""
    pages = "".join(page.read_text(encoding="utf-8") for page in (DOCS / "reference").glob("*.md"))

    assert re.search(rf"`(lovepoints\.|lp\.)?{name}[`.(]", pages)


@pytest.mark.parametrize("name", [*lovepoints.__all__, *dict(VERBS), *(verb for _, verb in VERBS)])
def test_a_public_name_has_a_chinese_word(name: str) -> None:
    """The glossary gives each public noun and verb its word in Chinese."""
    words = _glossary() | dict.fromkeys(DESKS, "中")

    assert _CHINESE.search(words.get(name, "")), f"{name} is not in the glossary"


def test_the_table_of_roles_is_the_policy() -> None:
    """The page of the community tells for each verb the very roles that the policy has."""
    office = {"admin", "committee"}
    field = office | {"grid-officer", "building-lead", "collector", "patrol-captain"}
    counter = office | {"shopkeeper", "kiosk"}
    sets = {"office": office, "field": field, "counter": counter,
            "everybody": field | counter | {"auditor", "partner", "self"}}

    told = {}
    for verbs, roles in re.findall(r"^\| (`.+?) \| (.+) \|$", _page("community").split(
            "| verbs | roles |")[1], re.MULTILINE):
        named = set(re.findall(r"`([\w-]+)`", roles.partition(";")[0]))
        for word in re.findall(r"[a-z]+", re.sub("`[^`]*`", "", roles)):
            named |= sets.get(word, set())
        told |= {verb: frozenset(named) for verb in re.findall(r"`(\w+)`", verbs)}

    assert STRICT == told


def test_the_page_of_the_house_names_files_that_are_there() -> None:
    """Each file that the page of the design names is in the source."""
    text = (DOCS / "explanation" / "design.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:\w+/)+(?:\w+\.py)?|\w+\.py)`", text)

    lost = [name for name in named if not (ROOT / "src" / "lovepoints" / name).exists()
            and not (ROOT / name).exists()]

    assert len(named) > 50
    assert [] == lost


@pytest.mark.parametrize("name", papers.__all__)
def test_a_paper_is_told(name: str) -> None:
    """Each paper stands on the page of papers."""
    assert f"`{name}(" in _page("papers")


def test_every_command_is_told() -> None:
    """Each command of the shell, and each option of its own, stands on the page of the command."""
    told = _page("command")
    tree = build("en")

    missing = [name for name in tree.commands if f"`lovepoints {name}" not in told]
    options = {option for command in tree.commands.values() for param in command.params
               if isinstance(param, click.Option) for option in param.opts}

    assert [] == missing
    assert {"--lang", "--json", "--against", "--quick", "--as-of"} <= options
    assert [] == [one for one in options if one not in told]


def test_the_page_of_privacy_has_the_data_map() -> None:
    """The table of personal data on the page is the map, line by line."""
    text = (DOCS / "privacy.md").read_text(encoding="utf-8")

    rows = [f"| `{one.place}` | {say(PURPOSES, one.purpose, {}, 'en')} | {kept(one, 'en')}"
            f" | {say(VIEWS, one.view, {}, 'en')} |" for one in DATA_MAP]

    assert rows == [line for line in text.splitlines()
                    if line.startswith(("| `person.", "| `sealed.", "| `token.", "| `pin."))]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_pages_keep_one_sentence_to_a_line(page: Path) -> None:
    """A line of prose holds one sentence, and no page names the machine it was written on."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"),
                  flags=re.MULTILINE | re.DOTALL)

    crowded = [line for line in text.splitlines()
               if not line.startswith(("|", "-", "*", ">", "#", "`", "<"))
               and re.search(r"[a-z)`]\. [A-Z]|。[^。”）]+。", line)]

    assert [] == crowded
    assert str(ROOT) not in text
