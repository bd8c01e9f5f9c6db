"""Programs of organizers as evaluators, by the contracts of the systems that they were written for.

They run in a scoring container of their own, never beside what a team submitted as code. Only the standard
library is imported here, and pandas where a contract hands over its tables.
"""
