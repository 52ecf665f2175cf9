"""Actions: choosing what a web service is asked to do, and signing in there."""
