"""What crawler and API share. Importing this costs nothing; import the file you need."""
