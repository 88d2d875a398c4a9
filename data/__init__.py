"""Facts and measures: schema, catalogue, loaders, importer, roll-ups, statistics, demo city."""
