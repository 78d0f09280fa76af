"""Column types that SQLite and PostGIS do not share: outlines, and decimals that stay decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

SRID: Final = 4490
"""CGCS2000 degrees, as `geodesy.STORAGE_CRS`."""


class Geometry(UserDefinedType[bytes]):
    """An outline as little-endian WKB: a BLOB in SQLite, ``geometry(Geometry,4490)`` in PostGIS."""

    cache_ok = True

    def __init__(self, *_reflected: object) -> None:
        """``_reflected`` is what a database says of the type when it is asked."""

    def column_expression(self, colexpr: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read as WKB, whatever the database keeps."""
        return as_wkb(colexpr)

    def get_col_spec(self, **_options: object) -> str:
        """Name of the type where there is no PostGIS."""
        return "BLOB"


@compiles(Geometry, "postgresql")
def _in_postgis(_type: Geometry, _compiler: object, **_options: object) -> str:
    return f"geometry(Geometry,{SRID})"


class as_wkb(FunctionElement[bytes]):  # noqa: N801 (a function of SQL)
    """WKB of an outline."""

    inherit_cache = True
    type = sa.LargeBinary()
    name = "as_wkb"


@compiles(as_wkb)
def _as_it_is(element: as_wkb, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return compiler.process(element.clauses, **options)


@compiles(as_wkb, "postgresql")
def _from_postgis(element: as_wkb, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    return f"ST_AsBinary({compiler.process(element.clauses, **options)}, 'NDR')"


def decimal_text(amount: Decimal) -> str:
    """The one way a decimal is written: digits and a point, its trailing zeros kept."""
    return format(amount.copy_abs() if amount == 0 else amount, "f")


class Amount(TypeDecorator[Decimal]):
    """Money and tonnes: NUMERIC in PostgreSQL, their exact digits as text in SQLite."""

    impl = sa.Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text where the database has no decimals."""
        kind: TypeEngine[Any] = sa.Text() if dialect.name == "sqlite" else sa.Numeric()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """A decimal as the database keeps it."""
        if value is None or dialect.name != "sqlite":
            return value
        return decimal_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ANN401
        """The decimal that was stored."""
        del dialect
        return None if value is None else Decimal(value)


WHOLE: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""Whole numbers; as SQLite's INTEGER a primary key is the row's own number."""

PGDialect.ischema_names.setdefault("geometry", Geometry)
