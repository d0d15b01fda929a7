"""The attack on a run: kills, errors of the system, power cuts, signals, two processes and hours of random jobs."""
