"""What every page shares: languages, headers, error pages, filters."""
