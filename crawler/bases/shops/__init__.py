"""What the own JSON of one shop says, a file per shop; its spider declares where its pages are."""
