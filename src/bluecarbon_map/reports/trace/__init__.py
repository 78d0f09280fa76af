"""Where a number of a summary comes from: from a zone down to patches and publications."""

from bluecarbon_map.reports.trace.build import Names, Traced, trace, traced_of
from bluecarbon_map.reports.trace.what_if import Tried, WhatIf, changed, used_ids, what_if
from bluecarbon_map.reports.trace.written import sentences, trace_json, trace_text

__all__ = [
    "Names",
    "Traced",
    "Tried",
    "WhatIf",
    "changed",
    "sentences",
    "trace",
    "trace_json",
    "trace_text",
    "traced_of",
    "used_ids",
    "what_if",
]
