"""What each family of actions does, settles after a crash and takes back; ``apply.action_table`` names them all."""
