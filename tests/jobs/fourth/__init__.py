"""A fourth job, as small as a job can be: all text files of a folder are copied to another one."""
