"""What releases answer to the same question, by date: values, and what changed between them."""
