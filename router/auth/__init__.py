"""Who asks; what of the operation they may see."""
