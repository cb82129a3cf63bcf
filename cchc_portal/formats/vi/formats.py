"""Vietnamese formats for Django's own fields and filters.

Django ships no date input formats for vi, so without this module `05/8/2024` in a form
is read the American way, as 8 May. What is missing here falls back to Django's own vi.
"""

# The first one is also how a field shows a date it already holds.
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = [
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
]

# The paper writes 05/8/2024 (month unpadded from 3 on), which no format string can
# say: pages that show dates as paper does use reports.text.dates.format_date.
DATE_FORMAT = "d/m/Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "H:i d/m/Y"
SHORT_DATETIME_FORMAT = "H:i d/m/Y"
TIME_FORMAT = "H:i"
FIRST_DAY_OF_WEEK = 1  # Monday

# Keep USE_THOUSAND_SEPARATOR = False and the grouping at 0. With grouping, Django also
# groups years and the ids in addresses (/don-vi/3.321/); with the setting alone, it
# prints no separator yet reads "1.234" as 1234 where it was 1.234 before. Numbers are
# written and read by reports.text instead.
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 0
