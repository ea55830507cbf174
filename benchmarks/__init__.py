"""Measurements of the product; `docs/performance.md` says what their numbers mean.

`python -m benchmarks` puts all of it into one table: `bench` runs its parts (`parts/`) as far as a
`plan` says, and `report/` makes table, JSON and plots of their rows. Loads are sent by `load`
(closed) and `open_load`, come to a `measurement`, and what the product has counted meanwhile is in
`counters` and `stages`. The other folders and modules are commands of their own.
"""
