"""What the graph sees of people, departments and roles."""
