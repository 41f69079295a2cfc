"""Making the plan together: every line by whoever says it, agreed to by the person."""

from __future__ import annotations

from dataclasses import asdict

from django.db import models

from unhurried.service.audit import clock
from unhurried.service.audit.actor import Actor
from unhurried.service.audit.operations import write
from unhurried.service.audit.refused import Refused
from unhurried.service.patients.conflict import ChangedMeanwhile
from unhurried.service.patients.models import Patient
from unhurried.service.planning import rules
from unhurried.service.planning.models import Agreement, Comment, Item, Plan, Topic
from unhurried.service.planning.plan_content import content_of, fingerprint
from unhurried.service.planning.rules.plan import ItemGiven, PlanWords


def _plan(patient: Patient) -> Plan:
    """The plan of the open episode, begun when there is none; locked for this write."""
    episode = rules.check_open_episode(patient)
    now = clock.now()
    begun, _made = Plan.objects.select_for_update().get_or_create(
        episode=episode, defaults={"begun_at": now, "changed_at": now}
    )
    return begun


def _touch(plan: Plan) -> None:
    plan.changed_at = clock.now()
    plan.save(update_fields=["changed_at"])


def _still(current: models.Model, version: int) -> None:
    if getattr(current, "version", 0) != version:
        raise ChangedMeanwhile(current)


def _item(item: Item) -> tuple[Item, Patient]:
    """The item, locked, in a plan that may still be written."""
    current = Item.objects.select_for_update().select_related("plan__episode").get(pk=item.pk)
    patient = current.plan.episode.patient
    if rules.check_open_episode(patient).pk != current.plan.episode_id:
        raise Refused("That plan belongs to an earlier time with the service: begin anew.")
    return current, patient


def change_plan_words(
    *, by: Actor, patient: Patient, version: int, given: PlanWords, key: str = ""
) -> Plan:
    """What matters, what already helps, the pace, the day to look at it all again."""
    body = (patient.pk, version, *map(str, asdict(given).values()))
    with write("planning.plan_changed", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Plan.objects.get(pk=doing.replay_of)
        plan = _plan(patient)
        _still(plan, version)
        rules.check_plan_words(given, clock.today(), before=plan.review_on)
        for name, value in asdict(given).items():
            setattr(plan, name, value.strip() if isinstance(value, str) else value)
        plan.version += 1
        plan.changed_at = clock.now()
        plan.save()
        doing.about(plan, patient_id=patient.pk)
    return plan


def add_item(*, by: Actor, patient: Patient, given: ItemGiven, status: str = "trying",
             key: str = "") -> Item:  # fmt: skip
    """One more thing of the plan; from whoever is writing."""
    body = (patient.pk, status, *map(str, asdict(given).values()))
    with write("planning.item_added", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Item.objects.get(pk=doing.replay_of)
        rules.check_item(given, clock.today())
        rules.check_went(status, "")
        plan = _plan(patient)
        item = Item.objects.create(
            plan=plan, status=status, by_id=rules.check_writer(by), by_person=by.role == "patient",
            added_at=clock.now(), changed_at=clock.now(), **_stripped(given),
        )  # fmt: skip
        _touch(plan)
        doing.about(item, patient_id=patient.pk, note=given.strategy)
    return item


def change_item(*, by: Actor, item: Item, version: int, given: ItemGiven, key: str = "") -> Item:
    """What the item says, changed. Raises ChangedMeanwhile when somebody changed it first."""
    body = (item.pk, version, *map(str, asdict(given).values()))
    with write("planning.item_changed", by=by, key=key, body=body) as doing:
        current, patient = _item(item)
        if doing.replay_of:
            return current
        rules.check_may_change(by, current)
        _still(current, version)
        rules.check_item(given, clock.today(), before=current.review_on)
        for name, value in _stripped(given).items():
            setattr(current, name, value)
        _save(current)
        doing.about(current, patient_id=patient.pk, note=given.strategy)
    return current


def say_how_it_goes(
    *, by: Actor, item: Item, version: int, status: str, comment: str = "", key: str = ""
) -> Item:
    """How it is going, in a status and perhaps a few words; anybody of the two may say it."""
    body = (item.pk, version, status, comment)
    with write("planning.item_went", by=by, key=key, body=body) as doing:
        current, patient = _item(item)
        if doing.replay_of:
            return current
        rules.check_went(status, comment)
        _still(current, version)
        if status != current.status:
            current.status = status
            _save(current)
        if comment.strip():
            Comment.objects.create(
                item=current, text=comment.strip(), by_id=rules.check_writer(by),
                by_person=by.role == "patient", at=clock.now(),
            )  # fmt: skip
        doing.about(current, patient_id=patient.pk, note=status)
    return current


def want_topic(
    *, by: Actor, patient: Patient, code: str, when: str, words: str = "", key: str = ""
) -> Topic:
    """Something the person would like to come to, and when (PLN-4)."""
    with write("planning.topic_wanted", by=by, key=key, body=(patient.pk, code, when, words)) as d:
        if d.replay_of:
            return Topic.objects.get(pk=d.replay_of)
        rules.check_topic(code, words, when)
        plan = _plan(patient)
        topic = Topic.objects.create(
            plan=plan, code=code, when=when, words=words.strip(), asked_at=clock.now()
        )
        _touch(plan)
        d.about(topic, patient_id=patient.pk, note=code)
    return topic


def reach_topic(*, by: Actor, topic: Topic, key: str = "") -> Topic:
    """The topic was talked about: nobody is reminded of it any more."""
    with write("planning.topic_reached", by=by, key=key, body=topic.pk) as doing:
        current = Topic.objects.select_for_update().get(pk=topic.pk)
        if doing.replay_of:
            return current
        if current.reached_at is None:
            current.reached_at = clock.now()
            current.save()
        doing.about(current, patient_id=current.plan.episode.patient_id, note=current.code)
    return current


def agree(
    *, by: Actor, patient: Patient, seen: str, how: str, gp_may_see: bool, key: str = ""
) -> Agreement:
    """The person says "this is my plan": a copy is kept for good, the newest counts.

    `seen` is the fingerprint of the plan that was on the screen; Refused when it changed.
    """
    body = (patient.pk, seen, how, gp_may_see)
    with write("planning.plan_agreed", by=by, key=key, body=body) as doing:
        if doing.replay_of:
            return Agreement.objects.get(pk=doing.replay_of)
        plan = _plan(patient)
        content = content_of(plan)
        rules.check_agree(by, how, content, seen, fingerprint(content))
        last = plan.agreements.order_by("-number").first()
        made = Agreement.objects.create(
            plan=plan, number=last.number + 1 if last else 1, how=how, gp_may_see=gp_may_see,
            content=content, by_id=rules.check_writer(by), at=clock.now(),
        )  # fmt: skip
        doing.about(made, patient_id=patient.pk, note=f"version {made.number}")
    return made


def _stripped(given: ItemGiven) -> dict[str, object]:
    return {k: v.strip() if isinstance(v, str) else v for k, v in asdict(given).items()}


def _save(item: Item) -> None:
    item.version += 1
    item.changed_at = clock.now()
    item.save()
    _touch(item.plan)
