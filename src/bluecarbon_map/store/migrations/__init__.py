"""Migrations of the database stores, run by `store.migrating`."""
