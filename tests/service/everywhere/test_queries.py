"""Every page asks the database as often for three hundred people as for thirty, for every role."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.service.access.examples import EXAMPLES
from tests.service.access.story import Story
from tests.service.access.test_every_view import doors
from tests.service.everywhere.conftest import SignIn
from tests.service.everywhere.crowd import Crowd

from unhurried.service.accounts.policy import grant_for, roles
from unhurried.service.joining.models import Wording, WordingApproval

FEW, MANY = 30, 300
# The session notes once a minute that somebody is still there.
OF_THE_SESSION = re.compile(r'UPDATE "django_session"|SAVEPOINT|RELEASE').match
# Pages whose answer is a file made of what they show: a query a letter is no list's query.
FILES = frozenset({"joining:print", "identification:rejects"})
# No page of its own: people come back here from elsewhere, and are led on.
LEADS_ON = frozenset({"accounts:nhs_sign_in_back"}) | {
    f"patients:{whose}account_{act}"
    for whose in ("", "carer_")
    for act in ("open", "reopen", "again", "close")
}


@dataclass
class Counting:
    """Who looks at what, and how many questions that asked, by page and role."""

    story: Story
    sign_in: SignIn
    clients: dict[str, Client] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def client(self, role: str) -> Client:
        """Somebody in this role, the story's own where it has one."""
        if role not in self.clients:
            story = self.story
            own = {
                each.role: each
                for each in (story.worker, story.gp, story.staff, story.manager,
                             story.administrator, story.officer, story.person)
            }  # fmt: skip
            self.clients[role] = self.sign_in(own.get(role) or story.world.member(role))
            self.clients[role].get("/")
        return self.clients[role]

    def pages(self) -> list[tuple[str, str, str]]:
        """Name, role and address of every page that role is given by the matrix."""
        found = []
        for route in doors():
            if route.name in FILES:
                continue
            kwargs = EXAMPLES[route.name](self.story).kwargs if route.kwargs else None
            where = reverse(route.name, kwargs=kwargs)
            found += [
                (route.name, role, where) for role in roles() if grant_for(role, *route.access)
            ]
        return found

    def count(self, role: str, where: str) -> tuple[int, int, Counter[str]]:
        """The status, the number of questions, and each of them."""
        client = self.client(role)
        connection.queries_log.clear()  # it keeps 9,000, which all pages together go beyond
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(where)
        texts = Counter(
            each["sql"][:150] for each in asked.captured_queries if not OF_THE_SESSION(each["sql"])
        )
        return answer.status_code, texts.total(), texts


def test_no_page_asks_more_of_the_database_when_there_is_more(
    story: Story, signed_in: SignIn
) -> None:
    counting = Counting(story, signed_in)
    crowd = Crowd(story)
    _card(story)
    pages = counting.pages()
    crowd.grow(FEW)
    crowd.grow_record(FEW)
    crowd.grow_offices(FEW)
    few = {(name, role): counting.count(role, where) for name, role, where in pages}
    crowd.grow(MANY - FEW)
    crowd.grow_record(MANY - FEW)
    crowd.grow_offices(MANY - FEW)
    wrong = []
    for name, role, where in pages:
        status, number, texts = counting.count(role, where)
        before = few[name, role]
        if number > before[1]:
            more = [f"      {n}x {sql}" for sql, n in (texts - before[2]).most_common(4)]
            wrong += [f"{name} as {role}: {before[1]} questions, then {number}", *more]
        if status != before[0]:
            wrong.append(f"{name} as {role}: {before[0]}, then {status}")
    answered = {name for (name, _), (status, _, _) in few.items() if status == 200}
    only_posts = {name for (name, _), (status, _, _) in few.items() if status == 405}
    unseen = {name for name, _, _ in pages} - answered - only_posts - LEADS_ON
    assert not wrong, "\n".join(["", *wrong])
    assert not unseen, f"nobody was shown {sorted(unseen)}: give the story what they need"


def _card(story: Story) -> None:
    """A card for inviting in conversation, approved by the practice."""
    card = Wording.objects.create(
        provider=story.world.provider, kind="script_card", number=1, subject="Hello",
        body="Hello.", written_by_name="A", written_at=timezone.now(),
    )  # fmt: skip
    WordingApproval.objects.create(
        wording=card, practice=story.world.practice, approved_by=story.gp,
        approved_at=timezone.now(),
    )  # fmt: skip
