"""The report's own words in Chinese; see `seq2seq.report_language`."""

PHRASES: dict[str, str] = {}
