"""The embedded stack: Postgres, Supabase Lite, realtime, Stripe sandbox and inbox on 127.0.0.1, without Docker."""
