// Schedules that were measured to be fast: docs/Tuning.md says how.
module attributes {dsa.records = []} {}
