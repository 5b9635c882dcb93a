"""A deal of the account that was met: only what was changed is sent, never over somebody else."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.crm import CrmPort, Deal, Pipeline, shown
from services.errors import Disconnected, Invalid
from services.followups.actions import ActionEffect, ActionOrder, ActionPlan, Undecided
from services.followups.crm_target import CrmTargets
from services.followups.crm_wishes import (
    DEAL_KEPT,
    DEAL_WISH,
    DealFields,
    DealKept,
    DealWish,
    changed_names,
    difference,
    fields_of,
)
from services.followups.gmail_draft import REPLACE
from services.phrases import Phrase

NAME = "deal"
# What its owner is asked when the deal moved meanwhile.
MOVED = "deal_moved"

FIELDS = {
    "stage": Phrase("Stage", "Fase"),
    "amount": Phrase("Amount", "Importo"),
    "closes_on": Phrase("Close date", "Data di chiusura"),
    "description": Phrase("Description", "Descrizione"),
}
NONE = Phrase("none", "nessuno")
CHANGES = Phrase("“{deal}” in {crm}: {changes}.", "«{deal}» in {crm}: {changes}.")
NOTHING_CHOSEN = Phrase(
    "No deal is to be changed: choose one with “Change”.",
    "Nessuna trattativa da modificare: scegline una con “Modifica”.",
)
ALREADY = Phrase("It was so already.", "Era già così.")
ALSO = Phrase("{crm} also changed: {changes}.", "{crm} ha cambiato anche: {changes}.")
SOMEBODY = Phrase(
    "“{deal}” was changed in {crm} meanwhile ({changes}), so I have not saved yours yet.",
    "«{deal}» nel frattempo è stata modificata in {crm} ({changes}), quindi non ho ancora salvato "
    "le tue modifiche.",
)
NO_STAGE = Phrase(
    "The stage you chose is not in {crm} any more. Choose another one with “View deals”.",
    "La fase che hai scelto non è più in {crm}. Scegline un’altra con «Vedi trattative».",
)
RESTORES = Phrase(
    "“{deal}” in {crm} gets its earlier values back.",
    "«{deal}» in {crm} riprende i valori di prima.",
)
STAYS = Phrase(
    "“{deal}” stays as it is: it was changed in {crm} since ({changes}).",
    "«{deal}» resta com’è: da allora è stata modificata in {crm} ({changes}).",
)


@dataclass(frozen=True, slots=True)
class StageNames:
    """What people call the stages."""

    pipelines: tuple[Pipeline, ...]

    def of(self, fields: DealFields) -> str:
        """The stage's name, with its pipeline's where there are several."""
        for pipeline in self.pipelines:
            for stage in pipeline.stages:
                if (pipeline.id, stage.id) == (fields.pipeline, fields.stage):
                    several = len(self.pipelines) > 1
                    return f"{stage.name} ({pipeline.name})" if several else stage.name
        return fields.stage

    def has(self, fields: DealFields) -> bool:
        """Whether a deal may be moved there."""
        return any(
            stage.writable
            for pipeline in self.pipelines
            for stage in pipeline.stages
            if (pipeline.id, stage.id) == (fields.pipeline, fields.stage)
        )


class CrmDealAction:
    """Saves what was changed of one deal; PATCH may be sent twice, so it is looked at first."""

    name = NAME
    renews = True

    def __init__(self, targets: CrmTargets) -> None:
        self._targets = targets

    async def check(self, order: ActionOrder) -> None:
        """There is a CRM."""
        await self._targets.connected(order.followup.actor)

    async def plan(self, order: ActionOrder) -> ActionPlan:
        """The chosen change; without one there is nothing to do."""
        language = order.member.language
        if not order.wish:
            return ActionPlan("", refusal=NOTHING_CHOSEN(language))
        wish = DEAL_WISH.validate_json(order.wish)
        try:
            async with self._targets.access.using(order.followup.actor) as crm:
                names = StageNames(await crm.pipelines())
        except Disconnected as error:
            return ActionPlan("", refusal=error.sentence(language), missing=error.vendor)
        changes = changes_text(wish.seen, wish.wanted, names, language)
        return ActionPlan(CHANGES(language, deal=wish.name, crm=crm.name, changes=changes))

    async def act(self, order: ActionOrder) -> ActionEffect:
        """Read the deal now, ask when somebody else moved what we would, send the rest."""
        if not order.wish:
            raise Invalid(NOTHING_CHOSEN)
        wish = DEAL_WISH.validate_json(order.wish)
        async with self._targets.access.using(order.followup.actor) as crm:
            deal = await crm.deal(wish.deal_id)
            names = StageNames(await crm.pipelines())
            now = fields_of(deal)
            target = self._target(order, wish, now, names, crm)
            kept = _kept(order)
            # An earlier try of the same change may have succeeded without our hearing of it.
            before = kept.before if kept and kept.wish == wish else now
            await order.keep(_dumped(DealKept(wish, before, target)))
            url = crm.link("deal", deal.id)
            if not changed_names(now, target):
                facts = changes_text(before, target, names, order.member.language)
                return ActionEffect(deal.id, url, facts or ALREADY(order.member.language))
            saved = await crm.update_deal(deal, difference(now, target))
            return await self._saved(order, crm, saved, (before, target), names)

    async def plan_undo(self, order: ActionOrder) -> ActionPlan:
        """The earlier values, unless the deal moved on."""
        language, wish = order.member.language, DEAL_WISH.validate_json(order.wish)
        async with self._targets.access.using(order.followup.actor) as crm:
            if stays := await self._stays(order, crm, wish):
                return ActionPlan("", refusal=stays)
            return ActionPlan(RESTORES(language, deal=wish.name, crm=crm.name))

    async def undo(self, order: ActionOrder) -> str:
        """Set it back; what somebody changed since stays."""
        wish, kept = DEAL_WISH.validate_json(order.wish), _kept(order)
        async with self._targets.access.using(order.followup.actor) as crm:
            if stays := await self._stays(order, crm, wish):
                return stays
            if kept is not None:
                deal = await crm.deal(wish.deal_id)
                await crm.update_deal(deal, difference(fields_of(deal), kept.before))
        return ""

    def _target(
        self,
        order: ActionOrder,
        wish: DealWish,
        now: DealFields,
        names: StageNames,
        crm: CrmPort,
    ) -> DealFields:
        """The deal as it shall be: what was not touched stays as it is now."""
        touched = changed_names(wish.seen, wish.wanted)
        target = _with(now, wish.wanted, touched)
        elsewhere = set(changed_names(wish.seen, now)) & set(touched)
        # What stands there already as we want it, or as we left it, is no conflict.
        mine = {name for name in elsewhere if name not in changed_names(now, target)}
        conflicts = [name for name in touched if name in elsewhere - mine]
        if conflicts and order.answer != REPLACE:
            changes = _listed(conflicts, (wish.seen, now), names, order.member.language)
            raise Undecided(MOVED, SOMEBODY, deal=wish.name, crm=crm.name, changes=changes)
        if "stage" in touched and not names.has(target):
            raise Invalid(NO_STAGE, field="stage", crm=crm.name)
        return target

    async def _saved(
        self,
        order: ActionOrder,
        crm: CrmPort,
        saved: Deal,
        sent: tuple[DealFields, DealFields],
        names: StageNames,
    ) -> ActionEffect:
        """The receipt: old → new as the CRM holds it now, and what moved though not sent."""
        language, (before, target) = order.member.language, sent
        wish = DEAL_WISH.validate_json(order.wish)
        there = fields_of(saved)
        await order.keep(_dumped(DealKept(wish, before, there)))
        asked = changed_names(before, target)
        note = _listed(asked, (before, there), names, language)
        if moved := [one for one in changed_names(target, there) if one not in asked]:
            changes = _listed(moved, (target, there), names, language)
            note = f"{note}. {ALSO(language, crm=crm.name, changes=changes)}"
        return ActionEffect(saved.id, crm.link("deal", saved.id), note)

    async def _stays(self, order: ActionOrder, crm: CrmPort, wish: DealWish) -> str:
        """Why it is not set back; "" when it may be."""
        kept = _kept(order)
        if kept is None:
            return ""
        now = fields_of(await crm.deal(wish.deal_id))
        changed = changed_names(kept.after, now)
        if not changed:
            return ""
        names = StageNames(await crm.pipelines())
        changes = _listed(changed, (kept.after, now), names, order.member.language)
        words = {"deal": wish.name, "crm": crm.name, "changes": changes}
        return STAYS(order.member.language, **words)


def changes_text(one: DealFields, other: DealFields, names: StageNames, language: str) -> str:
    """Every difference as `Stage: Demo → Won`."""
    return _listed(changed_names(one, other), (one, other), names, language)


def _listed(
    changed: Iterable[str], states: tuple[DealFields, DealFields], names: StageNames, language: str
) -> str:
    old, new = states
    return ", ".join(
        f"{FIELDS[name](language)}: {_value(old, name, names, language)}"
        f" → {_value(new, name, names, language)}"
        for name in changed
    )


def _value(fields: DealFields, name: str, names: StageNames, language: str) -> str:
    if name == "stage":
        return names.of(fields)
    if name == "amount":
        return shown(fields.amount, language) if fields.amount else NONE(language)
    if name == "closes_on":
        return fields.closes_on.isoformat() if fields.closes_on else NONE(language)
    words = " ".join(fields.description.split())
    return f"“{words[:60]}”" if words else NONE(language)


def _with(now: DealFields, wanted: DealFields, touched: tuple[str, ...]) -> DealFields:
    moved = "stage" in touched
    return DealFields(
        stage=wanted.stage if moved else now.stage,
        pipeline=wanted.pipeline if moved else now.pipeline,
        amount=wanted.amount if "amount" in touched else now.amount,
        closes_on=wanted.closes_on if "closes_on" in touched else now.closes_on,
        description=wanted.description if "description" in touched else now.description,
    )


def _kept(order: ActionOrder) -> DealKept | None:
    return DEAL_KEPT.validate_json(order.effect) if order.effect else None


def _dumped(kept: DealKept) -> str:
    return DEAL_KEPT.dump_json(kept).decode()
