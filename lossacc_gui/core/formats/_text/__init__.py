"""The parts of the console reader: lines, prefixes, keys and values, bars, tables, series."""
