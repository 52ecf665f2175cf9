"""What the importer of Langflow says, in the languages of the app."""
