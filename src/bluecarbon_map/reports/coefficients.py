"""Which coefficients a workspace is added up with."""

from __future__ import annotations

from bluecarbon_map.factors import WORKSPACE_SET, FactorSet, load_set, workspace_set
from bluecarbon_map.factors.own import base_of, is_workspace_set
from bluecarbon_map.store.base import Register, Workspace


def coefficients_of(store: Workspace, wanted: str | FactorSet | None = None) -> FactorSet:
    """The coefficients that were asked for.

    Args:
        store: Workspace to read.
        wanted: A set, a named set, ``workspace`` for the workspace's own over its usual set, or a
            user's file; None for the workspace's usual one.

    Raises:
        NotFoundError: If there is no such set.
        FactorError: If an own coefficient of the workspace cannot serve.
        InputError: If a user's file cannot be used.
    """
    if isinstance(wanted, FactorSet):
        return wanted
    name = wanted or store.info.factor_set
    if not is_workspace_set(name):
        return load_set(name)
    return workspace_set(base_set(store, name), store.factors(), factor_versions(store))


def base_set(store: Workspace, name: str = WORKSPACE_SET) -> str:
    """The named set that a workspace's own coefficients stand in."""
    said = base_of(name)
    return base_of(store.info.factor_set) if said == WORKSPACE_SET else said


def factor_versions(store: Workspace) -> dict[str, int]:
    """Version of each own coefficient by its id; a folder of files keeps none."""
    if not isinstance(store, Register):
        return {}
    return {key[0]: version for key, version in store.versions("factors").items()}
