"""Crawl jobs over any number of machines: ask, follow, cancel. Workers take them by streaq tasks that each carry no job
but take the next one from a fair line in Redis, so that a waiting person always comes first and clients take turns.

Keys: `homefeed:line` (ZSET, who is next), `homefeed:jobs:<id>` (HASH, the job and its sources), `homefeed:flight:<key>`
(which job already does this), `homefeed:job:<id>` (STREAM, events), `homefeed:found:<id>` (ZSET, ids in the order they
came, each once), `homefeed:told:<id>` (SET, ids that events have told), `homefeed:clients:<id>` (SET, who wants it).
What belongs to a job goes an hour after it is over, sooner when thousands end within that hour (`homefeed:over`, ZSET).
"""

from crawler.core.queue.following import Following
from crawler.core.queue.records import search_key
from crawler.core.queue.roster import Roster
from crawler.core.queue.working import Working


class Queue(Following, Working, Roster):
    """`Queue(url, most)`: `most` jobs may wait. Every method raises BusAway within seconds when Redis does not
    answer."""


__all__ = ["Queue", "search_key"]
