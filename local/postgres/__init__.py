"""Postgres 17 from npm: its programs, its data folder, and the roles and schemas hosted Supabase has."""
