"""The figures that say most of a report: whoever signs it reads them first."""

#: In the order in which they are read. A report shows those it has: the list spans outlines of several years, and a
#: figure that was counted otherwise before stands beside the one that took its place.
KEY_FIGURES = (
    "procedures.received",
    "procedures.resolved",
    "procedures.on_time_rate",
    "procedures.overdue",
    "procedures.pending",
    "egov.full_rate",
    "egov.level4_rate",
    "procedures.digitised_rate",
    "procedures.paid_online_rate",
    "procedures.satisfaction_rate",
    "direction.plan_rate",
    "direction.tasks_open",
    "indicator.g6_1",  # tỷ lệ giải ngân vốn đầu tư công
    "organisation.payroll_present",
    "civil_service.headcount",
)
