"""Marlow Instruments, an invented company of 36: people, departments, their tickets."""
