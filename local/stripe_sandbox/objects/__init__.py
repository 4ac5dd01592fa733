"""What Stripe's objects look like: one builder each, with the fields that code on Stripe reads."""
