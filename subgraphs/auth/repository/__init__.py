"""Every statement that is sent to auth's database."""
