"""Families of actions: doing, settling after a crash and taking back; ``apply.action_table`` names them all."""
