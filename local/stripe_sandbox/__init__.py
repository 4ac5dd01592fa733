"""An offline Stripe: the part of its API that the app calls, a Checkout page, and signed webhooks.

api/         the endpoints, answering as Stripe answers
objects/     what Stripe's objects look like
payments.py, refunds.py, disputes.py   what happens to money, and which events tell of it
checkout_page.py   where a buyer pays, declines, waits or leaves
webhooks.py  clockwork.py   events on their way, and things that happen by themselves
controls.py  faults.py      bad luck on demand, for tests
"""
