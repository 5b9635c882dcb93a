"""The program: builds everything and is imported by nobody."""
