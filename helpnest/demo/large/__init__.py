"""The demo company grown large: 5,000 people, 60 groups, 200,000 tickets."""
