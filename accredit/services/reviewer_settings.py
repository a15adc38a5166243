"""How each reviewer wants his queue; it follows him to another machine."""

from __future__ import annotations

from sqlalchemy.orm import Session

from accredit.db.models.review import ReviewerSetting
from accredit.services.context import Context
from accredit.services.review_queue import Order


def order_of(session: Session, context: Context) -> Order:
    """The order that was kept; the oldest first for whoever chose none."""
    held = session.get(ReviewerSetting, context.actor.name)
    return Order(held.queue_order) if held is not None and held.queue_order in set(Order) else Order.OLDEST


def keep_order(session: Session, context: Context, order: Order) -> None:
    """Remembers it."""
    session.merge(ReviewerSetting(actor=context.actor.name, queue_order=order.value))
