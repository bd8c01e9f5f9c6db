"""What judges see, rule on and sign."""
