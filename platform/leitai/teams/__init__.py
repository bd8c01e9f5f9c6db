"""Teams, members, invitations."""
