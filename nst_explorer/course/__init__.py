"""What the course's notebooks stand on: each lesson's questions and exercises, and what is too long for a cell."""
