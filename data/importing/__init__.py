"""Getting data in and out: reading files, mapping foreign tables, checks, batches, reverting, template, export."""
