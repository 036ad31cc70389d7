"""What a paragraph is: body, quotation, list, contact or boilerplate."""
