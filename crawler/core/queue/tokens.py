"""How a streaq task looks in Redis. Tokens are made in the same script that puts a job in line, so that no crash leaves
one without the other, and whoever only asks needs no streaq. A test compares this with what streaq itself writes."""

QUEUE = "homefeed"  # the streaq queue
TASK = "crawl"  # the task every token calls
PRIORITY = "normal"
STREAM = f"streaq:{QUEUE}:queues:{PRIORITY}"
TASK_KEY = f"streaq:{QUEUE}:task:data:"
TASK_DATA = f'{{"f": "{TASK}", "a": [], "k": {{}}, "t": '  # then the time in ms and a brace
