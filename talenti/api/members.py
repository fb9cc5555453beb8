"""Organisations' settings and members. There is always an owner."""

from typing import Any

from django.db import IntegrityError, transaction

from talenti.errors import WrongState
from talenti.history import Actor, record
from talenti.models import HistoryEntry, Membership, Organisation, User
from talenti.roles import Role

LAST_OWNER = "An organisation has at least one owner: make somebody else an owner first."


def change_organisation(organisation: Organisation, actor: Actor, **values: Any) -> None:
    """Set what owners may set, and note which settings changed."""
    changed = sorted(name for name, value in values.items() if getattr(organisation, name) != value)
    for name in changed:
        setattr(organisation, name, values[name])
    if not changed:
        return
    with transaction.atomic():
        organisation.save(update_fields=changed)
        HistoryEntry.objects.create(
            organisation=organisation,
            subject="organisation",
            subject_id=organisation.pk,
            root_id=organisation.pk,
            verb="changed",
            actor_kind=actor.kind,
            actor=actor.user,
            data={"fields": changed},
        )


def add_member(
    organisation: Organisation, actor: Actor, *, email: str, role: str, full_name: str = ""
) -> Membership:
    """Make somebody a member; who is unknown here becomes a user without a password.

    Raises WrongState for somebody who is a member already.
    """
    try:
        with transaction.atomic():
            user = User.objects.filter(email=email.lower()).first()
            user = user or User.objects.create_user(email, full_name=full_name)
            member = Membership.objects.create(organisation=organisation, user=user, role=role)
            _note(member, "added", actor, to_state=role)
    except IntegrityError as error:
        raise WrongState("This person is a member already.", ["change_role"]) from error
    return member


def change_role(member: Membership, actor: Actor, role: str) -> None:
    """Give a member another role; WrongState when no owner would be left."""
    with transaction.atomic():
        member = _locked(member)
        if member.role == role:
            return
        _keep_an_owner(member)
        before, member.role = member.role, role
        member.save(update_fields=["role"])
        _note(member, "role", actor, from_state=before, to_state=role)


def remove_member(member: Membership, actor: Actor) -> None:
    """End a membership; WrongState when no owner would be left."""
    with transaction.atomic():
        member = _locked(member)
        _keep_an_owner(member)
        _note(member, "removed", actor, from_state=member.role)
        member.delete()


def _locked(member: Membership) -> Membership:
    """Return the membership as it is now; the organisation's changes go one by one."""
    Organisation.objects.select_for_update().get(pk=member.organisation_id)
    return Membership.objects.get(pk=member.pk)


def _keep_an_owner(member: Membership) -> None:
    others = Membership.objects.filter(
        organisation_id=member.organisation_id, role=Role.OWNER, user__is_active=True
    ).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise WrongState(LAST_OWNER)


def _note(member: Membership, verb: str, actor: Actor, **facts: Any) -> None:
    record(
        member,
        verb,
        actor,
        root_id=member.organisation_id,
        data={"user": str(member.user_id)},
        **facts,
    )
