"""From the text of a release to its headline, dateline, paragraphs, quotations and passages."""
