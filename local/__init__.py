"""The embedded stack: Postgres, Supabase Lite, realtime, a Stripe sandbox and an inbox, without Docker."""
