"""Shared care with clocks (SHC-1, COM-1 to COM-5, MDT-1 to MDT-3): what worker, practice and
specialists ask of each other about a person, by when, and whether the person was there.

Every question has somebody who answers for it, a time by which it is answered, and a second pair of
eyes when it is not: `clocks` keeps those for every kind of thing that waits. The steps above
(sessions, opioid review, team) hand in what they want written to the GP record or decided together.
"""
