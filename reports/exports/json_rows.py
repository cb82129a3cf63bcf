"""Rows gathered as one JSON text by the database: what belongs to a report comes with its row.

A thousand reports with ten thousand marks are then one query and one moment, and the database does the
gathering, which is several times cheaper than making an object of every row.
"""

from typing import Any

from django.db.models import Aggregate, Model, OuterRef, Q, Subquery, TextField


class JsonRows(Aggregate):
    """The rows of a group: `[[a, b], …]`, in no order; None of an empty group. Days are ISO texts."""

    output_field = TextField()
    arity = None

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "json_group_array(json_array(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # As text: the driver reads json by itself, and numbers as Decimal.
        template = "json_agg(json_build_array(%(expressions)s))::text"
        return super().as_sql(compiler, connection, template=template, **more)


def rows_of_report(model: type[Model], *columns: str, where: Q | None = None) -> Subquery:
    """The rows of `model` that belong to a report, as a column of that report."""
    rows = model._default_manager.filter(where or Q(), report=OuterRef("pk")).order_by()
    return Subquery(rows.values("report").annotate(gathered=JsonRows(*columns)).values("gathered"))
