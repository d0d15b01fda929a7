"""Work on files in processes of their own, where a decoder may crash, hang or eat memory without harm to the run.

It contains accidents, not attackers: what a process answers is trusted like the program itself.
"""
