"""PDF: a parser in a process of its own, then the layout of its pages."""
