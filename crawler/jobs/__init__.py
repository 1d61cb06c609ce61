"""The warm worker: one process, many crawls, jobs taken from the fair line; and the schedule of crawls that nobody
starts by hand."""
