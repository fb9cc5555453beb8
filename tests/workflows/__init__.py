"""The workflows: that they are well made, and what their steps do to a stand-in for Azure."""
