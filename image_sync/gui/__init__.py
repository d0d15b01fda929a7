"""The window.  Only here is tkinter imported; the view models beside the widgets do without it."""
