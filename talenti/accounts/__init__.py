"""How people get into their account: a mail with a link under which they set a password."""
