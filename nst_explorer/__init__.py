"""NST Explorer: take neural style transfer apart."""
