"""Many accounts and regions at once: each checked and compared on its own, all results together.

`file` reads what an estate is, `units` are its account-regions, `work` does one of them, `executors` do many (threads,
or a scheduler of dask), `results` puts them together and answers questions about them.
"""
