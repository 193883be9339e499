"""The book of a lease: no cent is made or lost, whatever happens in whatever order."""

import random
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from plugins.housing.rules.book import Book, BookCharge, BookPayment
from plugins.housing.rules.ledger import ChargeKind

KINDS = tuple(ChargeKind)
HISTORIES = 10_000


class Clerk:
    """Does things to a book at random, and keeps its own count of what should be owed."""

    def __init__(self, seed):
        self.chance, self.book, self.number = random.Random(seed), Book(), 0  # noqa: S311  not a secret
        self.owed = 0

    def next(self):
        self.number += 1
        return self.number

    def some_cents(self):
        return self.chance.choice((1, 99, 48_000, self.chance.randrange(1, 100_000)))

    def act(self):
        self.chance.choice((self.charge, self.pay, self.pay, self.take_payment_back, self.take_charge_back))()

    def charge(self):
        cents, due = self.some_cents(), date(2026, 1, 5) + timedelta(days=self.chance.randrange(200))
        self.book.charges.append(BookCharge(self.next(), self.chance.choice(KINDS), due, Decimal(cents) / 100))
        self.book.use_credit()
        self.owed += cents

    def pay(self):
        cents, key = self.some_cents(), self.next()
        owing = [one.key for one in self.book.charges if self.book.owed(one) > 0]
        self.book.payments.append(BookPayment(key, Decimal(cents) / 100))
        self.book.settle(key, self.chance.sample(owing, self.chance.randrange(len(owing) + 1)))
        self.owed -= cents

    def take_payment_back(self):
        undone = {one.reverses for one in self.book.payments}
        open_ones = [one for one in self.book.payments if one.reverses is None and one.key not in undone]
        if open_ones:
            one, counter = self.chance.choice(open_ones), self.next()
            self.book.payments.append(BookPayment(counter, -one.amount, one.key))
            self.book.take_payment_back(one.key, counter)
            self.book.use_credit()
            self.owed += int(one.amount * 100)

    def take_charge_back(self):
        undone = {one.reverses for one in self.book.charges}
        open_ones = [one for one in self.book.charges if one.reverses is None and one.key not in undone]
        if open_ones:
            one, counter = self.chance.choice(open_ones), self.next()
            self.book.charges.append(BookCharge(counter, one.kind, one.due, -one.amount, one.key))
            self.book.take_charge_back(one.key, counter)
            self.book.use_credit()
            self.owed -= int(one.amount * 100)


def check(clerk):
    book = clerk.book
    assert book.balance == Decimal(clerk.owed) / 100
    assert all(0 <= book.owed(one) <= one.amount for one in book.charges if one.reverses is None)
    for payment in book.payments:
        used = payment.amount - book.credit(payment)
        assert abs(used) <= abs(payment.amount)
    owing, undone = any(book.owed(one) for one in book.charges), {one.reverses for one in book.payments}
    waiting = any(book.credit(p) > 0 for p in book.payments if p.amount > 0 and p.key not in undone)
    assert not (owing and waiting), "credit waits while something is owed"


def test_the_balance_is_what_was_charged_less_what_was_paid_in_ten_thousand_histories():
    for seed in range(HISTORIES):
        clerk = Clerk(seed)
        for _act in range(clerk.chance.randrange(1, 9)):
            clerk.act()
        check(clerk)


@given(st.integers(), st.integers(1, 40))
def test_a_long_history_is_right_after_every_act(seed, acts):
    clerk = Clerk(seed)
    for _act in range(acts):
        clerk.act()
        check(clerk)


def test_costs_then_interest_then_the_oldest_principal():
    book = Book([
        BookCharge("rent of May", ChargeKind.RENT, date(2026, 5, 5), Decimal("480.00")),
        BookCharge("rent of March", ChargeKind.RENT, date(2026, 3, 5), Decimal("480.00")),
        BookCharge("interest", ChargeKind.DEFAULT_INTEREST, date(2026, 6, 1), Decimal("4.35")),
        BookCharge("costs", ChargeKind.COSTS, date(2026, 6, 30), Decimal("15.00")),
    ], [BookPayment("payment", Decimal("600.00"))])  # fmt: skip

    settled = book.settle("payment")

    assert [(one.charge, one.amount) for one in settled] == [
        ("costs", Decimal("15.00")), ("interest", Decimal("4.35")), ("rent of March", Decimal("480.00")),
        ("rent of May", Decimal("100.65")),
    ]  # fmt: skip
